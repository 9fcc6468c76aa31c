"""Who gets in: passwords of guests, public keys of owners, and one-time log-ins to the panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import httpx
from msgspec import Struct
from msgspec import field as wire_field

from skypanel.integrations.virtfusion import types, wire
from skypanel.integrations.virtfusion.caller import (
    CREATED,
    EMPTY,
    OK,
    Caller,
    segment,
    server_path,
)
from skypanel.integrations.virtfusion.exchange import Ask, unreadable

GuestUser = Literal["root", "Administrator"]
BY_RELATION: Final = {"relStr": "true"}


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """A password that is valid once its queue item has ended well; told only now."""

    queue_id: int
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PanelLogin:
    """Where a browser is sent to be logged in at the panel: once, and within `ttl_seconds`."""

    url: str = field(repr=False)
    ttl_seconds: int


class _Reset(Struct, rename="camel"):
    queue_id: int
    expected_password: str

    def __repr__(self) -> str:
        return "_Reset(...)"


class _Expiry(Struct):
    ttl: int = 0


class _Authentication(Struct):
    endpoint_complete: str
    expiry: _Expiry = wire_field(default_factory=_Expiry)

    def __repr__(self) -> str:
        return "_Authentication(...)"


class _Tokens(Struct):
    authentication: _Authentication


class Access(Caller):
    """The operations that let somebody in."""

    __slots__ = ()

    async def ssh_keys(self, user_id: int) -> list[types.SshKey]:
        """The public keys of a panel user."""
        ask = Ask("GET", f"/ssh_keys/user/{user_id:d}", OK)
        found = await self.read(ask, wire.Envelope[list[wire.SshKey]])
        return [row.ours() for row in found.data]

    async def add_ssh_key(self, user_id: int, name: str, public_key: str) -> int:
        """Give a panel user a public key; answers the panel's id of it."""
        body = {"userId": user_id, "name": name, "publicKey": public_key}
        ask = Ask("POST", "/ssh_keys", CREATED, body=body)
        return (await self.read(ask, wire.Envelope[wire.KeyAdded])).data.id

    async def drop_ssh_key(self, key_id: int) -> None:
        """Take a public key from its panel user; servers that have it keep it."""
        await self.send(Ask("DELETE", f"/ssh_keys/{key_id:d}", EMPTY))

    async def ssh_key_ids(self, user_id: int, keys: Sequence[tuple[str, str]]) -> tuple[int, ...]:
        """The panel's ids of these keys, by name and line; what it has is not added again."""
        if not keys:
            return ()
        held = {_bare(key.public_key): key.id for key in await self.ssh_keys(user_id)}
        ids = []
        for name, line in keys:
            known = held.get(_bare(line))
            ids.append(known or await self.add_ssh_key(user_id, name, line))
        return tuple(ids)

    async def reset_password(self, server_id: int, user: GuestUser) -> PasswordReset:
        """Give a user of the guest a new password; it counts once the queue item has ended."""
        path = f"{server_path(server_id)}/resetPassword"
        ask = Ask("POST", path, OK, body={"user": user, "sendMail": False})
        told = (await self.read(ask, wire.Envelope[_Reset])).data
        return PasswordReset(queue_id=told.queue_id, password=told.expected_password)

    async def log_in_user(self, relation: str) -> PanelLogin:
        """A one-time log-in of the user under our relation string."""
        return await self._log_in(f"/users/{segment(relation)}/authenticationTokens")

    async def log_in_to_server(
        self, relation: str, server_id: int, *, numbered: bool = False
    ) -> PanelLogin:
        """The same, landing on one of the user's servers; `numbered` by another system's id."""
        path = f"/users/{segment(relation)}/serverAuthenticationTokens/{server_id:d}"
        return await self._log_in(path, numbered=numbered)

    async def _log_in(self, path: str, *, numbered: bool = False) -> PanelLogin:
        ask = Ask("POST", path, OK, {} if numbered else BY_RELATION)
        told = (await self.read(ask, wire.Envelope[_Tokens])).data.authentication
        url = pinned(self.panel, told.endpoint_complete)
        if url is None:
            raise unreadable(ask, "the address leads away from the panel")
        return PanelLogin(url=url, ttl_seconds=told.expiry.ttl)


def pinned(panel: str, path: str) -> str | None:
    """The address of a path at the panel; nothing when it would lead to any other host."""
    if not path.startswith("/"):
        return None
    root = httpx.URL(panel)
    try:
        url = httpx.URL(panel + path)
    except httpx.InvalidURL:
        return None
    same = (url.scheme, url.host, url.port) == (root.scheme, root.host, root.port)
    return str(url) if same and not url.userinfo else None


def _bare(line: str) -> str:
    return " ".join(line.split()[:2])
