"""What is done by a link in a mail: confirm an address, set a new password.

Every answer is the same whether or not anybody has the address.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.identity import actions, queries
from skypanel.identity.errors import LinkSpent
from skypanel.identity.rules import LINK_PER_IP, MAIL_PER_ADDRESS
from skypanel.identity.rules.passwords import check_password, hash_password
from skypanel.identity.rules.tokens import confirmation_id, email_key
from skypanel.identity.schemas import EmailAnswer, EmailOnly, PasswordReset, TokenOnly
from skypanel.platform.authority import Actor
from skypanel.platform.crypto import token_hash
from skypanel.platform.house import House
from skypanel.platform.http.doors import TheActor, TheHouse, answer, nothing
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.limits import count

ACCEPTED, NO_CONTENT = 202, 204
router = APIRouter(route_class=DoorRoute, tags=["identity"])


@router.post("/registrations/resend", status_code=ACCEPTED, response_model=EmailAnswer)
async def resend(body: EmailOnly, house: TheHouse, actor: TheActor) -> Response:
    """Mail the link of a sign-up again."""
    await _count_mail(house, actor, body.email)
    async with house.transaction(actor) as db:
        await actions.resend_confirmation(db, body.email)
    return answer({"email": body.email}, ACCEPTED)


@router.post("/registrations/confirm", response_model=EmailAnswer)
async def confirm(body: TokenOnly, house: TheHouse, actor: TheActor) -> Response:
    """Follow the link of a sign-up: the login can be used from now on."""
    await count(house, LINK_PER_IP, actor.ip or "")
    async with house.transaction(actor) as db:
        user = await actions.confirm_address(db, body.token)
    return answer({"email": user.email})


@router.post("/password-resets", status_code=ACCEPTED, response_model=EmailAnswer)
async def ask_reset(body: EmailOnly, house: TheHouse, actor: TheActor) -> Response:
    """Mail a link that sets a new password."""
    await _count_mail(house, actor, body.email)
    async with house.transaction(actor) as db:
        await actions.request_password_reset(db, body.email)
    return answer({"email": body.email}, ACCEPTED)


@router.post("/password-resets/confirm", status_code=NO_CONTENT, response_class=Response)
async def reset(body: PasswordReset, house: TheHouse, actor: TheActor) -> Response:
    """Set a new password by a mailed link; every session ends."""
    await count(house, LINK_PER_IP, actor.ip or "")
    named = confirmation_id(body.token)
    owner = None if named is None else await queries.link_owner(house.read(), named)
    if owner is None:
        raise LinkSpent
    check_password(body.password, email=owner.email, name=owner.name)
    secret = await hash_password(body.password)
    async with house.transaction(actor) as db:
        await actions.reset_password(db, body.token, secret)
    return nothing()


@router.post("/me/email/confirm", response_model=EmailAnswer)
async def confirm_email(body: TokenOnly, house: TheHouse, actor: TheActor) -> Response:
    """Follow the link that was mailed to a new address: it replaces the old one."""
    await count(house, LINK_PER_IP, actor.ip or "")
    async with house.transaction(actor) as db:
        user = await actions.confirm_email_change(db, body.token)
    return answer({"email": user.email})


async def _count_mail(house: House, actor: Actor, email: str) -> None:
    """Strangers can make us write to an address; not often."""
    await count(house, LINK_PER_IP, actor.ip or "")
    await count(house, MAIL_PER_ADDRESS, token_hash(email_key(email)).hex())
