"""Fast writes of rows that nobody reads again in their unit of work: compiled once, sent together.

Entities are for verbs that change a few rows. What every verb writes (audit entries, jobs, live
news) and what bulk work writes (invoice lines, ledger entries) goes through `Insert`: one
statement compiled at import. `Db.later` keeps rows until the door commits and sends them in one
round trip.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
from psycopg.types.json import Jsonb
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import JSONB

from skypanel.platform.db import Base, Db
from skypanel.platform.read import DIALECT


def _dumps(value: Any) -> bytes:
    return msgspec.json.encode(value)


class Insert:
    """Puts rows into one table by the names of its columns; what is not given is null.

    Columns for which the database has a default keep it, unless `also` names them.
    """

    def __init__(self, model: type[Base], *, also: Collection[str] = ()) -> None:
        table = model.__table__
        named = tuple(
            column.name
            for column in table.columns
            if column.server_default is None or column.name in also
        )
        compiled = insert(model).compile(dialect=DIALECT, column_keys=list(named))
        self.sql: bytes = str(compiled).encode()
        self._copy = f"copy {model.__tablename__} ({', '.join(named)}) from stdin".encode()
        self._nothing: dict[str, Any] = dict.fromkeys(named)
        self._json = [name for name in named if isinstance(table.columns[name].type, JSONB)]

    def row(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """One row's parameters as the driver wants them."""
        row = {**self._nothing, **values}
        if len(row) != len(self._nothing):
            unknown = sorted(set(row) - set(self._nothing))
            raise TypeError(f"the statement does not name {', '.join(unknown)}")
        for name in self._json:
            if row[name] is not None:
                row[name] = Jsonb(row[name], dumps=_dumps)
        return row

    def later(self, db: Db, **values: Any) -> None:
        """Write a row when the unit of work commits."""
        db.later(self.sql, self.row(values))

    async def one(self, db: Db, **values: Any) -> None:
        """Write a row now."""
        await (await db.driver()).execute(self.sql, self.row(values))

    async def many(self, db: Db, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write many rows now, as one COPY."""
        connection = await db.driver()
        async with connection.cursor() as cursor, cursor.copy(self._copy) as copy:
            for each in rows:
                await copy.write_row(tuple(self.row(each).values()))
