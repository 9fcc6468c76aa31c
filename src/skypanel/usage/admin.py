"""Staff's door to the hours of servers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.usage import queries, schemas

router = APIRouter(route_class=DoorRoute, tags=["billing run"])
Sees = Annotated[Viewer, Depends(staff("invoices.view"))]


@router.get("/admin/services/{service_id}/usage", response_model=schemas.ServiceUsage)
async def staff_service_usage(service_id: UUID, read: TheReader, viewer: Sees) -> Response:
    """The hours of a server that is billed by the hour, and how long its account's money lasts."""
    return answer(await queries.usage_of(read, viewer, service_id, staff=True))
