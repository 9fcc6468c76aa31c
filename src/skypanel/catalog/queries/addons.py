"""Add-ons: what can be had with a server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, select

from skypanel.catalog.models import Addon, AddonPrice
from skypanel.catalog.rules import exact, is_finer, price_money
from skypanel.platform.db import Read
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.money import Money
from skypanel.platform.read import Query

CURRENT = and_(AddonPrice.addon_id == Addon.id, AddonPrice.until_at.is_(None))
SHOP_ADDONS: Query[dict[str, Any]] = Query(
    select(
        Addon.id,
        Addon.slug,
        Addon.name,
        Addon.description,
        Addon.kind,
        Addon.quantity_max,
        Addon.plan_ids,
        AddonPrice.cycle,
        AddonPrice.amount,
    )
    .join(AddonPrice, CURRENT)
    .where(Addon.offered, AddonPrice.currency == bindparam("currency"))
    .order_by(Addon.position, Addon.id, AddonPrice.amount)
)
CHOSEN: Query[dict[str, Any]] = Query(
    select(
        Addon.id,
        Addon.name,
        Addon.kind,
        Addon.quantity_max,
        Addon.plan_ids,
        AddonPrice.id.label("price_version"),
        AddonPrice.amount,
    )
    .join(AddonPrice, CURRENT)
    .where(
        Addon.offered,
        Addon.id == any_(bindparam("addons", type_=ARRAY(Uuid))),
        AddonPrice.currency == bindparam("currency"),
        AddonPrice.cycle == bindparam("cycle"),
    )
)
OF_KIND: Query[dict[str, Any]] = Query(
    select(
        Addon.id,
        Addon.name,
        Addon.description,
        Addon.kind,
        Addon.quantity_max,
        Addon.plan_ids,
        AddonPrice.id.label("price_version"),
        AddonPrice.amount,
    )
    .join(AddonPrice, CURRENT)
    .where(
        Addon.offered,
        Addon.kind == bindparam("kind"),
        AddonPrice.currency == bindparam("currency"),
        AddonPrice.cycle == bindparam("cycle"),
    )
    .order_by(Addon.position, Addon.id)
)
STAFF_ADDONS: Query[dict[str, Any]] = Query(
    select(
        Addon.id,
        Addon.slug,
        Addon.name,
        Addon.description,
        Addon.kind,
        Addon.quantity_max,
        Addon.plan_ids,
        Addon.offered,
        Addon.position,
    ).order_by(Addon.position, Addon.id)
)
STAFF_ADDON_PRICES: Query[dict[str, Any]] = Query(
    select(AddonPrice.addon_id, AddonPrice.currency, AddonPrice.cycle, AddonPrice.amount)
    .where(AddonPrice.until_at.is_(None))
    .order_by(AddonPrice.currency, AddonPrice.amount)
)


@dataclass(frozen=True, slots=True)
class ChosenAddon:
    """An add-on as it is bought: so many at this price each."""

    addon_id: UUID
    name: str
    kind: str
    quantity: int
    price: Money
    amount: Decimal
    price_version: UUID

    @property
    def price_exact(self) -> Decimal | None:
        """The price in major units where it is finer than a minor unit."""
        return self.amount if is_finer(self.amount, self.price.currency) else None


async def shop_addons(read: Read, currency: str) -> dict[str, Any]:
    """What can be had with a server in a currency, with its price for each term."""
    found: dict[UUID, dict[str, Any]] = {}
    for row in await SHOP_ADDONS.all(read, currency=currency):
        cycle, amount = row.pop("cycle"), row.pop("amount")
        addon = found.setdefault(row["id"], {**row, "prices": []})
        finer = exact(amount) if is_finer(amount, currency) else None
        price = price_money(amount, currency)
        addon["prices"].append({"cycle": cycle, "price": price, "price_exact": finer})
    return {"items": list(found.values()), "next": None}


async def chosen_addons(
    read: Read, wishes: Sequence[tuple[UUID, int]], *, plan_id: UUID, cycle: str, currency: str
) -> list[ChosenAddon]:
    """The add-ons somebody chose, at the catalog's prices; refuses what is not sold so."""
    if not wishes:
        return []
    ids = [addon_id for addon_id, _ in wishes]
    rows = {
        row["id"]: row for row in await CHOSEN.all(read, addons=ids, currency=currency, cycle=cycle)
    }
    if len(set(ids)) != len(ids):
        raise FieldRefusal("addons", "Name each add-on once.", "addon_twice")
    chosen = []
    for addon_id, quantity in wishes:
        row = rows.get(addon_id)
        if row is None or (row["plan_ids"] and str(plan_id) not in row["plan_ids"]):
            raise FieldRefusal("addons", "This add-on is not sold with this.", "addon_not_sold")
        if not 1 <= quantity <= row["quantity_max"]:
            raise FieldRefusal(
                "addons", f"Of {row['name']} at most {row['quantity_max']}.", "addon_too_many"
            )
        chosen.append(
            ChosenAddon(
                addon_id=addon_id,
                name=row["name"],
                kind=row["kind"],
                quantity=quantity,
                price=price_money(row["amount"], currency),
                amount=row["amount"],
                price_version=row["price_version"],
            )
        )
    return chosen


@dataclass(frozen=True, slots=True)
class SoldAddon:
    """An add-on as one piece of it is sold now, and how many a server may have."""

    addon: ChosenAddon
    description: str
    quantity_max: int


async def addons_of_kind(
    read: Read, kind: str, *, plan_id: UUID, cycle: str, currency: str
) -> list[SoldAddon]:
    """What of a kind is sold with a plan, for a term and in a currency."""
    rows = await OF_KIND.all(read, kind=kind, cycle=cycle, currency=currency)
    return [
        SoldAddon(
            addon=ChosenAddon(
                addon_id=row["id"],
                name=row["name"],
                kind=row["kind"],
                quantity=1,
                price=price_money(row["amount"], currency),
                amount=row["amount"],
                price_version=row["price_version"],
            ),
            description=row["description"],
            quantity_max=row["quantity_max"],
        )
        for row in rows
        if not row["plan_ids"] or str(plan_id) in row["plan_ids"]
    ]


async def staff_addons(read: Read) -> dict[str, Any]:
    """Every add-on with its current prices."""
    prices: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await STAFF_ADDON_PRICES.all(read):
        addon_id, amount = row.pop("addon_id"), row.pop("amount")
        prices[addon_id].append({**row, "price": exact(amount)})
    items = [{**row, "prices": prices[row["id"]]} for row in await STAFF_ADDONS.all(read)]
    return {"items": items, "next": None}
