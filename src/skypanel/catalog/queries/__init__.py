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

__all__ = [
    "PACKAGES",
    "STAFF_IMAGES",
    "STAFF_LOCATIONS",
    "BuildRefs",
    "Sellable",
    "available",
    "build_refs",
    "images",
    "locations",
    "plans",
    "sellable",
    "staff_plans",
]
