"""Disputes as staff read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, or_, select

from skypanel.identity.models import Account
from skypanel.payments.models import Dispute, DisputeNote
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query, money

NOTES_MAX = 200
_STATE = bindparam("state", type_=String())


def _row(
    dispute_id: UUID,
    account_id: UUID,
    account_name: str,
    payment_id: UUID,
    dispute_ref: str,
    state: str,
    amount_minor: int,
    held_minor: int,
    currency: str,
    reason: str,
    stage: str,
    said: str,
    outcome: str | None,
    answer_until: datetime | None,
    opened_at: datetime,
    resolved_at: datetime | None,
) -> dict[str, Any]:
    return {
        "id": dispute_id,
        "account_id": account_id,
        "account_name": account_name,
        "payment_id": payment_id,
        "dispute_ref": dispute_ref,
        "state": state,
        "amount": money(amount_minor, currency),
        "held": money(held_minor, currency),
        "reason": reason,
        "stage": stage,
        "gateway_status": said,
        "outcome": outcome,
        "answer_until": answer_until,
        "opened_at": opened_at,
        "resolved_at": resolved_at,
    }


_DISPUTES = select(
    Dispute.id,
    Dispute.account_id,
    Account.name,
    Dispute.payment_id,
    Dispute.dispute_ref,
    Dispute.state,
    Dispute.amount_minor,
    Dispute.held_minor,
    Dispute.currency,
    Dispute.reason,
    Dispute.stage,
    Dispute.said,
    Dispute.outcome,
    Dispute.answer_until,
    Dispute.opened_at,
    Dispute.resolved_at,
).join(Account, Account.id == Dispute.account_id)
_LIST: Query[dict[str, Any]] = Query(
    _DISPUTES.where(
        Dispute.id < bindparam("before", type_=Uuid()),
        or_(_STATE.is_(None), Dispute.state == _STATE),
    )
    .order_by(Dispute.id.desc())
    .limit(bindparam("limit")),
    _row,
)
_ONE: Query[dict[str, Any]] = Query(
    _DISPUTES.where(Dispute.id == bindparam("dispute", type_=Uuid())), _row
)
_NOTES: Query[dict[str, Any]] = Query(
    select(DisputeNote.id, DisputeNote.author, DisputeNote.text, DisputeNote.created_at)
    .where(DisputeNote.dispute_id == bindparam("dispute", type_=Uuid()))
    .order_by(DisputeNote.id)
    .limit(NOTES_MAX)
)


async def page(read: Read, page: Page, *, state: str | None) -> dict[str, Any]:
    """All disputes, newest first."""
    return await _LIST.page(read, page, state=state)


async def find(read: Read, dispute_id: UUID) -> dict[str, Any]:
    """One dispute with the notes that staff wrote."""
    found = await _ONE.one(read, dispute=dispute_id)
    if found is None:
        raise NotFound
    return {**found, "notes": await _NOTES.all(read, dispute=dispute_id)}
