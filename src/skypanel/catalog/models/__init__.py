"""The catalog's tables."""

from __future__ import annotations

from skypanel.catalog.models.estate import CapacityDay, PanelHost
from skypanel.catalog.models.money import (
    Addon,
    AddonPrice,
    Coupon,
    CouponRedemption,
    PriceChange,
    PriceOverride,
    TaxRuleRow,
)
from skypanel.catalog.models.shop import (
    Image,
    Location,
    PackageTemplate,
    Panel,
    PanelGroup,
    PanelPackage,
    PanelTemplate,
    Plan,
    PlanLocation,
    PlanPrice,
    StockHold,
    StockLevel,
)

__all__ = [
    "Addon",
    "AddonPrice",
    "CapacityDay",
    "Coupon",
    "CouponRedemption",
    "Image",
    "Location",
    "PackageTemplate",
    "Panel",
    "PanelGroup",
    "PanelHost",
    "PanelPackage",
    "PanelTemplate",
    "Plan",
    "PlanLocation",
    "PlanPrice",
    "PriceChange",
    "PriceOverride",
    "StockHold",
    "StockLevel",
    "TaxRuleRow",
]
