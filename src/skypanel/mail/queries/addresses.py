"""What mail about extra addresses says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from skypanel.addresses.queries import letter
from skypanel.mail.queries.asking import Asking, Overtaken, user_of
from skypanel.mail.rules import MailKind


async def _extra_address(asking: Asking) -> dict[str, Any]:
    found = await letter(asking.read, asking.ids["extra_id"])
    if found is None or found["state"] not in ("active", "leaving", "refunded"):
        raise Overtaken("It stands differently by now.")
    return {
        **await user_of(asking),
        "state": found["state"],
        "what": found["name"],
        "address": found["address"],
        "ends_at": found["ends_at"],
        "reason": found["error"],
        "server": found["label"] or found["hostname"],
        "link": asking.link(f"/servers/{found['server_id']}?tab=network"),
    }


ADDRESS_FACTS: dict[str, Callable[[Asking], Awaitable[dict[str, Any]]]] = {
    MailKind.EXTRA_ADDRESS: _extra_address,
}
