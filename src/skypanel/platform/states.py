"""State machines are tables: `{state: {verb: state}}`, applied in one place, with a history row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, Db, id_column
from skypanel.platform.errors import VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.write import Insert

Table = Mapping[str, Mapping[str, str]]


class Stateful(Protocol):
    """A row that has a state."""

    id: Any
    state: Any
    __tablename__: str


class StateChange(Base):
    """What happened to a stateful row, when, and by whom."""

    __tablename__ = "state_changes"
    id: Mapped[UUID] = id_column()
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    verb: Mapped[str] = mapped_column(String(40))
    state_before: Mapped[str] = mapped_column(String(40))
    state_after: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None]
    __table_args__ = (Index(None, "subject_id", "id"),)


def allowed(table: Table, state: str) -> list[str]:
    """The verbs that a state permits, in the table's order."""
    return list(table.get(state, {}))


def advance(db: Db, row: Stateful, table: Table, verb: str, *, note: str | None = None) -> str:
    """Move a row along its table and write its history; refuse what the table does not allow.

    The caller holds the row's lock, so two verbs never both start from one state.
    """
    before = str(row.state)
    after = table.get(before, {}).get(verb)
    if after is None:
        raise VerbNotAllowed(
            f"This can't be done now: the state is {before.replace('_', ' ')}.",
            state=before,
            verb=verb,
        )
    row.state = after
    db.add(
        StateChange(
            subject_kind=row.__tablename__,
            subject_id=row.id,
            verb=verb,
            state_before=before,
            state_after=after,
            at=db.now,
            actor_kind=db.actor.kind,
            actor_id=db.actor.id,
            actor_name=db.actor.name,
            note=note,
        )
    )
    return after


async def note_changes(
    db: Db, kind: str, ids: Iterable[UUID], verb: str, before: str, after: str
) -> None:
    """Write the history of many rows of one table that a batch moved together."""
    actor = db.actor
    await _CHANGES.many(
        db,
        (
            {
                "id": new_id(),
                "subject_kind": kind,
                "subject_id": subject_id,
                "verb": verb,
                "state_before": before,
                "state_after": after,
                "at": db.now,
                "actor_kind": actor.kind,
                "actor_id": actor.id,
                "actor_name": actor.name,
            }
            for subject_id in ids
        ),
    )


_CHANGES = Insert(StateChange)
