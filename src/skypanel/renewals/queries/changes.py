"""Which plans a service can change to, and what exactly that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Uuid, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from skypanel.catalog.models import (
    Addon,
    Location,
    PanelGroup,
    PanelPackage,
    Plan,
    PlanLocation,
    PlanPrice,
    StockLevel,
)
from skypanel.catalog.queries.shop import LOCATION_HOLDS, OPEN
from skypanel.catalog.rules import host_of
from skypanel.invoices.models import Invoice, InvoiceLine
from skypanel.payments.queries import wallet
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.house import House
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.renewals.errors import PlanNotOffered
from skypanel.renewals.models import PlanChange, Renewal, Schedule
from skypanel.renewals.queries.change_log import changes_of
from skypanel.renewals.queries.standings import standings
from skypanel.renewals.rules import (
    CHANGED,
    UNDER_WAY,
    Basis,
    PlanChangeSettings,
    Standing,
    Sum,
    nothing,
    span_of,
)
from skypanel.renewals.rules.weigh import (
    AT_RENEWAL,
    NOW,
    Candidate,
    Document,
    Subject,
    Weighed,
    weigh,
)
from skypanel.servers.models import Server
from skypanel.services.models import Service, ServiceAddon
from skypanel.services.rules import local_day

_SERVICE = bindparam("service", type_=Uuid())
SUBJECT: Query[dict[str, Any]] = Query(
    select(
        Service.account_id,
        Service.plan_id,
        Service.location_id,
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
        select(func.jsonb_agg(func.jsonb_build_array(ServiceAddon.name, Addon.plan_ids)))
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
        PlanPrice.cycle == bindparam("cycle"),
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
    """A service and the plans there are for it; one that is not billed by periods is not found."""
    row = await SUBJECT.one(read, service=service_id)
    loaded = await standings(house, read, [service_id])
    if row is None or not loaded:
        raise NotFound
    standing = loaded[0].standing
    basis, documents = await _paid(read, service_id, standing, row)
    held = await LOCATION_HOLDS.all(read, location=row["location_id"], now=read.now)
    candidates = await CANDIDATES.all(
        read, location=row["location_id"], cycle=row["cycle"], currency=row["currency"]
    )
    settings = await house.settings.get(PlanChangeSettings)
    subject = Subject(
        standing=standing,
        policy=loaded[0].policy,
        settings=settings,
        plan_id=row["plan_id"],
        plan_name=row["plan_name"],
        storage_type=row["storage_type"],
        parked=bool(row["parked"]),
        under_way=row["under_way"],
        server=row["server"],
        server_state=row["server_state"] or "",
        hostname=row["hostname"] or "",
        addons=tuple((name, tuple(plans or ())) for name, plans in row["addons"] or ()),
        basis=basis,
        documents=documents,
        hosts=[*map(host_of, row["hosts"] or ())],
        held=held,
        today=local_day(read.now, standing.zone),
    )
    return subject, candidates


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


async def weighed(
    house: House, read: Read, service_id: UUID, plan_id: UUID, timing: str
) -> tuple[Subject, Weighed]:
    """What a change would be. Refuses `plan_not_offered` for what is not sold there."""
    subject, candidates = await subject_of(house, read, service_id)
    for candidate in candidates:
        if candidate.plan_id == plan_id:
            return subject, weigh(subject, candidate, timing)
    raise PlanNotOffered


async def quote(
    house: House, read: Read, service_id: UUID, plan_id: UUID, timing: str
) -> dict[str, Any]:
    """A change as it is confirmed, or why it can't be made."""
    subject, found = await weighed(house, read, service_id, plan_id, timing)
    standing = subject.standing
    total, zero = found.total, Money.zero(standing.price.currency)
    held = await wallet.standing(read, standing.account_id, zero.currency)
    spendable: Money = held["spendable"]
    to_pay = total if total.minor > 0 else zero
    proration = found.proration
    return {
        "service_id": standing.service_id,
        "plan": found.candidate.size(),
        "plan_before": {"id": str(subject.plan_id), "name": subject.plan_name},
        "timing": timing,
        "refusal": _refusal(found),
        "effective_on": found.effective_on,
        "proration": None if proration is None else {
            "days_left": proration.span.left,
            "days_whole": proration.span.whole,
            "ends_on": proration.span.ends_on,
            "paid": proration.basis.paid.gross,
            "paid_days": proration.basis.days,
            "price": proration.price,
            "credit": proration.credit.wire(),
            "charge": proration.charge.wire(),
        },
        "tax_treatment": standing.tax.wire(),
        "total": total,
        "from_wallet": to_pay if to_pay <= spendable else zero,
        "to_pay": zero if to_pay <= spendable else to_pay,
        "to_wallet": -total if total.minor < 0 else zero,
        "next_on": found.next_on,
        "next_total": found.next_total,
        "restarts": found.restarts,
        "keeps_disk": found.keeps_disk,
    }  # fmt: skip


def _refusal(found: Weighed) -> dict[str, str] | None:
    refusal = found.refusal
    return None if refusal is None else {"code": refusal.code, "message": refusal.text}


async def choices(house: House, read: Read, service_id: UUID) -> dict[str, Any]:
    """The plans that a service can change to, and the changes there were; latest first."""
    changes = await changes_of(read, service_id)
    try:
        subject, candidates = await subject_of(house, read, service_id)
    except NotFound:
        return {"plans": [], "changes": changes}
    return {"plans": [_choice(subject, each) for each in candidates], "changes": changes}


def _choice(subject: Subject, plan: Candidate) -> dict[str, Any]:
    now, later = (weigh(subject, plan, timing) for timing in (NOW, AT_RENEWAL))
    return {
        "plan": plan.size(),
        "description": plan.description,
        "price": later.coming.price,
        "current": plan.plan_id == subject.plan_id,
        "total_now": now.total,
        "now": _refusal(now),
        "renewal": _refusal(later),
    }
