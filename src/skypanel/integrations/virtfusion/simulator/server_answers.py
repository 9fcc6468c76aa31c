"""The panel's server objects: the full one and the row in the list of an owner."""

from __future__ import annotations

from datetime import datetime

from skypanel.integrations.virtfusion.simulator import lifecycle
from skypanel.integrations.virtfusion.simulator.answers import (
    Json,
    instant,
    owner_json,
    resources_json,
)
from skypanel.integrations.virtfusion.simulator.load import load
from skypanel.integrations.virtfusion.simulator.server_parts import (
    disk_json,
    interface_json,
    keys_json,
    settings_json,
    traffic_json,
)
from skypanel.integrations.virtfusion.simulator.state import COMMISSION, PanelState, Server

_TINY_PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSu"
)


def server_json(
    state: PanelState, server: Server, now: datetime, *, password: str | None = None
) -> Json:
    """The full object; the root password is in it only when a build answers."""
    busy = lifecycle.active_job(state, server) is not None
    return {
        **_record(server),
        "traffic": traffic_json(server, now),
        "settings": settings_json(server, password),
        **_hardware(state, server),
        "network": {"interfaces": [interface_json(state, server)], "secondaryInterfaces": []},
        "storage": [disk_json(server)],
        "hypervisorAssets": [],
        "hypervisor": _host(state, server),
        "owner": owner_json(state.tables.users[server.user_id]),
        "sshKeys": keys_json(state, server),
        "sharedUsers": [],
        "tasks": {
            "active": busy,
            "lastOn": f"{server.last_task_at:%Y-%m-%d %H:%M:%S}" if server.last_task_at else None,
            "actions": {"pending": []},
        },
    }


def _record(server: Server) -> Json:
    return {
        "id": server.id,
        "ownerId": server.user_id,
        "hypervisorId": server.hypervisor_id,
        "arch": 1,
        "name": server.name,
        "selfService": 0,
        "selfServiceSettings": [],
        "hostname": server.hostname,
        "commissionStatus": COMMISSION[server.state],
        "uuid": server.uuid,
        "state": server.state,
        "migratable": True,
        "timezone": "_default",
        "migrateLevel": 0,
        "deleteLevel": 1 if server.deletes_at else 0,
        "configLevel": 0,
        "backupLevel": 0,
        "elevated": False,
        "elevateId": None,
        "elevate": False,
        "destroyable": True,
        "rebuild": server.rebuild,
        "suspended": server.suspended,
        "protected": False,
        "buildFailed": server.state == "failed",
        "primaryNetworkDhcp4": False,
        "primaryNetworkDhcp6": False,
        "built": instant(server.built_at) if server.built_at else None,
        "created": instant(server.created_at),
        "updated": instant(server.updated_at),
    }


def _hardware(state: PanelState, server: Server) -> Json:
    host = state.tables.hypervisors[server.hypervisor_id]
    return {
        "cpu": {
            "cores": server.cpu_cores,
            "type": "inherit",
            "typeExact": "host-model",
            "shares": 1024,
            "throttle": 0,
            "topology": {"enabled": False},
        },
        "customXML": {"domain": {"xml": "", "enabled": False}},
        "qemuCommandline": [],
        "qemuAgent": {"os": {"screen": _TINY_PNG if server.running else ""}},
        "media": {
            "isoMounted": False,
            "isoType": "local",
            "isoName": "",
            "isoFilename": "",
            "isoUrl": "",
            "isoDownload": False,
        },
        "backupPlan": {"id": None, "name": None},
        "vnc": {"ip": host.ip, "port": 5900 + server.id % 100, "enabled": False},
    }


def _host(state: PanelState, server: Server) -> Json:
    host = state.tables.hypervisors[server.hypervisor_id]
    group = state.tables.groups[server.group_id]
    return {
        "id": host.id,
        "ip": host.ip,
        "hostname": None,
        "port": 8892,
        "maintenance": False,
        "groupId": group.id,
        "group": {"name": group.name, "icon": group.country.lower()},
        "timezone": "UTC",
        "displayName": None,
        "name": host.name,
        "dataDir": "/home/vf-data",
        "resources": resources_json(state.tables, host),
    }


def remote_state(server: Server, now: datetime) -> Json | bool:
    """Live state as the hypervisor tells it; `false` while there is no guest to ask."""
    if server.state != "complete":
        return False
    if not server.running:
        return {"state": "stopped", "running": False}
    total = server.memory_mb * 1024
    capacity = server.storage_gb * 1024**3
    now_does = load(server.id, server.built_at or server.created_at, now)
    free = int(total * (1 - now_does.memory_used))
    since = max(0, int((now - (server.built_at or now)).total_seconds()))
    return {
        "state": "running",
        "running": True,
        "cpu": now_does.cpu_percent,
        "memory": {
            "actual": str(total),
            "unused": str(free),
            "available": str(total),
            "usable": str(free),
            "rss": str(total - free),
            "memtotal": str(total),
            "memfree": str(free),
            "memavailable": str(free),
        },
        "disk": {
            "vda": {
                "capacity": str(capacity),
                "physical": str(capacity // 5),
                "allocation": str(capacity // 5),
                "rd.reqs": str(15_021 + since),
                "rd.bytes": str(now_does.read_bytes),
                "wr.reqs": str(9120 + since),
                "wr.bytes": str(now_does.written_bytes),
            }
        },
        "agent": {
            "fsinfo": [
                {
                    "name": "vda1",
                    "mountpoint": "/",
                    "type": "ext4",
                    "used-bytes": int(capacity * 0.98 * now_does.filesystem_used),
                    "total-bytes": int(capacity * 0.98),
                }
            ]
        },
    }


def list_server_json(server: Server) -> Json:
    """The row in the list of all servers: fewer names, and some of its own."""
    return {
        "id": server.id,
        "uuid": server.uuid,
        "name": server.name,
        "commissioned": COMMISSION[server.state],
        "owner": server.user_id,
        "hypervisorId": server.hypervisor_id,
        "suspended": server.suspended,
        "protected": False,
        "updated": instant(server.updated_at),
        "created": instant(server.created_at),
    }


def user_server_json(state: PanelState, server: Server) -> Json:
    """The row in an owner's list: another shape of the same server."""
    host = state.tables.hypervisors[server.hypervisor_id]
    face = interface_json(state, server)
    return {
        "id": server.id,
        "ownerId": server.user_id,
        "hypervisorId": server.hypervisor_id,
        "name": server.name,
        "hostname": server.hostname,
        "commissionStatus": COMMISSION[server.state],
        "uuid": server.uuid,
        "state": server.state,
        "rebuild": server.rebuild,
        "suspended": server.suspended,
        "protected": False,
        "buildFailed": server.state == "failed",
        "backup_level": 0,
        "backup_plan": None,
        "os": {"screen": ""},
        "server_info": {"show": False, "icon": None, "name": None, "label": None},
        "vnc": {
            "expose_details": True,
            "ip": host.ip,
            "hostname": None,
            "port": 5900 + server.id % 100,
            "enabled": 0,
        },
        "resources": {
            "memory": server.memory_mb,
            "storage": server.storage_gb,
            "traffic": server.traffic_gb,
            "cpuCores": server.cpu_cores,
            "cpu_model": None,
        },
        "network": {
            "interfaces": [
                {
                    "order": 1,
                    "enabled": True,
                    "tag": face["tag"],
                    "name": "eth0",
                    "mac": face["mac"],
                    "isNat": False,
                    "ipv4": [
                        {key: one[key] for key in ("address", "gateway", "netmask")}
                        for one in face["ipv4"]
                    ],
                    "ipv6": face["ipv6"],
                }
            ]
        },
        "config": {"uefi": False, "bootOrder": ["hd", "cdrom"]},
        "media": {"isoMounted": False, "isoName": ""},
    }
