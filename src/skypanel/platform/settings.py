"""Run-time settings: typed sections, stored sealed, edited by staff, spread by NOTIFY.

A section is a pydantic model declared by the package it belongs to. Boot settings (database, keys,
own URL) are not here: they come from the environment, once, in `app/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, TypeVar
from uuid import UUID

import msgspec
import psycopg
from pydantic import BaseModel, ConfigDict, SecretStr
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from skypanel.platform.db import Base, Db, Read
from skypanel.platform.read import Query

if TYPE_CHECKING:
    from skypanel.platform.house import House

S = TypeVar("S", bound="Section")
TAG = "settings"


class Section(BaseModel):
    """Settings that belong together. Every field has a default; secrets are `SecretStr`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    section: ClassVar[str]
    title: ClassVar[str]

    def plain_json(self) -> bytes:
        """With its secrets in clear: only to be sealed."""
        return msgspec.json.encode(
            {
                name: value.get_secret_value() if isinstance(value, SecretStr) else value
                for name, value in self
            }
        )


class StoredSection(Base):
    """A section as staff left it, sealed whole."""

    __tablename__ = "settings"
    section: Mapped[str] = mapped_column(String(40), primary_key=True)
    sealed: Mapped[bytes]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID | None]


STORED: Query[tuple[str, bytes]] = Query(
    select(StoredSection.section, StoredSection.sealed),
    lambda section, sealed: (section, bytes(sealed)),
)
SEALED = b"select sealed from settings where section = %s"


class SettingsStore:
    """Reads sections through the cache and writes them with their change announced."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def get(self, kind: type[S]) -> S:
        """The section as stored, or its defaults."""

        async def load() -> S:
            # Beside the pool: who asks may hold its last connection, and a lock others wait for.
            async with await psycopg.AsyncConnection.connect(self._house.dsn) as connection:
                cursor = await connection.execute(SEALED, (kind.section,))
                row = await cursor.fetchone()
            return kind() if row is None else self._open(kind, bytes(row[0]))

        return await self._house.cache.get(TAG, kind.section, load, seconds=300)

    async def all(self, read: Read, kinds: Iterable[type[Section]]) -> list[Section]:
        """These sections as stored now, in one question."""
        stored = dict(await STORED.all(read))
        return [
            self._open(kind, stored[kind.section]) if kind.section in stored else kind()
            for kind in kinds
        ]

    async def put(self, db: Db, section: Section) -> None:
        """Store a section in this transaction; every process reads it anew after the commit."""
        statement = select(StoredSection).where(StoredSection.section == section.section)
        row = await db.scalar(statement.with_for_update())
        if row is None:
            row = StoredSection(section=section.section)
            db.add(row)
        row.sealed = self._house.sealer.seal(section.plain_json(), _place(section.section))
        row.updated_at = db.now
        row.updated_by = db.actor.id
        self._house.relay.changed(db, TAG)

    def _open(self, kind: type[S], sealed: bytes) -> S:
        return kind.model_validate_json(self._house.sealer.open(sealed, _place(kind.section)))


def _place(section: str) -> str:
    return f"settings.{section}"
