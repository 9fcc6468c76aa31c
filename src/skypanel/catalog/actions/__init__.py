"""What changes the catalog."""

from __future__ import annotations

from skypanel.catalog.actions.shop import (
    TAG,
    PanelReading,
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
    take_over,
    the_panel,
    use_stock,
)
from skypanel.catalog.actions.tax import TaxRuleDraft, end_tax_rule, set_tax_rule

__all__ = [
    "TAG",
    "PanelReading",
    "PriceDraft",
    "TaxRuleDraft",
    "add_plan",
    "edit_image",
    "edit_location",
    "edit_plan",
    "end_tax_rule",
    "hold_stock",
    "keep_stock",
    "place_plan",
    "price_plan",
    "release_stock",
    "set_tax_rule",
    "take_over",
    "the_panel",
    "use_stock",
]
