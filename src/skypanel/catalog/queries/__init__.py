"""What is asked about the catalog."""

from __future__ import annotations

from skypanel.catalog.queries.shop import (
    BuildRefs,
    Sellable,
    available,
    build_refs,
    images,
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
    "PACKAGES",
    "STAFF_IMAGES",
    "STAFF_LOCATIONS",
    "TAX_RULES",
    "BuildRefs",
    "Sellable",
    "available",
    "build_refs",
    "images",
    "locations",
    "plans",
    "sellable",
    "staff_plans",
    "staff_tax_rules",
    "tax_day",
    "tax_rule",
    "treatment",
]
