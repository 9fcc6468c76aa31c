"""Verbs on messages: put one on file, claim it for sending, record what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from skypanel.identity.actions import audit
from skypanel.mail.errors import MailNotRetryable
from skypanel.mail.events import MailQueued
from skypanel.mail.models import MailMessage
from skypanel.mail.rules import (
    MAIL_STATES,
    OVER,
    SENDING_SECONDS_MAX,
    TITLES,
    MailKind,
    MailState,
)
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance

ERROR_CHARACTERS_MAX = 600


async def write_to(
    db: Db,
    kind: MailKind,
    *,
    key: str,
    to: str,
    user_id: UUID | None = None,
    account_id: UUID | None = None,
    **ids: UUID,
) -> None:
    """Put a message on file once per key; publishes `MailQueued` when it is new."""
    message_id = new_id()
    fresh = await db.scalar(
        insert(MailMessage)
        .values(
            id=message_id,
            kind=kind,
            key=f"{kind}:{key}",
            to=to,
            user_id=user_id,
            account_id=account_id,
            subject=TITLES[kind],
            state=MailState.QUEUED,
            attempts=0,
            waits=0,
            args={name: str(value) for name, value in ids.items()},
            created_at=db.now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(MailMessage.id)
    )
    if fresh is not None:
        db.publish(MailQueued(message_id=message_id))


async def claim(db: Db, message_id: UUID) -> MailMessage | None:
    """The message, held for one try; nothing when its story is over.

    A try that died leaves it claimed; after two minutes another may take it over. Until then
    `MailMessage.state` is "sending" and the caller comes back later.
    """
    row = await db.get(MailMessage, message_id, with_for_update=True)
    if row is None or row.state in OVER:
        return None
    return row


def under_way(row: MailMessage, db: Db) -> bool:
    """Whether another try claimed the message and may still be at it."""
    return (
        row.state == MailState.SENDING
        and row.sending_at is not None
        and row.sending_at + timedelta(seconds=SENDING_SECONDS_MAX) > db.now
    )


def begin(db: Db, row: MailMessage, subject: str) -> None:
    """A try begins: counted before the mail server is asked."""
    advance(db, row, MAIL_STATES, "send")
    row.attempts += 1
    row.sending_at = db.now
    row.subject = subject[:300]


def accept(db: Db, row: MailMessage, provider_ref: str | None) -> None:
    """The mail server took it; from here it is out of our hands."""
    advance(db, row, MAIL_STATES, "accept")
    row.provider_ref = provider_ref and provider_ref[:300]
    row.accepted_at = db.now
    row.sending_at = None
    row.last_error = None


def put_off(db: Db, row: MailMessage, error: str) -> None:
    """This try came to nothing; another follows."""
    advance(db, row, MAIL_STATES, "defer", note=error[:ERROR_CHARACTERS_MAX])
    row.last_error = error[:ERROR_CHARACTERS_MAX]
    row.sending_at = None


def refuse(db: Db, row: MailMessage, error: str) -> None:
    """The mail server will not take it, or three days of tries are used up."""
    advance(db, row, MAIL_STATES, "refuse", note=error[:ERROR_CHARACTERS_MAX])
    row.last_error = error[:ERROR_CHARACTERS_MAX]
    row.sending_at = None


def withdraw(db: Db, row: MailMessage, why: str) -> None:
    """What it would say is no longer so: it is not sent."""
    advance(db, row, MAIL_STATES, "withdraw", note=why)
    row.last_error = why
    row.sending_at = None


async def retry(db: Db, message_id: UUID) -> None:
    """Staff have a refused or deferred message sent again now; publishes `MailQueued`."""
    row = await db.get(MailMessage, message_id, with_for_update=True)
    if row is None:
        raise NotFound
    if "retry" not in MAIL_STATES[row.state]:
        raise MailNotRetryable
    advance(db, row, MAIL_STATES, "retry")
    row.attempts = 0
    audit(db, "retry", "mail", row.id, account_id=row.account_id, kind=row.kind)
    db.publish(MailQueued(message_id=row.id))


def as_ids(args: Mapping[str, str]) -> dict[str, UUID]:
    """What a message is about, from its row."""
    return {name: UUID(value) for name, value in args.items()}
