"""Refunds as staff read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from skypanel.payments.models import Refund
from skypanel.platform.db import Read
from skypanel.platform.read import Query, money

REFUNDS_MAX = 200


def _row(
    refund_id: UUID,
    destination: str,
    state: str,
    amount_minor: int,
    currency: str,
    reason: str,
    ours: bool,
    reversal: bool,
    refund_ref: str | None,
    credit_note_id: UUID | None,
    message: str | None,
    created_at: datetime,
    done_at: datetime | None,
) -> dict[str, Any]:
    return {
        "id": refund_id,
        "destination": destination,
        "state": state,
        "amount": money(amount_minor, currency),
        "reason": reason,
        "ours": ours,
        "reversal": reversal,
        "refund_ref": refund_ref,
        "credit_note_id": credit_note_id,
        "message": message,
        "created_at": created_at,
        "done_at": done_at,
    }


_OF_PAYMENT: Query[dict[str, Any]] = Query(
    select(
        Refund.id,
        Refund.destination,
        Refund.state,
        Refund.amount_minor,
        Refund.currency,
        Refund.reason,
        Refund.ours,
        Refund.reversal,
        Refund.refund_ref,
        Refund.credit_note_id,
        Refund.message,
        Refund.created_at,
        Refund.done_at,
    )
    .where(Refund.payment_id == bindparam("payment", type_=Uuid()))
    .order_by(Refund.id.desc())
    .limit(REFUNDS_MAX),
    _row,
)


async def of_payment(read: Read, payment_id: UUID) -> list[dict[str, Any]]:
    """The refunds of a payment, newest first."""
    return await _OF_PAYMENT.all(read, payment=payment_id)
