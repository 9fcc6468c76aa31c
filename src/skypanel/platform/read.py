"""Fast reads: a statement built with SQLAlchemy, compiled once, run by the driver, encoded once."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar, overload
from uuid import UUID

import msgspec
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.sql.compiler import ExpandedState
from sqlalchemy.sql.selectable import CompoundSelect

from skypanel.platform.db import Read
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.money import Money

T = TypeVar("T")
AnySelect = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
LIMIT_DEFAULT = 25
LIMIT_MAX = 100
DIALECT = PGDialectAsync_psycopg()  # type: ignore[no-untyped-call]


class Query(Generic[T]):
    """One question, compiled when first asked; `shape` turns a row's columns into the answer."""

    @overload
    def __init__(self: Query[dict[str, Any]], select: AnySelect) -> None: ...

    @overload
    def __init__(self, select: AnySelect, shape: Callable[..., T]) -> None: ...

    def __init__(self, select: AnySelect, shape: Callable[..., Any] | None = None) -> None:
        self._select = select
        self._shape: Callable[..., Any] = shape or self._named

    @cached_property
    def sql(self) -> bytes:
        return self._compiled.statement.encode()

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        found = self._compiled.parameters.items()
        return {name: value for name, value in found if value is not None}

    @cached_property
    def _compiled(self) -> ExpandedState:
        compiled = self._select.compile(dialect=DIALECT)
        asked = {bind.key: None for bind in compiled.bind_names if bind.required}
        return compiled.construct_expanded_state(asked)  # literal lists become parameters

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self._select.selected_columns.keys())

    def _named(self, *columns: Any) -> dict[str, Any]:
        return dict(zip(self._names, columns, strict=True))

    async def all(self, read: Read, /, **parameters: Any) -> list[T]:
        """Every row, shaped."""
        shape = self._shape
        return [shape(*row) for row in await read.rows(self, parameters)]

    async def one(self, read: Read, /, **parameters: Any) -> T | None:
        """The first row, shaped, or nothing."""
        rows = await read.rows(self, parameters)
        return self._shape(*rows[0]) if rows else None

    async def page(self, read: Read, page: Page, /, **parameters: Any) -> dict[str, Any]:
        """One keyset page, newest first, of a select that binds `before` and `limit`.

        The first column selected must be the id the page is ordered by.
        """
        rows = await read.rows(self, {**parameters, "before": page.before, "limit": page.limit + 1})
        return page.answer(rows, self._shape)


def _its_id(row: tuple[Any, ...]) -> UUID:
    """A list's place where it is ordered by id alone."""
    found: UUID = row[0]
    return found


class Page:
    """Where a list is read: at most `limit` rows whose id is smaller than `before`."""

    __slots__ = ("before", "limit")

    def __init__(self, cursor: str | None = None, limit: int = LIMIT_DEFAULT) -> None:
        self.limit = max(1, min(limit, LIMIT_MAX))
        self.before = LAST_ID if cursor is None else _open_cursor(cursor)

    def answer(
        self,
        rows: Sequence[tuple[Any, ...]],
        shape: Callable[..., Any],
        place: Callable[[tuple[Any, ...]], UUID] = _its_id,
    ) -> dict[str, Any]:
        """The list's wire form; `next` continues behind the last row, or is null at the end."""
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        return {
            "items": [shape(*row) for row in shown],
            "next": _make_cursor(place(shown[-1])) if more else None,
        }


FIRST_ID = UUID(int=0)
LAST_ID = UUID(int=2**128 - 1)
LAST_NUMBER = 2**63 - 1


FIRST_BIT = 1 << 127


def pinned_place(row_id: UUID, *, pinned: bool) -> UUID:
    """The place of a row in a list that shows pinned rows first: one cursor for both parts.

    An id that we made begins with its instant, whose first bit is free until the year 6429.
    """
    return UUID(int=row_id.int | FIRST_BIT) if pinned else row_id


def unpinned(place: UUID) -> tuple[bool, UUID]:
    """Whether a place is among the pinned rows, and behind which id."""
    return place.int >= FIRST_BIT, UUID(int=place.int & ~FIRST_BIT)


def _make_cursor(last_id: UUID) -> str:
    return base64.urlsafe_b64encode(last_id.bytes).rstrip(b"=").decode()


def _open_cursor(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise FieldRefusal(
            "cursor", "This is not a cursor from a list's `next`.", "cursor_invalid"
        ) from None


def _encode_rest(value: object) -> object:
    if isinstance(value, Money):
        return value.wire()
    raise TypeError(f"{type(value).__name__} has no wire form")


_encoder = msgspec.json.Encoder(enc_hook=_encode_rest, decimal_format="string")


def encode(answer: object) -> bytes:
    """JSON of an answer: instants as RFC 3339 `Z`, ids plain, decimals as strings."""
    return _encoder.encode(answer)


def money(minor: int | None, currency: str) -> dict[str, Any] | None:
    """The wire form of an amount column beside its currency column."""
    return None if minor is None else {"minor": minor, "currency": currency}
