"""What proves who somebody is: the cookie, access tokens, links in mails; and how long each lasts.

A link in a mail is a keyed hash of its row (id, purpose, version): nothing secret lies in the
database or in a job, and a mail that is sent again carries the same link.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from skypanel.platform.crypto import Sealer

SESSION_REMEMBERED = timedelta(days=30)
SESSION_IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
ACCESS_TOKEN_SECONDS = 600
REFRESH_TOKEN = timedelta(days=30)
VERIFY, RESET, EMAIL, INVITATION = "verify", "reset", "email", "invitation"
CONFIRMATION_LASTS: Mapping[str, timedelta] = {
    VERIFY: timedelta(days=3),
    RESET: timedelta(hours=1),
    EMAIL: timedelta(hours=24),
}
INVITATION_LASTS = timedelta(days=7)
KEYS_TAG = "signing_keys"
ALGORITHM = "Ed25519"  # EdDSA by its own name: RFC 9864 retires the family name


def email_key(email: str) -> str:
    """Two spellings of one address are one address."""
    return email.strip().lower()


def cookie_name(public_url: str) -> str:
    """`__Host-skypanel` on https; on loopback http one name per port, as ports share cookies."""
    url = urlsplit(public_url)
    return "__Host-skypanel" if url.scheme == "https" else f"skypanel-{url.port or 80}"


def confirmation_token(sealer: Sealer, row_id: UUID, purpose: str, version: int) -> str:
    """The token of a link in a mail: `<id>.<keyed hash of id, purpose and version>`."""
    return f"{row_id}.{sealer.mac(_confirmed(row_id, purpose, version))}"


def confirmation_id(token: str) -> UUID | None:
    """The row that a link's token names; says nothing about whether the token is genuine."""
    try:
        return UUID(token.partition(".")[0])
    except ValueError:
        return None


def confirmation_matches(
    sealer: Sealer, token: str, row_id: UUID, purpose: str, version: int
) -> bool:
    """Whether the token is the one that was mailed for this row."""
    given = token.partition(".")[2]
    return sealer.mac_matches(_confirmed(row_id, purpose, version), given)


def _confirmed(row_id: UUID, purpose: str, version: int) -> str:
    return f"link|{row_id}|{purpose}|{version}"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a genuine access token says: whose session it belongs to."""

    user_id: UUID
    session_id: UUID


def new_signing_key(sealer: Sealer, key_id: UUID) -> tuple[dict[str, Any], bytes]:
    """A fresh Ed25519 key: its public half (a JWK under `kid`), and the whole of it sealed."""
    parameters: Any = {"kid": str(key_id), "alg": ALGORITHM, "use": "sig"}
    key = OKPKey.generate_key("Ed25519", parameters)
    sealed = sealer.seal(msgspec.json.encode(key.as_dict(private=True)), _key_place(key_id))
    return dict(key.as_dict(private=False)), sealed


def open_signing_key(sealer: Sealer, key_id: UUID, sealed: bytes) -> OKPKey:
    """The key that signs."""
    return OKPKey.import_key(msgspec.json.decode(sealer.open(sealed, _key_place(key_id))))


def _key_place(key_id: UUID) -> str:
    return f"signing_keys.sealed.{key_id}"


def sign_access_token(key: OKPKey, token: AccessToken, *, issuer: str, now: datetime) -> str:
    """An access token of ten minutes, bound to its session by `sid`."""
    at = int(now.timestamp())
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": str(token.user_id),
        "sid": str(token.session_id),
        "iat": at,
        "exp": at + ACCESS_TOKEN_SECONDS,
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def read_access_token(
    keys: KeySet, token: str, *, issuer: str, now: datetime
) -> AccessToken | None:
    """What the token says, or nothing when it is not ours, not genuine or not valid now."""
    try:
        claims: dict[str, Any] = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
        if claims["iss"] != issuer or claims["aud"] != issuer:
            return None
        if not claims["exp"] > now.timestamp():
            return None
        return AccessToken(UUID(claims["sub"]), UUID(claims["sid"]))
    except (JoseError, KeyError, TypeError, ValueError):
        return None
