"""Wallets that fill themselves: below a threshold, by the saved method, within a month's bound."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select

from skypanel.identity.actions import audit
from skypanel.invoices.actions import top_up, void_invoice
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceKind, InvoiceState, TopUpSettings
from skypanel.ledger.actions import book
from skypanel.payments.actions.charge import charge_saved_method
from skypanel.payments.actions.methods import preferred_method
from skypanel.payments.errors import AmountOutOfBounds, NoSavedMethod
from skypanel.payments.events import AutoTopUpStopped
from skypanel.payments.models import AutoTopUp, Payment
from skypanel.payments.rules import IN_FLIGHT, PaymentState
from skypanel.platform.db import Db
from skypanel.platform.errors import VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money

LOOK_AGAIN_AFTER = timedelta(minutes=10)
AFTER_FAILURE = timedelta(days=1)
FAILURES_MAX = 3
COUNTED = (PaymentState.CREATING.value, PaymentState.SETTLED.value, *sorted(IN_FLIGHT))


async def set_auto_top_up(
    db: Db, account_id: UUID, *, enabled: bool, threshold: Money, amount: Money, month_max: Money
) -> AutoTopUp:
    """Say when the wallet is to be filled, by how much, and how much a month at most.

    Refuses `no_saved_method` when it is switched on without one, and `amount_out_of_bounds`.
    """
    bounds = await db.house.settings.get(TopUpSettings)
    least, most = bounds.bounds(amount.currency)
    if not least <= amount <= most:
        raise AmountOutOfBounds(f"A top-up is between {least} and {most}.")
    if month_max < amount:
        raise AmountOutOfBounds("A month's bound can't be less than one top-up.")
    if enabled and await preferred_method(db, account_id) is None:
        raise NoSavedMethod
    wanted = await _locked(db, account_id)
    if wanted is None:
        wanted = AutoTopUp(id=new_id(), account_id=account_id, currency=amount.currency)
        db.add(wanted)
    wanted.currency, wanted.enabled = amount.currency, enabled
    wanted.threshold_minor, wanted.amount_minor = threshold.minor, amount.minor
    wanted.month_max_minor = month_max.minor
    wanted.failures, wanted.message = 0, None
    wanted.next_try_at = wanted.updated_at = db.now
    await db.flush()
    audit(
        db,
        "wallet.auto_top_up",
        "account",
        account_id,
        account_id=account_id,
        enabled=enabled,
        amount_minor=amount.minor,
        month_max_minor=month_max.minor,
    )
    return wanted


async def top_up_if_low(db: Db, account_id: UUID) -> Payment | None:
    """Charge the saved method when the wallet is below its threshold and the month allows it."""
    wanted = await _locked(db, account_id)
    if wanted is None or not wanted.enabled or wanted.next_try_at > db.now:
        return None
    wanted.next_try_at = db.now + LOOK_AGAIN_AFTER
    wallet = await book(db, "wallet", wanted.currency, account_id)
    if wallet.balance_minor >= wanted.threshold_minor or await _under_way(db, account_id):
        return None
    spent_minor = await _spent_this_month(db, account_id, wanted.currency)
    if spent_minor + wanted.amount_minor > wanted.month_max_minor:
        wanted.message = "This month's bound is reached."
        wanted.next_try_at = _next_month(db.now)
        return None
    if await preferred_method(db, account_id) is None:
        _stop(db, wanted, "There is no saved payment method any more.")
        return None
    wanted.message = None
    invoice = await top_up(db, account_id, Money(wanted.amount_minor, wanted.currency))
    return await charge_saved_method(db, invoice.id)


async def note_declined_top_up(db: Db, payment_id: UUID) -> None:
    """An automatic top-up was declined: later again, and never more than three times in a row."""
    payment = await db.get_one(Payment, payment_id)
    invoice = await db.get_one(Invoice, payment.invoice_id)
    wanted = await _locked(db, payment.account_id)
    if wanted is None or invoice.becomes != InvoiceKind.RECEIPT:
        return
    if invoice.state == InvoiceState.OPEN and not invoice.paid_minor:
        try:
            await void_invoice(db, invoice.id, "The top-up was declined.")
        except VerbNotAllowed:
            return  # paid by hand meanwhile
    wanted.failures += 1
    wanted.message = payment.message
    wanted.next_try_at = db.now + AFTER_FAILURE
    if wanted.failures >= FAILURES_MAX:
        _stop(db, wanted, payment.message or "It was declined too often.")


async def note_settled_top_up(db: Db, account_id: UUID) -> None:
    """Money came: failures are forgotten."""
    wanted = await _locked(db, account_id)
    if wanted is not None:
        wanted.failures = 0


def _stop(db: Db, wanted: AutoTopUp, why: str) -> None:
    wanted.enabled, wanted.message = False, why[:400]
    db.publish(AutoTopUpStopped(wanted.account_id))


async def _locked(db: Db, account_id: UUID) -> AutoTopUp | None:
    found: AutoTopUp | None = await db.scalar(
        select(AutoTopUp)
        .where(AutoTopUp.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


def _automatic(account_id: UUID) -> Select[int]:
    return (
        select(func.coalesce(func.sum(Payment.amount_minor), 0))
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(
            Payment.account_id == account_id,
            Payment.automatic,
            Invoice.becomes == InvoiceKind.RECEIPT.value,
        )
    )


async def _under_way(db: Db, account_id: UUID) -> bool:
    moving = [PaymentState.CREATING.value, *sorted(IN_FLIGHT)]
    return bool(await db.scalar(_automatic(account_id).where(Payment.state.in_(moving))))


async def _spent_this_month(db: Db, account_id: UUID, currency: str) -> int:
    begins = db.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = await db.scalar(
        _automatic(account_id).where(
            Payment.created_at >= begins,
            Payment.currency == currency,
            Payment.state.in_(COUNTED),
        )
    )
    return int(found or 0)


def _next_month(now: datetime) -> datetime:
    begins = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (begins + timedelta(days=32)).replace(day=1)
