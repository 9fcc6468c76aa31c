"""The customer's way into the panel itself."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.integrations.registry import Vendors
from skypanel.platform.http.doors import TheActor, TheHouse, TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.limits import Limit, count
from skypanel.provisioning import actions, queries, schemas

router = APIRouter(route_class=DoorRoute, tags=["servers"])
LOG_INS = Limit("panel_log_in", times=10, seconds=60)


@router.post("/servers/{server_id}/panel-login", response_model=schemas.PanelLogin)
async def open_panel(
    server_id: UUID, house: TheHouse, read: TheReader, viewer: TheViewer, actor: TheActor
) -> Response:
    """Where a browser is logged in at the panel, on this server: once, and within a minute."""
    entry = await queries.panel_entry(read, viewer, server_id)
    await count(house, LOG_INS, str(viewer.user_id))
    async with house.transaction(actor) as db:
        actions.note_panel_login(db, entry)
    panel = await Vendors.of(house).virtfusion()
    login = await panel.log_in_to_server(
        entry.relation, entry.virtfusion_ref, numbered=entry.numbered
    )
    return answer({"url": login.url}, headers={"x-secret-answer": "1"})
