"""Counting hours, charging wallets, holding what is unpaid, and invoicing months."""

from __future__ import annotations

from skypanel.usage.actions.close import close_months
from skypanel.usage.actions.meter import begin, hold_unpaid, resume
from skypanel.usage.actions.run import collect_arrears, count_hours, end
from skypanel.usage.actions.turn import count_begun, turn

__all__ = [
    "begin",
    "close_months",
    "collect_arrears",
    "count_begun",
    "count_hours",
    "end",
    "hold_unpaid",
    "resume",
    "turn",
]
