"""Whether a service can have another plan, and exactly what that means: looked at, never written.

The quote that a customer sees and the change that is made are weighed by this one function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from skypanel.catalog.rules import (
    Held,
    Host,
    Need,
    is_finer,
    price_money,
    slots,
)
from skypanel.platform.money import Money
from skypanel.renewals.errors import (
    AddonNotForCycle,
    AddonNotWithPlan,
    ChangeNotPossible,
    ChangeUnderWay,
    DiskCannotShrink,
    OnlyAtRenewal,
    PlanSoldOut,
    PlanTheSame,
    ServerNotReady,
    ServiceEnds,
    ServiceNotRunning,
    ServiceSetAside,
    ServiceUnpaid,
    StorageDiffers,
    SubscriptionFirst,
)
from skypanel.renewals.rules.agenda import Coming, Extra, Standing, draft_of
from skypanel.renewals.rules.change import (
    Basis,
    PlanChangeSettings,
    Proration,
    nothing,
    prorate,
    span_of,
)
from skypanel.renewals.rules.policy import Policy

NOW, AT_RENEWAL = "now", "renewal"
SIZES = ("vcpu", "memory_mib", "disk_gib", "traffic_gb", "port_mbps")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan as it is sold in a service's place, for one cycle and in its currency."""

    plan_id: UUID
    name: str
    description: str
    vcpu: int
    memory_mib: int
    disk_gib: int
    traffic_gb: int
    port_mbps: int
    storage_type: int
    cycle: str
    amount: Decimal

    def size(self) -> dict[str, Any]:
        """The plan as servers keep it."""
        sizes = {name: getattr(self, name) for name in SIZES}
        return {"id": str(self.plan_id), "name": self.name, **sizes}


@dataclass(frozen=True, slots=True)
class OwnAddon:
    """An add-on that a service has: with which plans it is sold, and its prices by cycle.

    A price is (version, amount in major units).
    """

    id: UUID
    name: str
    quantity: int
    plan_ids: tuple[str, ...]
    prices: Mapping[str, tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Document:
    """A paid invoice of the running period: what of it can still be given back.

    `others_minor` was given back for other reasons than a change of plan; `line_id` is the plan's
    line on the invoice of the period.
    """

    invoice_id: UUID
    left_minor: int
    others_minor: int
    rates: tuple[Decimal, ...]
    line_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A service as a change of its plan sees it."""

    standing: Standing
    policy: Policy
    settings: PlanChangeSettings
    plan_id: UUID
    plan_name: str
    storage_type: int
    parked: bool
    under_way: bool
    subscribed: bool
    server: Mapping[str, Any] | None
    server_state: str
    hostname: str
    addons: tuple[OwnAddon, ...]
    basis: Basis
    documents: tuple[Document, ...]
    hosts: Sequence[Host]
    held: Sequence[Need]
    today: date
    arrears: bool = False
    run_waits: bool = False

    @property
    def cycle(self) -> str:
        """What it is billed by now."""
        return self.standing.cycle

    @property
    def settled_until(self) -> int:
        """The last period that is paid, or was free: what comes after can still be changed."""
        standing = self.standing
        open_ones = {bill.number for bill in standing.bills}
        paid = [n for n in range(standing.number + 1, standing.billed + 1) if n not in open_ones]
        return max(paid, default=standing.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A change of a service by the hour: since when, at which prices, and the balance for it."""

    from_at: datetime
    price_before: Decimal
    price: Decimal
    cap: Money | None
    needed: Money
    held: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a change would be; `refusal` says why it can't be made."""

    candidate: Candidate
    timing: str
    number: int
    effective_on: date
    refusal: ChangeNotPossible | None
    proration: Proration | None
    coming: Coming
    next_on: date
    next_total: Money
    keeps_disk: bool
    restarts: bool
    coupon_ends: str | None = None
    hours: Hours | None = None

    @property
    def total(self) -> Money:
        """What is to be paid now; below nothing where money comes back."""
        zero = Money.zero(self.coming.price.currency)
        return zero if self.proration is None else self.proration.total


def weigh(subject: Subject, plan: Candidate, timing: str) -> Weighed:
    """Everything about a change of plan, from the same rules by which it is billed."""
    standing, today = subject.standing, subject.today
    number = standing.number if timing == NOW else subject.settled_until + 1
    coming = coming_of(subject, plan, number)
    span = span_of(standing, today)
    found = None
    stays = plan.cycle == subject.cycle
    if timing == NOW and stays and standing.number >= 0 and span.is_running:
        price = price_money(standing.book.price(coming.held, today).amount, standing.price.currency)
        found = prorate(standing, span, subject.basis, price, standing.tax)
    first_new = max(number, subject.settled_until + 1)
    draft = draft_of(replace(standing, coming=coming), first_new, today)
    current = subject.server or {}
    refusal = next(_against(subject, plan, timing, found), None)
    return Weighed(
        candidate=plan,
        timing=timing,
        number=number,
        effective_on=today if timing == NOW else standing.first_day(number),
        refusal=refusal,
        proration=found,
        coming=coming,
        next_on=standing.first_day(first_new),
        next_total=nothing(standing.price.currency).net if draft is None else draft.total,
        keeps_disk=plan.disk_gib < current.get("disk_gib", 0),
        restarts=restarts(subject, plan),
        coupon_ends=_coupon_ends(standing, plan.cycle, number),
    )


def restarts(subject: Subject, plan: Candidate) -> bool:
    """Whether processors or memory of its server become others."""
    current = subject.server or {}
    return plan.plan_id != subject.plan_id and any(
        plan.size()[name] != current.get(name) for name in ("vcpu", "memory_mib")
    )


def _coupon_ends(standing: Standing, cycle: str, number: int) -> str | None:
    """The coupon that a service loses with its cycle."""
    discount = standing.discount
    if discount is None or cycle == standing.cycle or not discount.holds(number):
        return None
    return None if discount.goes_to(cycle) else discount.code


def coming_of(subject: Subject, plan: Candidate, number: int) -> Coming:
    standing = subject.standing
    held = Held(
        account_id=standing.account_id,
        plan_id=plan.plan_id,
        currency=standing.price.currency,
        cycle=plan.cycle,
        amount=plan.amount,
        since=subject.today,
    )
    name = standing.name
    if plan.plan_id != subject.plan_id:
        name = f"{plan.name} {subject.hostname}"[:100]
    price = price_money(plan.amount, standing.price.currency)
    extras = None if plan.cycle == subject.cycle else _extras(subject, plan.cycle)
    return Coming(number, name, price, held, subject.policy, extras)


def _extras(subject: Subject, cycle: str) -> tuple[Extra, ...]:
    """Its add-ons at the catalog's prices of a cycle; one without such a price speaks against."""
    currency = subject.standing.price.currency
    return tuple(
        Extra(one.name, one.quantity, price_money(one.prices[cycle][1], currency))
        for one in sorted(subject.addons, key=lambda each: (each.name, each.quantity))
        if cycle in one.prices
    )


def exact_of(coming: Coming) -> Decimal | None:
    """The price in major units where it is finer than a minor unit."""
    amount = coming.held.amount
    return amount if is_finer(amount, coming.price.currency) else None


def _against(
    subject: Subject, plan: Candidate, timing: str, found: Proration | None
) -> Iterator[ChangeNotPossible]:
    """What speaks against it, first things first."""
    yield from against_any(subject)
    yield from against_plan(subject, plan)
    if plan.cycle != subject.cycle:
        yield from _against_cycle(subject, plan.cycle, timing)
    elif timing == NOW:
        yield from _against_now(subject, found)


def against_any(subject: Subject) -> Iterator[ChangeNotPossible]:
    standing = subject.standing
    if standing.state != "active":
        yield ServiceNotRunning()
    if subject.under_way:
        yield ChangeUnderWay()
    if standing.cancels_on is not None:
        yield ServiceEnds()
    if subject.parked:
        yield ServiceSetAside()
    if any(bill.number <= standing.number for bill in standing.bills):
        yield ServiceUnpaid()
    if subject.server is None or subject.server_state != "ready":
        yield ServerNotReady()


def against_plan(subject: Subject, plan: Candidate) -> Iterator[ChangeNotPossible]:
    if plan.plan_id == subject.plan_id:
        if plan.cycle == subject.cycle:
            yield PlanTheSame()
        return
    if plan.storage_type != subject.storage_type:
        yield StorageDiffers()
    current = subject.server or {}
    disk = current.get("disk_gib", 0)
    if plan.disk_gib < disk and subject.settings.smaller_disk == "refuse":
        yield DiskCannotShrink(
            f"Its disk has {disk} GB and this plan's {plan.disk_gib} GB: a disk can't be made"
            " smaller. Order a new server and move to it."
        )
    for one in subject.addons:
        if one.plan_ids and str(plan.plan_id) not in one.plan_ids:
            yield AddonNotWithPlan(f"{one.name}, which it has, is not sold with this plan.")
    more = Need(
        vcpu=max(0, plan.vcpu - current.get("vcpu", 0)),
        memory_mib=max(0, plan.memory_mib - current.get("memory_mib", 0)),
        disk_gib=max(0, plan.disk_gib - disk),
        storage_type=plan.storage_type,
        ipv4_count=0,
    )
    if more.vcpu or more.memory_mib or more.disk_gib:
        # The server is there already: a host that takes no more servers can still hold it.
        hosts = [replace(host, servers=max(host.servers, 1)) for host in subject.hosts]
        left = slots(hosts, None, subject.held, more)
        if left is not None and left < 1:
            yield PlanSoldOut()


def _against_cycle(subject: Subject, cycle: str, timing: str) -> Iterator[ChangeNotPossible]:
    """Another cycle begins with a period, and nothing may take money in the old one."""
    if timing == NOW:
        yield OnlyAtRenewal("Another billing term begins with the next period.")
    if subject.subscribed:
        yield SubscriptionFirst()
    for one in subject.addons:
        if cycle not in one.prices:
            yield AddonNotForCycle(f"{one.name}, which it has, has no price for this billing term.")


def _against_now(subject: Subject, found: Proration | None) -> Iterator[ChangeNotPossible]:
    standing = subject.standing
    if standing.number < 0:
        yield OnlyAtRenewal("While it is tried for free its plan can be changed from then on.")
    if found is None:
        yield OnlyAtRenewal("Its period ends at this moment: the change can be made with the next.")
        return
    if subject.settled_until > standing.number:
        yield OnlyAtRenewal(
            "Its next period is paid already: the change can be made with the one after it."
        )
    if any(document.others_minor for document in subject.documents):
        yield OnlyAtRenewal(
            "Something of its running period was given back: the change can be made at renewal."
        )
    if found.total.minor < 0:
        yield from _against_credit(subject, found)


def _against_credit(subject: Subject, found: Proration) -> Iterator[ChangeNotPossible]:
    """What speaks against giving the difference back at once."""
    if not subject.settings.downgrades_now:
        yield OnlyAtRenewal("A smaller plan begins with the next period.")
    rates = {rate for document in subject.documents for rate in document.rates}
    if rates != {found.charge.rate} or found.credit.rate != found.charge.rate:
        yield OnlyAtRenewal(
            "Your tax is another since you paid: the change can be made at renewal."
        )
    if sum(document.left_minor for document in subject.documents) < -found.total.minor:
        yield OnlyAtRenewal()
