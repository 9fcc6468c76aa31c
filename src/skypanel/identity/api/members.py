"""The people of an account, and those who are asked to join."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.identity import actions, queries
from skypanel.identity.rules import INVITATION_PER_ACCOUNT
from skypanel.identity.schemas import (
    Accepted,
    ChangeRole,
    Invitations,
    InvitationView,
    Invite,
    Members,
    MemberView,
    TokenOnly,
)
from skypanel.platform.http.doors import (
    TheActor,
    TheDb,
    TheHouse,
    ThePage,
    TheReader,
    TheViewer,
    answer,
    nothing,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.limits import count

CREATED, NO_CONTENT = 201, 204
router = APIRouter(route_class=DoorRoute, tags=["accounts"])


@router.get("/accounts/{account_id}/members", response_model=Members)
async def list_members(
    account_id: UUID, read: TheReader, viewer: TheViewer, page: ThePage
) -> Response:
    """The people of an account."""
    return answer(await queries.members(read, page, viewer, account_id))


@router.patch("/accounts/{account_id}/members/{user_id}", response_model=MemberView)
async def change_role(
    account_id: UUID, user_id: UUID, body: ChangeRole, db: TheDb, viewer: TheViewer
) -> Response:
    """Give a member another role."""
    await actions.change_role(db, viewer, account_id, user_id, body.role)
    return answer(await queries.member(db, viewer, account_id, user_id))


@router.delete(
    "/accounts/{account_id}/members/{user_id}", status_code=NO_CONTENT, response_class=Response
)
async def remove_member(account_id: UUID, user_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Take a member out of an account, or leave it."""
    await actions.remove_member(db, viewer, account_id, user_id)
    return nothing()


@router.get("/accounts/{account_id}/invitations", response_model=Invitations)
async def list_invitations(
    account_id: UUID, read: TheReader, viewer: TheViewer, page: ThePage
) -> Response:
    """Who is asked to join and has not answered."""
    return answer(await queries.invitations(read, page, viewer, account_id))


@router.post(
    "/accounts/{account_id}/invitations", status_code=CREATED, response_model=InvitationView
)
async def invite(
    account_id: UUID, body: Invite, house: TheHouse, actor: TheActor, viewer: TheViewer
) -> Response:
    """Ask somebody by mail to join an account."""
    viewer.require("members.manage", account_id)
    await count(house, INVITATION_PER_ACCOUNT, str(account_id))
    async with house.transaction(actor) as db:
        made = await actions.invite(db, viewer, account_id, email=body.email, role=body.role)
    shown = {
        "id": made.id,
        "email": made.email,
        "role": made.role,
        "expires_at": made.expires_at,
    }
    return answer(shown, CREATED)


@router.delete(
    "/accounts/{account_id}/invitations/{invitation_id}",
    status_code=NO_CONTENT,
    response_class=Response,
)
async def withdraw(account_id: UUID, invitation_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Take an invitation back."""
    await actions.withdraw_invitation(db, viewer, account_id, invitation_id)
    return nothing()


@router.post("/invitations/accept", response_model=Accepted)
async def accept(body: TokenOnly, db: TheDb, viewer: TheViewer) -> Response:
    """Join an account by the link of an invitation."""
    return answer({"account_id": await actions.accept_invitation(db, viewer, body.token)})
