"""The sign-up door, and the account's profile."""

from __future__ import annotations

from typing import Protocol, cast
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.customers import actions, queries
from skypanel.customers.rules import check_currency
from skypanel.customers.schemas import EditProfile, ProfileView, Registered, Registration
from skypanel.identity.rules import MAIL_PER_ADDRESS, REGISTRATION_PER_IP
from skypanel.identity.rules.passwords import check_password, hash_password
from skypanel.identity.rules.tokens import email_key
from skypanel.platform.crypto import token_hash
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    TheActor,
    TheDb,
    TheHouse,
    TheReader,
    TheViewer,
    answer,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.limits import count

ACCEPTED = 202
NEVER_NULL = ("name", "kind", "time_zone", "language")
router = APIRouter(route_class=DoorRoute, tags=["accounts"])


@router.post("/registrations", status_code=ACCEPTED, response_model=Registered)
async def register(body: Registration, house: TheHouse, actor: TheActor) -> Response:
    """Sign up; the answer is the same whether or not somebody has the address."""
    await count(house, REGISTRATION_PER_IP, actor.ip or "")
    await count(house, MAIL_PER_ADDRESS, token_hash(email_key(body.email)).hex())
    check_password(body.password, email=body.email, name=body.name)
    brand = await _brand(house)
    currency = check_currency(
        body.currency, default=brand.default_currency, offered=tuple(brand.currencies)
    )
    secret = await hash_password(body.password)
    async with house.transaction(actor) as db:
        await actions.sign_up(
            db,
            name=body.name,
            email=body.email,
            password_hash=secret,
            currency=currency,
            country=body.country,
            company=body.company or None,
            language=body.language,
            time_zone=body.time_zone,
        )
    return answer({"email": body.email}, ACCEPTED)


@router.get("/accounts/{account_id}", response_model=ProfileView)
async def show(account_id: UUID, read: TheReader, viewer: TheViewer) -> Response:
    """An account's profile."""
    return answer(await queries.get_for(read, viewer, account_id))


@router.patch("/accounts/{account_id}", response_model=ProfileView)
async def edit(account_id: UUID, body: EditProfile, db: TheDb, viewer: TheViewer) -> Response:
    """Change an account's profile: what is left out stays, null or an empty line is taken off."""
    changes = body.model_dump(exclude_unset=True)
    for field in NEVER_NULL:
        if changes.get(field, "") is None:
            del changes[field]
    await actions.edit_profile(db, viewer, account_id, changes)
    return answer(await queries.get_for(db, viewer, account_id))


class _Sells(Protocol):
    """What sign-up asks of the brand: the currencies that are sold in."""

    default_currency: str
    currencies: tuple[str, ...]


class _Unbranded:
    default_currency = "EUR"
    currencies: tuple[str, ...] = ("EUR",)


async def _brand(house: House) -> _Sells:
    """The brand's section, found by its name: the catalog stands beside us, not below."""
    for section in house.sections:
        if section.section == "brand":
            return cast("_Sells", await house.settings.get(section))
    return _Unbranded()
