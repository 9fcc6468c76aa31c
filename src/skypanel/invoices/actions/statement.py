"""Statements of account as PDF: asked for, written by the worker, kept for a day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete

from skypanel.invoices.events import StatementAsked, StatementRendered
from skypanel.invoices.models import StatementDocument
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id

KEPT = timedelta(days=1)


async def ask_for_statement(db: Db, account_id: UUID, first: date, last: date) -> UUID:
    """Have a statement written. Publishes StatementAsked."""
    row = StatementDocument(
        id=new_id(), account_id=account_id, first_on=first, last_on=last, asked_at=db.now
    )
    db.add(row)
    await db.flush()
    db.publish(StatementAsked(row.id, account_id))
    return row.id


async def keep_statement(db: Db, statement_id: UUID, content: bytes) -> None:
    """File the PDF of a statement. Publishes StatementRendered."""
    row = await db.get(StatementDocument, statement_id, with_for_update=True)
    if row is None or row.content is not None:
        return
    row.content = content
    db.publish(StatementRendered(row.id, row.account_id))


async def forget_statements(db: Db) -> None:
    """Statements older than a day are dropped; they can be written anew at any time."""
    old = StatementDocument.asked_at < db.now - KEPT
    await db.execute(delete(StatementDocument).where(old))
