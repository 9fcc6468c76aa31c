"""What every message needs to find its words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from skypanel.identity.models import User
from skypanel.platform.crypto import Sealer
from skypanel.platform.db import Read
from skypanel.platform.read import Query


class Overtaken(Exception):
    """What the message would say is no longer so; it is withdrawn with this reason."""


class Asking:
    """What every kind of message may need to find its words."""

    __slots__ = ("ids", "read", "sealer", "url", "user_id", "written_at")

    def __init__(
        self,
        read: Read,
        sealer: Sealer,
        url: str,
        *,
        ids: Mapping[str, UUID],
        user_id: UUID | None,
        written_at: datetime,
    ) -> None:
        self.read = read
        self.sealer = sealer
        self.url = url
        self.ids = ids
        self.user_id = user_id
        self.written_at = written_at

    def link(self, path: str) -> str:
        return f"{self.url}{path}"


_USER = Query(
    select(User.name, User.time_zone).where(User.id == bindparam("user", type_=Uuid())),
    lambda name, zone: {"name": name, "zone": zone},
)


async def user_of(asking: Asking) -> dict[str, Any]:
    """Who reads it."""
    found = await _USER.one(asking.read, user=asking.user_id)
    if found is None:
        raise Overtaken("The user is gone.")
    return found
