"""The panel's operations on what surrounds a server: addresses, firewall, reverse names, copies."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address
from typing import Final

from starlette.responses import JSONResponse, Response

from skypanel.integrations.virtfusion.simulator import capacity
from skypanel.integrations.virtfusion.simulator.answers import Json, instant, invalid, refusal
from skypanel.integrations.virtfusion.simulator.call import ApiCall, Operation, done, told
from skypanel.integrations.virtfusion.simulator.state import Backup, Server

_SERVER: Final = "/servers/{server_id:int}"
_FIREWALL: Final = _SERVER + "/firewall/{interface}"
BACKUPS_KEPT: Final = timedelta(days=7)
RULESETS: Final[dict[int, tuple[Json, ...]]] = {
    1: (
        {"action": "allow", "direction": "in", "protocol": "tcp", "destinationPort": "22"},
        {"action": "allow", "direction": "in", "protocol": "tcp", "destinationPort": "80"},
        {"action": "allow", "direction": "in", "protocol": "tcp", "destinationPort": "443"},
    ),
    2: ({"action": "deny", "direction": "in", "protocol": "all"},),
}


def _unknown() -> Response:
    """A body that the contract does not describe, so nobody may read it."""
    return JSONResponse({})


def get_firewall(call: ApiCall) -> Response:
    server = call.server()
    return told({"data": {"enabled": server.firewall, "rules": server.firewall_rules}})


def switch_firewall(call: ApiCall) -> Response:
    server = call.server()
    server.firewall = call.operation.path.endswith("/enable")
    call.lose_once(f"firewall:{server.id}", server.name, server.hostname)
    return _unknown()


def replace_rules(call: ApiCall) -> Response:
    """The older form, which flushes. The newer one's answer is not documented: not served."""
    server = call.server()
    wanted = call.body.get("rulesets")
    if not isinstance(wanted, list) or not all(isinstance(one, int) for one in wanted):
        raise invalid("rulesets", "The rulesets must be a list of ids.")
    if not set(wanted) <= set(RULESETS):
        raise refusal("Invalid firewall ruleset")
    server.firewall_rules = [rule for one in wanted for rule in RULESETS[one]]
    return done(201)


def set_reverse_name(call: ApiCall) -> Response:
    address = call.text("address", required=True) or ""
    try:
        IPv4Address(address)
    except ValueError:
        raise invalid("address", "The address must be a valid IPv4 address.") from None
    name = call.text("ptr")
    owners = [one for one in call.state.tables.servers.values() if address in one.ipv4]
    if not owners:
        raise refusal("The address is not assigned to a server")
    for server in owners:
        server.reverse_names = {**server.reverse_names, address: name or ""}
        call.lose_once(f"rdns:{server.id}", server.name, server.hostname)
    return _unknown()


def add_addresses(call: ApiCall) -> Response:
    server = call.server()
    quantity = call.required_integer("quantity")
    if quantity < 1 or call.text("interface", required=True) != "primary":
        raise invalid("quantity", "The quantity must be at least 1.")
    free = capacity.free_ipv4(call.state.tables, call.state.tables.groups[server.group_id])
    if len(free) < quantity:
        raise refusal("Not enough free IPv4 addresses in the group")
    given = [str(one) for one in free[:quantity]]
    server.ipv4 = [*server.ipv4, *given]
    call.lose_once(f"ipv4:{server.id}:{len(server.ipv4)}", server.name, server.hostname)
    return told({"data": given})


def drop_addresses(call: ApiCall) -> Response:
    server = call.server()
    wanted = call.body.get("ip")
    if not isinstance(wanted, list) or not set(wanted) <= set(server.ipv4[1:]):
        raise refusal("The address can not be removed")
    server.ipv4 = [one for one in server.ipv4 if one not in wanted]
    return done()


def list_backups(call: ApiCall) -> Response:
    server = call.server()
    return told({"data": [_backup_json(call, one) for one in _of(call, server)]})


def start_backup(call: ApiCall) -> Response:
    server = call.server()
    if any(one.ends_at > call.now for one in _of(call, server)):
        raise refusal("A backup or restore is already running")
    backup = Backup(
        id=call.state.next_id("backups", 42),
        server_id=server.id,
        started_at=call.now,
        ends_at=call.now + timedelta(seconds=call.state.timing.backup_seconds),
        fails=call.fault("fail_job") is not None,
    )
    call.state.tables.backups[backup.id] = backup
    call.lose_once(f"backup:{server.id}", server.name, server.hostname)
    return _unknown()


def _of(call: ApiCall, server: Server) -> list[Backup]:
    """The copies of a server; one that failed is removed when its time is over."""
    tables = call.state.tables
    for one in list(tables.backups.values()):
        if one.fails and one.ends_at <= call.now:
            del tables.backups[one.id]
    return [one for one in tables.backups.values() if one.server_id == server.id]


def _backup_json(call: ApiCall, backup: Backup) -> Json:
    complete = backup.ends_at <= call.now
    return {
        "id": backup.id,
        "serverId": backup.server_id,
        "storage": {"id": 5, "name": "backup-1", "enabled": True},
        "deleting": False,
        "restoring": False,
        "progress": not complete,
        "complete": complete,
        "deleteAfter": instant(backup.started_at + BACKUPS_KEPT),
        "created": instant(backup.started_at),
        "updated": instant(min(backup.ends_at, call.now)),
    }


OPERATIONS: Final = (
    Operation("getFirewall", "GET", _FIREWALL, get_firewall, 403),
    Operation("enableFirewall", "POST", _FIREWALL + "/enable", switch_firewall),
    Operation("disableFirewall", "POST", _FIREWALL + "/disable", switch_firewall),
    Operation("addFirewallRule", "POST", _FIREWALL + "/rules", replace_rules),
    Operation("setIPv4Rdns", "PUT", "/connectivity/ipv4/rdns", set_reverse_name, since="7.1"),
    Operation("addServerIpv4Quantity", "POST", _SERVER + "/ipv4Qty", add_addresses),
    Operation("removeServerIpv4", "DELETE", _SERVER + "/ipv4", drop_addresses),
    Operation("listServerBackups", "GET", "/backups/server/{server_id:int}", list_backups, 403),
    Operation(
        "createServerBackup",
        "POST",
        _SERVER + "/backupManager/backup",
        start_backup,
        since="7.1",
    ),
)
