"""What surrounds a server: what was seen of it, and what is asked for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.dialects.postgresql import insert

from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal
from skypanel.servers.actions.keys import named_host
from skypanel.servers.actions.life import ask, lock_server
from skypanel.servers.events import AddressAnswered, ServerChanged, SightAsked, SightChanged
from skypanel.servers.models import Server, ServerSight, ServerTask
from skypanel.servers.rules import LOOK_AGAIN


async def annotate(
    db: Db,
    server_id: UUID,
    *,
    tags: list[str] | None = None,
    notes: str | None = None,
    favourite: bool | None = None,
) -> None:
    """Change what people write about a server for themselves. Publishes ServerChanged."""
    server = await lock_server(db, server_id)
    if tags is not None:
        server.tags = sorted({tag.strip() for tag in tags})
    if notes is not None:
        server.notes = notes.strip()
    if favourite is not None:
        server.favourite = favourite
    audit(db, "server.annotate", "server", server_id, account_id=server.account_id)
    db.publish(ServerChanged(server_id, server.account_id))


async def ask_sight(db: Db, server_id: UUID) -> None:
    """Have the panel asked how a server's network and storage are, unless it was just now.

    Publishes SightAsked.
    """
    server = await db.get(Server, server_id)
    if server is None or server.virtfusion_ref is None or server.state not in ("ready", "failed"):
        return
    await _look(db, server, ServerSight.asked_at <= db.now - LOOK_AGAIN)


async def see_again(db: Db, server_id: UUID) -> None:
    """Something of it was changed at the panel: look now. Publishes SightAsked."""
    server = await db.get(Server, server_id)
    if server is not None:
        await _look(db, server, true())


async def _look(db: Db, server: Server, unless_just_now: ColumnElement[bool]) -> None:
    row = insert(ServerSight).values(
        server_id=server.id, account_id=server.account_id, asked_at=db.now
    )
    fresh = await db.scalar(
        row.on_conflict_do_update(
            index_elements=["server_id"], set_={"asked_at": db.now}, where=unless_just_now
        ).returning(ServerSight.server_id)
    )
    if fresh is not None:
        db.publish(SightAsked(server.id, server.account_id))


async def note_sight(
    db: Db, server_id: UUID, facts: dict[str, Any] | None, trouble: str | None
) -> None:
    """Write down what the panel told, or why it did not; what was known before stays.

    Publishes SightChanged.
    """
    found = await db.scalar(
        select(ServerSight).where(ServerSight.server_id == server_id).with_for_update()
    )
    if found is None:
        return
    found.trouble = trouble
    if facts is not None:
        found.facts, found.seen_at = facts, db.now
    db.publish(SightChanged(server_id, found.account_id))


async def ask_backup(db: Db, server_id: UUID) -> UUID:
    """Ask for a copy of a server. The id of the task. Publishes ServerTaskQueued."""
    return await ask(db, server_id, "backup")


async def ask_firewall(
    db: Db,
    server_id: UUID,
    *,
    on: bool,
    rulesets: tuple[int, ...] | None,
    offered: Mapping[int, str],
) -> UUID:
    """Ask for the firewall on or off, perhaps with other rules instead of all. The task's id.

    Refuses rulesets that are not offered. Publishes ServerTaskQueued.
    """
    about = "on" if on else "off"
    if rulesets is not None:
        if not set(rulesets) <= set(offered):
            raise FieldRefusal("ruleset_ids", "Choose from the rules that are offered.", "unknown")
        about += f", rules: {', '.join(offered[one] for one in rulesets) or 'none'}"
    wish = {"on": on, "rulesets": None if rulesets is None else list(rulesets)}
    return await ask(db, server_id, "firewall", about=about, wish=wish)


async def ask_address(db: Db, server_id: UUID, *, known: Sequence[str] | None) -> UUID:
    """Ask for one more IPv4 address of the panel's choice. The id of the task.

    `known` are those that it had when it was asked for this one before and the answer was lost.
    Publishes ServerTaskQueued, and AddressAnswered when the panel has answered.
    """
    wish = {"known": None if known is None else list(known)}
    return await ask(db, server_id, "add_address", wish=wish)


async def ask_drop_address(db: Db, server_id: UUID, address: str) -> UUID:
    """Ask that an IPv4 address is taken from a server. The id of the task.

    Publishes ServerTaskQueued, and AddressAnswered when the panel has answered.
    """
    return await ask(db, server_id, "drop_address", about=address, wish={"address": address})


def note_answer(db: Db, task: ServerTask, *, given: str | None, refused: bool) -> None:
    """What the panel said about an address. Publishes AddressAnswered."""
    task.before = {**(task.before or {}), "given": given, "refused": refused}
    task.about = given or task.about
    db.publish(AddressAnswered(task.id, task.server_id, task.account_id))


async def check_address(db: Db, server_id: UUID, address: str) -> None:
    """Refuse an address that is not the server's."""
    server = await lock_server(db, server_id)
    sight = await db.get(ServerSight, server_id)
    known = {server.ipv4}
    if sight is not None and sight.facts:
        known |= {one["address"] for one in sight.facts["ipv4"]}
    if address not in known:
        raise FieldRefusal("address", "This is no address of the server.", "address_unknown")


async def ask_reverse_name(db: Db, server_id: UUID, address: str, name: str | None) -> UUID:
    """Ask for the reverse name of an IPv4 address, or for none. The id of the task.

    Refuses foreign addresses and what is no host name. Publishes ServerTaskQueued.
    """
    await check_address(db, server_id, address)
    name = named_host(name) if name else None
    about = f"{address} is {name}" if name else f"{address} without a name"
    return await ask(db, server_id, "reverse_dns", about=about,
                     wish={"address": address, "name": name})  # fmt: skip
