"""States of a creation, what may be adopted, and what its customer is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from skypanel.catalog.rules import period_day
from skypanel.platform.states import Table

PROVISION_STATES: Table = {
    "waiting": {"create": "creating", "build": "building", "fail": "failed"},
    "creating": {"build": "building", "fail": "failed"},
    "building": {"install": "installing", "fail": "failed"},
    "installing": {"finish": "done", "rebuild": "building", "fail": "failed"},
    "failed": {"resume": "waiting", "clear": "clearing"},
    "clearing": {"cleared": "cleared"},
    "cleared": {},
    "done": {"again": "waiting"},
}
IMPORT_STATES: Table = {
    "reading": {"read": "ready", "stop": "stopped"},
    "stopped": {"resume": "reading"},
    "ready": {},
}
ROW_STATES: Table = {
    "found": {"queue": "queued"},
    "queued": {"finish": "done", "refuse": "refused"},
    "refused": {"queue": "queued"},
    "done": {},
}
ENDED = ("done", "failed", "clearing", "cleared")
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
    numbered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSide:
    """A server as the panel tells of it when it is to be taken over, and whose it is there."""

    ref: int
    owner_ref: int
    owner_number: int | None
    owner_name: str
    owner_email: str
    group_ref: int | None
    template_ref: int | None
    called: str
    hostname: str
    ipv4: str | None
    ipv6: str | None
    power: str
    suspended: bool
    deleting: bool
    stands: bool
    size: Mapping[str, int]


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


STARTS_AT_MOST_DAYS = 400
BUILT = 3
HOST_CHARACTERS = 64


def not_adoptable(seen: PanelSide) -> str:
    """Why a server of the panel can't be taken over as it stands; nothing where it can."""
    if seen.deleting:
        return "The panel is deleting this server."
    if not seen.stands:
        return "Its installation is not over at the panel. It may be one that is being made here."
    return ""


def wrong_start(starts_on: date, cycle: str, today: date) -> str:
    """Why a first period can't begin on a day; nothing where it can."""
    if period_day(starts_on, cycle, 1) <= today:
        return "A period that began on this day is over already. Choose the day of a running one."
    if starts_on > today + timedelta(days=STARTS_AT_MOST_DAYS):
        return "This is more than a year ahead."
    return ""


def host_called(seen: PanelSide) -> str:
    """What an adopted server calls itself, or the next best name."""
    name = seen.hostname or seen.called or seen.ipv4 or f"server-{seen.ref}"
    return name[:HOST_CHARACTERS]


def size_differs(plan: Mapping[str, Any], size: Mapping[str, int]) -> list[str]:
    """In what a server differs from the size that a plan sells."""
    return [name for name, value in size.items() if plan[name] != value]


def side_of(server: Any, owner: Any) -> PanelSide:
    """What the panel's client tells of a server and its owner, as adopting wants it."""
    live = server.live
    return PanelSide(
        ref=server.id,
        owner_ref=server.user_id,
        owner_number=None if owner is None else owner.number,
        owner_name="" if owner is None else owner.name,
        owner_email="" if owner is None else owner.email,
        group_ref=server.hypervisor_group_id,
        template_ref=server.template_id,
        called=server.name,
        hostname=server.hostname,
        ipv4=next(iter(server.ipv4), None),
        ipv6=next(iter(server.ipv6), None),
        power="unknown" if live is None else "running" if live.running else "stopped",
        suspended=server.suspended,
        deleting=server.deleting,
        stands=server.commission_status == BUILT and server.state == "complete",
        size={
            "vcpu": server.vcpu,
            "memory_mib": server.memory_mib,
            "disk_gib": server.disk_gib,
        },
    )


def may_be_ours(plan: Mapping[str, Any], listed: Any) -> bool:
    """Whether a panel server may be one that was asked for: of its size, nothing installed yet."""
    size = {
        "vcpu": listed.vcpu,
        "memory_mib": listed.memory_mib,
        "disk_gib": listed.disk_gib,
    }
    fresh = listed.commission_status in (None, 0) and listed.state == "allocated"
    return fresh and same_size(plan, size)
