"""The panel's door to us: what it tells is kept and answered; whether it is so is looked at."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from skypanel.integrations.settings import PanelHookSettings
from skypanel.operations.actions import store_hook
from skypanel.operations.errors import HookUnreadable
from skypanel.operations.rules import may_enter, read_hook
from skypanel.platform.errors import BodyTooLarge, NotFound
from skypanel.platform.http.doors import TheHouse, nothing

HOOK_BYTES_MAX = 1024 * 1024
log = structlog.get_logger()
router = APIRouter(tags=["webhooks"])


@router.post("/webhooks/virtfusion/{path}", response_model=None)
async def take_panel_hook(request: Request, house: TheHouse, path: str) -> Response:
    """What the panel tells us. A wrong path and a wrong token are the same: there is nothing."""
    wanted = await house.settings.get(PanelHookSettings)
    given = request.headers.get("authorization", "")
    token, secret = wanted.token.get_secret_value(), wanted.path.get_secret_value()
    if not wanted.ready or not may_enter(path, given, wanted_path=secret, token=token):
        log.warning("hook rejected", provider="virtfusion")
        raise NotFound
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > HOOK_BYTES_MAX:
            raise BodyTooLarge
    facts = read_hook(raw)
    if facts is None:
        raise HookUnreadable
    async with house.transaction() as db:
        await store_hook(db, facts, raw)
    return nothing()
