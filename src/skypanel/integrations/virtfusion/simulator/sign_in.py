"""Where a browser with one-time tokens lands: they count together, once, and for a minute."""

from __future__ import annotations

import secrets
from datetime import datetime
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from skypanel.integrations.virtfusion.simulator import lifecycle
from skypanel.integrations.virtfusion.simulator.api_access import ENDPOINT
from skypanel.integrations.virtfusion.simulator.call import Clock
from skypanel.integrations.virtfusion.simulator.state import PanelState

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui;margin:10vh auto;max-width:36rem;padding:0 1rem}}</style>
<h1>{title}</h1><p>{text}</p>
<p>This stands in for VirtFusion's own pages.</p></html>"""


def _page(title: str, text: str, status: int = 200) -> Response:
    body = PAGE.format(title=escape(title), text=escape(text))
    return HTMLResponse(body, status, HEADERS)


def sign_in_routes(state: PanelState, clock: Clock) -> list[Route]:
    """The landing page, and the page behind it whose address tells no token."""

    async def land(request: Request) -> Response:
        first, second = (request.query_params.get(key, "") for key in ("1", "2"))
        found = state.log_ins.pop(first, None)
        fits = found is not None and secrets.compare_digest(found.second, second)
        if found is None or not fits or found.until < clock():
            return _page("Not logged in", "This link was used already or is too old.", 403)
        where = {"user": found.user_id}
        where |= {} if found.server_id is None else {"server": found.server_id}
        base = request.scope.get("root_path", "")
        return RedirectResponse(f"{base}/signed-in?{urlencode(where)}", 303, HEADERS)

    async def signed_in(request: Request) -> Response:
        return _told(state, clock(), request)

    return [
        Route(f"{ENDPOINT}/", land, methods=["GET"]),
        Route("/signed-in", signed_in, methods=["GET"]),
    ]


def _told(state: PanelState, now: datetime, request: Request) -> Response:
    lifecycle.settle(state, now)
    asked = {key: int(value) for key, value in request.query_params.items() if value.isdigit()}
    user = state.tables.users.get(asked.get("user", 0))
    server = state.tables.servers.get(asked.get("server", 0))
    if user is None:
        return _page("Not logged in", "There is no such user.", 404)
    place = "your servers" if server is None else f"{server.name} ({', '.join(server.ipv4)})"
    return _page(f"Logged in as {user.name}", f"You look at {place}.")
