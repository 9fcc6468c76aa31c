"""The staff's doors to disputes."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.payments.actions import note_dispute
from skypanel.payments.queries import disputes
from skypanel.payments.schemas import DisputeList, DisputeNoteWish, DisputeWhole
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["staff: billing"])
Sees = Annotated[Viewer, Depends(staff("payments.view"))]
Edits = Annotated[Viewer, Depends(staff("payments.edit"))]


@router.get("/admin/disputes", response_model=DisputeList)
async def list_disputes(
    read: TheReader,
    _viewer: Sees,
    page: ThePage,
    state: Literal["open", "won", "lost"] | None = None,
) -> Response:
    """All disputes, newest first."""
    return answer(await disputes.page(read, page, state=state))


@router.get("/admin/disputes/{dispute_id}", response_model=DisputeWhole)
async def show_dispute(read: TheReader, _viewer: Sees, dispute_id: UUID) -> Response:
    """One dispute with what staff gathered for it."""
    return answer(await disputes.find(read, dispute_id))


@router.post("/admin/disputes/{dispute_id}/notes", response_model=DisputeWhole, status_code=201)
async def add_dispute_note(
    db: TheDb, _viewer: Edits, dispute_id: UUID, wish: DisputeNoteWish
) -> Response:
    """Keep what was found out."""
    await note_dispute(db, dispute_id, wish.text)
    return answer(await disputes.find(db, dispute_id), 201)
