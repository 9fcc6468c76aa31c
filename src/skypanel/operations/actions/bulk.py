"""Doing one thing to many servers: what is left alone is written down too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from skypanel.identity.actions import audit
from skypanel.operations.errors import NothingToDo
from skypanel.operations.events import BulkChanged, BulkItemQueued
from skypanel.operations.models import BulkItem, BulkWork
from skypanel.operations.queries import bulk_rows
from skypanel.operations.rules import BULK_STATES, POWER_VERBS, bulk_verdict
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance
from skypanel.servers.actions import ask
from skypanel.services.actions import hold, release
from skypanel.services.rules import Hold


async def begin_bulk(
    db: Db, verb: str, hold_name: str, reason: str, server_ids: Sequence[UUID]
) -> UUID:
    """Write down what is to be done to each of these servers; each is a job of its own.

    They are weighed anew: what changed since the preview counts. Refuses `nothing_to_do`.
    Publishes BulkItemQueued for each that is not left alone.
    """
    rows = await bulk_rows(db, server_ids)
    weighed = [(row, *bulk_verdict(verb, hold_name, row)) for row in rows]
    if not any(included for _, included, _ in weighed):
        raise NothingToDo
    work = BulkWork(
        id=new_id(),
        verb=verb,
        hold=None if verb in POWER_VERBS else hold_name,
        reason=reason,
        actor_id=db.actor.id,
        actor_name=db.actor.name,
        created_at=db.now,
    )
    db.add(work)
    await db.flush()
    for row, included, said in weighed:
        item = BulkItem(
            id=new_id(),
            work_id=work.id,
            server_id=row["id"],
            account_id=row["account_id"],
            state="queued" if included else "excluded",
            note=None if included else said[:400],
        )
        db.add(item)
        if included:
            db.publish(BulkItemQueued(item.id, work.id))
    audit(db, "servers.bulk", "bulk", work.id, act=verb, reason=reason,
          servers=sum(included for _, included, _ in weighed))  # fmt: skip
    return work.id


async def lock_bulk_item(db: Db, item_id: UUID) -> BulkItem | None:
    """An item that nobody has done yet, locked until this unit of work ends."""
    item = await db.get(BulkItem, item_id, with_for_update=True, populate_existing=True)
    return None if item is None or item.state != "queued" else item


async def do_bulk_item(db: Db, item_id: UUID) -> None:
    """Ask of one server what its bulk work asks, once, as the member of staff who began it.

    Passes on what refuses. Publishes BulkChanged.
    """
    item = await lock_bulk_item(db, item_id)
    if item is None:
        return
    work = await db.get(BulkWork, item.work_id)
    assert work is not None
    db.actor = replace(db.actor, kind="staff", id=work.actor_id, name=work.actor_name)
    if work.verb in POWER_VERBS:
        item.task_id = await ask(db, item.server_id, work.verb)
    else:
        assert work.hold is not None
        [row] = await bulk_rows(db, [item.server_id])
        verb = hold if work.verb == "suspend" else release
        await verb(db, row["service_id"], Hold(work.hold), work.reason)
    audit(db, f"server.{work.verb}", "server", item.server_id, account_id=item.account_id,
          reason=work.reason, bulk=str(work.id))  # fmt: skip
    advance(db, item, BULK_STATES, "ask")
    db.publish(BulkChanged(work.id))


async def note_bulk_refusal(db: Db, item_id: UUID, why: str) -> None:
    """It could not be asked of this server. Publishes BulkChanged."""
    item = await lock_bulk_item(db, item_id)
    if item is not None:
        advance(db, item, BULK_STATES, "refuse", note=why[:400])
        item.note = why[:400]
        db.publish(BulkChanged(item.work_id))
