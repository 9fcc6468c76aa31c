"""Roles and what they allow, password rules, lifetimes, the form of mailed tokens. Pure."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from skypanel.platform.crypto import Sealer

VERIFY, RESET, EMAIL = "verify", "reset", "email"
LIFETIMES: Final = {
    VERIFY: timedelta(hours=24),
    RESET: timedelta(hours=1),
    EMAIL: timedelta(hours=24),
}
INVITATION_LIFETIME = timedelta(days=7)
SESSION_IDLE = timedelta(hours=12)
SESSION_REMEMBERED = timedelta(days=30)
ACCESS_LIFETIME = timedelta(minutes=10)
REFRESH_LIFETIME = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)

_BUY = {"billing.view", "billing.pay"}
_OPERATE = {"servers.view", "servers.operate", "keys.manage"}
_ALL = _BUY | _OPERATE | {"account.edit", "members.manage", "orders.place"}
ROLE_PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "owner": frozenset(_ALL),
    "admin": frozenset(_ALL),
    "billing": frozenset(_BUY | {"account.edit", "servers.view"}),
    "technical": frozenset(_OPERATE | {"orders.place", "billing.view"}),
    "read_only": frozenset({"servers.view", "billing.view"}),
}
ROLES = tuple(ROLE_PERMISSIONS)

_SEE = {
    "customers.view", "orders.view", "invoices.view", "payments.view", "servers.view",
    "jobs.view", "catalog.view", "mail.view", "ledger.view", "audit.view",
}  # fmt: skip
STAFF_PERMISSIONS: Final = frozenset(
    _SEE
    | {
        "customers.edit", "orders.edit", "payments.edit", "servers.operate", "jobs.retry",
        "catalog.edit", "settings.view", "settings.edit", "mail.retry",
    }
)  # fmt: skip
STAFF_ROLES: Final[dict[str, frozenset[str]]] = {
    "owner": STAFF_PERMISSIONS,
    "engineer": frozenset(
        _SEE | {"servers.operate", "jobs.retry", "mail.retry", "catalog.edit", "settings.view"}
    ),
    "billing": frozenset(_SEE | {"customers.edit", "payments.edit", "orders.edit", "mail.retry"}),
    "support": frozenset(_SEE | {"servers.operate", "mail.retry"}),
}

PASSWORD_MIN, PASSWORD_MAX = 10, 128
COMMON = frozenset(
    ["password12", "password123", "1234567890", "12345678910", "qwertyuiop", "qwerty12345", "iloveyou12", "administrator", "letmein123", "welcome123", "passwordpassword", "0123456789", "1q2w3e4r5t", "changeme123", "abcdefghij", "aaaaaaaaaa", "1111111111", "0000000000"]
)
# Argon2id 19 MiB, t=2, p=1: OWASP Password Storage Cheat Sheet's first choice.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_nobody = _hasher.hash("no account has this password")


def password_problem(password: str, email: str, name: str) -> str | None:
    """Why a password will not do, or nothing."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return f"Use {PASSWORD_MIN} to {PASSWORD_MAX} characters. A few words are easiest."
    folded = password.casefold()
    if folded in {email.casefold(), email.split("@", maxsplit=1)[0].casefold(), name.casefold()}:
        return "Your name or address is the first thing a stranger tries. Use something else."
    if folded in COMMON or len(set(folded)) <= 2:  # noqa: PLR2004
        return "This password is on every list that thieves use. Use something else."
    return None


async def hash_password(password: str) -> str:
    """Argon2id, off the event loop; takes tens of milliseconds, so never inside a transaction."""
    return await asyncio.to_thread(_hasher.hash, password)


async def password_matches(password: str, password_hash: str | None) -> bool:
    """Compare in the same time whether there is a hash or not."""

    def verify() -> bool:
        try:
            return _hasher.verify(password_hash or _nobody, password) and password_hash is not None
        except (Argon2Error, InvalidHashError):
            return False

    return await asyncio.to_thread(verify)


def email_key(email: str) -> str:
    """Two spellings of one address are one address."""
    return email.strip().casefold()


def confirmation_token(sealer: Sealer, row_id: UUID, purpose: str, version: int) -> str:
    """The token of a mailed link: minted from its row, so that a mail sent again is the same."""
    return f"{row_id.hex}.{sealer.mac(f'{row_id}|{purpose}|{version}')}"


def open_token(sealer: Sealer, token: str, purpose: str, version: int = 1) -> UUID | None:
    """The row that a mailed token names, if the token is ours."""
    head, _, given = token.partition(".")
    try:
        row_id = UUID(hex=head)
    except ValueError:
        return None
    return row_id if sealer.mac_matches(f"{row_id}|{purpose}|{version}", given) else None


def cookie_name(public_url: str) -> str:
    """`__Host-` on https; on loopback the port is in it, so that two copies do not collide."""
    if public_url.startswith("https:"):
        return "__Host-skypanel"
    port = public_url.rsplit(":", 1)[-1]
    return f"skypanel-{port if port.isdigit() else 80}"
