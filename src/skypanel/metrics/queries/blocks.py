"""What a block costs for a server's running period, and blocks that were bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, select

from skypanel.catalog.queries import treatment
from skypanel.catalog.rules import TaxSettings, TaxTreatment, taxed
from skypanel.customers.queries import billing_party
from skypanel.metrics.models import BlockPurchase, TrafficPeriod
from skypanel.metrics.rules import UNDER_WAY, TrafficBlockSettings
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.servers.models import Server
from skypanel.services.models import Service

SHOWN = 10
_SERVER = bindparam("server", type_=Uuid())
SELLABLE: Query[tuple[UUID, str, str, int, datetime, datetime]] = Query(
    select(
        Server.account_id,
        Server.hostname,
        Service.currency,
        TrafficPeriod.number,
        TrafficPeriod.starts_at,
        TrafficPeriod.ends_at,
    )
    .join(Service, Service.id == Server.service_id)
    .join(TrafficPeriod, TrafficPeriod.server_id == Server.id)
    .where(
        Server.id == _SERVER,
        Server.state == "ready",
        Server.standing == "free",
        Server.virtfusion_ref.is_not(None),
        Service.state == "active",
        TrafficPeriod.limit_gb > 0,
        TrafficPeriod.starts_at <= bindparam("now", type_=DateTime(timezone=True)),
        TrafficPeriod.ends_at > bindparam("now", type_=DateTime(timezone=True)),
    )
    .order_by(TrafficPeriod.number.desc())
    .limit(1),
    lambda *columns: columns,
)
PURCHASES: Query[dict[str, Any]] = Query(
    select(
        BlockPurchase.id,
        BlockPurchase.number,
        BlockPurchase.gb,
        BlockPurchase.state,
        BlockPurchase.invoice_id,
        BlockPurchase.created_at,
        BlockPurchase.finished_at,
        BlockPurchase.error,
    )
    .where(BlockPurchase.server_id == _SERVER)
    .order_by(BlockPurchase.id.desc())
    .limit(SHOWN)
)
DUE: Query[UUID] = Query(
    select(BlockPurchase.id)
    .where(
        BlockPurchase.state.in_(UNDER_WAY),
        BlockPurchase.due_at <= bindparam("now", type_=DateTime(timezone=True)),
    )
    .order_by(BlockPurchase.due_at)
    .limit(bindparam("limit")),
    lambda purchase_id: purchase_id,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A block for the running period of a server: its price by the list, and the tax on it."""

    account_id: UUID
    hostname: str
    number: int
    starts_at: datetime
    ends_at: datetime
    gb: int
    price: Money
    tax: TaxTreatment

    @property
    def total(self) -> Money:
        return taxed(self.price, self.tax).gross


async def offer(house: House, read: Read, server_id: UUID) -> Offer | None:
    """What a block costs for this server now; nothing where none is sold."""
    sold = await house.settings.get(TrafficBlockSettings)
    if not sold.block_gb:
        return None
    found = await SELLABLE.one(read, server=server_id, now=read.now)
    if found is None:
        return None
    account_id, hostname, currency, number, starts_at, ends_at = found
    price = sold.price(currency)
    if price is None:
        return None
    party = await billing_party(read, account_id)
    tax = await treatment(read, await house.settings.get(TaxSettings), party, read.now.date())
    return Offer(account_id, hostname, number, starts_at, ends_at, sold.block_gb, price, tax)


async def blocks_of(house: House, read: Read, server_id: UUID, *, may: bool) -> dict[str, Any]:
    """What can be bought for a server, and what was."""
    found = await offer(house, read, server_id)
    purchases = await PURCHASES.all(read, server=server_id)
    busy = any(each["state"] in UNDER_WAY for each in purchases)
    return {
        "offer": found and {"gb": found.gb, "total": found.total.wire(), "ends_at": found.ends_at},
        "purchases": purchases,
        "can": ["buy_block"] if may and found and not busy else [],
    }


async def due_purchases(read: Read, limit: int) -> list[UUID]:
    """Purchases that somebody must look after."""
    return await DUE.all(read, now=read.now, limit=limit)
