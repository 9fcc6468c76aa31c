"""Signing in with the panel's log-in: what the panel must say, and what of it is believed.

VirtFusion documents no such endpoint. This is a contract of our own that a small page in front of
the panel, or an OpenID provider, can keep: `docs/guides/panel-sign-in.md`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import Field, field_validator

from skypanel.platform.limits import Limit
from skypanel.platform.settings import Section

PROVIDER: Final = "virtfusion"
TOKEN_TYPE: Final = "skypanel-sign-in+jwt"  # noqa: S105 - a media type
ALGORITHMS: Final = ["Ed25519"]
KEY_BYTES: Final = 32
TOKEN_SECONDS_MAX: Final = 60
SKEW_SECONDS: Final = 10
ATTEMPT_LASTS: Final = timedelta(minutes=5)
WORD_MAX: Final = 120
SSO_PER_IP: Final = Limit("sso.ip", 60, 900)
RELATION: Final = "skypanel-"


class PanelSignInSettings(Section):
    """Signing in with the panel's log-in; off until a page of the panel keeps our contract."""

    section: ClassVar[str] = "panel_sign_in"
    title: ClassVar[str] = "Sign-in with the panel"
    enabled: bool = False
    endpoint: str = Field("", description="The page at the panel that signs people in to us.")
    issuer: str = Field("", description="What its tokens say they are from, word for word.")
    public_key: str = Field(
        "", description="The Ed25519 key its tokens are signed with: its 32 public bytes in base64."
    )
    button: str = Field("the panel", max_length=40, description="Sign in with …")

    @field_validator("endpoint")
    @classmethod
    def _address(cls, value: str) -> str:
        url = urlsplit(value)
        plain = url.scheme == "https" or url.hostname in ("localhost", "127.0.0.1")
        if value and not (plain and url.hostname and not url.query and not url.fragment):
            raise ValueError("Enter an https address without a query.")
        return value

    @field_validator("public_key")
    @classmethod
    def _key(cls, value: str) -> str:
        if value:
            public_key(value)
        return value

    @property
    def ready(self) -> bool:
        return bool(self.enabled and self.endpoint and self.issuer and self.public_key)


def public_key(text: str) -> OKPKey:
    """The key that tokens are checked with; ValueError when it is none."""
    try:
        raw = base64.b64decode(text.strip() + "==", altchars=b"-_" if "-" in text or "_" in text
                               else None, validate=False)  # fmt: skip
    except binascii.Error:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise ValueError("An Ed25519 public key has 32 bytes; give them in base64.")
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom the panel says stands there, once: `jti` is never taken twice."""

    subject: str
    jti: str
    expires_at: float


def ask_url(settings: PanelSignInSettings, *, audience: str, state: str, nonce: str) -> str:
    """Where a browser is sent to be signed in."""
    asked = {
        "audience": audience,
        "return_to": f"{audience}/api/v1/sso/panel/return",
        "state": state,
        "nonce": nonce,
    }
    return f"{settings.endpoint}?{urlencode(asked)}"


def read_sign_in(
    settings: PanelSignInSettings, token: str, *, audience: str, nonce: str, now: datetime
) -> SignedIn | None:
    """What a token says; nothing unless it is the panel's, for us and this attempt, and fresh."""
    try:
        read = jwt.decode(token, public_key(settings.public_key), algorithms=ALGORITHMS)
        header: Mapping[str, Any] = read.header
        claims: Mapping[str, Any] = read.claims
        at = now.timestamp()
        issued, ends = float(claims["iat"]), float(claims["exp"])
        good = (
            header.get("typ") == TOKEN_TYPE
            and claims["iss"] == settings.issuer
            and claims["aud"] == audience
            and claims["nonce"] == nonce
            and issued <= at + SKEW_SECONDS
            and at < ends + SKEW_SECONDS
            and 0 < ends - issued <= TOKEN_SECONDS_MAX
        )
        subject, jti = claims["sub"], claims["jti"]
    except (JoseError, KeyError, TypeError, ValueError):
        return None
    words = all(isinstance(word, str) and 0 < len(word) <= WORD_MAX for word in (subject, jti))
    return SignedIn(subject, jti, ends) if good and words else None


def account_of_relation(subject: str) -> UUID | None:
    """The account whose user at the panel this is, from its relation id there."""
    try:
        return UUID(subject.removeprefix(RELATION)) if subject.startswith(RELATION) else None
    except ValueError:
        return None


def local_path(wanted: str) -> str:
    """A path of this site, or its home: a sign-in never leads elsewhere."""
    fine = (
        wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
        and wanted.isprintable()
        and "\\" not in wanted
    )
    return wanted if fine else "/home"


def sso_cookie(public_url: str) -> str:
    """The cookie that binds an attempt to the browser that began it."""
    url = urlsplit(public_url)
    return "__Host-skypanel-sso" if url.scheme == "https" else f"skypanel-sso-{url.port or 80}"
