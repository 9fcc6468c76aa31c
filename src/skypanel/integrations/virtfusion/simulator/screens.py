"""The ways to screens that were given out. A token opens one screen once, and soon or never."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid4

if TYPE_CHECKING:
    from skypanel.integrations.virtfusion.simulator.machine import Machine

TOKEN_LASTS: Final = timedelta(seconds=30)
PASSWORD_CHARACTERS: Final = 8


@dataclass(slots=True)
class Screens:
    """The ways to screens that were given out, and the guests behind them; of this process only."""

    tokens: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    passwords: dict[int, str] = field(default_factory=dict)
    machines: dict[int, Machine] = field(default_factory=dict)
    on: set[int] = field(default_factory=set)

    def give(self, server_id: int, now: datetime) -> str:
        """A token for one opening of one screen; what was given before for it ends."""
        self.tokens = {t: (of, until) for t, (of, until) in self.tokens.items() if of != server_id}
        token = str(uuid4())
        self.tokens[token] = server_id, now + TOKEN_LASTS
        return token

    def take(self, token: str, now: datetime) -> int | None:
        """The server that a token opens, this one time."""
        server_id, until = self.tokens.pop(token, (None, now))
        return server_id if until > now else None

    def password(self, server_id: int) -> str:
        return self.passwords.setdefault(server_id, secrets.token_hex(PASSWORD_CHARACTERS // 2))
