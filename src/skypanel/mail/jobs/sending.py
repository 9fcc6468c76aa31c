"""The sending of a message, in three beats."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from skypanel.catalog.rules import BrandSettings
from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import SmtpSettings
from skypanel.invoices import queries as invoices
from skypanel.invoices.errors import InvoicePdfNotReady
from skypanel.mail import actions, queries
from skypanel.mail.models import MailMessage
from skypanel.mail.render import Attachment, Envelope, Sender, compose, render
from skypanel.mail.rules import (
    SENDING_SECONDS_MAX,
    WITH_DOCUMENT,
    document_wait_seconds,
    retry_after_seconds,
)
from skypanel.platform.db import Db, Read
from skypanel.platform.house import House
from skypanel.platform.jobs import job
from skypanel.platform.outside import OutsideError, Refused, Unavailable


@dataclass(frozen=True, slots=True)
class _Ready:
    envelope_from: str
    to: str
    message: bytes


@job(queue="mail", backoff_seconds=60)
async def send(house: House, message_id: UUID) -> None:
    """Send one message.

    A mail server that is away or says "later" puts the message off for a minute, then longer, for
    three days; one that says "never" ends it. Every try carries the same Message-ID. Without a mail
    server nothing is written out.
    """
    try:
        smtp = await Vendors.of(house).smtp()
    except Unavailable as unset:
        await _wait_for_a_server(house, message_id, unset)
        return
    ready = await _prepare(house, message_id)
    if ready is None:
        return
    try:
        accepted = await smtp.send(ready.envelope_from, ready.to, ready.message)
    except Refused as refused:
        await _record_refusal(house, message_id, str(refused))
    except OutsideError as error:
        await _record_delay(house, message_id, error)
    else:
        async with house.transaction() as db:
            row = await actions.claim(db, message_id)
            if row is not None:
                actions.accept(db, row, accepted.provider_ref or accepted.reply)


async def _prepare(house: House, message_id: UUID) -> _Ready | None:
    """First beat: the message is claimed and its words are written."""
    brand = await house.settings.get(BrandSettings)
    server = await house.settings.get(SmtpSettings)
    async with house.transaction() as db:
        row = await actions.claim(db, message_id)
        if row is None or _overtaken(db, row):
            return None
        attachments = await _attachments(db, row)
        if attachments is None:
            return None
        try:
            facts = await queries.facts_of(
                db,
                house.sealer,
                house.public_url,
                kind=row.kind,
                ids=actions.as_ids(row.args),
                user_id=row.user_id,
                written_at=row.created_at,
            )
        except queries.Overtaken as why:
            actions.withdraw(db, row, str(why))
            return None
        letter = render(
            row.kind,
            {**facts, "attached": bool(attachments)},
            Sender(
                name=brand.name,
                accent=brand.accent,
                support_email=brand.support_email,
                url=house.public_url,
                tagline=brand.tagline,
            ),
        )
        actions.begin(db, row, letter.subject)
        envelope = Envelope(
            from_address=server.from_address or "unset@invalid",
            from_name=server.from_name or brand.name,
            to=row.to,
            reply_to=brand.support_email,
            message_id=f"{row.id}@{urlsplit(house.public_url).hostname}",
            at=row.created_at,
        )
        mail = compose(letter, envelope, attachments)
        return _Ready(envelope.from_address, row.to, mail.as_bytes())


def _overtaken(db: Db, row: MailMessage) -> bool:
    """Another try is at it, or died at it: this one comes back when that is sure."""
    if not actions.under_way(row, db):
        return False
    db.house.queue.enqueue(db, send, after_seconds=SENDING_SECONDS_MAX, message_id=row.id)
    return True


async def _attachments(db: Db, row: MailMessage) -> list[Attachment] | None:
    """The PDF of a bill; nothing at all when the mail shall wait for it a little longer."""
    if row.kind not in WITH_DOCUMENT:
        return []
    found = await _document(db, UUID(row.args["invoice_id"]))
    if found is not None:
        return [found]
    wait = document_wait_seconds(row.waits)
    if wait is None:
        return []
    row.waits += 1
    db.house.queue.enqueue(db, send, after_seconds=wait, message_id=row.id)
    return None


async def _document(read: Read, invoice_id: UUID) -> Attachment | None:
    try:
        number, content = await invoices.pdf(read, invoice_id)
    except InvoicePdfNotReady:
        return None
    return Attachment(f"{number}.pdf", content)


async def _record_refusal(house: House, message_id: UUID, error: str) -> None:
    async with house.transaction() as db:
        row = await actions.claim(db, message_id)
        if row is not None:
            actions.refuse(db, row, error)


async def _wait_for_a_server(house: House, message_id: UUID, error: Unavailable) -> None:
    """A try without anybody to ask: all three beats in one."""
    async with house.transaction() as db:
        row = await actions.claim(db, message_id)
        if row is None or _overtaken(db, row):
            return
        actions.begin(db, row, row.subject)
        _put_off(db, row, error)


async def _record_delay(house: House, message_id: UUID, error: OutsideError) -> None:
    """Third beat of a try that came to nothing, with the next one written beside it."""
    async with house.transaction() as db:
        row = await actions.claim(db, message_id)
        if row is not None:
            _put_off(db, row, error)


def _put_off(db: Db, row: MailMessage, error: OutsideError) -> None:
    wait = retry_after_seconds(row.attempts)
    if wait is None:
        actions.refuse(db, row, f"Given up after three days. {error}")
        return
    actions.put_off(db, row, str(error))
    asked = getattr(error, "retry_after_seconds", None) or 0
    db.house.queue.enqueue(db, send, after_seconds=max(wait, asked), message_id=row.id)
