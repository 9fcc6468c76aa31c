"""What may be done to many servers at once, and to which of them: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from skypanel.platform.states import Table
from skypanel.servers.rules import BY_POWER, WANTED_POWER

POWER_VERBS: Final = ("start", "restart", "shutdown", "poweroff")
BULK_VERBS: Final = (*POWER_VERBS, "suspend", "resume")
BULK_MAX: Final = 200
BULK_STATES: Table = {
    "queued": {"ask": "asked", "refuse": "refused"},
    "asked": {},
    "excluded": {},
    "refused": {},
}
EFFECTS: Final[Mapping[str, str]] = {
    "start": "is started",
    "restart": "is restarted: its system is asked to",
    "shutdown": "is shut down: its system is asked to",
    "poweroff": "is powered off at once, as by pulling the plug",
    "suspend": "is suspended; its customer reads of it by mail, and its time goes on",
    "resume": "runs again, and its customer reads of it by mail",
}


def bulk_verdict(verb: str, hold: str, row: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether this is done to a server, and what happens to it or why it is left alone."""
    if verb in POWER_VERBS:
        why = _why_no_power(verb, row)
    elif verb == "suspend":
        why = _why_no_hold(hold, row)
    else:
        why = _why_no_release(hold, row)
    if why:
        return False, why
    if verb == "resume" and set(row["holds"]) - {hold}:
        rest = ", ".join(sorted(set(row["holds"]) - {hold}))
        return True, f"loses this hold and stays suspended: {rest}"
    if verb == "suspend" and row["holds"]:
        return True, "is suspended already and gets this hold too"
    return True, EFFECTS[verb]


def _why_no_power(verb: str, row: Mapping[str, Any]) -> str:
    if row["state"] != "ready":
        return f"is {row['state']}"
    if row["service_state"] != "active":
        return f"its service is {row['service_state']}"
    if row["task_kind"]:
        return f"{row['task_kind']} is under way"
    if verb not in BY_POWER[row["power"]]:
        same = WANTED_POWER[verb] == row["power"]
        return f"is {row['power']} already" if same else f"is {row['power']}"
    return ""


def _why_no_hold(hold: str, row: Mapping[str, Any]) -> str:
    if row["service_state"] not in ("active", "suspended"):
        return f"its service is {row['service_state']}"
    return f"is held for {hold} already" if hold in row["holds"] else ""


def _why_no_release(hold: str, row: Mapping[str, Any]) -> str:
    if row["service_state"] != "suspended":
        return f"its service is {row['service_state']}"
    return "" if hold in row["holds"] else f"is not held for {hold}"


def item_state(row: Mapping[str, Any]) -> str:
    """How far one server of a bulk work is, from its task or from how the panel has it."""
    if row["state"] in ("queued", "excluded", "refused"):
        return str(row["state"])
    if row["task_state"] is not None:
        words = {"done": "done", "failed": "failed"}
        return words.get(row["task_state"], "running")
    suspended = row["service_state"] == "suspended"
    wanted = "suspended" if suspended else "free"
    return "done" if row["standing"] == wanted else "running"
