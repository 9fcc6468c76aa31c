"""One's own login."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.identity import actions, queries
from skypanel.identity.errors import PasswordWrong
from skypanel.identity.rules import MAIL_PER_ADDRESS, PASSWORD_PER_USER
from skypanel.identity.rules.passwords import check_password, hash_password, password_matches
from skypanel.identity.rules.tokens import email_key
from skypanel.identity.schemas import ChangeEmail, ChangePassword, EditMe, EmailAnswer, Me
from skypanel.platform.authority import Actor, Viewer
from skypanel.platform.crypto import token_hash
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    TheActor,
    TheDb,
    TheHouse,
    TheReader,
    TheViewer,
    answer,
    nothing,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.limits import count

ACCEPTED, NO_CONTENT = 202, 204
router = APIRouter(route_class=DoorRoute, tags=["identity"])


@router.get("/me", response_model=Me)
async def me(read: TheReader, viewer: TheViewer) -> Response:
    """Who is logged in, and what they may do."""
    return answer(await queries.me(read, viewer))


@router.patch("/me", response_model=Me)
async def edit_me(body: EditMe, db: TheDb, viewer: TheViewer) -> Response:
    """Change one's own name, language or zone."""
    changes = body.model_dump(exclude_none=True)
    if changes:
        await actions.edit_user(db, viewer.user_id, changes)
    return answer(await queries.me(db, viewer))


@router.put("/me/password", status_code=NO_CONTENT, response_class=Response)
async def change_password(
    body: ChangePassword, house: TheHouse, actor: TheActor, viewer: TheViewer
) -> Response:
    """Change the password; every other session ends."""
    own = await _prove(house, actor, viewer, body.current_password)
    check_password(body.new_password, email=own.email, name=own.name, field="new_password")
    secret = await hash_password(body.new_password)
    async with house.transaction(actor) as db:
        await actions.change_password(db, viewer.user_id, secret, keep_session=viewer.session_id)
    return nothing()


@router.post("/me/email", status_code=ACCEPTED, response_model=EmailAnswer)
async def change_email(
    body: ChangeEmail, house: TheHouse, actor: TheActor, viewer: TheViewer
) -> Response:
    """Ask for another address: it counts once the link mailed to it is followed."""
    await count(house, MAIL_PER_ADDRESS, token_hash(email_key(body.email)).hex())
    await _prove(house, actor, viewer, body.password)
    async with house.transaction(actor) as db:
        await actions.request_email_change(db, viewer.user_id, body.email)
    return answer({"email": body.email}, ACCEPTED)


async def _prove(house: House, actor: Actor, viewer: Viewer, password: str) -> queries.Credentials:
    """Check the viewer's own password while no connection is held."""
    await count(house, PASSWORD_PER_USER, str(viewer.user_id))
    own = await queries.own_credentials(house.read(), viewer)
    if not await password_matches(password, own.password_hash):
        async with house.transaction(actor) as db:
            actions.audit(db, "user.password_refused", "user", viewer.user_id)
        raise PasswordWrong
    return own
