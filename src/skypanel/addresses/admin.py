"""Extra addresses of any server, as staff see them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.addresses import queries, schemas
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheHouse, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["servers staff"])
Sees = Annotated[Viewer, Depends(staff("servers.view"))]


@router.get("/admin/servers/{server_id}/extra-addresses", response_model=schemas.ExtraAddresses)
async def extra_addresses(_: Sees, server_id: UUID, house: TheHouse, read: TheReader) -> Response:
    """What was bought, given and given back; nothing is changed here."""
    return answer(await queries.shown(house, read, server_id, pays=False))
