"""What happens to consoles by themselves."""

from __future__ import annotations

from skypanel.consoles import actions
from skypanel.platform.db import Db
from skypanel.platform.jobs import timer


@timer("41 * * * *")
async def forget_old_consoles(db: Db) -> None:
    """Old looks and unused tickets are dropped, a bounded batch at a time."""
    await actions.forget(db)
