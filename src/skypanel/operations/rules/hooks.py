"""What is read of a hook of the panel, and whether it may come in: pure."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import msgspec
from msgspec import Struct, field

KEPT: Final = timedelta(days=7)
"""How long a body is kept as it came, for who looks into a trouble."""

NAME_MAX: Final = 60


class _Server(Struct):
    id: int


class _Told(Struct):
    server: _Server | bool | None = None


class _Envelope(Struct, rename="camel"):
    event: str
    created: str
    hook_event_id: str | int
    event_status: str
    told: _Told = field(default_factory=_Told, name="data")


@dataclass(frozen=True, slots=True)
class HookFacts:
    """All that is taken from a hook: which event, and of which server of the panel."""

    event_ref: str
    created: str
    event: str
    status: str
    server_ref: int | None


def read_hook(raw: bytes) -> HookFacts | None:
    """The facts of a body, or nothing when it is none of the panel's."""
    try:
        told = msgspec.json.decode(raw, type=_Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    server = told.told.server
    return HookFacts(
        event_ref=str(told.hook_event_id)[:80],
        created=told.created[:NAME_MAX],
        event=told.event[:NAME_MAX],
        status=told.event_status[:20],
        server_ref=server.id if isinstance(server, _Server) else None,
    )


def may_enter(path: str, authorization: str, *, wanted_path: str, token: str) -> bool:
    """Whether path and token are ours, both compared in constant time."""
    wanted = "Bearer " + base64.b64encode(token.encode()).decode()
    paths = hmac.compare_digest(path.encode(), wanted_path.encode())
    tokens = hmac.compare_digest(authorization.encode(), wanted.encode())
    return paths and tokens
