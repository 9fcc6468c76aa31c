"""Customers' door to the hours of their servers."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.platform.http.doors import TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.usage import queries, schemas

router = APIRouter(route_class=DoorRoute, tags=["services"])


@router.get("/services/{service_id}/usage", response_model=schemas.ServiceUsage)
async def service_usage(service_id: UUID, read: TheReader, viewer: TheViewer) -> Response:
    """The hours of a server that is billed by the hour, and how long the balance lasts."""
    return answer(await queries.usage_of(read, viewer, service_id))
