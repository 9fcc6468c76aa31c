"""The mail log as staff read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, or_, select

from skypanel.mail.models import MailMessage
from skypanel.mail.rules import MAIL_STATES
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query

M = MailMessage
_COLUMNS = (
    M.id,
    M.kind,
    M.to,
    M.subject,
    M.state,
    M.attempts,
    M.last_error,
    M.provider_ref,
    M.user_id,
    M.account_id,
    M.created_at,
    M.accepted_at,
)
_STATE = bindparam("state", type_=String())
_ACCOUNT = bindparam("account", type_=Uuid())


def _shape(
    message_id: UUID,
    kind: str,
    to: str,
    subject: str,
    state: str,
    attempts: int,
    last_error: str | None,
    provider_ref: str | None,
    user_id: UUID | None,
    account_id: UUID | None,
    created_at: datetime,
    accepted_at: datetime | None,
) -> dict[str, Any]:
    return {
        "id": message_id,
        "kind": kind,
        "to": to,
        "subject": subject,
        "state": state,
        "attempts": attempts,
        "last_error": last_error,
        "provider_ref": provider_ref,
        "user_id": user_id,
        "account_id": account_id,
        "created_at": created_at,
        "accepted_at": accepted_at,
        "retryable": "retry" in MAIL_STATES[state],
    }


PAGE = Query(
    select(*_COLUMNS)
    .where(
        M.id < bindparam("before", type_=Uuid()),
        or_(_STATE.is_(None), M.state == _STATE),
        or_(_ACCOUNT.is_(None), M.account_id == _ACCOUNT),
    )
    .order_by(M.id.desc())
    .limit(bindparam("limit")),
    _shape,
)
ONE = Query(select(*_COLUMNS).where(M.id == bindparam("message", type_=Uuid())), _shape)


def _for(viewer: Viewer, row: dict[str, Any]) -> dict[str, Any]:
    retryable = row.pop("retryable")
    return {**row, "can": ["retry"] if retryable and "mail.retry" in viewer.staff else []}


async def mail_page(
    read: Read, viewer: Viewer, page: Page, *, state: str | None, account_id: UUID | None = None
) -> dict[str, Any]:
    """Messages, newest first, with what this member of staff can do with each."""
    listed = await PAGE.page(read, page, state=state, account=account_id)
    return {**listed, "items": [_for(viewer, row) for row in listed["items"]]}


async def get_mail(read: Read, viewer: Viewer, message_id: UUID) -> dict[str, Any]:
    """One message of the log."""
    row = await ONE.one(read, message=message_id)
    if row is None:
        raise NotFound
    return _for(viewer, row)
