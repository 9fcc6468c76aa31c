"""The parts of the panel's server object: settings, traffic period, interface, disk, keys."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

from skypanel.integrations.virtfusion.simulator.answers import Json, instant, micro_instant
from skypanel.integrations.virtfusion.simulator.state import PanelState, Server


def settings_json(server: Server, password: str | None) -> Json:
    settings: Json = {
        "osTemplateInstall": server.template_id is not None,
        "encryptedPassword": "eyJpdiI6Im5vdC1hLXJlYWwtcGFzc3dvcmQifQ==",
        "backupPlan": None,
        "uefi": False,
        "uefiType": 0,
        "cloudInit": True,
        "cloudInitType": 1,
        "config": [],
        "userConfig": [],
        "bootOrder": ["hd", "cdrom"],
        "tpmType": 0,
        "networkBoot": False,
        "bootMenu": 1,
        "customISO": 1,
        "securityDriver": 3,
        "memBalloon": {"model": 1, "autoDeflate": 0, "freePageReporting": 0},
        "hyperv": {"enabled": False},
        "extended": {"cpuFlags": {}},
        "machineType": "inherit",
        "pciPorts": 16,
        "resources": {
            "memory": server.memory_mb,
            "storage": server.storage_gb,
            "traffic": server.traffic_gb,
            "cpuCores": server.cpu_cores,
        },
    }
    if server.template_id is not None:
        settings["osTemplateInstallId"] = server.template_id
    if password is not None:
        settings["decryptedPassword"] = password
    return settings


def traffic_json(server: Server, now: datetime) -> Json:
    """The running period: months counted from the day of creation, as the panel counts them."""
    first = server.created_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    passed = (now.year - first.year) * 12 + now.month - first.month
    if months_after(first, passed) > now:
        passed -= 1
    end = months_after(first, max(0, passed) + 1) - timedelta(microseconds=1)
    return {
        "public": {
            "countMethod": 1,
            "currentPeriod": {
                "start": micro_instant(months_after(first, max(0, passed))),
                "end": micro_instant(end),
                "limit": server.traffic_gb,
            },
        }
    }


def months_after(first: datetime, months: int) -> datetime:
    """The same day so many months later, or the month's last."""
    year, month = divmod(first.month - 1 + months, 12)
    year += first.year
    day = min(first.day, calendar.monthrange(year, month + 1)[1])
    return first.replace(year=year, month=month + 1, day=day)


def interface_json(state: PanelState, server: Server) -> Json:
    prefix = state.tables.groups[server.group_id].ipv4_network.rsplit(".", 1)[0]
    octets = f"{server.id % 0x1000000:06X}"
    return {
        "id": server.id,
        "order": 1,
        "enabled": True,
        "tag": 4_100_000_000 + server.id,
        "name": "eth0",
        "type": "public",
        "driver": 1,
        "processQueues": None,
        "mac": f"00:16:3E:{octets[:2]}:{octets[2:4]}:{octets[4:]}",
        "ipv4ToMac": None,
        "ipv6ToMac": None,
        "inTrafficCount": True,
        "outTrafficCount": True,
        "inAverage": server.speed_in,
        "inPeak": 0,
        "inBurst": 0,
        "outAverage": server.speed_out,
        "outPeak": 0,
        "outBurst": 0,
        "ipFilter": True,
        "ipFilterType": "4-6",
        "vlans": [],
        "portIsolated": False,
        "firewallEnabled": server.firewall,
        "isNat": False,
        "nat": False,
        "firewall": [],
        "ipWhitelist": [],
        "actions": [],
        "ipv4": [
            {
                "id": 500 + int(address.rsplit(".", 1)[1]),
                "order": order,
                "enabled": True,
                "blockId": server.group_id,
                "address": address,
                "gateway": f"{prefix}.1",
                "netmask": "255.255.255.0",
                "resolver1": "10.20.0.53",
                "resolver2": "10.20.0.54",
                "rdns": server.reverse_names.get(address) or None,
                "mac": None,
            }
            for order, address in enumerate(server.ipv4, 1)
        ],
        "ipv6": [_ipv6(server, server.ipv6)] if server.ipv6 else [],
    }


def _ipv6(server: Server, subnet: str) -> Json:
    return {
        "id": 700 + server.id,
        "block": {"id": server.group_id, "name": "v6 pool"},
        "order": 1,
        "enabled": True,
        "addresses": [],
        "addressesDetailed": [],
        "subnet": subnet,
        "cidr": 64,
        "exhausted": False,
        "gateway": f"{subnet}1",
        "resolver1": "2001:db8::53",
        "resolver2": None,
        "routeNet": False,
    }


def disk_json(server: Server) -> Json:
    return {
        "_id": 200 + server.id,
        "id": 1,
        "cache": None,
        "bus": None,
        "capacity": server.storage_gb,
        "drive": "a",
        "datastoreDiskId": None,
        "filesystem": None,
        "iops": {"read": None, "write": None},
        "bytes": {"read": None, "write": None},
        "type": "qcow2",
        "profile": server.storage_type,
        "status": 3 if server.built_at else 1,
        "enabled": True,
        "primary": True,
        "created": instant(server.created_at),
        "updated": instant(server.updated_at),
        "datastore": [],
        "name": f"{server.uuid[:8]}_1",
        "filename": f"{server.uuid[:8]}_1.img",
        "hypervisorStorageId": None,
        "local": server.storage_type == 0,
        "locationType": "mountpoint",
        "path": "/home/vf-data/disk",
    }


def keys_json(state: PanelState, server: Server) -> list[Json]:
    keys = [state.tables.ssh_keys.get(one) for one in server.ssh_key_ids]
    return [
        {
            "id": key.id,
            "ownerId": key.user_id,
            "type": "OpenSSH",
            "name": key.name,
            "public": key.public_key,
            "enabled": True,
            "created": instant(key.created_at),
        }
        for key in keys
        if key is not None
    ]
