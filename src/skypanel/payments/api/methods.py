"""The customer's doors to saved payment methods."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.payments.actions import prefer_method, remove_method
from skypanel.payments.queries import methods
from skypanel.payments.schemas import SavedMethodList
from skypanel.platform.http.doors import TheDb, TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["billing"])


@router.get("/saved-methods", response_model=SavedMethodList)
async def list_saved_methods(read: TheReader, viewer: TheViewer, account_id: UUID) -> Response:
    """What an account can be charged with."""
    found = await methods.of_account(read, viewer, account_id)
    return answer({"items": found, "next": None})


@router.post("/saved-methods/{method_id}/prefer", response_model=SavedMethodList)
async def choose_saved_method(db: TheDb, viewer: TheViewer, method_id: UUID) -> Response:
    """Charge this one from now on."""
    account_id = await methods.account_of(db, viewer, method_id)
    await prefer_method(db, account_id, method_id)
    return answer({"items": await methods.of_account(db, viewer, account_id), "next": None})


@router.delete("/saved-methods/{method_id}", response_model=SavedMethodList)
async def remove_saved_method(db: TheDb, viewer: TheViewer, method_id: UUID) -> Response:
    """Never charge it again."""
    account_id = await methods.account_of(db, viewer, method_id)
    await remove_method(db, account_id, method_id)
    return answer({"items": await methods.of_account(db, viewer, account_id), "next": None})
