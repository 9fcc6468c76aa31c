"""Signing in with the panel's log-in: sent there, back with its word, let in once."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from skypanel.identity import actions, queries
from skypanel.identity.api.sessions import set_session_cookie, user_agent
from skypanel.identity.errors import SignInNotGenuine, SignInStale
from skypanel.identity.rules.sso import (
    ATTEMPT_LASTS,
    SSO_PER_IP,
    PanelSignInSettings,
    ask_url,
    read_sign_in,
    sso_cookie,
)
from skypanel.identity.schemas import IdentityLinks, SignInOffer
from skypanel.platform.authority import Actor
from skypanel.platform.errors import LoginRequired, NotFound, Refusal
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    MaybeViewer,
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

# Pages of a browser's way, not of a program: they answer with where to go on.
entrance = APIRouter(tags=["identity"])
router = APIRouter(route_class=DoorRoute, tags=["identity"])
SEE_OTHER = 303
Word = Annotated[str, Query(max_length=4000)]


@router.get("/sso/panel", response_model=SignInOffer)
async def offer(house: TheHouse) -> Response:
    """Whether one can sign in with the panel's log-in."""
    settings = await house.settings.get(PanelSignInSettings)
    return answer({"enabled": settings.ready, "button": settings.button})


@entrance.get("/sso/panel/start", response_model=None)
async def start(
    request: Request,
    house: TheHouse,
    actor: TheActor,
    viewer: MaybeViewer,
    to: Annotated[str, Query(max_length=300)] = "/home",
    link: bool = False,
) -> Response:
    """Send the browser to the panel; with `link` to let its log-in there stand for this one."""
    settings = await house.settings.get(PanelSignInSettings)
    if not settings.ready:
        raise NotFound
    if link and viewer is None:
        raise LoginRequired
    await count(house, SSO_PER_IP, actor.ip or "")
    async with house.transaction(actor) as db:
        user_id = viewer.user_id if link and viewer else None
        begun = await actions.begin_sign_in(db, to, user_id)
    url = ask_url(settings, audience=house.public_url, state=begun.state, nonce=begun.nonce)
    response = _go(url)
    response.set_cookie(
        sso_cookie(house.public_url),
        begun.browser,
        max_age=int(ATTEMPT_LASTS.total_seconds()),
        path="/",
        secure=house.public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response


@entrance.get("/sso/panel/return", response_model=None)
async def come_back(
    request: Request,
    house: TheHouse,
    actor: TheActor,
    viewer: MaybeViewer,
    token: Word = "",
    state: Word = "",
) -> Response:
    """Back from the panel: what it says is checked here, by us, and counts once."""
    settings = await house.settings.get(PanelSignInSettings)
    if not settings.ready:
        raise NotFound
    await count(house, SSO_PER_IP, actor.ip or "")
    browser = request.cookies.get(sso_cookie(house.public_url), "")
    async with house.transaction(actor) as db:  # used up, whatever comes of it
        attempt = await actions.use_attempt(db, state, browser) if browser and state else None
    back = "/account/security" if attempt is not None and attempt.user_id else "/login"
    try:
        if attempt is None:
            raise SignInStale
        said = read_sign_in(
            settings,
            token,
            audience=house.public_url,
            nonce=attempt.nonce,
            now=house.clock.now(),
        )
        if said is None:
            raise SignInNotGenuine
        if attempt.user_id is not None:
            if viewer is None or viewer.user_id != attempt.user_id:
                raise SignInStale
            async with house.transaction(actor) as db:
                await actions.link_identity(db, attempt.user_id, said)
            return _done(house, _go("/account/security?sso=linked"))
        async with house.transaction(actor) as db:
            user = await actions.let_in(db, said)
            _, session = await actions.start_session(
                db, user, kind="browser", remembered=False, user_agent=user_agent(request)
            )
    except Refusal as refusal:
        await _note(house, actor, refusal)
        return _done(house, _go(f"{back}?{urlencode({'sso': refusal.code})}"))
    response = _done(house, _go(attempt.to_path))
    set_session_cookie(response, house, session, remembered=False)
    return response


@router.get("/me/identity-links", response_model=IdentityLinks)
async def list_links(viewer: TheViewer, read: TheReader) -> Response:
    """The log-ins elsewhere that let one in here."""
    return answer(await queries.identity_links(read, viewer))


@router.delete("/me/identity-links/{link_id}", status_code=204, response_class=Response)
async def unlink(viewer: TheViewer, db: TheDb, link_id: UUID) -> Response:
    """That log-in lets nobody in here any more."""
    await actions.unlink_identity(db, viewer.user_id, link_id)
    return nothing()


async def _note(house: House, actor: Actor, refusal: Refusal) -> None:
    async with house.transaction(actor) as db:
        actions.audit(db, "session.refused", "user", actor.id, code=refusal.code, provider="panel")


def _go(url: str) -> RedirectResponse:
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return RedirectResponse(url, SEE_OTHER, headers)


def _done(house: House, response: RedirectResponse) -> RedirectResponse:
    response.delete_cookie(
        sso_cookie(house.public_url),
        path="/",
        secure=house.public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response
