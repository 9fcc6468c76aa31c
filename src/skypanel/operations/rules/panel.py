"""What the panel has beside what it is to have: pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from skypanel.findings.rules import Found
from skypanel.servers.rules import panel_name

UNKNOWN, GONE = "panel_unknown_server", "panel_gone"
UNBILLED, RUNS, STANDS = "panel_unbilled", "panel_runs_suspended", "panel_suspends_active"
OWNER, SIZE = "panel_owner_differs", "panel_size_differs"
NAME = "panel_name_differs"
PANEL_CHECKS: Mapping[str, str] = MappingProxyType(
    {
        UNKNOWN: "Every server at the panel is known to us",
        GONE: "Every server of ours stands at the panel",
        UNBILLED: "No server runs that nobody pays for",
        RUNS: "Who is suspended here is suspended there",
        STANDS: "Who is active here is not suspended there",
        OWNER: "Every server has its owner at the panel",
        SIZE: "Every server has the size that was sold",
        NAME: "The panel calls every server as its customer does",
    }
)
# What staff can have done about each; what wipes data wants its name typed.
REPAIRS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        UNKNOWN: ("delete",),
        GONE: ("make_again", "end_service"),
        UNBILLED: ("delete",),
        RUNS: ("suspend",),
        STANDS: ("unsuspend",),
        OWNER: ("give_back",),
        SIZE: ("resize",),
        NAME: ("tell_name", "take_name"),
    }
)
TYPED: Final = frozenset({"delete", "make_again", "end_service"})
SETTLED_AFTER: Final = timedelta(minutes=10)
SIZES_AT_ONCE: Final = 200
HOURS: Final = 24
OVER: Final = frozenset({"erased", "cancelled"})
HELD: Final = frozenset({"suspended", "terminated"})
SIZES: Final = (("vcpu", "cores"), ("memory_mib", "MiB of memory"), ("disk_gib", "GiB of disk"))


@dataclass(frozen=True, slots=True)
class AtPanel:
    """A server as the panel's list has it."""

    ref: int
    owner_ref: int
    suspended: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A server as the panel tells of it when asked for it alone."""

    ref: int
    owner_ref: int
    suspended: bool
    deleting: bool
    name: str
    ipv4: str
    size: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ours:
    """A server of ours and how it is to stand at the panel.

    `told` is what the panel was last told to call it; while that is not what its customer calls it,
    somebody is about to tell.
    """

    server_id: UUID
    ref: int
    account_id: UUID
    service_id: UUID
    hostname: str
    state: str
    plan: Mapping[str, Any]
    service_state: str
    changed_at: datetime
    owner_ref: int | None
    making: bool | None
    label: str = ""
    told: str = ""

    @property
    def name_stands(self) -> bool:
        return self.told == panel_name(self.label)

    @property
    def is_over(self) -> bool:
        return self.state == "deleted" or self.service_state in OVER


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that the list makes look wrong; asked for alone before it is believed."""

    check: str
    ref: int
    ours: Ours | None

    @property
    def subject(self) -> tuple[str, str]:
        if self.ours is None:
            return "panel_server", str(self.ref)
        return "server", str(self.ours.server_id)


def measured(ours: Sequence[Ours], now: datetime) -> list[Ours]:
    """Whose sizes are looked at now: all of a few, of many a different part every hour."""
    standing = [each for each in ours if not each.making and not each.is_over]
    if len(standing) <= SIZES_AT_ONCE:
        return standing
    return [each for each in standing if each.server_id.int % HOURS == now.hour]


def suspects(
    listed: Sequence[AtPanel], ours: Sequence[Ours], creating: Collection[int], now: datetime
) -> Iterator[Suspect]:
    """What the whole list of the panel makes look wrong, the gravest first.

    `creating` are the owners for whom a server is being made: theirs may not be known yet.
    """
    there = {each.ref: each for each in listed}
    known = {each.ref for each in ours}
    for each in listed:
        if each.ref not in known and each.owner_ref not in creating:
            yield Suspect(UNKNOWN, each.ref, None)
    for one in ours:
        if not one.making:
            yield from (Suspect(check, one.ref, one) for check in _about(one, there, now))
    for one in measured(ours, now):
        if one.ref in there:
            yield Suspect(SIZE, one.ref, one)


def _about(one: Ours, there: Mapping[int, AtPanel], now: datetime) -> Iterator[str]:
    at_panel = there.get(one.ref)
    if at_panel is None:
        if not one.is_over:
            yield GONE
        return
    if one.changed_at > now - SETTLED_AFTER:
        return  # it is still being brought after its service
    if one.is_over:
        yield UNBILLED
    elif one.service_state in HELD and not at_panel.suspended:
        yield RUNS
    elif one.service_state == "active" and at_panel.suspended:
        yield STANDS
    if one.owner_ref not in (None, at_panel.owner_ref):
        yield OWNER
    if not one.is_over and one.name_stands and at_panel.name != one.told:
        yield NAME


def verdict(suspect: Suspect, seen: Seen | None) -> Found | None:
    """Whether it is so, now that the panel was asked for this server alone; None is a plain no."""
    one = suspect.ours
    if seen is None:
        return None if suspect.check != GONE else _found(suspect, None, "the panel no longer has")
    if seen.deleting or suspect.check == GONE:
        return None
    if one is None:
        return _found(suspect, seen, "nobody here knows the panel's")
    if suspect.check in (OWNER, SIZE, NAME):
        said = _differs(suspect.check, one, seen)
        return _found(suspect, seen, said) if said else None
    so = {
        UNBILLED: (True, "stands at the panel and nobody pays for"),
        RUNS: (not seen.suspended, f"is {one.service_state} here and not suspended at the panel:"),
        STANDS: (seen.suspended, "is active here and suspended at the panel:"),
    }
    holds, said = so.get(suspect.check, (False, ""))
    return _found(suspect, seen, said) if holds else None


def _differs(check: str, one: Ours, seen: Seen) -> str:
    """What is not as it is here; nothing where it is."""
    if check == OWNER and seen.owner_ref != one.owner_ref:
        return f"the panel gives to its user {seen.owner_ref} instead of {one.owner_ref}"
    if check == NAME and seen.name != one.told:
        return f"the panel calls {seen.name or 'nothing'}, and its customer {one.told}:"
    wrong = _sizes(one.plan, seen.size) if check == SIZE else ""
    return wrong and f"has {wrong}:"


def _sizes(plan: Mapping[str, Any], size: Mapping[str, int]) -> str:
    """What is not as sold; nothing where all is."""
    return ", ".join(
        f"{size[name]} {unit} instead of {plan[name]}"
        for name, unit in SIZES
        if name in plan and size[name] != plan[name]
    )


def _found(suspect: Suspect, seen: Seen | None, said: str) -> Found:
    one = suspect.ours
    name = one.hostname if one is not None else (seen.name if seen else "") or str(suspect.ref)
    kind, subject_id = suspect.subject
    facts: dict[str, Any] = {"panel_server": suspect.ref, "name": name}
    if seen is not None:
        facts |= {"ipv4": seen.ipv4, "owner": seen.owner_ref, "called": seen.name}
    text = f"{said} server {suspect.ref}, {name}"
    return Found(
        kind, subject_id, one.account_id if one else None, text[0].upper() + text[1:], facts
    )


def panel_word(gate: Mapping[str, Any], *, set_up: bool) -> str:
    """One word for how the panel stands, from its gate as it is now."""
    if not set_up:
        return "not_set_up"
    if gate.get("shut_at") is not None:
        return "silent"
    if gate.get("is_limited"):
        return "limited"
    return "troubled" if gate.get("failures") else "answers"
