"""A server's new system and new password: what is written down before, on and after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from skypanel.catalog.queries import installable
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.states import advance
from skypanel.servers.actions.keys import chosen_keys, named_host
from skypanel.servers.actions.life import ask, keep_sealed, lock_server, say
from skypanel.servers.errors import ImageNotInstallable
from skypanel.servers.events import (
    PasswordReset,
    ReinstallFailed,
    ServerFailed,
    ServerInstalling,
    ServerReinstalled,
)
from skypanel.servers.models import ServerSecret, ServerTask
from skypanel.servers.rules import SERVER_STATES, guest_user, panel_name, secret_place

PASSWORD_LOST = "The panel's answer with the new password was lost. Reset the password to get one."  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstallWish:
    """What is to be on a server; `confirm` is its name, typed by whoever loses what is on it."""

    image_id: UUID
    hostname: str
    key_ids: tuple[UUID, ...] = ()
    new_key: tuple[str, str] | None = None
    password_login: bool = False
    confirm: str


async def ask_reinstall(db: Db, viewer: Viewer, server_id: UUID, wish: ReinstallWish) -> UUID:
    """Ask for a fresh system; what is on the disk is lost. The id of the task.

    Refuses a name that is not the server's, systems that its plan can't have, `server_busy` and
    `verb_not_allowed`. Publishes ServerTaskQueued.
    """
    server = await lock_server(db, server_id)
    if wish.confirm.strip() not in (server.hostname, server.label):
        raise FieldRefusal("confirm", f"Type {server.hostname} to confirm.", "name_not_typed")
    hostname = named_host(wish.hostname)
    image = await installable(db, UUID(server.plan["id"]), wish.image_id)
    if image is None:
        raise ImageNotInstallable
    keys = await chosen_keys(
        db, viewer, server.account_id, wish.key_ids, wish.new_key, password=wish.password_login
    )
    sold = {name: str(image[name]) for name in ("id", "name", "icon", "default_user")}
    return await ask(
        db,
        server_id,
        "reinstall",
        about=f"{image['name']} as {hostname}",
        wish={
            "template_ref": image["template_ref"],
            "image": sold,
            "hostname": hostname,
            "keys": [list(key) for key in keys],
            "password_login": wish.password_login,
        },
    )


async def ask_password_reset(db: Db, server_id: UUID) -> UUID:
    """Ask for another password of the server's administrator. The id of the task.

    Refuses `server_busy` and `verb_not_allowed`. Publishes ServerTaskQueued.
    """
    server = await lock_server(db, server_id)
    user = guest_user(server.image["default_user"])
    return await ask(db, server_id, "reset_password", about=f"of {user}", wish={"user": user})


def hold_password(db: Db, task: ServerTask, password: str | None) -> None:
    """Seal a password that was told; it counts once the task has ended well."""
    if password:
        task.sealed = db.house.sealer.seal(password.encode(), secret_place(task.server_id))


async def begin_reinstall(db: Db, task: ServerTask, password: str | None) -> None:
    """The panel installs: from now on the old system, its users and passwords are no more.

    Publishes ServerInstalling.
    """
    server = await lock_server(db, task.server_id)
    if server.state not in ("ready", "failed"):
        return  # its service ended meanwhile
    wish: Mapping[str, Any] = task.wish or {}
    advance(db, server, SERVER_STATES, "reinstall", note=task.about)
    server.state_since = server.installing_at = db.now
    server.image, server.hostname = dict(wish["image"]), wish["hostname"]
    server.panel_name = panel_name(server.label)
    await db.execute(delete(ServerSecret).where(ServerSecret.server_id == server.id))
    hold_password(db, task, password if wish["password_login"] else None)
    say(db, server, None)
    db.publish(ServerInstalling(server.id, server.account_id, server.service_id))


async def end_reinstall(
    db: Db, task: ServerTask, error: str | None, *, ipv4: str | None, ipv6: str | None
) -> None:
    """The new system is there, or the installation failed and nothing is.

    Publishes ServerReinstalled or ReinstallFailed.
    """
    if task.heard_at is None:
        return  # the panel did nothing: the server is as it was
    server = await lock_server(db, task.server_id)
    if server.state != "installing":
        return
    sealed, task.sealed = task.sealed, None
    if error:
        advance(db, server, SERVER_STATES, "fail", note=error)
        server.state_since = db.now
        say(db, server, error)
        db.publish(ServerFailed(server.id, server.account_id, server.service_id))
        db.publish(ReinstallFailed(task.id, server.id, server.account_id))
        return
    advance(db, server, SERVER_STATES, "ready")
    server.state_since = server.ready_at = db.now
    server.ipv4, server.ipv6 = ipv4 or server.ipv4, ipv6 or server.ipv6
    wanted = bool((task.wish or {}).get("password_login"))
    say(db, server, PASSWORD_LOST if wanted and sealed is None else None)
    if sealed is not None:
        await keep_sealed(db, server, sealed, None)
    db.publish(ServerReinstalled(task.id, server.id, server.account_id))


async def end_password_reset(db: Db, task: ServerTask, error: str | None) -> None:
    """The password counts and can be seen once, or it is forgotten. Publishes PasswordReset."""
    sealed, task.sealed = task.sealed, None
    if error or sealed is None:
        return
    server = await lock_server(db, task.server_id)
    await keep_sealed(db, server, sealed, (task.wish or {}).get("user"))
    say(db, server, None)
    db.publish(PasswordReset(task.id, server.id, server.account_id))
