"""What can be had with a server, and at which prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.actions.shop import TAG
from skypanel.catalog.errors import SlugTaken
from skypanel.catalog.models import Addon, AddonPrice
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id


@dataclass(frozen=True, slots=True)
class AddonPriceDraft:
    """A price for one piece in major units; it may be finer than a minor unit."""

    currency: str
    cycle: str
    amount: Decimal


async def add_addon(db: Db, facts: dict[str, Any], prices: Sequence[AddonPriceDraft]) -> Addon:
    """Sell something with servers. Refuses `slug_taken`."""
    if await db.scalar(select(Addon.id).where(Addon.slug == facts["slug"])):
        raise SlugTaken
    addon = Addon(**{**facts, "id": new_id(), "created_at": db.now})
    db.add(addon)
    await db.flush()
    await price_addon(db, addon.id, prices)
    audit(db, "addon.add", "addon", addon.id, name=addon.name)
    return addon


async def edit_addon(db: Db, addon_id: UUID, changes: dict[str, Any]) -> Addon:
    """Change how an add-on is sold; services that have it keep it at their price."""
    addon = await db.get(Addon, addon_id, with_for_update=True)
    if addon is None:
        raise NotFound
    for name, value in changes.items():
        setattr(addon, name, value)
    audit(db, "addon.edit", "addon", addon.id, fields=sorted(changes))
    db.house.relay.changed(db, TAG)
    await db.flush()
    return addon


async def price_addon(db: Db, addon_id: UUID, prices: Sequence[AddonPriceDraft]) -> None:
    """Make these the add-on's prices; older ones stay, ended."""
    standing = {
        (one.currency, one.cycle): one
        for one in await db.scalars(
            select(AddonPrice)
            .where(AddonPrice.addon_id == addon_id, AddonPrice.until_at.is_(None))
            .with_for_update()
        )
    }
    wanted = {(one.currency, one.cycle): one for one in prices}
    for key, old in standing.items():
        new = wanted.get(key)
        if new is not None and new.amount == old.amount:
            del wanted[key]
        else:
            old.until_at = db.now
    await db.flush()
    db.add_all(
        AddonPrice(
            addon_id=addon_id,
            currency=one.currency,
            cycle=one.cycle,
            amount=one.amount,
            since_at=db.now,
        )
        for one in wanted.values()
    )
    await db.flush()
    if wanted:
        asked = [f"{one.amount} {one.currency} {one.cycle}" for one in wanted.values()]
        audit(db, "addon.price", "addon", addon_id, prices=asked)
    db.house.relay.changed(db, TAG)
