"""What the consoles refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class NoScreen(Refusal):
    status = 409
    code = "console_not_available"
    message = "This server has no console while it is in its present state."


class TooManyConsoles(Refusal):
    status = 409
    code = "too_many_consoles"
    message = "Too many consoles are open. Close one of the others, then try again."
