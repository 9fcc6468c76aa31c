"""What a token of the panel must be allowed, and what an attempt said about it: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

ALLOWED, FORBIDDEN, FAILED, UNTRIED = "allowed", "forbidden", "failed", "not_tried"


@dataclass(frozen=True, slots=True)
class Right:
    """Something the token must be allowed: `call` is what is ticked for it in the panel.

    `probe` names the harmless attempt; what can't be tried without doing it has none.
    """

    name: str
    title: str
    call: str
    needed_for: str
    probe: bool = True
    optional: bool = False


READS: Final = (
    Right("connect", "Log in", "GET /connect", "everything"),
    Right("packages", "Read packages", "GET /packages", "the plans"),
    Right("groups", "Read hypervisor groups", "GET /compute/hypervisors/groups", "locations"),
    Right(
        "room", "Read what is free in a group",
        "GET /compute/hypervisors/groups/{id}/resources", "stock",
    ),
    Right(
        "templates", "Read systems", "GET /media/templates/fromServerPackageSpec/{id}", "images"
    ),
    Right("user", "Find a user", "GET /users/{id}/byExtRelation", "new servers"),
    Right("servers", "List servers", "GET /servers", "the comparison with the panel"),
    Right("server", "Read a server", "GET /servers/{id}", "everything about servers"),
    Right(
        "servers_of", "List a user's servers", "GET /servers/user/{id}",
        "finding a server again whose creation was lost",
    ),
    Right("ssh_keys", "Read SSH keys", "GET /ssh_keys/user/{id}", "keys at installation"),
    Right("queue_item", "Follow a job", "GET /queue/{id}", "tasks"),
    Right(
        "hypervisors", "List hypervisors", "GET /compute/hypervisors",
        "nothing that customers see", optional=True,
    ),
    Right(
        "ip_blocks", "List address blocks", "GET /connectivity/ipblocks",
        "nothing that customers see", optional=True,
    ),
    Right(
        "status", "Read the panel's status", "GET /status", "telling its version", optional=True
    ),
)  # fmt: skip
CREATION: Final = (Right("dry_run", "Create a server (tried dry)", "POST /servers", "new servers"),)
CHANGES: Final = tuple(
    Right(name, title, call, needed_for, probe=False)
    for name, title, call, needed_for in (
        ("create_user", "Create users", "POST /users", "new customers' first server"),
        ("build", "Install", "POST /servers/{id}/build", "new servers, reinstallation"),
        ("power", "Power", "POST /servers/{id}/power/*", "start, restart, shut down, power off"),
        ("suspend", "Suspend and resume", "POST /servers/{id}/suspend, /unsuspend", "holds"),
        ("delete", "Delete", "DELETE /servers/{id}", "the end of a service"),
        ("package", "Change the package", "PUT /servers/{id}/package/{id}", "changes of plan"),
        ("rename", "Rename", "PUT /servers/{id}/modify/name", "labels"),
        ("keys", "Add SSH keys", "POST /ssh_keys", "keys at installation"),
    )
)
RIGHTS: Final = (*READS, *CREATION, *CHANGES)
SAYS: Final[Mapping[str, str]] = {
    ALLOWED: "The panel allows it.",
    FORBIDDEN: "The panel does not allow this token: tick {call} in the panel under"
    " Configuration > API at this token.",
    UNTRIED: "It can't be tried without doing it. See that {call} is ticked.",
}


def step(right: Right, outcome: str, said: str = "") -> dict[str, Any]:
    """One line of the probe for staff."""
    words = said or SAYS.get(outcome, "").format(call=right.call)
    return {
        "name": right.name,
        "title": right.title,
        "call": right.call,
        "needed_for": right.needed_for,
        "optional": right.optional,
        "outcome": outcome,
        "says": words,
    }


def is_ready(steps: Sequence[Mapping[str, Any]]) -> bool:
    """Whether nothing that is needed was refused or went wrong."""
    return not any(
        each["outcome"] in (FORBIDDEN, FAILED) and not each["optional"] for each in steps
    )
