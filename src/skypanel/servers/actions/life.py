"""Changing servers, asking things of them, keeping keys and first passwords."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.read import Query
from skypanel.platform.states import advance
from skypanel.platform.write import Insert
from skypanel.servers.errors import (
    PasswordGone,
    ServerBusy,
    TaskNotAllowed,
)
from skypanel.servers.events import (
    ServerAllocating,
    ServerChanged,
    ServerFailed,
    ServerInstalling,
    ServerReady,
    ServerRenamed,
    ServerTaskChanged,
    ServerTaskQueued,
)
from skypanel.servers.models import Server, ServerSecret, ServerTask
from skypanel.servers.rules import (
    SECRET_KEPT,
    SERVER_STATES,
    TASK_STATES,
    askable,
    panel_name,
    secret_place,
)
from skypanel.services.models import Service

MESSAGE_CHARACTERS = 400
ABOUT_CHARACTERS = 200
LABEL_CHARACTERS = 60
WAS_READY = Server.ready_at.is_not(None).label("was_ready")


async def lock_server(db: Db, server_id: UUID) -> Server:
    """The server as it stands now, locked until this unit of work ends."""
    server = await db.get(Server, server_id, with_for_update=True, populate_existing=True)
    if server is None:
        raise NotFound
    return server


async def allocate(
    db: Db,
    *,
    service_id: UUID,
    order_id: UUID,
    account_id: UUID,
    panel_id: UUID,
    plan: dict[str, Any],
    location: dict[str, Any],
    image: dict[str, Any],
    hostname: str,
    label: str,
) -> Server:
    """Begin a server for a paid order, once. Publishes ServerAllocating."""
    found = await db.scalar(select(Server).where(Server.order_id == order_id).with_for_update())
    if found is not None:
        return found
    server = Server(
        id=new_id(),
        account_id=account_id,
        service_id=service_id,
        order_id=order_id,
        panel_id=panel_id,
        hostname=hostname,
        label=label,
        panel_name=panel_name(label),
        state="allocating",
        state_since=db.now,
        power="unknown",
        plan=plan,
        location=location,
        image=image,
        created_at=db.now,
    )
    db.add(server)
    await db.flush()
    db.publish(ServerAllocating(server.id, account_id, service_id))
    return server


def _move(db: Db, server: Server, verb: str, note: str | None = None) -> None:
    advance(db, server, SERVER_STATES, verb, note=note)
    server.state_since = db.now


def say(db: Db, server: Server, message: str | None) -> None:
    """Tell the customer in one sentence what is happening. Publishes ServerChanged."""
    server.message = message[:MESSAGE_CHARACTERS] if message else None
    server.message_at = db.now if message else None
    db.publish(ServerChanged(server.id, server.account_id))


async def bind(db: Db, server_id: UUID, virtfusion_ref: int, ipv4: str | None) -> Server:
    """Note which server of the panel is this one."""
    server = await lock_server(db, server_id)
    server.virtfusion_ref = virtfusion_ref
    server.ipv4 = ipv4 or server.ipv4
    say(db, server, None)
    return server


async def begin_install(
    db: Db, server_id: UUID, password: str | None, *, image: dict[str, Any], hostname: str
) -> Server:
    """This system is being installed; the password that was told is sealed for a day.

    Publishes ServerInstalling.
    """
    server = await lock_server(db, server_id)
    _move(db, server, "install")
    server.installing_at = db.now
    server.image, server.hostname = image, hostname
    say(db, server, None)
    if password:
        await keep_password(db, server, password)
    db.publish(ServerInstalling(server.id, server.account_id, server.service_id))
    return server


async def keep_password(db: Db, server: Server, password: str) -> None:
    """Seal a password for a day; a newer one replaces it."""
    sealed = db.house.sealer.seal(password.encode(), secret_place(server.id))
    await keep_sealed(db, server, sealed, None)


async def keep_sealed(db: Db, server: Server, sealed: bytes, login: str | None) -> None:
    """Keep a sealed password until it is seen, for a day at most; a newer one replaces it."""
    kept = {
        "sealed": sealed,
        "login": login,
        "created_at": db.now,
        "expires_at": db.now + SECRET_KEPT,
    }
    row = insert(ServerSecret).values(
        id=new_id(), server_id=server.id, account_id=server.account_id, **kept
    )
    await db.execute(row.on_conflict_do_update(index_elements=["server_id"], set_=kept))


async def mark_ready(
    db: Db, server_id: UUID, *, ipv4: str | None, ipv6: str | None, power: str
) -> Server:
    """The customer can log in. Publishes ServerReady."""
    server = await lock_server(db, server_id)
    if server.state == "ready":
        return server
    server.ipv4, server.ipv6 = ipv4 or server.ipv4, ipv6 or server.ipv6
    server.power, server.power_checked_at = power, db.now
    server.ready_at = db.now
    _move(db, server, "ready")
    say(db, server, None)
    if server.panel_name != panel_name(server.label):
        db.publish(ServerRenamed(server.id, server.account_id))
    db.publish(ServerReady(server.id, server.account_id, server.service_id))
    return server


async def mark_failed(db: Db, server_id: UUID, message: str) -> Server:
    """The server could not be made. Publishes ServerFailed."""
    server = await lock_server(db, server_id)
    if server.state == "failed":
        return server
    _move(db, server, "fail", message[:MESSAGE_CHARACTERS])
    say(db, server, message)
    db.publish(ServerFailed(server.id, server.account_id, server.service_id))
    return server


async def allocate_again(db: Db, server_id: UUID) -> Server:
    """Staff try a failed server again. Publishes ServerAllocating."""
    server = await lock_server(db, server_id)
    if server.state == "failed":
        _move(db, server, "allocate")
        say(db, server, None)
        db.publish(ServerAllocating(server.id, server.account_id, server.service_id))
    return server


async def note_lost(db: Db, server_id: UUID, reason: str) -> Server:
    """The panel has it no more; its row may get another one. Publishes ServerFailed."""
    server = await lock_server(db, server_id)
    _move(db, server, "lose", reason[:MESSAGE_CHARACTERS])
    server.virtfusion_ref = server.ipv4 = server.ipv6 = None
    server.installing_at = server.ready_at = server.standing_asked_at = None
    server.power, server.standing = "unknown", "free"
    say(db, server, "Your server was lost at the panel; it is made anew.")
    db.publish(ServerFailed(server.id, server.account_id, server.service_id))
    return server


async def note_power(db: Db, server_id: UUID, power: str) -> None:
    """Write down what power the server was seen in."""
    server = await lock_server(db, server_id)
    server.power, server.power_checked_at = power, db.now
    db.publish(ServerChanged(server.id, server.account_id))


async def rename(db: Db, server_id: UUID, label: str) -> None:
    """Give a server another label; its hostname stays, the panel's name of it follows.

    Publishes ServerChanged and ServerRenamed.
    """
    server = await lock_server(db, server_id)
    audit(
        db, "server.rename", "server", server.id, account_id=server.account_id,
        before=server.label, after=label,
    )  # fmt: skip
    server.label = label
    db.publish(ServerChanged(server.id, server.account_id))
    if server.virtfusion_ref is not None and server.panel_name != panel_name(label):
        db.publish(ServerRenamed(server.id, server.account_id))


async def note_panel_name(db: Db, server_id: UUID, name: str) -> None:
    """The panel calls the server so now. Publishes ServerRenamed if it has another label since."""
    server = await lock_server(db, server_id)
    server.panel_name = name
    if panel_name(server.label) != name:
        db.publish(ServerRenamed(server.id, server.account_id))


async def take_panel_name(db: Db, server_id: UUID, name: str) -> None:
    """Call a server as the panel does. Publishes ServerChanged."""
    server = await lock_server(db, server_id)
    label = name[:LABEL_CHARACTERS]
    audit(
        db, "server.rename", "server", server.id, account_id=server.account_id,
        before=server.label, after=label,
    )  # fmt: skip
    server.label, server.panel_name = label, panel_name(name)
    db.publish(ServerChanged(server.id, server.account_id))


STANDING: Query[tuple[UUID, str, str, str, bool]] = Query(
    select(Server.account_id, Server.state, Server.power, Service.state, WAS_READY)
    .join(Service, Service.id == Server.service_id)
    .where(Server.id == bindparam("server", type_=Uuid()))
    .with_for_update(of=Server),
    lambda *columns: columns,
)
UNDER_WAY: Query[UUID] = Query(
    select(ServerTask.id).where(
        ServerTask.server_id == bindparam("server", type_=Uuid()),
        ServerTask.state.in_(("queued", "running")),
    ),
    lambda task_id: task_id,
)
TASK = Insert(ServerTask)


async def ask(
    db: Db,
    server_id: UUID,
    kind: str,
    *,
    about: str | None = None,
    wish: dict[str, Any] | None = None,
) -> UUID:
    """Ask something of a server, one thing at a time; the id of the task.

    Refuses `server_busy` and `verb_not_allowed`. Publishes ServerTaskQueued.
    """
    standing = await STANDING.one(db, server=server_id)
    if standing is None:
        raise NotFound
    if await UNDER_WAY.one(db, server=server_id) is not None:
        raise ServerBusy
    account_id, state, power, service_state, was_ready = standing
    if kind not in askable(state, power, service_state, busy=False, was_ready=was_ready):
        raise TaskNotAllowed
    task_id = new_id()
    await TASK.one(
        db,
        id=task_id,
        server_id=server_id,
        account_id=account_id,
        kind=kind,
        about=about[:ABOUT_CHARACTERS] if about else None,
        wish=wish,
        state="queued",
        actor_kind=db.actor.kind,
        actor_id=db.actor.id,
        actor_name=db.actor.name,
        created_at=db.now,
        seen_at=db.now,
    )
    said = {"about": about} if about else {}
    audit(db, f"server.{kind}", "server", server_id, account_id=account_id, **said)
    db.publish(ServerTaskQueued(task_id, server_id, account_id))
    return task_id


async def lock_task(db: Db, task_id: UUID) -> ServerTask | None:
    """A task that has not ended, locked until this unit of work ends."""
    task = await db.get(ServerTask, task_id, with_for_update=True, populate_existing=True)
    return None if task is None or task.state in ("done", "failed") else task


def start_task(db: Db, task: ServerTask) -> None:
    """Note, before it happens, that the panel is asked now."""
    if task.state == "queued":
        advance(db, task, TASK_STATES, "start")
        task.started_at = db.now
    task.asked_at = task.seen_at = db.now
    task.unclear = False
    task.note = f"Asked the panel at {db.now:%H:%M} UTC."
    task.asks += 1
    db.publish(ServerTaskChanged(task.id, task.server_id, task.account_id))


def note_task(db: Db, task: ServerTask, progress: int | None, note: str | None = None) -> None:
    """How far it is, and in one sentence what is happening."""
    task.seen_at = db.now
    task.polls += 1
    progress = task.progress if progress is None else progress
    note = note or task.note
    if (progress, note) != (task.progress, task.note):
        task.progress, task.note = progress, note
        db.publish(ServerTaskChanged(task.id, task.server_id, task.account_id))


def end_task(db: Db, task: ServerTask, error: str | None) -> None:
    """It is done, or it failed for this reason. Publishes ServerTaskChanged."""
    advance(db, task, TASK_STATES, "fail" if error else "finish", note=error)
    task.finished_at = task.seen_at = db.now
    task.progress = task.progress if error else 100
    task.error = error[:MESSAGE_CHARACTERS] if error else None
    task.note = None
    db.publish(ServerTaskChanged(task.id, task.server_id, task.account_id))


async def reveal_password(db: Db, server_id: UUID) -> dict[str, str]:
    """Show a password and forget it. Refuses `password_gone`."""
    server = await lock_server(db, server_id)
    secret = await db.scalar(
        select(ServerSecret).where(ServerSecret.server_id == server_id).with_for_update()
    )
    if secret is None or secret.expires_at <= db.now:
        raise PasswordGone
    password = db.house.sealer.open(secret.sealed, secret_place(server_id)).decode()
    await db.delete(secret)
    audit(db, "server.reveal_password", "server", server.id, account_id=server.account_id)
    db.publish(ServerChanged(server.id, server.account_id))
    return {"user": secret.login or server.image["default_user"], "password": password}
