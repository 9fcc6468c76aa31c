"""What identity forgets in time."""

from __future__ import annotations

from datetime import timedelta

from skypanel.identity.actions import forget_sign_ins
from skypanel.platform.db import Db
from skypanel.platform.jobs import timer

KEEP = timedelta(days=30)
BATCH = 2000


@timer("17 3 * * *")
async def forget_old_sessions(db: Db) -> None:
    """Sessions that ended or ran out a month ago are dropped, with their refresh tokens."""
    await db.run(
        "delete from sessions where id in (select id from sessions"
        " where expires_at < %(old)s or ended_at < %(old)s limit %(batch)s)",
        old=db.now - KEEP,
        batch=BATCH,
    )


@timer("27 3 * * *")
async def forget_old_links(db: Db) -> None:
    """Links that ran out a month ago are dropped."""
    await db.run(
        "delete from confirmations where id in"
        " (select id from confirmations where expires_at < %(old)s limit %(batch)s)",
        old=db.now - KEEP,
        batch=BATCH,
    )


@timer("*/10 * * * *")
async def forget_old_sign_ins(db: Db) -> None:
    """Sign-ins whose time is over are dropped."""
    await forget_sign_ins(db)
