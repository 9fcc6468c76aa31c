"""How jobs and settings are shown, and how a section is changed: pure."""

from __future__ import annotations

import json
import types
from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from skypanel.findings.rules import Area
from skypanel.operations.errors import SettingsInvalid
from skypanel.operations.rules.panel import REPAIRS
from skypanel.platform.settings import Section
from skypanel.platform.states import Table

# Which argument of a job names what it is about, most telling first.
SUBJECTS = {
    "task_id": "task",
    "provision_id": "provision",
    "payment_id": "payment",
    "order_id": "order",
    "invoice_id": "invoice",
    "server_id": "server",
    "message_id": "mail",
    "service_id": "service",
    "user_id": "user",
    "account_id": "account",
}
JOB_STATES = ("waiting", "running", "done", "dead", "cancelled")
TEXT_WORDS = ("pem", "note", "ssh_", "footer")
Jsonable = str | int | float | bool | None | list[str]


def subject_of(args: Mapping[str, Any]) -> dict[str, str] | None:
    """What a job is about, as a subject that pages can link to."""
    for name, kind in SUBJECTS.items():
        if args.get(name):
            return {"kind": kind, "id": str(args[name])}
    return None


def subject_arguments(subject_id: UUID) -> list[str]:
    """Every way a job's arguments can name one thing, as JSON objects."""
    return [json.dumps({name: str(subject_id)}) for name in SUBJECTS]


def _bare(annotation: Any) -> Any:
    """The type behind `X | None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        kept = [each for each in get_args(annotation) if each is not type(None)]
        return kept[0] if len(kept) == 1 else annotation
    return annotation


def field_type(name: str, annotation: Any) -> str:
    """How a setting is entered: boolean, integer, number, choice, list, secret, text, string."""
    bare = _bare(annotation)
    origin = get_origin(bare)
    if bare is SecretStr:
        return "secret"
    if origin is Literal:
        return "choice"
    if origin in (tuple, list, frozenset, set):
        return "list"
    simple = {bool: "boolean", int: "integer", float: "number"}
    if bare in simple:
        return simple[bare]
    if origin in (dict, Mapping) or bare is dict:
        return "map"
    return "text" if any(word in name for word in TEXT_WORDS) else "string"


def _shown(value: Any) -> Any:
    if isinstance(value, tuple | list | frozenset | set):
        return [str(each) for each in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _shown(each) for key, each in value.items()}
    return str(value)


def show_field(name: str, info: FieldInfo, value: Any) -> dict[str, Any]:
    """One setting for staff; of a secret only whether it is set."""
    kind = field_type(name, info.annotation)
    shown: dict[str, Any] = {
        "name": name,
        "title": info.title,
        "type": kind,
        "secret": kind == "secret",
        "value": None if kind == "secret" else _shown(value),
        "set": bool(value.get_secret_value() if isinstance(value, SecretStr) else value),
        "help": info.description or "",
    }
    if kind == "choice":
        shown["choices"] = [str(each) for each in get_args(_bare(info.annotation))]
    return shown


def show(section: Section) -> dict[str, Any]:
    """A section for staff."""
    return {
        "section": section.section,
        "title": section.title,
        "fields": [
            show_field(name, info, getattr(section, name))
            for name, info in type(section).model_fields.items()
        ],
    }


def changed(section: Section, values: Mapping[str, Any]) -> Section:
    """The section with some values replaced.

    A secret left out stays; an empty string stays too, because forms send it for "untouched";
    null unsets it. Every wrong value is named by its field.
    """
    kind = type(section)
    merged = dict(section)
    for name, value in values.items():
        info = kind.model_fields.get(name)
        secret = info is not None and field_type(name, info.annotation) == "secret"
        if secret and value == "":
            continue
        if secret and value is None:
            value = ""  # noqa: PLW2901 - null is how staff unset a secret
        merged[name] = value
    try:
        return kind.model_validate(merged)
    except ValidationError as error:
        raise SettingsInvalid(_field_errors(error)) from None


def _field_errors(error: ValidationError) -> list[dict[str, str]]:
    return [
        {
            "field": ".".join(str(part) for part in ("values", *each["loc"])),
            "message": str(each["msg"]).removeprefix("Value error, "),
            "code": each["type"],
        }
        for each in error.errors(include_input=False, include_url=False)
    ]


def changed_names(before: Section, after: Section) -> list[str]:
    """The fields that differ, by name only: a value may be a secret."""
    return [
        name for name in type(before).model_fields if getattr(before, name) != getattr(after, name)
    ]


def section_called(sections: Sequence[type[Section]], name: str) -> type[Section] | None:
    """The section of that name, if there is one."""
    return next((each for each in sections if each.section == name), None)


# By the machine's time; three looks that did not come.
LOOKED_TOO_LONG_AGO_SECONDS = {Area.INVARIANT: 15 * 60, Area.PANEL: 3 * 60 * 60}


def check_state(look: Mapping[str, Any] | None, standing: Sequence[Mapping[str, Any]]) -> str:
    """One word for how a check stands: what it could not look at is not said to hold."""
    if look is None or look["error"] is not None:
        return "unchecked"
    if not standing:
        return "holds"
    known = all(each["acknowledged_at"] is not None for each in standing)
    return "known" if known else "broken"


def shown_finding(row: Mapping[str, Any], permissions: Container[str]) -> dict[str, Any]:
    """A finding for staff, with what this member may do about it."""
    can: list[str] = []
    if row["closed_at"] is None and row["acknowledged_at"] is None:
        can += ["acknowledge"] if "findings.settle" in permissions else []
    if row["closed_at"] is None and row["repair_state"] != "asked":
        can += REPAIRS.get(row["check"], ()) if "findings.repair" in permissions else ()
    shown = {name: value for name, value in row.items() if not name.startswith("subject_")}
    return {
        **shown,
        "subject": {"kind": row["subject_kind"], "id": row["subject_id"]},
        "can": can,
    }


TURN_STATES: Table = {"running": {"arrive": "done"}, "done": {}}
STEP_AT_MOST = timedelta(days=1)


def next_stop(reached: datetime, to: datetime, act: datetime | None) -> datetime | None:
    """Where the clock stops next: at what comes, each day at least, at last where it goes."""
    if reached >= to:
        return None
    stops = [reached + STEP_AT_MOST, to, *([] if act is None or act <= reached else [act])]
    return min(stops)
