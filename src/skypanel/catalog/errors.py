"""What the catalog refuses."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class PlanUnknown(Refusal):
    status = 404
    code = "plan_unknown"
    message = "This plan is not offered."


class NotSold(Refusal):
    status = 409
    code = "not_sold"
    message = "This combination of plan, location, system and term is not sold."


class SoldOut(Refusal):
    status = 409
    code = "sold_out"
    message = "The last one was just taken. Choose another plan or another location."


class SlugTaken(Refusal):
    status = 409
    code = "slug_taken"
    message = "Another plan or location has this short name."


class TaxRuleTaken(Refusal):
    status = 409
    code = "tax_rule_taken"
    message = "A rule for this place and kind of customer begins on this day already."


class CouponCodeTaken(Refusal):
    status = 409
    code = "coupon_code_taken"
    message = "Another coupon has this code."


class PriceChangeTaken(Refusal):
    status = 409
    code = "price_change_taken"
    message = "Another change of this price is announced for the same day."
