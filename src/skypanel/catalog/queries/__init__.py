"""What is asked about the catalog."""

from __future__ import annotations

from skypanel.catalog.queries.addons import (
    ChosenAddon,
    SoldAddon,
    addons_of_kind,
    shop_addons,
    staff_addons,
)
from skypanel.catalog.queries.adopt import (
    Kept,
    images_by_template,
    kept,
    list_prices,
    place_named,
    plan_sizes,
)
from skypanel.catalog.queries.build import BuildRefs, build_refs
from skypanel.catalog.queries.coupons import (
    coupon,
    discount_for,
    discounts_for,
    redemptions,
    staff_coupons,
    usable_coupon,
)
from skypanel.catalog.queries.images import images, installable, installable_images
from skypanel.catalog.queries.offer import Ask, Offer, OfferLine, offer, quote
from skypanel.catalog.queries.prices import (
    DUE_CHANGES,
    override,
    price_book,
    price_change,
    price_for_renewal,
    staff_overrides,
    staff_price_changes,
    standing_move,
)
from skypanel.catalog.queries.shop import (
    Sellable,
    available,
    held_by_location,
    locations,
    plans,
    sellable,
)
from skypanel.catalog.queries.staff import (
    PACKAGES,
    STAFF_IMAGES,
    STAFF_LOCATIONS,
    staff_plans,
)
from skypanel.catalog.queries.tax import (
    TAX_RULES,
    staff_tax_rules,
    tax_day,
    tax_rule,
    treatment,
)

__all__ = [
    "DUE_CHANGES",
    "PACKAGES",
    "STAFF_IMAGES",
    "STAFF_LOCATIONS",
    "TAX_RULES",
    "Ask",
    "BuildRefs",
    "ChosenAddon",
    "Kept",
    "Offer",
    "OfferLine",
    "Sellable",
    "SoldAddon",
    "addons_of_kind",
    "available",
    "build_refs",
    "coupon",
    "discount_for",
    "discounts_for",
    "held_by_location",
    "images",
    "images_by_template",
    "installable",
    "installable_images",
    "kept",
    "list_prices",
    "locations",
    "offer",
    "override",
    "place_named",
    "plan_sizes",
    "plans",
    "price_book",
    "price_change",
    "price_for_renewal",
    "quote",
    "redemptions",
    "sellable",
    "shop_addons",
    "staff_addons",
    "staff_coupons",
    "staff_overrides",
    "staff_plans",
    "staff_price_changes",
    "staff_tax_rules",
    "standing_move",
    "tax_day",
    "tax_rule",
    "treatment",
    "usable_coupon",
]
