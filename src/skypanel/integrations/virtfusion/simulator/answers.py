"""The panel's small answers: errors, pages, packages, users, keys, jobs, templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from skypanel.integrations.virtfusion.simulator import capacity
from skypanel.integrations.virtfusion.simulator.state import (
    Group,
    Hypervisor,
    Package,
    QueueItem,
    SshKey,
    Tables,
    TemplateGroup,
    User,
)

Json = dict[str, Any]
SINCE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Answered(Exception):
    """The panel's refusal, raised from wherever it is found."""

    def __init__(self, status: int, body: Json | None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def refusal(*texts: str, status: int = 422) -> Answered:
    """The documented form: a flat list of texts."""
    return Answered(status, {"errors": list(texts)})


def invalid(field: str, text: str) -> Answered:
    """The framework's form: one message and a map of fields."""
    return Answered(422, {"message": "The given data was invalid.", "errors": {field: [text]}})


def not_found(record: str) -> Answered:
    """The older form; `server not found` is the text clients compare with."""
    return Answered(404, {"msg": f"{record} not found"})


def locked() -> Answered:
    return Answered(423, {"msg": "The server is currently locked."})


def instant(moment: datetime) -> str:
    """ISO 8601 with offset and whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def micro_instant(moment: datetime) -> str:
    """The panel's other style: microseconds and Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def page_of(rows: Sequence[Json], *, url: str, number: int, size: int) -> Json:
    """A Laravel page: the rows beside the paging fields."""
    last = max(1, -(-len(rows) // size))
    shown = list(rows[(number - 1) * size : number * size])
    before = f"{url}?page={number - 1}" if number > 1 else None
    after = f"{url}?page={number + 1}" if number < last else None
    links = [{"url": before, "label": "&laquo; Previous", "active": False}]
    links += [
        {"url": f"{url}?page={one}", "label": str(one), "active": one == number}
        for one in range(1, last + 1)
    ]
    links.append({"url": after, "label": "Next &raquo;", "active": False})
    return {
        "current_page": number,
        "data": shown,
        "first_page_url": f"{url}?page=1",
        "from": (number - 1) * size + 1 if shown else None,
        "last_page": last,
        "last_page_url": f"{url}?page={last}",
        "links": links,
        "next_page_url": after,
        "path": url,
        "per_page": size,
        "prev_page_url": before,
        "to": (number - 1) * size + len(shown) if shown else None,
        "total": len(rows),
    }


def package_json(package: Package) -> Json:
    return {
        "id": package.id,
        "name": package.name,
        "description": package.description or None,
        "enabled": package.enabled,
        "memory": package.memory_mb,
        "primaryStorage": package.storage_gb,
        "traffic": package.traffic_gb,
        "cpuCores": package.cpu_cores,
        "primaryNetworkSpeedIn": package.speed_kilobytes_per_second,
        "primaryNetworkSpeedOut": package.speed_kilobytes_per_second,
        "primaryDiskType": "inherit",
        "backupPlanId": 0,
        "primaryStorageReadBytesSec": None,
        "primaryStorageWriteBytesSec": None,
        "primaryStorageReadIopsSec": None,
        "primaryStorageWriteIopsSec": None,
        "primaryStorageProfile": package.storage_type,
        "primaryNetworkProfile": 0,
        "created": micro_instant(SINCE),
    }


def group_json(group: Group) -> Json:
    return {
        "id": group.id,
        "name": group.name,
        "label": group.label or None,
        "description": group.description or None,
        "distributionType": 5,
        "enabled": group.enabled,
        "default": group.default,
        "created": instant(SINCE),
        "updated": instant(SINCE),
    }


def resources_json(tables: Tables, host: Hypervisor) -> Json:
    """What is allocated and free on a host, in the panel's metrics."""
    now = capacity.used(tables, host)
    return {
        "servers": {"units": "#", **_metric(host.max_servers, now.servers)},
        "memory": {"units": "MB", **_metric(host.max_memory_mb, now.memory_mb)},
        "cpuCores": {"units": "#", **_metric(host.max_cores, now.cores)},
        "localStorage": {
            "enabled": 1,
            "name": "Local (Default mountpoint)",
            "storageType": 0,
            "units": "GB",
            **_metric(host.max_local_gb, now.local_gb),
        },
        "otherStorage": [
            {
                "id": store.id,
                "name": store.name,
                "enabled": 1,
                "path": "/mnt/nvme",
                "units": "GB",
                "storageType": store.storage_type,
                "isDatastore": False,
                **_metric(store.max_gb, now.store_gb[store.id]),
            }
            for store in host.stores
        ],
    }


def group_resource_json(tables: Tables, host: Hypervisor) -> Json:
    """One row of a group's resources; the address pool is the group's, told on every row."""
    free = len(capacity.free_ipv4(tables, tables.groups[host.group_id]))
    return {
        "hypervisor": {
            "id": host.id,
            "name": host.name,
            "enabled": host.enabled,
            "prohibit": host.prohibit,
            "accept": not host.prohibit,
            "commissioned": True,
        },
        "resources": {
            **resources_json(tables, host),
            "network": {"total": {"ipv4": {"free": free}}},
        },
    }


def template_group_json(group: TemplateGroup) -> Json:
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "icon": group.icon,
        "templates": [
            {
                "id": one.id,
                "name": one.name,
                "version": one.version,
                "variant": one.variant,
                "arch": 1,
                "description": f"{one.name} {one.version}",
                "icon": one.icon,
                "eol": False,
                "eol_date": one.eol_date or None,
                "eol_warning": False,
                "deploy_type": 1,
                "vnc": False,
                "type": one.type,
            }
            for one in group.templates
        ],
    }


def owner_json(user: User) -> Json:
    """The user as it is embedded in a server; the relation string is not echoed."""
    return {
        "id": user.id,
        "admin": False,
        "extRelationId": user.ext_relation_id,
        "name": user.name,
        "email": user.email,
        "timezone": "UTC",
        "suspended": user.suspended,
        "twoFactorAuth": False,
        "created": instant(user.created_at),
        "updated": instant(user.created_at),
    }


def user_json(user: User) -> Json:
    return {
        **owner_json(user),
        "selfService": 0,
        "selfServiceHourlyGroupProfiles": [],
        "selfServiceResourceGroupProfiles": [],
        "selfServiceHourlyResourcePack": None,
    }


def ssh_key_json(key: SshKey) -> Json:
    return {
        "id": key.id,
        "name": key.name,
        "publicKey": key.public_key,
        "type": "OpenSSH",
        "enabled": True,
        "created": instant(key.created_at),
        "updated": instant(key.created_at),
    }


def queue_json(item: QueueItem, now: datetime) -> Json:
    """A job; like the real ones its actions carry host paths and commands nobody should see."""
    ended = item.finished_at is not None
    length = max(0.001, (item.ends_at - item.started_at).total_seconds())
    gone = min(0.99, max(0.0, (now - item.started_at).total_seconds() / length))
    failed = ended and item.fails
    name = "Build" if item.action == "build_server" else "Power"
    return {
        "id": item.id,
        "jobId": str(item.id + 4810),
        "job": f"App\\Jobs\\Server\\KVM\\{name}",
        "hypervisorId": item.hypervisor_id,
        "serverId": item.server_id,
        "action": item.action,
        "queue": "default",
        "started": instant(item.started_at),
        "updated": instant(item.finished_at or now),
        "finished": instant(item.finished_at) if item.finished_at else None,
        "failed": failed,
        "progress": 100 if ended and not failed else int(gone * 100),
        "errors": {
            "exception": {
                "stringable": failed,
                "errors": [],
                "type": "RuntimeException" if failed else None,
                "trace": None,
                "message": "qemu-img: /home/vf-data/disk: no space left" if failed else None,
            }
        },
        "primaryActions": [
            {
                "type": "server.create.ci",
                "dataType": "object",
                "data": {
                    "path": f"/home/vf-data/server/{item.server_id}/cloud-init",
                    "command": "genisoimage -o ci.iso user-data",
                    "user-data": "chpasswd: root:not-a-real-password",
                },
                "created": instant(item.started_at),
                "updated": instant(item.started_at),
            }
        ],
        "subActions": [],
    }


def _metric(most: int, taken: int) -> Json:
    return {
        "max": most,
        "allocated": taken,
        "free": most - taken,
        "percent": round(taken / most * 100, 1) if most else None,
    }
