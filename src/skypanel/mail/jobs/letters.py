"""Mail that follows from events."""

from __future__ import annotations

from uuid import UUID

from skypanel.catalog.queries import standing_move
from skypanel.findings.queries import digest_readers
from skypanel.mail import actions, queries
from skypanel.mail.jobs.sending import send
from skypanel.mail.rules import MailKind
from skypanel.orders.queries import moved_accounts, moved_services
from skypanel.platform.db import Db
from skypanel.platform.jobs import job

FIRST = UUID(int=0)
ACCOUNTS_AT_A_TIME = 100


@job()
async def verify_email(db: Db, confirmation_id: UUID) -> None:
    """A new user confirms their address."""
    reader = await queries.confirmation_reader(db, confirmation_id)
    await _confirm(db, MailKind.VERIFY_EMAIL, reader)


@job()
async def reset_password(db: Db, confirmation_id: UUID) -> None:
    """A user chooses a new password."""
    reader = await queries.confirmation_reader(db, confirmation_id)
    await _confirm(db, MailKind.RESET_PASSWORD, reader)


@job()
async def welcome(db: Db, confirmation_id: UUID) -> None:
    """Somebody whose servers were taken over sets a first password."""
    reader = await queries.confirmation_reader(db, confirmation_id)
    await _confirm(db, MailKind.WELCOME, reader)


@job()
async def confirm_new_email(db: Db, confirmation_id: UUID) -> None:
    """A user confirms the address they want to change to; it goes to that address."""
    reader = await queries.confirmation_reader(db, confirmation_id)
    await _confirm(db, MailKind.CONFIRM_NEW_EMAIL, reader)


async def _confirm(db: Db, kind: MailKind, reader: queries.Reader | None) -> None:
    if reader is not None and reader.row_id is not None:
        await actions.write_to(
            db,
            kind,
            key=f"{reader.row_id}:{reader.version}",
            to=reader.email,
            user_id=reader.user_id,
            confirmation_id=reader.row_id,
        )


@job()
async def account_exists(db: Db, user_id: UUID) -> None:
    """Somebody signed up with an address that has an account: its owner is told, hourly at most."""
    await _tell(db, MailKind.ACCOUNT_EXISTS, user_id, f"{db.now:%Y%m%d%H}")


@job()
async def password_changed(db: Db, user_id: UUID) -> None:
    """A user's password was changed."""
    await _tell(db, MailKind.PASSWORD_CHANGED, user_id, f"{db.actor.request_id}")


@job()
async def email_changed(db: Db, user_id: UUID, old_email: str) -> None:
    """A user's address was changed: the old one is told."""
    await _tell(db, MailKind.EMAIL_CHANGED, user_id, f"{db.actor.request_id}", to=old_email)


async def _tell(db: Db, kind: MailKind, user_id: UUID, when: str, to: str | None = None) -> None:
    reader = await queries.user_reader(db, user_id)
    if reader is not None:
        await actions.write_to(
            db, kind, key=f"{user_id}:{when}", to=to or reader.email, user_id=user_id
        )


@job()
async def invitation(db: Db, invitation_id: UUID) -> None:
    """Somebody is invited into an account."""
    reader = await queries.invitation_reader(db, invitation_id)
    if reader is not None:
        await actions.write_to(
            db,
            MailKind.INVITATION,
            key=f"{invitation_id}:{reader.version}",
            to=reader.email,
            account_id=reader.account_id,
            invitation_id=invitation_id,
        )


@job()
async def invoice_issued(db: Db, invoice_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills are asked to pay."""
    await _bill(db, MailKind.INVOICE_ISSUED, invoice_id, account_id)


@job()
async def invoice_voided(db: Db, invoice_id: UUID, account_id: UUID) -> None:
    """Those who were asked to pay are told that they need not."""
    for reader in await queries.asked_to_pay(db, account_id, invoice_id):
        await actions.write_to(
            db,
            MailKind.INVOICE_VOIDED,
            key=f"{invoice_id}:{reader.user_id}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            invoice_id=invoice_id,
        )


@job()
async def receipt(db: Db, invoice_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills get the paid document."""
    await _bill(db, MailKind.RECEIPT, invoice_id, account_id)


@job()
async def credit_note(db: Db, invoice_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills get the document that corrects an invoice."""
    await _bill(db, MailKind.CREDIT_NOTE, invoice_id, account_id)


@job()
async def invoices_issued(db: Db, invoice_ids: tuple[UUID, ...]) -> None:
    """The billing run asks many accounts to pay: each in a job of its own."""
    for invoice_id, account_id in await queries.accounts_of(db, invoice_ids):
        db.house.queue.enqueue(db, invoice_issued, invoice_id=invoice_id, account_id=account_id)


@job()
async def receipts(db: Db, invoice_ids: tuple[UUID, ...]) -> None:
    """The billing run was paid by many accounts: each gets its document in a job of its own."""
    for invoice_id, account_id in await queries.accounts_of(db, invoice_ids):
        db.house.queue.enqueue(db, receipt, invoice_id=invoice_id, account_id=account_id)


@job()
async def payment_reminder(db: Db, invoice_id: UUID, account_id: UUID, day: int) -> None:
    """Those who look after the bills are reminded, once for each day that was agreed."""
    await _bill(db, MailKind.PAYMENT_REMINDER, invoice_id, account_id, f":{day}")


async def _bill(
    db: Db, kind: MailKind, invoice_id: UUID, account_id: UUID, which: str = ""
) -> None:
    for reader in await queries.bill_readers(db, account_id):
        await actions.write_to(
            db,
            kind,
            key=f"{invoice_id}:{reader.user_id}{which}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            invoice_id=invoice_id,
        )


@job()
async def service_suspended(db: Db, service_id: UUID, account_id: UUID) -> None:
    """A service may not run any more."""
    await _about(db, MailKind.SERVICE_SUSPENDED, service_id, account_id)


@job()
async def service_resumed(db: Db, service_id: UUID, account_id: UUID) -> None:
    """A service may run again."""
    await _about(db, MailKind.SERVICE_RESUMED, service_id, account_id)


@job()
async def service_terminated(db: Db, service_id: UUID, account_id: UUID) -> None:
    """A service ended; until when its data is kept."""
    await _about(db, MailKind.SERVICE_TERMINATED, service_id, account_id)


@job()
async def service_end_chosen(db: Db, service_id: UUID, account_id: UUID) -> None:
    """A service will end on a day, or goes on after all."""
    await _about(db, MailKind.SERVICE_END_CHOSEN, service_id, account_id)


async def _about(db: Db, kind: MailKind, service_id: UUID, account_id: UUID) -> None:
    for reader in await queries.bill_readers(db, account_id):
        await actions.write_to(
            db,
            kind,
            key=f"{service_id}:{reader.user_id}:{db.actor.request_id}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            service_id=service_id,
        )


@job()
async def server_ready(db: Db, server_id: UUID) -> None:
    """Whoever ordered a server learns how to log in."""
    reader = await queries.server_reader(db, server_id)
    if reader is not None:
        await actions.write_to(
            db,
            MailKind.SERVER_READY,
            key=str(server_id),
            to=reader.email,
            user_id=reader.user_id,
            account_id=reader.account_id,
            server_id=server_id,
        )


@job()
async def document_ready(db: Db, invoice_id: UUID, account_id: UUID) -> None:
    """Mail that waits for an invoice's PDF goes now."""
    for message_id in await queries.waiting_for_document(db, account_id, invoice_id):
        db.house.queue.enqueue(db, send, message_id=message_id)


@job()
async def price_change(db: Db, change_id: UUID, moves: bool) -> None:
    """A price changes: those whose services move to it are told."""
    if moves:
        db.house.queue.enqueue(db, tell_of_price, change_id=change_id, after=FIRST)


@job()
async def tell_of_price(db: Db, change_id: UUID, after: UUID) -> None:
    """Those whose services move to a new price are told, a hundred accounts at a time."""
    move = await standing_move(db, change_id)
    if move is None:
        return
    account_ids = await moved_accounts(db, move, after=after, limit=ACCOUNTS_AT_A_TIME)
    for account_id in account_ids:
        if not await moved_services(db, move, account_id, limit=1):
            continue
        for reader in await queries.bill_readers(db, account_id):
            await actions.write_to(
                db,
                MailKind.PRICE_CHANGE,
                key=f"{change_id.hex}:{account_id.hex}:{reader.user_id}",
                to=reader.email,
                user_id=reader.user_id,
                account_id=account_id,
                change_id=change_id,
                subject_account_id=account_id,
            )
    if len(account_ids) == ACCOUNTS_AT_A_TIME:
        db.house.queue.enqueue(db, tell_of_price, change_id=change_id, after=account_ids[-1])


@job()
async def findings_digest(db: Db, digest_id: UUID) -> None:
    """Staff who may settle it learn what was found wrong: one mail for one look."""
    for user_id, email in await digest_readers(db):
        await actions.write_to(
            db,
            MailKind.FINDINGS,
            key=f"{digest_id.hex}:{user_id}",
            to=email,
            user_id=user_id,
            digest_id=digest_id,
        )
