"""Mail about payments, refunds, saved methods and credit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from skypanel.mail import actions, queries
from skypanel.mail.rules import MailKind
from skypanel.platform.db import Db
from skypanel.platform.jobs import job


@job()
async def transfer_awaited(db: Db, payment_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills learn where to send the money."""
    await _about(db, MailKind.TRANSFER_AWAITED, account_id, payment_id=payment_id)


@job()
async def payment_refunded(db: Db, refund_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills learn that money goes back."""
    await _about(db, MailKind.PAYMENT_REFUNDED, account_id, refund_id=refund_id)


@job()
async def charge_declined(db: Db, payment_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills learn that their saved method did not pay."""
    await _about(db, MailKind.CHARGE_DECLINED, account_id, payment_id=payment_id)


@job()
async def method_saved(db: Db, method_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills read what was agreed to."""
    await _about(db, MailKind.METHOD_SAVED, account_id, method_id=method_id)


@job()
async def method_lost(db: Db, method_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills learn that a saved method is gone."""
    await _about(db, MailKind.METHOD_LOST, account_id, method_id=method_id)


@job()
async def credit_granted(db: Db, credit_id: UUID, account_id: UUID) -> None:
    """Those who look after the bills learn of credit they can spend."""
    await _about(db, MailKind.CREDIT_GRANTED, account_id, credit_id=credit_id)


@job()
async def balance_low(db: Db, account_id: UUID, since: datetime) -> None:
    """Those who look after the bills learn in time that hourly servers will run out of money."""
    await _of_balance(db, MailKind.BALANCE_LOW, account_id, since)


@job()
async def balance_empty(db: Db, account_id: UUID, since: datetime) -> None:
    """Those who look after the bills learn that hours could not be paid."""
    await _of_balance(db, MailKind.BALANCE_EMPTY, account_id, since)


async def _of_balance(db: Db, kind: MailKind, account_id: UUID, since: datetime) -> None:
    """Once for each time that it began."""
    for reader in await queries.bill_readers(db, account_id):
        await actions.write_to(
            db,
            kind,
            key=f"{account_id.hex}:{reader.user_id}:{since:%Y%m%d%H%M%S}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            subject_account_id=account_id,
        )


async def _about(db: Db, kind: MailKind, account_id: UUID, **ids: UUID) -> None:
    [subject_id] = ids.values()
    for reader in await queries.bill_readers(db, account_id):
        await actions.write_to(
            db,
            kind,
            key=f"{subject_id}:{reader.user_id}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            **ids,
        )
