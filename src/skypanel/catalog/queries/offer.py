"""What exactly is offered for a wish: the quote shows it, the order takes it, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from skypanel.catalog.queries.addons import ChosenAddon, chosen_addons
from skypanel.catalog.queries.coupons import CouponAsk, Usable, usable_coupon
from skypanel.catalog.queries.prices import price_book
from skypanel.catalog.queries.shop import Sellable, available, sellable
from skypanel.catalog.queries.tax import treatment
from skypanel.catalog.rules import (
    CouponKind,
    Cycle,
    Discount,
    Held,
    Taxed,
    TaxSettings,
    TaxTreatment,
    per_hour_exact,
    per_month,
    period_day,
    price_money,
    stock_word,
    taxed,
)
from skypanel.platform.db import Read
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.money import Money

SETUP = "Set-up, once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A wish and who has it. `party` is the billing party, or what is known of a visitor."""

    plan_id: UUID
    location_id: UUID
    cycle: str
    currency: str
    on: date
    party: Mapping[str, Any]
    image_id: UUID | None = None
    account_id: UUID | None = None
    addons: tuple[tuple[UUID, int], ...] = ()
    coupon: str = ""
    is_first_order: bool = True
    may_try: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """One thing of an offer: so many at this price of the list, less the discount."""

    kind: str
    description: str
    price: Money
    quantity: int = 1
    discount: Money
    detail: str = ""

    @property
    def asked(self) -> Money:
        return self.price * self.quantity - self.discount


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything that a wish costs now and at its first renewal."""

    sold: Sellable
    currency: str
    price: Money
    lines: list[OfferLine]
    renewal: list[OfferLine]
    renews_on: date
    tax: TaxTreatment
    coupon: Usable | None = None
    addons: list[ChosenAddon] = field(default_factory=list)
    trial_days: int = 0

    @property
    def saved(self) -> Money:
        """What a coupon takes off today; what it takes off hours is known when they are used."""
        lines = [
            line.discount
            for line in self.lines
            if line.kind != "plan" or self.sold.cycle != Cycle.HOURLY
        ]
        return sum(lines, Money.zero(self.currency))

    def parts(self, lines: list[OfferLine]) -> Taxed:
        """Net and tax of lines, each rounded by itself."""
        zero = Money.zero(self.currency)
        parts = [taxed(line.asked, self.tax) for line in lines]
        return Taxed(sum((p.net for p in parts), zero), sum((p.tax for p in parts), zero))

    def wire(self) -> dict[str, Any]:
        """As quotes show it."""
        today, later = self.parts(self.lines), self.parts(self.renewal)
        return {
            "currency": self.currency,
            "cycle": self.sold.cycle,
            "lines": [_wire(line) for line in self.lines],
            "discount": self.saved,
            "coupon": _coupon_wire(self.coupon),
            "net": today.net,
            "tax": today.tax,
            "total": today.gross,
            "tax_treatment": self.tax.wire(),
            "trial_days": self.trial_days,
            "next_invoice_on": self.renews_on,
            "next_lines": [_wire(line) for line in self.renewal],
            "next_total": later.gross,
        }


def _wire(line: OfferLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "description": line.description,
        "quantity": line.quantity,
        "price": line.price,
        "discount": line.discount,
        "amount": line.asked,
    }


def _coupon_wire(coupon: Usable | None) -> dict[str, Any] | None:
    if coupon is None:
        return None
    return {"code": coupon.discount.code, "periods": coupon.discount.periods}


async def offer(read: Read, ask: Ask, settings: TaxSettings) -> Offer:
    """What a wish costs; refuses what is not sold so, and coupons that may not be used.

    An account's own price wins over the list. A trial is free, set-up included, and its add-ons
    with it; the first period that is paid begins when it ends, and a coupon counts from that one.
    """
    sold = await sellable(read, ask.plan_id, ask.location_id, ask.image_id, ask.cycle, ask.currency)
    addons = await chosen_addons(
        read, ask.addons, plan_id=ask.plan_id, cycle=ask.cycle, currency=ask.currency
    )
    trial_days = sold.trial_days if ask.may_try and ask.cycle != Cycle.HOURLY else 0
    coupon = await _coupon(read, ask)
    renews_on = _renews_on(ask, trial_days)
    own, later = await _prices(read, ask, sold, renews_on)
    discount = coupon.discount if coupon else None
    first = _first(sold, own, addons, discount, trial_days)
    second = _period(sold, later, addons, discount, 0 if trial_days else 1)
    return Offer(
        sold=sold,
        currency=ask.currency,
        price=own,
        lines=first,
        renewal=second,
        renews_on=renews_on,
        tax=await treatment(read, settings, ask.party, ask.on),
        coupon=coupon,
        addons=addons,
        trial_days=trial_days,
    )


async def _coupon(read: Read, ask: Ask) -> Usable | None:
    if not ask.coupon.strip():
        return None
    found = await usable_coupon(
        read,
        CouponAsk(
            ask.coupon, ask.plan_id, ask.cycle, ask.currency, ask.account_id, ask.is_first_order
        ),
    )
    if ask.cycle == Cycle.HOURLY and found.discount.kind == CouponKind.FIXED:
        raise FieldRefusal(
            "coupon",
            "This coupon takes off a sum; by the hour only those in per cent can be used.",
            "coupon_not_hourly",
        )
    return found


def _renews_on(ask: Ask, trial_days: int) -> date:
    if trial_days:
        return ask.on + timedelta(days=trial_days)
    return ask.on if ask.cycle == Cycle.HOURLY else period_day(ask.on, ask.cycle, 1)


async def _prices(read: Read, ask: Ask, sold: Sellable, renews_on: date) -> tuple[Money, Money]:
    """The plan's price for this buyer now, and at the first renewal."""
    held = Held(
        ask.account_id or UUID(int=0), ask.plan_id, ask.currency, ask.cycle, sold.amount, ask.on
    )
    book = await price_book(read, [ask.account_id] if ask.account_id else [], renews_on)
    own, later = book.price(held, ask.on), book.price(held, renews_on)
    return price_money(own.amount, ask.currency), price_money(later.amount, ask.currency)


def _first(
    sold: Sellable,
    price: Money,
    addons: list[ChosenAddon],
    discount: Discount | None,
    trial_days: int,
) -> list[OfferLine]:
    zero = Money.zero(price.currency)
    if trial_days:
        said = f"Free for {trial_days} days"
        free = [(f"{sold.plan_name}, {sold.location_name}", "plan", 1)]
        free += [(one.name, "addon", one.quantity) for one in addons]
        return [
            OfferLine(
                kind=kind, description=name, quantity=count, price=zero, discount=zero, detail=said
            )
            for name, kind, count in free
        ]
    lines = _period(sold, price, addons, discount, 0)
    if sold.setup:
        off = discount.off_setup(sold.setup, lines[0].discount) if discount else zero
        lines.append(
            OfferLine(
                kind="setup",
                description=SETUP,
                price=sold.setup,
                discount=off,
                detail=_said(discount, off, sold.setup),
            )
        )
    return lines


def _period(
    sold: Sellable,
    price: Money,
    addons: list[ChosenAddon],
    discount: Discount | None,
    number: int,
) -> list[OfferLine]:
    zero = Money.zero(price.currency)
    off = discount.off(price) if discount and discount.holds(number) else zero
    plan = OfferLine(
        kind="plan",
        description=f"{sold.plan_name}, {sold.location_name}",
        price=price,
        discount=off,
        detail=_said(discount, off, price),
    )
    return [
        plan,
        *(
            OfferLine(
                kind="addon",
                description=one.name,
                price=one.price,
                quantity=one.quantity,
                discount=zero,
            )
            for one in addons
        ),
    ]


def _said(discount: Discount | None, off: Money, price: Money) -> str:
    """What a line says of its discount: the list price stays readable."""
    return f"Coupon {discount.code}: {off} off {price}" if discount and off else ""


async def quote(read: Read, found: Offer) -> dict[str, Any]:
    """An offer as the order page shows it, with what is left of it."""
    sold = found.sold
    left = await available(read, sold.location_id, sold.need, read.now)
    amount = sold.amount if found.price == sold.price else found.price.major
    return {
        **found.wire(),
        "per_month": per_month(amount, sold.cycle, found.currency),
        "per_hour_exact": per_hour_exact(amount, sold.cycle),
        "stock": stock_word(left),
    }
