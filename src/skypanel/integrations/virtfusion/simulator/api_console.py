"""The panel's operations on screens, and the websocket behind which a screen stands."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from skypanel.integrations.virtfusion.rfb import NoEntry, Words
from skypanel.integrations.virtfusion.simulator.answers import Json, invalid
from skypanel.integrations.virtfusion.simulator.call import ApiCall, Clock, Operation, told
from skypanel.integrations.virtfusion.simulator.engine import Watcher
from skypanel.integrations.virtfusion.simulator.greeting import admit
from skypanel.integrations.virtfusion.simulator.state import PanelState, Server

FIRST_PORT: Final = 5900
POLICY: Final = 1008
HEARD_BYTES_MAX: Final = 1 << 20
_PATH: Final = "/servers/{server_id:int}/vnc"


def get_vnc(call: ApiCall) -> Response:
    """How the screen of a server is reached; reading changes nothing but the token."""
    server = call.server()
    return told({"data": {"vnc": _vnc(call, server)}})


def set_vnc(call: ApiCall) -> Response:
    """Switch the screen on or off; the switch is told and does nothing, as seen at real panels."""
    server = call.server()
    action = call.body.get("action")
    if action not in ("enable", "disable"):
        raise invalid("action", "The selected action is invalid.")
    screens = call.state.screens
    (screens.on.add if action == "enable" else screens.on.discard)(server.id)
    return told({"data": {"queueId": None, "vnc": _vnc(call, server)}})


def _vnc(call: ApiCall, server: Server) -> Json:
    screens = call.state.screens
    token = screens.give(server.id, call.now)
    return {
        "ip": call.state.tables.hypervisors[server.hypervisor_id].ip,
        "hostname": None,
        "port": FIRST_PORT + server.id % 1000,
        "password": screens.password(server.id),
        "wss": {"token": token, "url": f"/vnc/?token={token}"},
        "enabled": server.id in screens.on,
    }


OPERATIONS: Final = (
    Operation("getServerVnc", "GET", _PATH, get_vnc, 403),
    Operation("setServerVnc", "POST", _PATH, set_vnc, lockable=True),
)


def screen_routes(state: PanelState, clock: Clock) -> list[BaseRoute]:
    """The websocket of every screen, whose token says whose; and what they show, as text."""

    async def texts(_request: Request) -> Response:
        known = state.screens.machines
        return told({str(key): each.terminal.text() for key, each in known.items()})

    async def screen(websocket: WebSocket) -> None:
        screens = state.screens
        server_id = screens.take(websocket.query_params.get("token", ""), clock())
        if server_id is None or server_id not in state.tables.servers:
            await websocket.close(POLICY)
            return
        asked = websocket.scope["subprotocols"]
        await websocket.accept(subprotocol="binary" if "binary" in asked else None)
        words = Words(websocket.receive_bytes, websocket.send_bytes, HEARD_BYTES_MAX)
        try:
            if await admit(words, screens.password(server_id)):
                watcher = Watcher(state, clock, server_id, words, websocket.send_bytes)
                await state.engine.show(watcher)
            await websocket.close(POLICY)
        except NoEntry as why:
            await websocket.close(POLICY, str(why))
        except (WebSocketDisconnect, RuntimeError):
            return  # the viewer left, perhaps in the middle of a picture

    return [WebSocketRoute("/vnc/", screen), Route("/_sandbox/screens", texts)]
