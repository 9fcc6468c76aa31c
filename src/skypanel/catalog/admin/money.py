"""Coupons, add-ons, changes of prices and accounts' own prices, as staff set them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.catalog import actions, queries
from skypanel.catalog.rules import BrandSettings
from skypanel.catalog.schemas import addons as addon
from skypanel.catalog.schemas import coupons as coupon
from skypanel.catalog.schemas import prices as price
from skypanel.platform.db import Read
from skypanel.platform.http.doors import TheDb, TheHouse, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["prices staff"])
SEES = [Depends(staff("catalog.view"))]
EDITS = [Depends(staff("prices.edit"))]
SELLS = [Depends(staff("catalog.edit"))]


@router.get("/admin/coupons", response_model=coupon.Coupons, dependencies=SEES)
async def coupons(read: TheReader, page: ThePage) -> Response:
    """Every coupon and how often it is used."""
    return answer(await queries.staff_coupons(read, page))


@router.post(
    "/admin/coupons", response_model=coupon.CouponShown, status_code=201, dependencies=EDITS
)
async def add_coupon(wish: coupon.CouponWish, db: TheDb) -> Response:
    """Make a code that takes something off."""
    facts: dict[str, Any] = {
        **wish.model_dump(),
        "amounts": {one.currency: one.minor for one in wish.amounts},
        "plan_ids": [str(each) for each in wish.plan_ids],
        "starts_at": wish.starts_at or db.now,
        "enabled": True,
    }
    made = await actions.add_coupon(db, facts)
    return answer(await queries.coupon(db, made.id), 201)


@router.get("/admin/coupons/{coupon_id}", response_model=coupon.CouponShown, dependencies=SEES)
async def one_coupon(coupon_id: UUID, read: TheReader) -> Response:
    """One coupon."""
    return answer(await queries.coupon(read, coupon_id))


@router.patch("/admin/coupons/{coupon_id}", response_model=coupon.CouponShown, dependencies=EDITS)
async def edit_coupon(coupon_id: UUID, change: coupon.CouponChange, db: TheDb) -> Response:
    """Change until when and how often a coupon may be used; null takes a limit away."""
    changes = change.model_dump(exclude_unset=True)
    changes = {k: v for k, v in changes.items() if v is not None or k not in ("name", "enabled")}
    await actions.edit_coupon(db, coupon_id, changes)
    return answer(await queries.coupon(db, coupon_id))


@router.get(
    "/admin/coupons/{coupon_id}/redemptions", response_model=coupon.Redemptions, dependencies=SEES
)
async def redemptions(coupon_id: UUID, read: TheReader, page: ThePage) -> Response:
    """Who used a coupon, and what it saved them."""
    return answer(await queries.redemptions(read, coupon_id, page))


@router.get("/admin/addons", response_model=addon.StaffAddons, dependencies=SEES)
async def addons(read: TheReader) -> Response:
    """Every add-on, offered or not."""
    return answer(await queries.staff_addons(read))


def _drafts(prices: list[addon.AddonPriceWish]) -> list[actions.AddonPriceDraft]:
    return [actions.AddonPriceDraft(one.currency, one.cycle, one.price) for one in prices]


async def _addon(read: Read, addon_id: UUID) -> dict[str, Any]:
    found = await queries.staff_addons(read)
    return next(one for one in found["items"] if one["id"] == addon_id)


@router.post("/admin/addons", response_model=addon.StaffAddon, status_code=201, dependencies=SELLS)
async def add_addon(wish: addon.AddonWish, db: TheDb) -> Response:
    """Sell something with servers."""
    facts = wish.model_dump(exclude={"prices"})
    facts["plan_ids"] = [str(each) for each in wish.plan_ids]
    made = await actions.add_addon(db, facts, _drafts(wish.prices))
    return answer(await _addon(db, made.id), 201)


@router.patch("/admin/addons/{addon_id}", response_model=addon.StaffAddon, dependencies=SELLS)
async def edit_addon(addon_id: UUID, change: addon.AddonChange, db: TheDb) -> Response:
    """Change an add-on; services that have it keep it at their price."""
    changes = change.model_dump(exclude_none=True, exclude={"prices"})
    if change.plan_ids is not None:
        changes["plan_ids"] = [str(each) for each in change.plan_ids]
    await actions.edit_addon(db, addon_id, changes)
    if change.prices is not None:
        await actions.price_addon(db, addon_id, _drafts(change.prices))
    return answer(await _addon(db, addon_id))


@router.get("/admin/price-changes", response_model=price.PriceChanges, dependencies=SEES)
async def price_changes(read: TheReader, page: ThePage) -> Response:
    """Announced, applied and cancelled changes of prices."""
    return answer(await queries.staff_price_changes(read, page))


@router.post(
    "/admin/price-changes", response_model=price.PriceChangeShown, status_code=201,
    dependencies=EDITS,
)  # fmt: skip
async def announce(wish: price.PriceChangeWish, house: TheHouse, db: TheDb) -> Response:
    """Announce a new price; those whose services move to it get a mail."""
    facts = wish.model_dump()
    facts["amount"] = facts.pop("price")
    brand = await house.settings.get(BrandSettings)
    today = queries.tax_day(db, brand.time_zone)
    made = await actions.announce_price_change(db, actions.PriceChangeDraft(**facts), today)
    return answer(await queries.price_change(db, made.id), 201)


@router.post(
    "/admin/price-changes/{change_id}/cancel", response_model=price.PriceChangeShown,
    dependencies=EDITS,
)  # fmt: skip
async def cancel_change(change_id: UUID, db: TheDb) -> Response:
    """Take an announcement back before its day."""
    await actions.cancel_price_change(db, change_id)
    return answer(await queries.price_change(db, change_id))


@router.get("/admin/price-overrides", response_model=price.Overrides, dependencies=SEES)
async def overrides(read: TheReader, page: ThePage, account_id: UUID | None = None) -> Response:
    """Accounts' own prices."""
    return answer(await queries.staff_overrides(read, page, account_id))


@router.post(
    "/admin/price-overrides", response_model=price.OverrideShown, status_code=201,
    dependencies=EDITS,
)  # fmt: skip
async def set_override(wish: price.OverrideWish, db: TheDb) -> Response:
    """Give an account its own price."""
    facts = wish.model_dump()
    facts["amount"] = facts.pop("price")
    made = await actions.set_override(db, actions.OverrideDraft(**facts))
    return answer(await queries.override(db, made.id), 201)


@router.post(
    "/admin/price-overrides/{override_id}/end", response_model=price.OverrideShown,
    dependencies=EDITS,
)  # fmt: skip
async def end_override(override_id: UUID, wish: price.OverrideEnd, db: TheDb) -> Response:
    """Let an account's own price end on a day."""
    await actions.end_override(db, override_id, wish.ends_on)
    return answer(await queries.override(db, override_id))
