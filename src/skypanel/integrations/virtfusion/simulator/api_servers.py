"""The panel's operations on servers: allocate, install, read, switch, suspend, rename, delete."""

from __future__ import annotations

import secrets
from datetime import timedelta

from starlette.responses import Response

from skypanel.integrations.virtfusion.simulator import capacity, lifecycle
from skypanel.integrations.virtfusion.simulator.answers import (
    invalid,
    locked,
    not_found,
    queue_json,
    refusal,
)
from skypanel.integrations.virtfusion.simulator.api_catalog import paged
from skypanel.integrations.virtfusion.simulator.call import ApiCall, done, told
from skypanel.integrations.virtfusion.simulator.server_answers import (
    list_server_json,
    server_json,
    user_server_json,
)
from skypanel.integrations.virtfusion.simulator.state import Group, Package, Server, User

DELAY_MAX_MINUTES = 43_799
NAME_CHARACTERS = 63


def create_server(call: ApiCall) -> Response:
    """Allocate on the host of the group with most room; a dry run only looks."""
    tables = call.state.tables
    package = tables.packages.get(call.required_integer("packageId"))
    user = call.user(call.required_integer("userId"))
    group = tables.groups.get(call.required_integer("hypervisorId"))
    if package is None or not package.enabled:
        raise refusal("Invalid or disabled package")
    if user is None or user.suspended:
        raise refusal("Invalid or suspended user")
    if group is None or not group.enabled:
        raise refusal("Invalid or disabled hypervisor group")
    server = _allocated(call, package, user, group)
    if call.flag("dryRun"):
        return told({"data": []})
    server.id = call.state.next_id("servers", 118)
    server.uuid = lifecycle.new_uuid(server.id)
    tables.servers[server.id] = server
    call.lose_once(f"create:{user.id}", user.name, user.email, user.relation)
    return told({"data": server_json(call.state, server, call.now)}, 201)


def _allocated(call: ApiCall, package: Package, user: User, group: Group) -> Server:
    """The server as it would be, on a host that has room for it; not yet in the tables."""
    sizes = {
        "memory": package.memory_mb,
        "cpuCores": package.cpu_cores,
        "storage": package.storage_gb,
        "traffic": package.traffic_gb,
        "networkSpeedInbound": package.speed_kilobytes_per_second,
        "networkSpeedOutbound": package.speed_kilobytes_per_second,
        "storageProfile": package.storage_type,
        "ipv4": 1,
    }
    for name in sizes:
        wanted = call.integer(name)
        if wanted is not None:
            if wanted < 0:
                raise invalid(name, f"The {name} must be at least 0.")
            sizes[name] = wanted
    wish = capacity.Wish(
        memory_mb=sizes["memory"],
        cores=sizes["cpuCores"],
        storage_gb=sizes["storage"],
        storage_type=sizes["storageProfile"],
    )
    host = capacity.place(call.state.tables, group, wish)
    if host is None:
        raise refusal("No hypervisor in the group has enough free resources")
    addresses = capacity.free_ipv4(call.state.tables, group)
    if len(addresses) < sizes["ipv4"]:
        raise refusal("Not enough free IPv4 addresses in the group")
    return Server(
        id=0,
        uuid="",
        user_id=user.id,
        group_id=group.id,
        hypervisor_id=host.id,
        package_id=package.id,
        cpu_cores=sizes["cpuCores"],
        memory_mb=sizes["memory"],
        storage_gb=sizes["storage"],
        storage_type=sizes["storageProfile"],
        traffic_gb=sizes["traffic"],
        speed_in=sizes["networkSpeedInbound"],
        speed_out=sizes["networkSpeedOutbound"],
        ipv4=[str(address) for address in addresses[: sizes["ipv4"]]],
        created_at=call.now,
        updated_at=call.now,
    )


def build_server(call: ApiCall) -> Response:
    """Queue the installation and tell the root password once."""
    server = call.server()
    _free(call, server)
    template = call.required_integer("operatingSystemId")
    if template not in lifecycle.template_ids(call.state.tables.template_groups):
        raise refusal("Invalid or unavailable operating system")
    keys = call.body.get("sshKeys") or []
    own = {key.id for key in call.state.tables.ssh_keys.values() if key.user_id == server.user_id}
    if not isinstance(keys, list) or not all(isinstance(key, int) for key in keys):
        raise invalid("sshKeys", "The sshKeys must be a list of ids.")
    if not own.issuperset(keys):
        raise refusal("An SSH key does not belong to the owner of the server")
    hostname = call.text("hostname")
    server.name = call.text("name") or server.name or hostname or f"server-{server.id}"
    server.hostname = hostname or server.hostname
    server.template_id = template
    server.ssh_key_ids = keys
    fails = call.fault("fail_build") is not None
    ipv6 = call.body.get("ipv6") is True
    lifecycle.start_build(call.state, server, call.now, fails=fails, ipv6=ipv6)
    call.lose_once(f"build:{server.id}", server.name, server.hostname)
    password = secrets.token_urlsafe(15)
    call.state.engine.give_password(server, password)
    return told({"data": server_json(call.state, server, call.now, password=password)})


def get_server(call: ApiCall) -> Response:
    server = call.server()
    live = call.state.engine.remote_state(server, call.now) if call.flag("remoteState") else False
    answer = {**server_json(call.state, server, call.now), "remoteState": live}
    return told({"data": answer})


def list_user_servers(call: ApiCall) -> Response:
    user = call.user(int(call.path["user_id"]))
    if user is None:
        raise not_found("user")
    servers = call.state.tables.servers.values()
    rows = [user_server_json(call.state, one) for one in servers if one.user_id == user.id]
    return told({"data": rows})


def list_servers(call: ApiCall) -> Response:
    """Every server there is, page by page."""
    servers = sorted(call.state.tables.servers.values(), key=lambda one: one.id)
    return paged(call, [list_server_json(one) for one in servers])


def delete_server(call: ApiCall) -> Response:
    server = call.server()
    delay = call.query.get("delay", "0")
    if not delay.isdigit() or int(delay) > DELAY_MAX_MINUTES:
        raise refusal("The delay is out of range.", status=403)
    seconds = int(delay) * 60 + call.state.timing.delete_seconds
    if seconds == 0:
        lifecycle.remove(call.state, server)
    else:
        server.deletes_at = call.now + timedelta(seconds=seconds)
    return done()


def suspend_server(call: ApiCall) -> Response:
    lifecycle.suspend(call.state, call.server(), call.now)
    return done()


def unsuspend_server(call: ApiCall) -> Response:
    lifecycle.unsuspend(call.server(), call.now)
    return done()


def power_server(call: ApiCall) -> Response:
    """Queue a change of power; it has happened when the job's time is over."""
    server = call.server()
    _free(call, server)
    action = call.operation.path.rsplit("/", 1)[1]
    if (server.suspended and action != "poweroff") or server.state != "complete":
        raise locked()
    seconds = call.state.timing.power_seconds
    item = lifecycle.start_job(call.state, server, f"server_{action}", call.now, seconds)
    return told({"data": {"queueId": item.id}})


def rename_server(call: ApiCall) -> Response:
    server = call.server()
    server.name = call.text("name", required=True, longest=NAME_CHARACTERS) or ""
    server.updated_at = call.now
    return done(201)


def change_package(call: ApiCall) -> Response:
    """Take the sizes of another package over, as far as the host of the server has room."""
    server = call.server()
    _free(call, server)
    package = call.state.tables.packages.get(int(call.path["package_id"]))
    if package is None or not package.enabled:
        raise refusal("Invalid or disabled package")
    told_of: list[str] = []
    sizes = {
        "memory_mb": ("memory", package.memory_mb),
        "cpu_cores": ("cpu", package.cpu_cores),
        "storage_gb": ("primaryDiskSize", package.storage_gb),
        "traffic_gb": ("primaryNetworkTraffic", package.traffic_gb),
        "speed_in": ("primaryNetworkInboundSpeed", package.speed_kilobytes_per_second),
        "speed_out": ("primaryNetworkOutboundSpeed", package.speed_kilobytes_per_second),
    }
    wanted: dict[str, int] = {}
    for name, (flag, size) in sizes.items():
        if call.body.get(flag) is not True:
            continue
        if size == getattr(server, name):
            told_of.append(f"{flag} not updated. It matches the current value")
        elif name == "storage_gb" and size < server.storage_gb:
            told_of.append(f"{flag} not updated. A disk can not be reduced")
        else:
            wanted[name] = size
    if not capacity.can_grow(call.state.tables, server, wanted):
        raise refusal("The hypervisor does not have enough free resources")
    for name, size in wanted.items():
        setattr(server, name, size)
    server.package_id, server.updated_at = package.id, call.now
    call.lose_once(f"package:{server.id}", server.name, server.hostname)
    return told({"info": told_of})


def get_queue_item(call: ApiCall) -> Response:
    item = call.state.tables.queue.get(int(call.path["queue_id"]))
    if item is None:
        raise not_found("queue item")
    return told({"data": queue_json(item, call.now)})


def _free(call: ApiCall, server: Server) -> None:
    if lifecycle.active_job(call.state, server) is not None:
        raise locked()
