"""What staff do to the catalog."""

from __future__ import annotations

from fastapi import APIRouter

from skypanel.catalog.admin import money, shop, tax

router = APIRouter()
router.include_router(shop.router)
router.include_router(tax.router)
router.include_router(money.router)
