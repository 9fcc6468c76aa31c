"""A page in front of the panel that signs people in to the portal, as our contract wants it.

VirtFusion has no such page: it stands for the snippet or the OpenID provider that an operator puts
beside the panel. It knows where it may send people to, whatever a browser asks.
"""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.jwk import OKPKey
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from skypanel.integrations.virtfusion.simulator.state import PanelState, SignIn, User

TYPE: Final = "skypanel-sign-in+jwt"
TOKEN_SECONDS: Final = 60


def signing_key(state: PanelState) -> OKPKey:
    """The same key for the same panel, so that a restart changes nothing."""
    seed = hashlib.sha256(b"sign-in:" + state.secret_seed()).digest()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )

    private = Ed25519PrivateKey.from_private_bytes(seed)
    d = base64.urlsafe_b64encode(seed).rstrip(b"=").decode()
    x = base64.urlsafe_b64encode(private.public_key().public_bytes_raw()).rstrip(b"=").decode()
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": d, "x": x})


def public_text(state: PanelState) -> str:
    """What is pasted into the portal's settings."""
    return str(signing_key(state).as_dict(private=False)["x"])


def token_for(
    state: PanelState, user: User, *, audience: str, nonce: str, now: datetime, **changes: Any
) -> str:
    """The panel's word that this user stands there now."""
    at = int(now.timestamp())
    claims = {
        "iss": state.sign_in.issuer if state.sign_in else "",
        "aud": audience,
        "sub": user.relation or str(user.id),
        "jti": secrets.token_urlsafe(16),
        "nonce": nonce,
        "iat": at,
        "exp": at + TOKEN_SECONDS,
        **changes,
    }
    header = {"alg": "Ed25519", "typ": TYPE}
    return jwt.encode(header, claims, signing_key(state), algorithms=["Ed25519"])


def portal_routes(state: PanelState, clock: Callable[[], datetime]) -> list[Route]:
    """The page, and how a test or the sandbox says whom it may sign in to."""

    async def configure(request: Request) -> Response:
        try:
            state.sign_in = msgspec.json.decode(await request.body(), type=SignIn | None)
        except msgspec.DecodeError as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=422)
        return JSONResponse({"public_key": public_text(state)})

    async def show(request: Request) -> Response:
        wanted = state.sign_in
        if wanted is None or request.query_params.get("audience") != wanted.audience:
            return HTMLResponse("This panel signs nobody in there.", 404)
        users = [user for user in state.tables.users.values() if user.relation]
        rows = "".join(
            f'<li><button name="user" value="{user.id}">{html.escape(user.name)}</button></li>'
            for user in users
        )
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name in ("state", "nonce")
            if (value := request.query_params.get(name, ""))
        )
        none = "" if users else "<p>The panel has no user yet.</p>"
        page = (
            "<!doctype html><html lang=en><title>Panel</title><h1>Who are you at the panel?</h1>"
            f'<form method="post">{hidden}<ul>{rows}</ul></form>{none}</html>'
        )
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(wanted.return_to))
        policy = f"default-src 'none'; form-action 'self' {origin}"
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    async def sign(request: Request) -> Response:
        wanted = state.sign_in
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        user = state.tables.users.get(int(form.get("user", "0")))
        if wanted is None or user is None:
            return HTMLResponse("There is no such user.", 404)
        token = token_for(
            state, user, audience=wanted.audience, nonce=form.get("nonce", ""), now=clock()
        )
        query = urlencode({"token": token, "state": form.get("state", "")})
        return RedirectResponse(f"{wanted.return_to}?{query}", 303)

    return [
        Route("/sign-in", show, methods=["GET"]),
        Route("/sign-in", sign, methods=["POST"]),
        Route("/_sandbox/sign-in", configure, methods=["PUT"]),
    ]
