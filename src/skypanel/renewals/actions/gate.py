"""Whether the billing run may go on by itself, and how far staff approved it."""

from __future__ import annotations

from datetime import datetime, timedelta

from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.renewals.errors import ApprovalOutOfReach
from skypanel.renewals.events import RunApproved
from skypanel.renewals.models import RunGate
from skypanel.renewals.rules import APPROVED_AHEAD_DAYS_MAX


async def _gate(db: Db) -> RunGate:
    """The one row, locked; made when there is none yet."""
    await db.run("insert into run_gates (id, needed) values (1, false) on conflict do nothing")
    return await db.get_one(RunGate, 1, with_for_update=True, populate_existing=True)


async def need_approval(db: Db, *, needed: bool, reason: str) -> None:
    """From now on the run waits for staff, or goes on by itself. Publishes RunApproved."""
    gate = await _gate(db)
    gate.needed = needed
    audit(db, "run.need_approval", "billing_run", None, needed=needed, reason=reason)
    db.publish(RunApproved())


async def approve(db: Db, until: datetime, reason: str) -> None:
    """The run may do what is due until this instant, as the preview showed it.

    An approval never takes an earlier one back. Refuses `approval_out_of_reach`. Publishes
    RunApproved.
    """
    if not db.now <= until <= db.now + timedelta(days=APPROVED_AHEAD_DAYS_MAX):
        raise ApprovalOutOfReach
    gate = await _gate(db)
    gate.approved_until = max(until, gate.approved_until or until)
    gate.approved_at, gate.approved_by = db.now, db.actor.name[:200]
    gate.reason = reason[:400]
    audit(db, "run.approve", "billing_run", None, until=until.isoformat(), reason=reason)
    db.publish(RunApproved())
