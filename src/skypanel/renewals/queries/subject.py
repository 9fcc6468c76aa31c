"""A service as a change of its plan sees it: what was paid, what is sold in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Integer,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from skypanel.catalog.models import (
    Addon,
    AddonPrice,
    Location,
    PanelGroup,
    PanelPackage,
    Plan,
    PlanLocation,
    PlanPrice,
    StockLevel,
)
from skypanel.catalog.queries.shop import LOCATION_HOLDS, OPEN
from skypanel.catalog.rules import Cycle, host_of
from skypanel.invoices.models import Invoice, InvoiceLine
from skypanel.payments.models import PayPalSubscription
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.renewals.models import PlanChange, Renewal, Schedule
from skypanel.renewals.queries.gate import reach
from skypanel.renewals.queries.standings import standings
from skypanel.renewals.rules import (
    CHANGED,
    UNDER_WAY,
    Basis,
    PlanChangeSettings,
    Policy,
    Standing,
    Sum,
    nothing,
    span_of,
)
from skypanel.renewals.rules.weigh import NOW, Candidate, Document, OwnAddon, Subject
from skypanel.servers.models import Server
from skypanel.services.models import Service, ServiceAddon
from skypanel.services.rules import local_day
from skypanel.usage.queries import taxes_of

_SERVICE = bindparam("service", type_=Uuid())
_addon_prices = (
    select(
        func.jsonb_object_agg(
            AddonPrice.cycle,
            func.jsonb_build_array(AddonPrice.id, cast(AddonPrice.amount, String)),
        )
    )
    .where(
        AddonPrice.addon_id == ServiceAddon.addon_id,
        AddonPrice.currency == ServiceAddon.currency,
        AddonPrice.until_at.is_(None),
    )
    .correlate(ServiceAddon)
    .scalar_subquery()
)
SUBJECT: Query[dict[str, Any]] = Query(
    select(
        Service.account_id,
        Service.plan_id,
        Service.location_id,
        Service.name,
        Service.state,
        Service.zone,
        Service.cancels_on,
        Service.price_minor,
        Service.cycle,
        Service.currency,
        Service.trial_days,
        Plan.name.label("plan_name"),
        PanelPackage.storage_type,
        Schedule.parked_at.is_not(None).label("parked"),
        Server.state.label("server_state"),
        Server.plan.label("server"),
        Server.hostname,
        Server.order_id,
        StockLevel.hosts,
        exists()
        .where(PlanChange.service_id == Service.id, PlanChange.state.in_(UNDER_WAY))
        .label("under_way"),
        exists()
        .where(PayPalSubscription.service_id == Service.id, PayPalSubscription.ended_at.is_(None))
        .label("subscribed"),
        select(
            func.jsonb_agg(
                func.jsonb_build_array(
                    ServiceAddon.id,
                    ServiceAddon.name,
                    ServiceAddon.quantity,
                    Addon.plan_ids,
                    _addon_prices,
                )
            )
        )
        .join(Addon, Addon.id == ServiceAddon.addon_id)
        .where(ServiceAddon.service_id == Service.id, ServiceAddon.ended_at.is_(None))
        .scalar_subquery()
        .label("addons"),
    )
    .join(Plan, Plan.id == Service.plan_id)
    .join(PanelPackage, PanelPackage.id == Plan.package_id)
    .outerjoin(Schedule, Schedule.service_id == Service.id)
    .outerjoin(Server, Server.service_id == Service.id)
    .outerjoin(StockLevel, StockLevel.location_id == Service.location_id)
    .where(Service.id == _SERVICE)
)
CANDIDATES: Query[Candidate] = Query(
    select(
        Plan.id,
        Plan.name,
        Plan.description,
        PanelPackage.vcpu,
        PanelPackage.memory_mib,
        PanelPackage.disk_gib,
        PanelPackage.traffic_gb,
        PanelPackage.port_mbps,
        PanelPackage.storage_type,
        PlanPrice.cycle,
        PlanPrice.amount,
    )
    .join(PanelPackage, PanelPackage.id == Plan.package_id)
    .join(PlanLocation, PlanLocation.plan_id == Plan.id)
    .join(Location, Location.id == PlanLocation.location_id)
    .join(PanelGroup, PanelGroup.id == Location.group_id)
    .join(PlanPrice, and_(PlanPrice.plan_id == Plan.id, PlanPrice.until_at.is_(None)))
    .where(
        Plan.offered,
        PanelPackage.enabled,
        OPEN,
        Location.id == bindparam("location"),
        (PlanPrice.cycle == Cycle.HOURLY.value) == bindparam("hourly", type_=Boolean()),
        PlanPrice.currency == bindparam("currency"),
    )
    .order_by(PlanPrice.amount, Plan.position, Plan.id),
    Candidate,
)
# Changes made within a period, latest first: what was paid for the rest of it is theirs.
MADE: Query[dict[str, Any]] = Query(
    select(
        PlanChange.charge_net_minor,
        PlanChange.charge_tax_minor,
        PlanChange.charge_rate,
        PlanChange.days_left,
        PlanChange.invoice_id,
        PlanChange.notes,
    )
    .where(
        PlanChange.service_id == _SERVICE,
        PlanChange.number == bindparam("number", type_=Integer()),
        PlanChange.timing == NOW,
        PlanChange.state.in_(CHANGED),
    )
    .order_by(PlanChange.applied_at.desc(), PlanChange.id.desc())
)
# The paid document of a period: of its renewal, or of the order that it began with.
PAID: Query[UUID] = Query(
    select(Invoice.id)
    .outerjoin(Renewal, and_(Renewal.invoice_id == Invoice.id, Renewal.service_id == _SERVICE))
    .where(
        Invoice.state == "paid",
        Invoice.kind == "tax",
        or_(
            Renewal.number == bindparam("number", type_=Integer()),
            and_(
                Invoice.order_ref == bindparam("order", type_=Uuid()),
                bindparam("number", type_=Integer()) == 0,
            ),
        ),
    )
    .order_by(Invoice.id.desc())
    .limit(1),
    lambda invoice_id: invoice_id,
)
_NOTE, _LINE = aliased(Invoice), aliased(InvoiceLine)


def _document(
    invoice_id: UUID, left: int, others: int, rates: list[Decimal], line_id: UUID, *line: Any
) -> tuple[Document, tuple[int, int, Decimal]]:
    net, tax, rate = line
    return Document(invoice_id, left, int(others), tuple(rates), line_id), (net, tax, rate)


DOCUMENTS: Query[tuple[Document, tuple[int, int, Decimal]]] = Query(
    select(
        Invoice.id,
        Invoice.total_minor - Invoice.credited_minor,
        select(func.coalesce(func.sum(_NOTE.total_minor), 0))
        .where(
            _NOTE.credits_id == Invoice.id,
            _NOTE.id != bindparam("own", type_=ARRAY(Uuid)).all_(),
        )
        .scalar_subquery(),
        select(func.array_agg(_LINE.tax_rate.distinct()))
        .where(_LINE.invoice_id == Invoice.id)
        .scalar_subquery(),
        InvoiceLine.id.label("line_id"),
        InvoiceLine.net_minor,
        InvoiceLine.tax_minor,
        InvoiceLine.tax_rate,
    )
    .join(InvoiceLine, and_(InvoiceLine.invoice_id == Invoice.id, InvoiceLine.position == 1))
    .where(Invoice.id == bindparam("invoices", type_=ARRAY(Uuid)).any_()),
    _document,
)


async def subject_of(
    house: House, read: Read, service_id: UUID
) -> tuple[Subject, Sequence[Candidate]]:
    """A service and what is sold in its place, by the hour or by periods as it is."""
    row = await SUBJECT.one(read, service=service_id)
    if row is None:
        raise NotFound
    hourly = row["cycle"] == Cycle.HOURLY
    candidates = await CANDIDATES.all(
        read, location=row["location_id"], currency=row["currency"], hourly=hourly
    )
    held = await LOCATION_HOLDS.all(read, location=row["location_id"], now=read.now)
    loaded = [] if hourly else await standings(house, read, [service_id])
    if not hourly and not loaded:
        raise NotFound
    standing = loaded[0].standing if loaded else await _by_the_hour(house, read, service_id, row)
    basis, documents = Basis(nothing(row["currency"]), 1), tuple[Document, ...]()
    if loaded:
        basis, documents = await _paid(read, service_id, standing, row)
    settings = await house.settings.get(PlanChangeSettings)
    subject = Subject(
        standing=standing,
        policy=loaded[0].policy if loaded else Policy(),
        settings=settings,
        plan_id=row["plan_id"],
        plan_name=row["plan_name"],
        storage_type=row["storage_type"],
        parked=bool(row["parked"]),
        under_way=row["under_way"],
        subscribed=row["subscribed"],
        server=row["server"],
        server_state=row["server_state"] or "",
        hostname=row["hostname"] or "",
        addons=tuple(_own_addon(*each) for each in row["addons"] or ()),
        basis=basis,
        documents=documents,
        hosts=[*map(host_of, row["hosts"] or ())],
        held=held,
        today=local_day(read.now, standing.zone),
        run_waits=hourly and await reach(read) < read.now,
    )
    return subject, candidates


async def _by_the_hour(house: House, read: Read, service_id: UUID, row: dict[str, Any]) -> Standing:
    """A service without periods, as far as a change of plan asks."""
    account_id = row["account_id"]
    taxes = await taxes_of(house, read, [account_id])
    return Standing(
        service_id=service_id,
        account_id=account_id,
        name=row["name"],
        state=row["state"],
        cycle=row["cycle"],
        zone=row["zone"],
        anchor_on=read.now.date(),
        number=0,
        billed=0,
        price=Money(row["price_minor"], row["currency"]),
        tax=taxes[account_id],
        cancels_on=row["cancels_on"],
    )


def _own_addon(
    addon_id: str,
    name: str,
    quantity: int,
    plan_ids: list[str] | None,
    prices: dict[str, list[str]] | None,
) -> OwnAddon:
    found = {
        cycle: (version, Decimal(amount)) for cycle, (version, amount) in (prices or {}).items()
    }
    return OwnAddon(UUID(addon_id), name, quantity, tuple(plan_ids or ()), found)


async def _paid(
    read: Read, service_id: UUID, standing: Standing, row: dict[str, Any]
) -> tuple[Basis, tuple[Document, ...]]:
    """What was paid for the rest of the running period, and by which documents, latest first."""
    number, currency = standing.number, row["currency"]
    made = await MADE.all(read, service=service_id, number=number)
    first = await PAID.one(
        read,
        service=service_id,
        number=number,
        order=None if row["trial_days"] else row["order_id"],
    )
    own = [UUID(note) for each in made for note in each["notes"]]
    ids = [each["invoice_id"] for each in made if each["invoice_id"] is not None]
    found = {
        document.invoice_id: (document, line)
        for document, line in await DOCUMENTS.all(
            read, invoices=[*ids, *([first] if first else [])], own=own
        )
    }
    documents = [replace(found[each][0], line_id=None) for each in ids]
    basis = Basis(nothing(currency), 1)
    if first is not None:
        document, (net, tax, rate) = found[first]
        documents.append(document)
        basis = Basis(Sum(Money(net, currency), Money(tax, currency), rate), _days(standing))
    if made:
        last = made[0]
        net, tax = last["charge_net_minor"], last["charge_tax_minor"]
        paid = Sum(Money(net, currency), Money(tax, currency), last["charge_rate"])
        basis = Basis(paid, last["days_left"])
    return basis, tuple(documents)


def _days(standing: Standing) -> int:
    return span_of(standing, standing.anchor_on).whole
