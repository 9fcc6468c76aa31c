"""Writing down how far a server is on its way to the size of its new plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.models import PanelPackage, Plan
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.states import advance
from skypanel.renewals.actions.change import lock_change
from skypanel.renewals.events import PlanChangeApplied, PlanChangeDone, PlanChangeFailed
from skypanel.renewals.models import PlanChange
from skypanel.renewals.rules import CHANGE_STATES
from skypanel.servers.actions import note_size
from skypanel.servers.models import Server
from skypanel.services.actions import lock_service

ASK_AGAIN = timedelta(seconds=90)
LOOK_AGAIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Resize:
    """What the panel is to be asked; `asked_before`: its answer may have been lost."""

    change_id: UUID
    virtfusion_ref: int
    package_ref: int
    size: Mapping[str, Any]
    asked_before: bool
    attempts: int


async def claim_resize(db: Db, change_id: UUID) -> Resize | None:
    """Note, before it happens, that the panel is asked for a server's new size.

    Nothing when there is nothing to do, when the service may not run now, or when somebody asked
    a moment ago.
    """
    change = await lock_change(db, change_id)
    if change.state != "applying":
        return None
    service = await lock_service(db, change.service_id)
    server = await db.scalar(select(Server).where(Server.service_id == change.service_id))
    if server is None or service.state not in ("active", "suspended"):
        _finish(db, change)  # there is nothing that could have a size
        return None
    if change.asked_at is not None and change.asked_at + ASK_AGAIN > db.now:
        return None
    change.due_at = db.now + LOOK_AGAIN
    if server.state != "ready" or service.state != "active" or server.standing != "free":
        return None
    package = await db.scalar(
        select(PanelPackage.virtfusion_ref)
        .join(Plan, Plan.package_id == PanelPackage.id)
        .where(Plan.id == change.plan_id)
    )
    assert package is not None
    assert server.virtfusion_ref is not None
    asked_before = change.asked_at is not None
    change.asked_at = db.now
    change.attempts += 1
    return Resize(
        change.id, server.virtfusion_ref, package, change.plan, asked_before, change.attempts
    )


async def note_resized(db: Db, change_id: UUID) -> None:
    """The panel has the server in its new size. Publishes PlanChangeDone."""
    change = await lock_change(db, change_id)
    if change.state != "applying":
        return
    server_id = await db.scalar(select(Server.id).where(Server.service_id == change.service_id))
    assert server_id is not None
    await note_size(db, server_id, change.plan)
    _finish(db, change)
    db.publish(PlanChangeDone(change.id, change.service_id, change.account_id))


def _finish(db: Db, change: PlanChange) -> None:
    advance(db, change, CHANGE_STATES, "finish")
    change.closed_at = db.now
    change.due_at = change.error = None


async def put_off_resize(
    db: Db, change_id: UUID, error: str, wait_seconds: float, *, surely_not: bool
) -> None:
    """It could not be done now; with `surely_not` the panel did nothing of it."""
    change = await lock_change(db, change_id)
    if change.state != "applying":
        return
    change.error = error[:400]
    change.due_at = db.now + timedelta(seconds=wait_seconds)
    if surely_not and change.attempts == 1:
        change.asked_at = None
    elif change.asked_at is not None:
        change.asked_at = min(change.asked_at, change.due_at - ASK_AGAIN)


async def fail_resize(db: Db, change_id: UUID, error: str) -> None:
    """The panel says no: staff decide. Publishes PlanChangeFailed."""
    change = await lock_change(db, change_id)
    if change.state != "applying":
        return
    advance(db, change, CHANGE_STATES, "fail", note=error[:400])
    change.error, change.due_at = error[:400], None
    db.publish(PlanChangeFailed(change.id, change.service_id, change.account_id))


async def retry_resize(db: Db, change_id: UUID, reason: str) -> PlanChange:
    """Staff let the panel be asked again. Publishes PlanChangeApplied."""
    change = await lock_change(db, change_id)
    advance(db, change, CHANGE_STATES, "retry", note=reason)
    change.attempts, change.error, change.due_at = 0, None, db.now
    if change.asked_at is not None:
        change.asked_at = min(change.asked_at, db.now - ASK_AGAIN)
    audit(
        db, "plan_change.retry", "plan_change", change.id, account_id=change.account_id,
        service_id=str(change.service_id), reason=reason,
    )  # fmt: skip
    db.publish(PlanChangeApplied(change.id, change.service_id, change.account_id))
    return change
