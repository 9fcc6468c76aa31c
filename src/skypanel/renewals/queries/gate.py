"""Whether the billing run waits for staff, and how far it may go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from skypanel.platform.db import Read
from skypanel.platform.read import Query
from skypanel.renewals.models import RunGate

NOTHING_YET = datetime.min.replace(tzinfo=UTC)
GATE: Query[dict[str, Any]] = Query(
    select(
        RunGate.needed,
        RunGate.approved_until,
        RunGate.approved_at,
        RunGate.approved_by,
        RunGate.reason,
    )
)
OPEN = {
    "needed": False,
    "approved_until": None,
    "approved_at": None,
    "approved_by": None,
    "reason": None,
}


async def gate(read: Read) -> dict[str, Any]:
    """What staff said of the run; a run that nobody spoke of goes on by itself."""
    return await GATE.one(read) or OPEN


async def reach(read: Read) -> datetime:
    """Until when what is due may be done: now, or less far where staff did not approve so much."""
    said = await gate(read)
    if not said["needed"]:
        return read.now
    return min(read.now, said["approved_until"] or NOTHING_YET)
