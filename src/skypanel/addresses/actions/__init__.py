"""Buying extra addresses, having them given, giving them back."""

from __future__ import annotations

from skypanel.addresses.actions.back import give_back, keep
from skypanel.addresses.actions.bought import (
    buy,
    cancel,
    follow,
    hear_task,
    note_paid,
    note_void,
)

__all__ = [
    "buy",
    "cancel",
    "follow",
    "give_back",
    "hear_task",
    "keep",
    "note_paid",
    "note_void",
]
