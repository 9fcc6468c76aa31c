"""What every operation of the panel's client stands on: its address, and answers in our shapes."""

from __future__ import annotations

from typing import Final, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from skypanel.integrations.virtfusion import wire
from skypanel.integrations.virtfusion.exchange import Ask, Exchange, Sleep, real_sleep, unreadable
from skypanel.platform.gates import Gate

T = TypeVar("T")
API_PATH: Final = "/api/v1"
PAGE_ROWS: Final = 200
PAGES_MAX: Final = 50

OK: Final = frozenset({200})
CREATED: Final = frozenset({201})
EMPTY: Final = frozenset({204})


class Caller:
    """A panel at `base_url` (its root, with or without `/api/v1`), spoken to with an API token."""

    __slots__ = ("_exchange", "_root")

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        http: httpx.AsyncClient,
        sleep: Sleep = real_sleep,
        gate: Gate | None = None,
        urgent: bool = True,
    ) -> None:
        url = httpx.URL(base_url)
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query:
            raise ValueError("The panel's address must be a plain http(s) address.")
        root = str(url).split("#", 1)[0].rstrip("/")
        self._root = root if root.endswith(API_PATH) else root + API_PATH
        self._exchange = Exchange(self._root, token, http, sleep, gate, urgent=urgent)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._root!r})"

    @property
    def panel(self) -> str:
        """The panel's own address, without the path of its API."""
        return self._root.removesuffix(API_PATH)

    async def send(self, ask: Ask) -> bytes:
        """The body of the expected answer."""
        return await self._exchange.send(ask)

    async def answer(self, ask: Ask) -> httpx.Response:
        """The expected answer whole, where its status says more than its body."""
        return await self._exchange.answer(ask)

    async def read(self, ask: Ask, shape: type[T]) -> T:
        """The expected answer in this shape."""
        return self.decode(ask, await self.send(ask), shape)

    async def pages(self, path: str, shape: type[wire.Page[T]]) -> list[T]:
        """The rows of all pages of a list."""
        rows: list[T] = []
        for number in range(1, PAGES_MAX + 1):
            ask = Ask("GET", path, OK, {"results": PAGE_ROWS, "page": number})
            page = await self.read(ask, shape)
            rows += page.data
            if number >= page.last_page:
                return rows
        raise unreadable(ask, f"more than {PAGES_MAX} pages")

    @staticmethod
    def decode(ask: Ask, raw: bytes, shape: type[T]) -> T:
        """A body in this shape; one that is not says whether the work may have been done."""
        try:
            return msgspec.json.decode(raw, type=shape, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            # msgspec names the field and the types it met, never the value.
            failure = unreadable(ask, str(wrong))
        raise failure


def server_path(server_id: int) -> str:
    """Where a server lies."""
    return f"/servers/{server_id:d}"


def segment(value: str) -> str:
    """One path segment; dots alone would climb out of the path."""
    if not value.strip("."):
        raise ValueError("A path value must not be empty or dots alone.")
    return quote(value, safe="")
