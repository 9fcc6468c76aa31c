"""Looking, again and again, whether the house's laws hold."""

from __future__ import annotations

import psycopg
import structlog

from skypanel.findings.actions import Look
from skypanel.findings.rules import Area, Check, Found
from skypanel.operations.queries import CHECKS
from skypanel.platform.db import Read
from skypanel.platform.house import House
from skypanel.platform.jobs import timer

log = structlog.get_logger()


@timer("*/5 * * * *")
async def check_invariants(house: House) -> None:
    """Ask every law for what breaks it; one that cannot be asked does not keep the others."""
    read = house.read()
    found: dict[str, list[Found]] = {}
    failed: dict[str, str] = {}
    for check in CHECKS:
        try:
            found[check.name] = await _ask(read, check)
        except psycopg.Error as error:
            log.exception("a law could not be checked", check=check.name)
            failed[check.name] = f"{type(error).__name__}: {error}"
    async with house.transaction() as db:
        look = Look(db, Area.INVARIANT)
        await look.begin()
        for name, rows in found.items():
            await look.record(name, rows)
        for name, why in failed.items():
            await look.record_failure(name, why)
        await look.end()


async def _ask(read: Read, check: Check) -> list[Found]:
    rows = await read.rows(check, {"now": read.now})
    return [Found(kind, subject_id, account, text) for kind, subject_id, account, text in rows]
