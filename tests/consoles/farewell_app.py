"""One websocket under the real server: open until the process is told to end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from starlette.types import Receive, Scope, Send

from skypanel.app.farewell import say_farewell_first
from skypanel.platform.sockets import Sockets


def create_app() -> Any:
    """What granian loads."""
    sockets = Sockets()
    say_farewell_first(cast("Any", SimpleNamespace(sockets=sockets)))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while True:
                kind = (await receive())["type"]
                await send({"type": f"{kind}.complete"})
                if kind == "lifespan.shutdown":
                    return
        if scope["type"] != "websocket":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"up"})
            return
        with sockets.held():
            await send({"type": "websocket.accept"})
            await sockets.ending.wait()
            await send({"type": "websocket.close", "code": 1012, "reason": "restarting"})

    return app
