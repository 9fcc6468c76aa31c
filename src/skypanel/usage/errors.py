"""What hourly billing refuses."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class BalanceBelowStart(Refusal):
    status = 409
    code = "balance_below_start"
    message = "The wallet does not hold enough to start a server billed by the hour."
