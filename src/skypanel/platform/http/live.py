"""Server-Sent Events: the pages a person has open are told what to look at again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
from fastapi import APIRouter
from starlette.responses import StreamingResponse

from skypanel.platform.authority import Viewer
from skypanel.platform.house import House
from skypanel.platform.http.doors import TheHouse, TheViewer

HEARTBEAT_SECONDS = 15.0
LIFETIME_SECONDS = 600.0  # a stream ends now and then, so that the session is checked again
router = APIRouter()


def audiences_of(viewer: Viewer) -> list[str]:
    """Whom this person listens as."""
    names = [f"account:{account_id}" for account_id in viewer.accounts]
    names.append(f"user:{viewer.user_id}")
    if viewer.staff:
        names.append("staff")
    return names


async def _messages(house: House, viewer: Viewer) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    ends = loop.time() + LIFETIME_SECONDS
    with house.relay.subscribed(audiences_of(viewer)) as subscription:
        yield b"retry: 1000\nevent: hello\ndata: {}\n\n"
        while loop.time() < ends:
            try:
                message = await asyncio.wait_for(subscription.inbox.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if message is None:
                yield b"event: hello\ndata: {}\n\n"
                continue
            body = msgspec.json.encode({"kind": message.kind, "id": message.id})
            yield b"data: " + body + b"\n\n"
            if message.kind == "session":
                return


@router.get("/stream", response_class=StreamingResponse, tags=["live"])
async def stream(viewer: TheViewer, house: TheHouse) -> StreamingResponse:
    """What changed, as it changes: `{kind, id}` per event; `hello` means refetch everything."""
    return StreamingResponse(
        _messages(house, viewer),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )
