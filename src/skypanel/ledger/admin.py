"""The staff's doors to the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.ledger import queries
from skypanel.ledger.schemas import TrialBalance
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["staff: billing"])


@router.get("/admin/ledger/books", response_model=TrialBalance)
async def show_books(
    read: TheReader, _viewer: Annotated[Viewer, Depends(staff("ledger.view"))]
) -> Response:
    """The trial balance."""
    return answer({"items": await queries.trial_balance(read), "next": None})
