"""Staff's doors to what the panel tells us: where it must tell it, and what it told."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import SecretStr
from starlette.responses import Response

from skypanel.identity.actions import audit
from skypanel.integrations.settings import PanelHookSettings
from skypanel.operations.queries import HOOKS_COUNT, HOOKS_LATEST
from skypanel.operations.schemas import NewPanelHook, PanelHooks
from skypanel.platform.authority import Viewer
from skypanel.platform.house import House
from skypanel.platform.http.doors import TheDb, TheHouse, TheReader, answer, nothing, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["operations"])
Sees = Annotated[Viewer, Depends(staff("settings.view"))]
Edits = Annotated[Viewer, Depends(staff("settings.edit"))]
SECRET_BYTES = 24


def hook_url(house: House, path: str) -> str:
    return f"{house.public_url}/api/v1/webhooks/virtfusion/{path}"


@router.get("/admin/panel/hooks", response_model=PanelHooks)
async def get_hooks(_: Sees, house: TheHouse, read: TheReader) -> Response:
    """Whether the panel may tell us things, and what it told last; never its path or token."""
    wanted = await house.settings.get(PanelHookSettings)
    day = await HOOKS_COUNT.one(read, since=read.now - timedelta(days=1))
    return answer(
        {"enabled": wanted.ready, "today": day or 0, "latest": await HOOKS_LATEST.all(read)}
    )


@router.post("/admin/panel/hooks", response_model=NewPanelHook, status_code=201)
async def make_hook(_: Edits, house: TheHouse, db: TheDb) -> Response:
    """Make an address and a token to paste into the panel; older ones end. Shown this once."""
    path, token = (secrets.token_urlsafe(SECRET_BYTES) for _ in range(2))
    await house.settings.put(db, PanelHookSettings(path=SecretStr(path), token=SecretStr(token)))
    audit(db, "panel_hook.make", "settings", None, section="virtfusion_hooks")
    made = {"url": hook_url(house, path), "token": token}
    return answer(made, 201, headers={"x-secret-answer": "1"})


@router.delete("/admin/panel/hooks", status_code=204, response_class=Response)
async def end_hook(_: Edits, house: TheHouse, db: TheDb) -> Response:
    """The panel tells us nothing any more."""
    await house.settings.put(db, PanelHookSettings())
    audit(db, "panel_hook.end", "settings", None, section="virtfusion_hooks")
    return nothing()
