"""Keeping what the panel told, once, and what came of looking."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from skypanel.findings.events import PanelAsked
from skypanel.operations.events import PanelHookStored, PanelMoved
from skypanel.operations.models import PanelHook
from skypanel.operations.queries import OwnServer, asked_lately
from skypanel.operations.rules import KEPT, HookFacts
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.servers.actions import note_power


def hook_place(hook_id: UUID) -> str:
    """Where a hook's body is sealed for."""
    return f"panel_hooks.sealed:{hook_id}"


async def store_hook(db: Db, facts: HookFacts, raw: bytes) -> bool:
    """Keep it as it came, unless it came before. Publishes PanelHookStored when it is new."""
    hook_id = new_id()
    made = insert(PanelHook).values(
        id=hook_id,
        event_ref=facts.event_ref,
        created=facts.created,
        event=facts.event,
        status=facts.status,
        server_ref=facts.server_ref,
        sealed=db.house.sealer.seal(raw, hook_place(hook_id)),
        received_at=db.now,
    )
    new = await db.scalar(
        made.on_conflict_do_nothing(index_elements=["event_ref", "created"]).returning(PanelHook.id)
    )
    if new is not None:
        db.publish(PanelHookStored(hook_id))
    return new is not None


async def note_hook(
    db: Db, hook_id: UUID, *, ours: OwnServer | None, power: str | None, gone: bool
) -> None:
    """What looking at the panel said, once. A hook alone changes nothing.

    Publishes PanelMoved for a server of ours that stands there; asks for the comparison with the
    panel where the server is not known here or no longer there.
    """
    hook = await db.get(PanelHook, hook_id, with_for_update=True)
    if hook is None or hook.read_at is not None:
        return
    # One at a time: of many hooks at once only the first has the panel compared.
    await db.run("select pg_advisory_xact_lock(hashtext('operations.hook'))")
    if ours is not None and not gone:
        outcome = "looked at the server"
        if power is not None and ours.state == "ready":
            await note_power(db, ours.server_id, power)
        db.publish(PanelMoved(ours.server_id, ours.service_id, ours.order_id))
    elif hook.server_ref is None:
        outcome = "about no server"
    elif await asked_lately(db):
        outcome = "left to the comparison that runs"
    else:
        outcome = "the panel is compared with the services"
        db.publish(PanelAsked())
    hook.read_at, hook.outcome = db.now, outcome


async def forget_hooks(db: Db) -> None:
    """Bodies are dropped when their time is over; that they came stays."""
    await db.run(
        "update panel_hooks set sealed = null where id in (select id from panel_hooks"
        " where received_at < %(before)s and sealed is not null limit 1000)",
        before=db.now - KEPT,
    )
