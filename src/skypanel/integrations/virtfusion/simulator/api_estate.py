"""The panel's operations around the host's machines: health, hypervisors, address blocks."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from skypanel.integrations.virtfusion.simulator import capacity
from skypanel.integrations.virtfusion.simulator.answers import (
    SINCE,
    Json,
    group_json,
    instant,
    not_found,
)
from skypanel.integrations.virtfusion.simulator.api_catalog import paged
from skypanel.integrations.virtfusion.simulator.call import ApiCall, Operation, done, told
from skypanel.integrations.virtfusion.simulator.state import Group, Hypervisor, Tables

_HYPERVISORS: Final = "/compute/hypervisors"
_BLOCKS: Final = "/connectivity/ipblocks"
IPV6_FROM, IPV6_TO = 48, 64


def status(_call: ApiCall) -> Response:
    """All is well; what else the panel says of itself is not documented, so nothing is."""
    return told({})


def list_hypervisors(call: ApiCall) -> Response:
    tables = call.state.tables
    rows = [hypervisor_json(tables, host) for host in tables.hypervisors.values()]
    return paged(call, [{**row, "storage": []} for row in rows])


def get_hypervisor(call: ApiCall) -> Response:
    host = call.state.tables.hypervisors.get(int(call.path["hypervisor_id"]))
    if host is None:
        raise not_found("hypervisor")
    return told({"data": hypervisor_json(call.state.tables, host)})


def list_ip_blocks(call: ApiCall) -> Response:
    return paged(call, blocks(call.state.tables))


def get_ip_block(call: ApiCall) -> Response:
    wanted = int(call.path["block_id"])
    for block in blocks(call.state.tables):
        if block["id"] == wanted:
            return told({"data": block})
    raise not_found("ip block")


def change_owner(call: ApiCall) -> Response:
    server = call.server()
    user = call.user(int(call.path["user_id"]))
    if user is None:
        raise not_found("user")
    server.user_id = user.id
    server.updated_at = call.now
    return done(201)


def hypervisor_json(tables: Tables, host: Hypervisor) -> Json:
    """With the host's address and key in it, as the real one has: nobody may keep them."""
    return {
        "id": host.id,
        "commissioned": 3,
        "ip": host.ip,
        "ipAlt": None,
        "hostname": None,
        "port": 8892,
        "sshPort": 22,
        "name": host.name,
        "maintenance": False,
        "enabled": host.enabled,
        "nfType": 4,
        "group": group_json(tables.groups[host.group_id]),
        "encryptedToken": "not-a-real-token",
        "maxServers": host.max_servers,
        "maxCpu": host.max_cores,
        "maxMemory": host.max_memory_mb,
        "networks": [
            {
                "id": host.id,
                "type": "simpleBridge",
                "bridge": "br0",
                "primary": True,
                "default": True,
                "created": instant(SINCE),
                "updated": instant(SINCE),
            }
        ],
        "created": instant(SINCE),
        "updated": instant(SINCE),
    }


def blocks(tables: Tables) -> list[Json]:
    """One block of each kind for each group."""
    found = []
    for group in tables.groups.values():
        found.append(_block(group, group.id * 2, 4, group.ipv4_network, _ipv4(tables, group)))
        found.append(_block(group, group.id * 2 + 1, 6, group.ipv6_network, {}))
    return found


def _ipv4(tables: Tables, group: Group) -> Json:
    free = len(capacity.free_ipv4(tables, group))
    used = sum(len(one.ipv4) for one in tables.servers.values() if one.group_id == group.id)
    return {"total": free + used, "usedTotal": used, "freeTotal": free}


def _block(group: Group, number: int, kind: int, name: str, counted: Json) -> Json:
    none = {"gateway": None, "resolvers": {"primary": None, "secondary": None}}
    return {
        "id": number,
        "type": kind,
        "name": name,
        "ipv4": {**none, "netmask": None, "total": 0, "usedTotal": 0, "freeTotal": 0, **counted},
        "ipv6": {
            **none,
            "subnet": group.ipv6_network if kind == 6 else None,
            "from": IPV6_FROM,
            "to": IPV6_TO,
            "restricted": [],
            "total": 0,
            "generatedTotal": 0,
            "usedTotal": 0,
            "freeTotal": 0,
            "freeGenerated": 0,
            "blacklistedTotal": 0,
        },
        "rdnsType": 0,
        "rdnsZoneId": None,
        "networkProfile": 0,
        "routeBlock": None,
        "dhcp": 1,
        "enabled": group.enabled,
        "created": instant(SINCE),
        "updated": instant(SINCE),
    }


ESTATE: Final = (
    Operation("getControlStatus", "GET", "/status", status, 403, since="7.1"),
    Operation("listHypervisors", "GET", _HYPERVISORS, list_hypervisors, 403),
    Operation("getHypervisor", "GET", _HYPERVISORS + "/{hypervisor_id:int}", get_hypervisor, 403),
    Operation("listIpBlocks", "GET", _BLOCKS, list_ip_blocks, 403),
    Operation(
        "changeServerOwner",
        "PUT",
        "/servers/{server_id:int}/owner/{user_id:int}",
        change_owner,
    ),
    Operation("getIpBlock", "GET", _BLOCKS + "/{block_id:int}", get_ip_block, 403),
)
