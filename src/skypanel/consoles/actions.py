"""The verbs of consoles: the only code that writes their table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from skypanel.consoles import queries
from skypanel.consoles.errors import NoScreen, TooManyConsoles
from skypanel.consoles.events import ConsoleEnded, ConsoleOpened
from skypanel.consoles.models import Console
from skypanel.consoles.rules import (
    ALIVE,
    KEPT,
    LOST,
    OPEN_PER_SERVER,
    OPEN_PER_USER,
    SERVER_CLOSED,
    TAKEN_OVER,
    TICKET_LASTS,
    TICKET_SPENT,
    TICKETS_PER_USER,
    TOO_MANY,
    Ending,
)
from skypanel.identity.actions import audit
from skypanel.platform.authority import Viewer
from skypanel.platform.crypto import new_token, token_hash
from skypanel.platform.db import Db
from skypanel.platform.events import Topic
from skypanel.platform.ids import new_id

FORGOTTEN_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Opened:
    """A console that may be carried now, and the server behind it as the panel knows it."""

    id: UUID
    account_id: UUID
    server_id: UUID
    server_ref: int
    user_id: UUID
    as_staff: bool


async def ask(db: Db, viewer: Viewer, server: dict[str, Any], *, reason: str | None = None) -> str:
    """Give this session a ticket to a server's screen: random, for 30 seconds, for one opening.

    A reason is what makes it a look by staff. Refuses `console_not_available` and
    `too_many_consoles`.
    """
    as_staff = reason is not None
    if not queries.can_be_seen(server, as_staff=as_staff):
        raise NoScreen
    waiting = await db.scalar(
        select(func.count()).where(
            Console.user_id == viewer.user_id,
            Console.opened_at.is_(None),
            Console.ended_at.is_(None),
            Console.expires_at > db.now,
        )
    )
    if (waiting or 0) >= TICKETS_PER_USER:
        raise TooManyConsoles(retry_after_seconds=int(TICKET_LASTS.total_seconds()))
    ticket = new_token()
    console = Console(
        id=new_id(),
        account_id=server["account_id"],
        server_id=server["id"],
        user_id=viewer.user_id,
        user_name=viewer.name,
        session_id=viewer.session_id,
        as_staff=as_staff,
        reason=reason,
        ticket_hash=token_hash(ticket),
        asked_at=db.now,
        expires_at=db.now + TICKET_LASTS,
    )
    db.add(console)
    audit(
        db, "console.asked", "server", server["id"],
        account_id=server["account_id"], console_id=str(console.id), reason=reason,
    )  # fmt: skip
    return ticket


async def redeem(db: Db, viewer: Viewer, ticket: str) -> Opened | Ending:
    """Open the console that a ticket is for, or say what ends it before it began.

    Whoever brings a ticket spends it; brought by another session it was stolen, and opens nothing.
    Nothing is raised, so that what was spent stays spent. Publishes ConsoleOpened.
    """
    console = await db.scalar(
        select(Console).where(Console.ticket_hash == token_hash(ticket)).with_for_update()
    )
    if console is None or console.opened_at is not None or console.ended_at is not None:
        return TICKET_SPENT
    own = (console.session_id, console.user_id) == (viewer.session_id, viewer.user_id)
    if not own or console.expires_at <= db.now:
        if not own:
            audit(
                db, "console.ticket_stolen", "server", console.server_id,
                account_id=console.account_id, console_id=str(console.id),
            )  # fmt: skip
        return _end(db, console, TICKET_SPENT)
    as_staff = console.as_staff
    server = await queries.standing(db, console.server_id)
    if not queries.can_be_seen(server, as_staff=as_staff):
        return _end(db, console, SERVER_CLOSED)
    if not await _has_room(db, console):
        return _end(db, console, TOO_MANY)
    console.opened_at = console.seen_at = db.now
    audit(
        db, "console.opened", "server", console.server_id,
        account_id=console.account_id, console_id=str(console.id), reason=console.reason,
    )  # fmt: skip
    db.publish(ConsoleOpened(console.id, console.server_id, console.account_id))
    return Opened(
        console.id, console.account_id, console.server_id, server["virtfusion_ref"],
        console.user_id, as_staff,
    )  # fmt: skip


async def _has_room(db: Db, console: Console) -> bool:
    """Whether one more may be open; one's own oldest gives way, those of others stay.

    A person whose line broke comes back before anybody noticed, and is not to stand outside.
    """
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("consoles", 0))))
    is_open = (Console.opened_at.is_not(None), Console.ended_at.is_(None))
    rows = await db.scalars(
        select(Console)
        .where(
            *is_open,
            or_(Console.server_id == console.server_id, Console.user_id == console.user_id),
        )
        .order_by(Console.id)
        .with_for_update()
    )
    alive = []
    for each in rows:
        if each.seen_at is not None and each.seen_at > db.now - ALIVE:
            alive.append(each)
        else:
            each.ended_at, each.end_reason = db.now, LOST
    of_server = [each for each in alive if each.server_id == console.server_id]
    of_user = [each for each in alive if each.user_id == console.user_id]
    if len(of_user) >= OPEN_PER_USER:
        _take_over(db, of_user[0])
        of_server = [each for each in of_server if each is not of_user[0]]
    if len(of_server) < OPEN_PER_SERVER:
        return True
    own = [each for each in of_server if each.user_id == console.user_id and each.ended_at is None]
    if own:
        _take_over(db, own[0])
    return bool(own)


def _take_over(db: Db, console: Console) -> None:
    _end(db, console, TAKEN_OVER)
    db.announce(Topic(f"console:{console.id}", "console", console.id))


def _end(db: Db, console: Console, ending: Ending) -> Ending:
    console.ended_at = db.now
    console.end_reason = ending.word
    return ending


async def keep(db: Db, console_id: UUID) -> None:
    """A console is still open."""
    await db.execute(
        update(Console)
        .where(Console.id == console_id, Console.ended_at.is_(None))
        .values(seen_at=db.now)
        .execution_options(synchronize_session=False)
    )


async def end(db: Db, console_id: UUID, ending: Ending) -> None:
    """A console is over. Publishes ConsoleEnded."""
    console = await db.get(Console, console_id, with_for_update=True)
    if console is None:
        return
    if console.ended_at is None:
        _end(db, console, ending)
    audit(
        db, "console.ended", "server", console.server_id,
        account_id=console.account_id, console_id=str(console.id), end=console.end_reason,
    )  # fmt: skip
    db.publish(ConsoleEnded(console.id, console.server_id, console.account_id))


async def forget(db: Db) -> None:
    """Drop what is old: looks of months ago, and tickets that nobody used."""
    old = (
        select(Console.id)
        .where(
            or_(
                Console.asked_at < db.now - KEPT,
                Console.opened_at.is_(None) & (Console.expires_at < db.now - TICKET_LASTS * 10),
            )
        )
        .order_by(Console.asked_at)
        .limit(FORGOTTEN_AT_ONCE)
    )
    await db.execute(
        delete(Console)
        .where(Console.id.in_(old.scalar_subquery()))
        .execution_options(synchronize_session=False)
    )
