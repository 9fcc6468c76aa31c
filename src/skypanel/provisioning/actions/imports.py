"""Reading the panel for servers that nobody here knows, and taking over those that staff choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from skypanel.catalog.rules import BrandSettings
from skypanel.customers.actions import open_for
from skypanel.identity.actions import audit, invite_known
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance
from skypanel.provisioning.actions.adopt import AdoptionWish, adopt
from skypanel.provisioning.errors import NotAdoptable, NothingChosen, ReadingUnderWay
from skypanel.provisioning.events import ImportAsked, ImportChanged, ImportRowQueued
from skypanel.provisioning.models import ImportRow, PanelImport, PanelUser
from skypanel.provisioning.rules import IMPORT_STATES, ROW_STATES, PanelSide

NOTE_CHARACTERS = 400
NO_OWNER = "The panel tells no address of its owner. Choose the account it belongs to."
NOT_WHOLE = "Choose plan, system and first day of this server."


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChoice:
    """What staff chose for one server; without an account one is opened for its owner."""

    id: UUID
    account_id: UUID | None
    plan_id: UUID
    image_id: UUID
    cycle: str
    starts_on: date


async def begin_import(db: Db) -> UUID:
    """Have the panel read; one reading at a time. Publishes ImportAsked.

    Refuses `reading_under_way`.
    """
    found = PanelImport(
        id=new_id(), state="reading", asked_by=db.actor.name, created_at=db.now, read_to=0
    )
    db.add(found)
    try:
        await db.flush()
    except IntegrityError:
        raise ReadingUnderWay from None
    audit(db, "import.begin", "import", found.id)
    db.publish(ImportAsked(found.id))
    return found.id


async def lock_import(db: Db, import_id: UUID) -> PanelImport:
    """The import as it stands now, locked until this unit of work ends."""
    found = await db.get(PanelImport, import_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def note_counts(db: Db, import_id: UUID, *, total: int, known: int) -> None:
    """How many servers the panel has, and how many of them are ours. Publishes ImportChanged."""
    found = await lock_import(db, import_id)
    found.total, found.known = total, known
    db.publish(ImportChanged(import_id))


async def note_server(
    db: Db, import_id: UUID, seen: PanelSide | None, ref: int, fits: dict[str, Any] | None
) -> None:
    """One server was asked for: keep what it is, and what it could be here."""
    found = await lock_import(db, import_id)
    found.read_to = max(found.read_to, ref)
    if seen is not None and fits is not None:
        row = insert(ImportRow).values(
            id=new_id(),
            import_id=import_id,
            virtfusion_ref=ref,
            state="refused" if fits["refused"] else "found",
            note=fits["refused"],
            facts=asdict(seen),
            account_id=fits["accounts"][0]["id"] if fits["accounts"] else None,
            plan_id=next((plan["id"] for plan in fits["plans"] if not plan["differs"]), None),
            image_id=fits["image_id"],
            cycle="monthly",
        )
        await db.execute(row.on_conflict_do_nothing(index_elements=["import_id", "virtfusion_ref"]))
    db.publish(ImportChanged(import_id))


async def end_reading(db: Db, import_id: UUID, error: str | None = None) -> None:
    """All is read, or the panel stopped answering: what was read stays. Publishes ImportChanged."""
    found = await lock_import(db, import_id)
    if found.state != "reading":
        return
    advance(db, found, IMPORT_STATES, "stop" if error else "read", note=error)
    found.error = error[:NOTE_CHARACTERS] if error else None
    found.read_at = None if error else db.now
    db.publish(ImportChanged(import_id))


async def resume_reading(db: Db, import_id: UUID) -> None:
    """Go on behind what was read. Publishes ImportAsked. Refuses `reading_under_way`."""
    found = await lock_import(db, import_id)
    advance(db, found, IMPORT_STATES, "resume")
    found.error = None
    try:
        await db.flush()
    except IntegrityError:
        raise ReadingUnderWay from None
    audit(db, "import.resume", "import", found.id)
    db.publish(ImportAsked(found.id))


async def choose_rows(
    db: Db,
    import_id: UUID,
    choices: Sequence[RowChoice],
    *,
    currency: str,
    invite: bool,
    reason: str,
) -> None:
    """Have these servers taken over, each by a job of its own; what is done stays done.

    Publishes ImportRowQueued. Refuses `nothing_chosen`.
    """
    await lock_import(db, import_id)
    known = (await db.house.settings.get(BrandSettings)).currencies
    if currency not in known:
        raise FieldRefusal("currency", f"Use one of: {', '.join(known)}.", "currency_unknown")
    chosen = {choice.id: choice for choice in choices}
    rows = await db.scalars(
        select(ImportRow)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.id.in_(chosen),
            ImportRow.state != "done",
        )
        .order_by(ImportRow.id)
        .with_for_update()
    )
    queued = 0
    for row in rows:
        choice = chosen[row.id]
        row.account_id, row.plan_id = choice.account_id, choice.plan_id
        row.image_id, row.cycle, row.starts_on = choice.image_id, choice.cycle, choice.starts_on
        row.currency, row.invite, row.reason = currency, invite, reason
        row.actor_id, row.actor_name, row.note = db.actor.id, db.actor.name, None
        if row.state != "queued":
            advance(db, row, ROW_STATES, "queue")
        db.publish(ImportRowQueued(row.id, import_id))
        queued += 1
    if not queued:
        raise NothingChosen
    try:
        await db.flush()
    except IntegrityError:
        text = "One of these accounts, plans or systems does not exist."
        raise FieldRefusal("rows", text, "unknown") from None
    audit(db, "import.run", "import", import_id, servers=queued, invite=invite, reason=reason)
    db.publish(ImportChanged(import_id))


async def _queued(db: Db, row_id: UUID) -> ImportRow | None:
    row = await db.get(ImportRow, row_id, with_for_update=True, populate_existing=True)
    return None if row is None or row.state != "queued" else row


async def import_row(db: Db, row_id: UUID, seen: PanelSide, password_hash: str) -> None:
    """Take one chosen server over, once, as the member of staff who chose it.

    An account is opened where none was chosen and none is its owner's. Passes on what refuses.
    Publishes ImportChanged.
    """
    row = await _queued(db, row_id)
    if row is None:
        return
    db.actor = replace(db.actor, kind="staff", id=row.actor_id, name=row.actor_name or "")
    if row.plan_id is None or row.image_id is None or row.starts_on is None:
        raise NotAdoptable(NOT_WHOLE)
    wish = AdoptionWish(
        account_id=row.account_id or await _account(db, row, seen, password_hash),
        plan_id=row.plan_id,
        image_id=row.image_id,
        cycle=row.cycle,
        starts_on=row.starts_on,
        reason=row.reason or "",
    )
    server = await adopt(db, seen, wish)
    row.account_id, row.server_id, row.done_at = server.account_id, server.id, db.now
    row.note = None
    advance(db, row, ROW_STATES, "finish")
    db.publish(ImportChanged(row.import_id))


async def _account(db: Db, row: ImportRow, seen: PanelSide, password_hash: str) -> UUID:
    """The account of the panel's owner: known as that, by address, or opened now."""
    known = await db.scalar(
        select(PanelUser.account_id).where(PanelUser.virtfusion_ref == seen.owner_ref)
    )
    if known is not None:
        return known
    if "@" not in seen.owner_email:
        raise NotAdoptable(NO_OWNER)
    user, account_id = await open_for(
        db,
        name=(seen.owner_name or seen.owner_email)[:120],
        email=seen.owner_email,
        password_hash=password_hash,
        currency=row.currency or "EUR",
    )
    if row.invite and user.email_verified_at is None:
        await invite_known(db, user)
    return account_id


async def refuse_row(db: Db, row_id: UUID, why: str) -> None:
    """It could not be taken over, and why; it may be chosen again. Publishes ImportChanged."""
    row = await _queued(db, row_id)
    if row is not None:
        advance(db, row, ROW_STATES, "refuse", note=why[:NOTE_CHARACTERS])
        row.note = why[:NOTE_CHARACTERS]
        db.publish(ImportChanged(row.import_id))


async def note_wait(db: Db, row_id: UUID, why: str) -> None:
    """The panel did not tell; it is asked again. Publishes ImportChanged."""
    row = await _queued(db, row_id)
    if row is not None:
        row.note = why[:NOTE_CHARACTERS]
        db.publish(ImportChanged(row.import_id))
