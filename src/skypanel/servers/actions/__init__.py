"""Changing servers, asking things of them, keeping keys and first passwords."""

from __future__ import annotations

from skypanel.servers.actions.keys import add_key, drop_key, read_key
from skypanel.servers.actions.life import (
    STANDING,
    TASK,
    UNDER_WAY,
    allocate,
    allocate_again,
    ask,
    begin_install,
    bind,
    end_task,
    keep_password,
    lock_server,
    lock_task,
    mark_failed,
    mark_ready,
    note_lost,
    note_power,
    note_task,
    rename,
    reveal_password,
    say,
    start_task,
)
from skypanel.servers.actions.staff import ask_for, resume, suspend
from skypanel.servers.actions.standing import (
    Want,
    claim_standing,
    note_size,
    note_standing,
)

__all__ = [
    "STANDING",
    "TASK",
    "UNDER_WAY",
    "Want",
    "add_key",
    "allocate",
    "allocate_again",
    "ask",
    "ask_for",
    "begin_install",
    "bind",
    "claim_standing",
    "drop_key",
    "end_task",
    "keep_password",
    "lock_server",
    "lock_task",
    "mark_failed",
    "mark_ready",
    "note_lost",
    "note_power",
    "note_size",
    "note_standing",
    "note_task",
    "read_key",
    "rename",
    "resume",
    "reveal_password",
    "say",
    "start_task",
    "suspend",
]
