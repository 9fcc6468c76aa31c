"""Copies of a server that the panel keeps. It tells no size, and nobody restores over the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct
from msgspec import field as wire_field

from skypanel.integrations.virtfusion import wire
from skypanel.integrations.virtfusion.caller import OK, Caller, server_path
from skypanel.integrations.virtfusion.exchange import Ask


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy of a server."""

    id: int
    complete: bool
    running: bool
    restoring: bool
    deleting: bool
    place: str | None
    created_at: datetime | None
    kept_until_at: datetime | None


class _Storage(Struct):
    name: str | None = None


class _Backup(Struct, rename="camel"):
    id: int
    complete: bool
    progress: bool = False
    restoring: bool = False
    deleting: bool = False
    storage: _Storage = wire_field(default_factory=_Storage)
    created: datetime | None = None
    delete_after: datetime | None = None

    def ours(self) -> Backup:
        return Backup(
            id=self.id,
            complete=self.complete,
            running=self.progress,
            restoring=self.restoring,
            deleting=self.deleting,
            place=self.storage.name,
            created_at=wire.utc(self.created),
            kept_until_at=wire.utc(self.delete_after),
        )


class Backups(Caller):
    """The operations on copies of servers."""

    __slots__ = ()

    async def backups(self, server_id: int) -> list[Backup]:
        """The copies of a server, newest first."""
        ask = Ask("GET", f"/backups/server/{server_id:d}", OK)
        rows = (await self.read(ask, wire.Envelope[list[_Backup]])).data
        return sorted((row.ours() for row in rows), key=lambda one: -one.id)

    async def start_backup(self, server_id: int) -> None:
        """Begin a copy (7.1); refused while one or a restore runs. Its answer is not documented."""
        await self.send(Ask("POST", f"{server_path(server_id)}/backupManager/backup", OK))
