"""Lists as files, written while they are read: their length costs no memory."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any

from starlette.responses import StreamingResponse

from skypanel.platform.read import encode

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    """A cell of a table; a text that a spreadsheet would run as a formula is made plain.

    Only texts can be that: amounts are numbers, also those below nothing.
    """
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_SIGNS) else text


def csv_answer(
    name: str, head: Sequence[str], rows: AsyncIterator[Sequence[Any]]
) -> StreamingResponse:
    """A CSV file (RFC 4180, UTF-8 with its mark, so that spreadsheets read it rightly)."""

    async def written() -> AsyncIterator[bytes]:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(head)
        yield b"\xef\xbb\xbf"
        async for row in rows:
            writer.writerow([cell(value) for value in row])
            if out.tell() > CHUNK_CHARACTERS:
                yield out.getvalue().encode()
                out.seek(0)
                out.truncate()
        yield out.getvalue().encode()

    return _file(f"{name}.csv", "text/csv; charset=utf-8", written())


def json_answer(name: str, rows: AsyncIterator[dict[str, Any]]) -> StreamingResponse:
    """A JSON file of all items."""

    async def written() -> AsyncIterator[bytes]:
        yield b'{"items":['
        first = True
        async for row in rows:
            yield encode(row) if first else b"," + encode(row)
            first = False
        yield b"]}"

    return _file(f"{name}.json", "application/json", written())


CHUNK_CHARACTERS = 32 * 1024


def _file(name: str, kind: str, content: AsyncIterator[bytes]) -> StreamingResponse:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(content, media_type=kind, headers=headers)
