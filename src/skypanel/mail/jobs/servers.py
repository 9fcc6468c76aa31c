"""Mail about what was done to servers."""

from __future__ import annotations

from uuid import UUID

from skypanel.mail import actions, queries
from skypanel.mail.rules import MailKind
from skypanel.platform.db import Db
from skypanel.platform.jobs import job


@job()
async def server_reinstalled(db: Db, task_id: UUID, account_id: UUID) -> None:
    """Those who look after the servers read who put a fresh system on one."""
    await _about(db, MailKind.SERVER_REINSTALLED, task_id, account_id)


@job()
async def reinstall_failed(db: Db, task_id: UUID, account_id: UUID) -> None:
    """Those who look after the servers read that one has no system now."""
    await _about(db, MailKind.REINSTALL_FAILED, task_id, account_id)


@job()
async def server_password_reset(db: Db, task_id: UUID, account_id: UUID) -> None:
    """Those who look after the servers read who had a password reset."""
    await _about(db, MailKind.SERVER_PASSWORD_RESET, task_id, account_id)


async def _about(db: Db, kind: MailKind, task_id: UUID, account_id: UUID) -> None:
    for reader in await queries.server_readers(db, account_id):
        await actions.write_to(
            db,
            kind,
            key=f"{task_id}:{reader.user_id}",
            to=reader.email,
            user_id=reader.user_id,
            account_id=account_id,
            task_id=task_id,
        )
