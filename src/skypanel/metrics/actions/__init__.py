"""Asking in turn, writing down what was seen, raising alerts, letting old samples go."""

from __future__ import annotations

from skypanel.metrics.actions.alerts import clear_idle, heirs, inherit, set_defaults, set_rules
from skypanel.metrics.actions.blocks import (
    ToAdd,
    begin_visit,
    buy_block,
    finish_purchase,
    give_back,
    note_asking,
    put_off,
)
from skypanel.metrics.actions.keep import forget_samples, roll_up_hours
from skypanel.metrics.actions.pace import Claimed, Wanted, claim, enrol, hold_off, watch
from skypanel.metrics.actions.record import Seen, backfill, miss, record
from skypanel.metrics.actions.traffic import PeriodSeen, TrafficSeen, record_traffic

__all__ = [
    "Claimed",
    "PeriodSeen",
    "Seen",
    "ToAdd",
    "TrafficSeen",
    "Wanted",
    "backfill",
    "begin_visit",
    "buy_block",
    "claim",
    "clear_idle",
    "enrol",
    "finish_purchase",
    "forget_samples",
    "give_back",
    "heirs",
    "hold_off",
    "inherit",
    "miss",
    "note_asking",
    "put_off",
    "record",
    "record_traffic",
    "roll_up_hours",
    "set_defaults",
    "set_rules",
    "watch",
]
