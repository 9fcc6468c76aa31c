"""Reports are written in SQL: unions and laterals over many domains read best as themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skypanel.platform.db import Read


class Written:
    """A hand-written statement with `%(name)s` parameters."""

    def __init__(self, sql: str) -> None:
        self.sql: bytes = sql.encode()
        self.defaults: Mapping[str, Any] = {}

    async def all(self, read: Read, /, **parameters: Any) -> list[tuple[Any, ...]]:
        """Every row."""
        return list(await read.rows(self, parameters))

    async def one(self, read: Read, /, **parameters: Any) -> tuple[Any, ...]:
        """The only row of a statement that always has one."""
        [row] = await read.rows(self, parameters)
        return row
