"""States of a creation, what may be adopted, and what its customer is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from skypanel.platform.states import Table

PROVISION_STATES: Table = {
    "waiting": {"create": "creating", "build": "building", "fail": "failed"},
    "creating": {"build": "building", "fail": "failed"},
    "building": {"install": "installing", "fail": "failed"},
    "installing": {"finish": "done", "rebuild": "building", "fail": "failed"},
    "failed": {"resume": "waiting"},
    "done": {"again": "waiting"},
}
ENDED = ("done", "failed")
LEASE = timedelta(seconds=90)
CALL_SECONDS = 70
LOOK_AFTER = timedelta(seconds=60)
INSTALL_AT_MOST = timedelta(minutes=60)
BUILDS_MAX = 2
WAIT_SECONDS_MAX = 60
UNKNOWN_WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """Who is let into the panel, and to which server."""

    server_id: UUID
    account_id: UUID
    relation: str
    virtfusion_ref: int


def relation_of(account_id: UUID) -> str:
    """The string under which the panel knows an account."""
    return f"skypanel-{account_id}"


def poll_seconds(polls: int) -> int:
    """How long to wait before the installation is looked at again."""
    return min(1 + polls // 10, 5)


def wait_seconds(failures: int, wished: float | None) -> float:
    """The pause after so many failures in a row: doubling, bounded, or what the panel wishes."""
    return max(wished or 0.0, min(2.0 ** min(failures, 10), WAIT_SECONDS_MAX))


def same_size(plan: Mapping[str, Any], size: Mapping[str, int | None]) -> bool:
    """Whether a server of the panel has what was sold, as far as the panel says."""
    return all(value is None or value == plan[name] for name, value in size.items())


def has_size(
    plan: Mapping[str, Any], vcpu: int, memory_mib: int, disk_gib: int, traffic_gb: int
) -> bool:
    """Whether a server of the panel has the size of a plan; its disk may be larger."""
    sizes = (plan["vcpu"], plan["memory_mib"], plan["traffic_gb"])
    return (vcpu, memory_mib, traffic_gb) == sizes and disk_gib >= plan["disk_gib"]


def no_answer(at: datetime) -> str:
    """What a customer reads when the panel was asked and its answer was lost."""
    return (
        f"We asked the panel at {at:%H:%M} UTC and have no answer yet; we keep asking. "
        "You will not be charged twice."
    )


def not_reached(at: datetime) -> str:
    """What a customer reads when the panel could not be asked."""
    return (
        f"The panel was busy or could not be reached at {at:%H:%M} UTC; we try again by "
        "ourselves. You need not do anything."
    )
