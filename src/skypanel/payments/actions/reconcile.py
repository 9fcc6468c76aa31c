"""What PayPal's own report knows and our books do not."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from skypanel.identity.actions import audit
from skypanel.payments.models import Payment, Refund, UnmatchedTransaction
from skypanel.payments.rules import TRANSACTION_STATES, Moved, PaymentState
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance


async def booked_refs(db: Db, refs: Collection[str]) -> set[str]:
    """Of these references of PayPal, the ones that our books know as money in or money back."""
    settled = await db.scalars(
        select(Payment.capture_ref).where(
            Payment.gateway == "paypal",
            Payment.capture_ref.in_(refs),
            Payment.state == PaymentState.SETTLED.value,
        )
    )
    given = await db.scalars(
        select(Refund.refund_ref).where(Refund.refund_ref.in_(refs), Refund.state == "done")
    )
    return {ref for ref in (*settled, *given) if ref is not None}


async def note_unmatched(db: Db, moved: Moved) -> None:
    """Keep a movement that nobody here knows, once, for staff to look at."""
    kept = insert(UnmatchedTransaction).values(
        id=new_id(),
        transaction_ref=moved.ref,
        related_ref=moved.related_ref,
        event_code=moved.event_code,
        amount_minor=moved.amount.minor,
        currency=moved.amount.currency,
        invoice_ref=moved.invoice_ref,
        custom_id=moved.custom_id,
        happened_at=moved.at,
        found_at=db.now,
        state="open",
    )
    await db.execute(kept.on_conflict_do_nothing(index_elements=["transaction_ref"]))


async def match_known(db: Db) -> None:
    """Movements that were unknown and are booked by now need nobody any more."""
    unknown = list(
        await db.scalars(
            select(UnmatchedTransaction)
            .where(UnmatchedTransaction.state.in_(("open", "dismissed")))
            .order_by(UnmatchedTransaction.id)
            .limit(1000)
            .with_for_update(skip_locked=True)
        )
    )
    known = await booked_refs(db, [each.transaction_ref for each in unknown])
    for each in unknown:
        if each.transaction_ref in known:
            advance(db, each, TRANSACTION_STATES, "match")


async def dismiss_transaction(db: Db, transaction_id: UUID, reason: str) -> None:
    """Staff know what it is. Refuses `verb_not_allowed` when it was matched or dismissed before."""
    found = await db.get(UnmatchedTransaction, transaction_id, with_for_update=True)
    if found is None:
        raise NotFound
    advance(db, found, TRANSACTION_STATES, "dismiss", note=reason)
    found.note = reason[:400]
    audit(db, "transaction.dismiss", "transaction", found.id, reason=reason)
