"""The panel's operations around servers: probe, groups, packages, templates, users, keys."""

from __future__ import annotations

import secrets
from typing import TypeVar

from starlette.responses import Response

from skypanel.integrations.virtfusion.simulator.answers import (
    Json,
    group_json,
    group_resource_json,
    invalid,
    micro_instant,
    not_found,
    package_json,
    page_of,
    refusal,
    ssh_key_json,
    template_group_json,
    user_json,
)
from skypanel.integrations.virtfusion.simulator.call import ApiCall, told
from skypanel.integrations.virtfusion.simulator.state import SshKey, User

T = TypeVar("T")
ROWS_MAX = 200


def connect(_call: ApiCall) -> Response:
    """The probe says yes to every valid token, whatever else the token may do."""
    return told([])


def list_groups(call: ApiCall) -> Response:
    return paged(call, [group_json(group) for group in call.state.tables.groups.values()])


def group_resources(call: ApiCall) -> Response:
    tables = call.state.tables
    group = _record(tables.groups, call.path["group_id"], "hypervisor group")
    hosts = [host for host in tables.hypervisors.values() if host.group_id == group.id]
    return paged(call, [group_resource_json(tables, host) for host in hosts])


def list_packages(call: ApiCall) -> Response:
    return told({"data": [package_json(one) for one in call.state.tables.packages.values()]})


def get_package(call: ApiCall) -> Response:
    package = _record(call.state.tables.packages, call.path["package_id"], "package")
    return told({"data": package_json(package)})


def package_templates(call: ApiCall) -> Response:
    _record(call.state.tables.packages, call.path["package_id"], "package")
    groups = call.state.tables.template_groups
    return told({"data": [template_group_json(group) for group in groups]})


def get_user(call: ApiCall) -> Response:
    key = str(call.path["relation"])
    by_string = call.flag("relStr")
    for user in call.state.tables.users.values():
        ours = user.relation if by_string else str(user.ext_relation_id)
        if ours == key and (by_string or user.ext_relation_id is not None):
            return told({"data": user_json(user)})
    raise not_found("user")


def create_user(call: ApiCall) -> Response:
    name = call.text("name", required=True) or ""
    email = (call.text("email", required=True) or "").strip()
    relation = call.text("relStr")
    number = call.integer("extRelationId")
    if "@" not in email:
        raise invalid("email", "The email must be a valid email address.")
    users = call.state.tables.users
    for other in users.values():
        if other.email.lower() == email.lower():
            raise refusal("The email has already been taken.", status=409)
        if relation is not None and other.relation == relation:
            raise refusal("The relation string has already been taken.", status=409)
        if number is not None and other.ext_relation_id == number:
            raise refusal("The external relation id has already been taken.", status=409)
    user = User(
        id=call.state.next_id("users", 31),
        name=name,
        email=email,
        created_at=call.now,
        relation=relation,
        ext_relation_id=number,
    )
    users[user.id] = user
    return told({"data": {**user_json(user), "password": secrets.token_urlsafe(12)}}, 201)


def list_ssh_keys(call: ApiCall) -> Response:
    user = _record(call.state.tables.users, call.path["user_id"], "user")
    keys = call.state.tables.ssh_keys.values()
    return told({"data": [ssh_key_json(key) for key in keys if key.user_id == user.id]})


def add_ssh_key(call: ApiCall) -> Response:
    user = _record(call.state.tables.users, call.required_integer("userId"), "user")
    public_key = (call.text("publicKey", required=True, longest=16_384) or "").strip()
    if not public_key.startswith(("ssh-", "ecdsa-", "sk-")) or " " not in public_key:
        raise invalid("publicKey", "The publicKey is not a valid public key.")
    key = SshKey(
        id=call.state.next_id("ssh_keys", 12),
        user_id=user.id,
        name=call.text("name", required=True) or "",
        public_key=public_key,
        created_at=call.now,
    )
    call.state.tables.ssh_keys[key.id] = key
    created = micro_instant(key.created_at)
    added = {"id": key.id, "name": key.name, "type": "OpenSSH", "createdAt": created}
    return told({"data": added}, 201)


def _record(table: dict[int, T], number: str | int, name: str) -> T:
    found = table.get(int(number))
    if found is None:
        raise not_found(name)
    return found


def paged(call: ApiCall, rows: list[Json]) -> Response:
    """One page of a list, as many rows as were asked for."""
    size = _count(call, "results", 20)
    if size > ROWS_MAX:
        raise invalid("results", f"The results may not be greater than {ROWS_MAX}.")
    return told(page_of(rows, url=call.url, number=_count(call, "page", 1), size=size))


def _count(call: ApiCall, name: str, default: int) -> int:
    told_count = call.query.get(name, str(default))
    if not told_count.isdigit() or int(told_count) < 1:
        raise invalid(name, f"The {name} must be at least 1.")
    return int(told_count)
