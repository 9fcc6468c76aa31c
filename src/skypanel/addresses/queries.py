"""What addresses a server has, what another one costs, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Uuid, bindparam, func, or_, select

from skypanel.addresses.errors import AddressNotPossible, AddressNotSold
from skypanel.addresses.models import ExtraAddress
from skypanel.addresses.rules import (
    AWAITED,
    HELD,
    Cost,
    Sold,
    Subject,
    against,
    came_with,
    cost_of,
    over_limit,
)
from skypanel.catalog.models import StockLevel
from skypanel.catalog.queries import ChosenAddon, SoldAddon, addons_of_kind
from skypanel.catalog.queries.shop import LOCATION_HOLDS
from skypanel.findings.rules import Check
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.house import House
from skypanel.platform.read import Query, money
from skypanel.renewals.models import Schedule
from skypanel.renewals.queries import standings
from skypanel.servers.models import Server, ServerSight
from skypanel.services.models import Service, ServiceAddon
from skypanel.services.rules import local_day

SHOWN = 50
_SERVER = bindparam("server", type_=Uuid())
SUBJECT: Query[dict[str, Any]] = Query(
    select(
        Server.account_id,
        Server.service_id,
        Server.hostname,
        Server.ipv4,
        Server.state,
        Service.state.label("service_state"),
        Service.plan_id,
        Service.location_id,
        Service.cycle,
        Service.currency,
        Service.zone,
        Schedule.parked_at.is_not(None).label("parked"),
        StockLevel.free_ipv4,
        ServerSight.facts,
    )
    .join(Service, Service.id == Server.service_id)
    .outerjoin(Schedule, Schedule.service_id == Service.id)
    .outerjoin(StockLevel, StockLevel.location_id == Service.location_id)
    .outerjoin(ServerSight, ServerSight.server_id == Server.id)
    .where(Server.id == _SERVER)
)
ROWS: Query[dict[str, Any]] = Query(
    select(
        ExtraAddress.id,
        ExtraAddress.server_id,
        ExtraAddress.name,
        ExtraAddress.state,
        ExtraAddress.address,
        ExtraAddress.invoice_id,
        ExtraAddress.error,
        ExtraAddress.created_at,
        ExtraAddress.given_at,
        ExtraAddress.ends_at,
        ExtraAddress.closed_at,
        ExtraAddress.service_addon_id,
        ExtraAddress.addon_id,
        func.coalesce(ServiceAddon.price_minor, ExtraAddress.price_minor).label("price_minor"),
        ExtraAddress.currency,
    )
    .outerjoin(ServiceAddon, ServiceAddon.id == ExtraAddress.service_addon_id)
    .where(ExtraAddress.server_id == _SERVER)
    .order_by(ExtraAddress.id.desc())
    .limit(SHOWN)
)
SOLD: Query[Sold] = Query(
    select(
        ServiceAddon.id,
        ServiceAddon.addon_id,
        ServiceAddon.price_version,
        ServiceAddon.name,
        ServiceAddon.quantity,
        ServiceAddon.price_minor,
        ServiceAddon.price_exact,
        ServiceAddon.currency,
    )
    .where(
        ServiceAddon.service_id == bindparam("service", type_=Uuid()),
        ServiceAddon.kind == "ipv4",
        ServiceAddon.ended_at.is_(None),
    )
    .order_by(ServiceAddon.id),
    Sold,
)
DUE: Query[UUID] = Query(
    select(ExtraAddress.id)
    .where(
        or_(
            ExtraAddress.due_at <= bindparam("now", type_=DateTime(timezone=True)),
            (ExtraAddress.state == "awaiting_payment")
            & (ExtraAddress.expires_at <= bindparam("now", type_=DateTime(timezone=True))),
        )
    )
    .order_by(ExtraAddress.id)
    .limit(bindparam("limit", type_=Integer())),
    lambda extra_id: extra_id,
)
LETTER: Query[dict[str, Any]] = Query(
    select(
        ExtraAddress.state,
        ExtraAddress.address,
        ExtraAddress.name,
        ExtraAddress.ends_at,
        ExtraAddress.error,
        ExtraAddress.server_id,
        Server.hostname,
        Server.label,
    )
    .join(Server, Server.id == ExtraAddress.server_id)
    .where(ExtraAddress.id == bindparam("extra", type_=Uuid()))
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An add-on as this server could have one more of it."""

    addon: ChosenAddon
    description: str
    cost: Cost
    refusal: AddressNotPossible | None

    def wire(self) -> dict[str, Any]:
        return {
            "addon_id": self.addon.addon_id,
            "name": self.addon.name,
            "description": self.description,
            "price": self.addon.price,
            **self.cost.wire(),
            "refusal": why_not(self.refusal),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """Everything about a server's extra addresses."""

    row: dict[str, Any]
    subject: Subject
    extras: Sequence[dict[str, Any]]
    sold: Sequence[Sold]
    offers: Sequence[Offer]
    refusal: AddressNotPossible | None

    @property
    def spare(self) -> Sold | None:
        """An add-on of the order with an address that has no row of its own yet."""
        ours = [each["service_addon_id"] for each in self.extras if each["state"] == "active"]
        return came_with(self.sold, ours)

    @property
    def returnable(self) -> list[str]:
        """The addresses that can be given back: bought ones, and those that the order had more."""
        if self.subject.standing is None or self.subject.service_state != "active":
            return []
        held = {each["address"]: each["state"] for each in self.extras if each["state"] in HELD}
        found = [address for address, state in held.items() if state == "active"]
        if self.spare is None:
            return found
        seen = [one["address"] for one in (self.row["facts"] or {}).get("ipv4", [])]
        primary = self.row["ipv4"]
        return [*found, *(one for one in seen if one not in held and one != primary)]


async def found(house: House, read: Read, server_id: UUID) -> Found:
    """A server's extra addresses, and what another one costs."""
    row = await SUBJECT.one(read, server=server_id)
    if row is None:
        raise NotFound
    extras = await ROWS.all(read, server=server_id)
    loaded = await standings(house, read, [row["service_id"]])
    standing = loaded[0].standing if loaded else None
    holds = await LOCATION_HOLDS.all(read, location=row["location_id"], now=read.now)
    free = row["free_ipv4"]
    today = local_day(read.now, row["zone"])
    subject = Subject(
        standing=standing,
        service_state=row["service_state"],
        server_state=row["state"],
        hostname=row["hostname"],
        parked=bool(row["parked"]),
        awaited=any(each["state"] in AWAITED for each in extras),
        today=today,
        free=None if free is None else free - sum(one.ipv4_count for one in holds),
    )
    sold = await SOLD.all(read, service=row["service_id"])
    refusal = against(subject)
    offers: list[Offer] = []
    if standing is not None and standing.number >= 0:
        addons = await addons_of_kind(
            read, "ipv4", plan_id=row["plan_id"], cycle=row["cycle"], currency=row["currency"]
        )
        offers = [_offer(subject, sold, each, today) for each in addons]
        if not offers and refusal is None:
            refusal = AddressNotSold()
    return Found(row, subject, extras, sold, offers, refusal)


def _offer(subject: Subject, sold: Sequence[Sold], one: SoldAddon, today: date) -> Offer:
    assert subject.standing is not None
    held = sum(each.quantity for each in sold if each.addon_id == one.addon.addon_id)
    return Offer(
        addon=one.addon,
        description=one.description,
        cost=cost_of(subject.standing, one.addon.price, today),
        refusal=over_limit(held, one.quantity_max),
    )


def why_not(refusal: AddressNotPossible | None) -> dict[str, str] | None:
    """A refusal as it is shown before anybody asks."""
    return None if refusal is None else {"code": refusal.code, "message": refusal.text}


async def shown(house: House, read: Read, server_id: UUID, *, pays: bool) -> dict[str, Any]:
    """A server's extra addresses as its page shows them."""
    all_of_it = await found(house, read, server_id)
    can = [] if not pays or all_of_it.refusal or not all_of_it.offers else ["buy"]
    return {
        "server_id": server_id,
        "extras": [_extra(each, pays=pays, now=read.now) for each in all_of_it.extras],
        "offers": [each.wire() for each in all_of_it.offers],
        "refusal": why_not(all_of_it.refusal),
        "returnable": all_of_it.returnable if pays else [],
        "can": can,
    }


def _extra(row: dict[str, Any], *, pays: bool, now: datetime) -> dict[str, Any]:
    verbs = {"awaiting_payment": ["cancel"]}.get(row["state"], [])
    if row["state"] == "leaving" and row["ends_at"] > now:
        verbs = ["keep"]
    kept = {key: row[key] for key in row if key not in ("service_addon_id", "addon_id")}
    currency = kept.pop("currency")
    return {**kept, "price": money(kept.pop("price_minor"), currency), "can": verbs if pays else []}


async def server_of(read: Read, extra_id: UUID) -> UUID:
    """The server that an extra address is for."""
    found = await LETTER.one(read, extra=extra_id)
    if found is None:
        raise NotFound
    server_id: UUID = found["server_id"]
    return server_id


async def due(read: Read, limit: int) -> list[UUID]:
    """Extra addresses that are to be looked at."""
    return await DUE.all(read, now=read.now, limit=limit)


async def letter(read: Read, extra_id: UUID) -> dict[str, Any] | None:
    """What a letter about an extra address says."""
    return await LETTER.one(read, extra=extra_id)


CHECKS = (
    Check(
        "bought_addresses_given",
        "Bought addresses are given",
        """
select 'server', x.server_id::text, x.account_id, case
        when x.state = 'refunded' then x.name || ' was paid and could not be given; the money is'
            || ' back in the wallet: ' || coalesce(x.error, 'no word')
        when x.state in ('paid', 'adding') then x.name || ' was bought '
            || round(extract(epoch from %(now)s - x.created_at) / 60)
            || ' minutes ago and is not there: ' || coalesce(x.error, 'no word')
        else x.address || ' was given back and is still there: ' || coalesce(x.error, 'no word')
    end
from extra_addresses x
join services s on s.id = x.service_id
where s.state = 'active' and (
    (x.state = 'refunded' and x.closed_at > %(now)s - interval '3 days')
    or (x.state in ('paid', 'adding') and x.created_at < %(now)s - interval '1 hour')
    or (x.state in ('leaving', 'taking') and x.ends_at < %(now)s - interval '1 hour')
)
order by x.id
""",
    ),
)
