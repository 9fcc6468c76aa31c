"""Tickets and their limits, and the words in which a console ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

TICKET_LASTS: Final = timedelta(seconds=30)
TICKETS_PER_USER = 5
OPEN_PER_SERVER, OPEN_PER_USER = 4, 6
ALIVE: Final = timedelta(seconds=90)
KEPT: Final = timedelta(days=90)
IDLE_SECONDS = 30 * 60.0
LIFETIME_SECONDS = 12 * 3600.0
LOOK_SECONDS = 20.0
BINARY, TICKET = "binary", "ticket."


@dataclass(frozen=True, slots=True)
class Ending:
    """How a console ends: a word for the page, and the websocket's code."""

    word: str
    code: int


LEFT = Ending("left", 1000)
RESTARTING = Ending("restarting", 1012)
SCREEN_ENDED = Ending("screen_ended", 4000)
PANEL_UNAVAILABLE = Ending("panel_unavailable", 4001)
PANEL_REFUSED = Ending("panel_refused", 4002)
TICKET_SPENT = Ending("ticket_spent", 4003)
ACCESS_ENDED = Ending("access_ended", 4004)
SERVER_CLOSED = Ending("server_closed", 4005)
IDLE = Ending("idle", 4006)
TOO_LONG = Ending("too_long", 4007)
TAKEN_OVER = Ending("taken_over", 4008)
TOO_MANY = Ending("too_many", 4009)
NOT_SPOKEN = Ending("not_spoken", 4010)
ENDINGS: Final = {
    each.word: each
    for each in (
        LEFT, RESTARTING, SCREEN_ENDED, PANEL_UNAVAILABLE, PANEL_REFUSED, TICKET_SPENT,
        ACCESS_ENDED, SERVER_CLOSED, IDLE, TOO_LONG, TAKEN_OVER, TOO_MANY, NOT_SPOKEN,
    )
}  # fmt: skip
LOST = "lost"
"""The end of a console whose process died with it: nobody was there to say anything else."""


def ticket_in(asked: Sequence[str]) -> str:
    """The ticket among the subprotocols that a browser asked for; it stands in no address."""
    return next((each.removeprefix(TICKET) for each in asked if each.startswith(TICKET)), "")


def may_open(server_state: str, service_state: str, *, installed: bool, as_staff: bool) -> bool:
    """Whether a server has a screen to look at, also while a fresh system is put on it.

    Staff see it while its service is held, too.
    """
    there = installed and server_state not in ("deleting", "deleted")
    return there and (as_staff or service_state == "active")
