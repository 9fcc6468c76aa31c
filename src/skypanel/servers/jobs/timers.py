"""Taking up what was left lying, telling the panel names, forgetting passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.types import Missing
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.servers import actions, queries
from skypanel.servers.events import ServerChanged
from skypanel.servers.jobs.run import run_task
from skypanel.servers.models import ServerSecret, ServerTask
from skypanel.servers.rules import panel_name

STUCK: Final = timedelta(seconds=90)
BATCH: Final = 100


@timer("* * * * *")
async def wake_stuck_tasks(db: Db) -> None:
    """Tasks that nobody has looked at for a while are looked at again."""
    stuck = await db.scalars(
        select(ServerTask)
        .where(ServerTask.state.in_(("queued", "running")), ServerTask.seen_at < db.now - STUCK)
        .order_by(ServerTask.seen_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    for task in stuck:
        task.seen_at = db.now
        db.house.queue.enqueue(db, run_task, task_id=task.id)


@job(queue="servers")
async def tell_name(house: House, server_id: UUID) -> None:
    """Call the server at the panel as its customer does; saying it twice changes nothing."""
    found = await queries.panel_naming(house.read(), server_id)
    if found is None:
        return
    virtfusion_ref, label, told = found
    name = panel_name(label)
    if name == told:
        return
    panel = await Vendors.of(house).virtfusion()
    try:
        await panel.rename(virtfusion_ref, name)
    except Missing:
        return  # gone at the panel: that is another law's finding
    async with house.transaction() as db:
        await actions.note_panel_name(db, server_id, name)


@timer("*/5 * * * *")
async def forget_old_passwords(db: Db) -> None:
    """Passwords older than a day are deleted."""
    old = select(ServerSecret.id).where(ServerSecret.expires_at <= db.now).limit(500)
    gone = await db.execute(
        delete(ServerSecret)
        .where(ServerSecret.id.in_(old))
        .returning(ServerSecret.server_id, ServerSecret.account_id)
    )
    for server_id, account_id in gone:
        db.publish(ServerChanged(server_id, account_id))
