"""What changes the catalog."""

from __future__ import annotations

from skypanel.catalog.actions.addons import AddonPriceDraft, add_addon, edit_addon, price_addon
from skypanel.catalog.actions.coupons import (
    add_coupon,
    edit_coupon,
    end_redemption,
    lock_coupon,
    redeem,
    release_redemption,
)
from skypanel.catalog.actions.estate import GroupReading, note_capacity
from skypanel.catalog.actions.panel import PanelReading, take_over, the_panel
from skypanel.catalog.actions.prices import (
    OverrideDraft,
    PriceChangeDraft,
    announce_price_change,
    apply_price_change,
    cancel_price_change,
    end_override,
    set_override,
)
from skypanel.catalog.actions.shop import (
    TAG,
    PriceDraft,
    add_plan,
    edit_image,
    edit_location,
    edit_plan,
    hold_stock,
    keep_stock,
    place_plan,
    price_plan,
    release_stock,
    use_stock,
)
from skypanel.catalog.actions.tax import TaxRuleDraft, end_tax_rule, set_tax_rule

__all__ = [
    "TAG",
    "AddonPriceDraft",
    "GroupReading",
    "OverrideDraft",
    "PanelReading",
    "PriceChangeDraft",
    "PriceDraft",
    "TaxRuleDraft",
    "add_addon",
    "add_coupon",
    "add_plan",
    "announce_price_change",
    "apply_price_change",
    "cancel_price_change",
    "edit_addon",
    "edit_coupon",
    "edit_image",
    "edit_location",
    "edit_plan",
    "end_override",
    "end_redemption",
    "end_tax_rule",
    "hold_stock",
    "keep_stock",
    "lock_coupon",
    "note_capacity",
    "place_plan",
    "price_addon",
    "price_plan",
    "redeem",
    "release_redemption",
    "release_stock",
    "set_override",
    "set_tax_rule",
    "take_over",
    "the_panel",
    "use_stock",
]
