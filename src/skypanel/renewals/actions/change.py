"""Changing the plan of a service: asked, paid or given back, applied once; or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from skypanel.catalog.rules import Cycle
from skypanel.identity.actions import audit
from skypanel.invoices.actions import issue_invoice, refund_to_wallet, void_invoice
from skypanel.invoices.rules import CreditLine
from skypanel.payments.actions import spendable, start_payment
from skypanel.payments.models import Payment
from skypanel.payments.rules import IN_FLIGHT
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound, VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance
from skypanel.renewals import queries
from skypanel.renewals.actions.apply import addon_prices, apply_change, apply_hourly
from skypanel.renewals.actions.schedule import (
    lock_agenda,
    lock_standings,
    replan,
    void_bills,
)
from skypanel.renewals.errors import QuoteChanged, TooManyChanges
from skypanel.renewals.events import (
    PlanChangeAsked,
    PlanChangeDropped,
    PlanChangeScheduled,
)
from skypanel.renewals.models import PlanChange
from skypanel.renewals.rules import CHANGE_STATES, PlanChangeSettings, draft_of_change
from skypanel.renewals.rules.weigh import AT_RENEWAL, Document, Subject, Weighed, exact_of
from skypanel.services.actions import lock_service
from skypanel.services.rules import midnight

CHANGES_A_DAY_MAX = 6
WAIT_FOR_MONEY = timedelta(minutes=15)
EXPIRE_AT_ONCE = 100


async def ask_change(
    db: Db,
    service_id: UUID,
    *,
    plan_id: UUID,
    timing: str,
    quoted_minor: int,
    cycle: str | None = None,
    use_wallet: bool = True,
    reason: str | None = None,
) -> PlanChange:
    """Give a service another plan: now, for the amount that was quoted, or with its next period.

    Another cycle begins with a period only; a service by the hour has another price from its next
    hour on.

    What is to be paid stands on an invoice, paid at once from credit and wallet where they hold
    enough; what comes back goes to the wallet by a credit note. Publishes PlanChangeAsked,
    PlanChangeScheduled or PlanChangeApplied. Refuses `quote_changed`, `too_many_changes`, and why
    a change is not possible.
    """
    await lock_agenda(db, service_id)
    await lock_service(db, service_id)
    asked = queries.ChangeAsk(plan_id, timing, cycle)
    subject, found = await queries.weighed(db.house, db, service_id, asked)
    if found.refusal is not None:
        raise found.refusal
    if found.total.minor != quoted_minor:
        raise QuoteChanged
    if reason is None:
        await _within_bounds(db, service_id)
    change = _row(db, subject, found, reason)
    db.add(change)
    await db.flush()
    audit(
        db, "plan_change.ask", "plan_change", change.id, account_id=change.account_id,
        service_id=str(service_id), plan=change.plan["name"], cycle=change.cycle, timing=timing,
        total_minor=change.total_minor, reason=reason,
    )  # fmt: skip
    if subject.cycle == Cycle.HOURLY:
        await apply_hourly(db, change)
    elif timing == AT_RENEWAL:
        await _schedule(db, change)
    elif found.total.minor > 0:
        await _bill(db, change, subject, found, use_wallet=use_wallet)
    else:
        await _give_back(db, change, subject, -found.total)
        await _apply(db, change)
    return change


async def _within_bounds(db: Db, service_id: UUID) -> None:
    asked = await db.scalar(
        select(func.count())
        .select_from(PlanChange)
        .where(
            PlanChange.service_id == service_id,
            PlanChange.created_at > db.now - timedelta(days=1),
        )
    )
    if (asked or 0) >= CHANGES_A_DAY_MAX:
        raise TooManyChanges


def _row(db: Db, subject: Subject, found: Weighed, reason: str | None) -> PlanChange:
    coming, cost = found.coming, found.proration
    zero = Money.zero(coming.price.currency)
    turns = found.candidate.cycle != subject.cycle
    return PlanChange(
        id=new_id(),
        service_id=subject.standing.service_id,
        account_id=subject.standing.account_id,
        timing=found.timing,
        state="asked",
        plan_before_id=subject.plan_id,
        plan_id=found.candidate.plan_id,
        plan=found.candidate.size(),
        cycle_before=subject.cycle if turns else None,
        cycle=found.candidate.cycle if turns else None,
        addons=addon_prices(subject, found.candidate.cycle) if turns else {},
        name_before=subject.standing.name,
        name=coming.name,
        price_minor=coming.price.minor,
        price_exact=exact_of(coming),
        currency=zero.currency,
        priced_on=subject.today,
        number=found.number,
        effective_on=found.effective_on,
        days_left=0 if cost is None else cost.span.left,
        days_whole=0 if cost is None else cost.span.whole,
        credit_net_minor=(zero if cost is None else cost.credit.net).minor,
        credit_tax_minor=(zero if cost is None else cost.credit.tax).minor,
        charge_net_minor=(zero if cost is None else cost.charge.net).minor,
        charge_tax_minor=(zero if cost is None else cost.charge.tax).minor,
        charge_rate=subject.standing.tax.rate,
        notes=[],
        reason=reason,
        restarts=found.restarts,
        created_at=db.now,
    )


async def _schedule(db: Db, change: PlanChange) -> None:
    """Bill the periods to come at the new plan's price; what was asked for them is void."""
    advance(db, change, CHANGE_STATES, "schedule")
    [loaded] = await lock_standings(db, [change.service_id])
    await void_bills(db, loaded, change.number, "Another plan or term was chosen for it.")
    await replan(db, [change.service_id])
    db.publish(PlanChangeScheduled(change.id, change.service_id, change.account_id))


async def _bill(
    db: Db, change: PlanChange, subject: Subject, found: Weighed, *, use_wallet: bool
) -> None:
    """Ask for the difference; the change is made when it is paid."""
    assert found.proration is not None
    draft = draft_of_change(
        subject.standing, found.proration, subject.plan_name, found.candidate.name
    )
    invoice = await issue_invoice(db, draft)
    settings = await db.house.settings.get(PlanChangeSettings)
    ends_at = midnight(found.proration.span.ends_on, subject.standing.zone)
    change.invoice_id = invoice.id
    change.expires_at = min(db.now + timedelta(hours=settings.pay_within_hours), ends_at)
    advance(db, change, CHANGE_STATES, "wait")
    await db.flush()
    db.publish(PlanChangeAsked(change.id, change.service_id, change.account_id))
    if use_wallet and draft.total <= await spendable(db, change.account_id, change.currency):
        await start_payment(db, invoice.id, "wallet")
        await note_change_paid(db, invoice.id)


async def _give_back(db: Db, change: PlanChange, subject: Subject, amount: Money) -> None:
    """Credit the difference to the wallet: on the latest documents of the period first."""
    reason = (
        f"{subject.plan_name} changed to {change.plan['name']} on {change.priced_on:%-d %B %Y}: "
        f"{change.days_left} of {change.days_whole} days left"
    )
    left = amount.minor
    for document in subject.documents:
        part = min(left, document.left_minor)
        if part:
            wanted = _wanted(document, Money(part, amount.currency))
            note = await refund_to_wallet(db, document.invoice_id, wanted, reason)
            change.notes = [*change.notes, str(note.id)]
            left -= part
    if left:
        raise ValueError("more would come back than was paid")


def _wanted(document: Document, amount: Money) -> Money | Sequence[CreditLine]:
    if document.line_id is None:
        return amount
    return [CreditLine(document.line_id, amount)]


async def _apply(db: Db, change: PlanChange) -> None:
    """Bill at the new plan from now on; periods to come that were billed before are billed anew."""
    await apply_change(db, change)
    [loaded] = await lock_standings(db, [change.service_id])
    await void_bills(db, loaded, change.number + 1, "Its plan was changed.", leave_partly_paid=True)
    await replan(db, [change.service_id])


async def lock_change(db: Db, change_id: UUID) -> PlanChange:
    """A change as it stands now; everybody locks the service's agenda first, then the service."""
    seen = await db.get(PlanChange, change_id)
    if seen is None:
        raise NotFound
    await lock_agenda(db, seen.service_id)
    await lock_service(db, seen.service_id)
    return await db.get_one(PlanChange, change_id, with_for_update=True, populate_existing=True)


async def _of_invoice(db: Db, invoice_id: UUID) -> PlanChange | None:
    """The change that waits for this invoice."""
    found = await db.scalar(select(PlanChange.id).where(PlanChange.invoice_id == invoice_id))
    if found is None:
        return None
    change = await lock_change(db, found)
    return change if change.state == "awaiting_payment" else None


async def note_change_paid(db: Db, invoice_id: UUID) -> None:
    """Its invoice is paid: the change is made, once; where it can't be, the money comes back."""
    change = await _of_invoice(db, invoice_id)
    if change is None:
        return
    service = await lock_service(db, change.service_id)
    runs = service.state in ("active", "suspended")
    if runs and service.cancels_on is None and service.period_number == change.number:
        await _apply(db, change)
        return
    said = "Paid when the plan could not be changed any more: the money is in the wallet."
    note = await refund_to_wallet(db, invoice_id, None, said)
    change.notes = [str(note.id)]
    _drop(db, change, "cancel", said)


async def note_change_void(db: Db, invoice_id: UUID) -> None:
    """Its invoice is asked for no more: the plan stays."""
    change = await _of_invoice(db, invoice_id)
    if change is not None:
        _drop(db, change, "cancel", "Its invoice was voided.")


async def cancel_change(db: Db, change_id: UUID, reason: str | None = None) -> PlanChange:
    """Take back a change that is not made yet. Publishes PlanChangeDropped.

    Refuses `verb_not_allowed`, and `invoice_partly_paid` where money lies on its invoice.
    """
    change = await lock_change(db, change_id)
    audit(
        db, "plan_change.cancel", "plan_change", change.id, account_id=change.account_id,
        service_id=str(change.service_id), reason=reason,
    )  # fmt: skip
    await _take_back(db, change, reason or "The change was taken back.")
    return change


async def _take_back(db: Db, change: PlanChange, reason: str) -> None:
    if change.state != "scheduled":
        _drop(db, change, "cancel", reason)
        assert change.invoice_id is not None
        await void_invoice(db, change.invoice_id, reason)
        return
    [loaded] = await lock_standings(db, [change.service_id])
    standing = loaded.standing
    if standing.billed >= change.number and change.number not in loaded.invoices:
        raise VerbNotAllowed("The first period at the new plan's price is paid already.")
    _drop(db, change, "cancel", reason)
    await void_bills(db, loaded, change.number, reason)
    await replan(db, [change.service_id])


def _drop(db: Db, change: PlanChange, verb: str, note: str) -> None:
    advance(db, change, CHANGE_STATES, verb, note=note)
    change.closed_at, change.expires_at = db.now, None
    db.publish(PlanChangeDropped(change.id, change.service_id, change.account_id))


async def drop_moot_change(db: Db, service_id: UUID) -> None:
    """A service ends: a change that was to come with a later period, or to be paid, is moot."""
    found = await db.scalar(
        select(PlanChange.id).where(
            PlanChange.service_id == service_id,
            PlanChange.state.in_(("awaiting_payment", "scheduled")),
        )
    )
    if found is None:
        return
    change = await lock_change(db, found)
    service = await lock_service(db, service_id)
    goes_on = service.state in ("active", "suspended") and service.cancels_on is None
    if goes_on or change.state not in ("awaiting_payment", "scheduled"):
        return
    if change.invoice_id is not None and await _money_comes(db, change.invoice_id):
        return  # when it has come it is given back
    await _take_back(db, change, "The service ends.")


async def due_to_expire(db: Db) -> list[UUID]:
    """Changes that were not paid in time."""
    found = await db.scalars(
        select(PlanChange.id)
        .where(PlanChange.state == "awaiting_payment", PlanChange.expires_at <= db.now)
        .order_by(PlanChange.expires_at)
        .limit(EXPIRE_AT_ONCE)
    )
    return list(found)


async def expire_change(db: Db, change_id: UUID) -> None:
    """Give up a change that was not paid in time; wait on while money is being taken."""
    change = await lock_change(db, change_id)
    expires_at: datetime | None = change.expires_at
    if change.state != "awaiting_payment" or expires_at is None or expires_at > db.now:
        return
    assert change.invoice_id is not None
    if await _money_comes(db, change.invoice_id):
        change.expires_at = db.now + WAIT_FOR_MONEY
        return
    _drop(db, change, "expire", "It was not paid in time.")
    await void_invoice(db, change.invoice_id, "The change of plan was not paid in time.")


async def _money_comes(db: Db, invoice_id: UUID) -> bool:
    """Whether a payment of this invoice may still bring money by itself."""
    found = await db.scalar(
        select(Payment.id)
        .where(Payment.invoice_id == invoice_id, Payment.state.in_(IN_FLIGHT))
        .limit(1)
    )
    return found is not None
