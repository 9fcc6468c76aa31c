"""What staff do about people, and the audit trail."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.identity import actions, queries
from skypanel.identity.schemas import Suspension, Trail, UserState
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["staff"])
MayEdit = Annotated[Viewer, Depends(staff("customers.edit"))]


@router.post("/admin/users/{user_id}/suspend", response_model=UserState)
async def suspend(user_id: UUID, body: Suspension, db: TheDb, viewer: MayEdit) -> Response:
    """Shut a user out at once: sessions, tokens and mailed links end."""
    user = await actions.suspend_user(db, viewer, user_id, body.reason)
    return answer({"id": user.id, "state": user.state})


@router.post("/admin/users/{user_id}/resume", response_model=UserState)
async def resume(user_id: UUID, db: TheDb, viewer: MayEdit) -> Response:
    """Let a suspended user log in again."""
    user = await actions.resume_user(db, viewer, user_id)
    return answer({"id": user.id, "state": user.state})


@router.get(
    "/admin/audit",
    response_model=Trail,
    dependencies=[Depends(staff("audit.view"))],
)
async def audit_trail(
    read: TheReader,
    page: ThePage,
    subject: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,120}$")] = None,
    actor: UUID | None = None,
) -> Response:
    """Who did what: all of it, about one thing (`<id>` or `<kind>:<id>`), or by one person."""
    return answer(await queries.trail(read, page, subject=subject, actor=actor))
