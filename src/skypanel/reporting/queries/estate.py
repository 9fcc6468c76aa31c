"""The host's machines: what they have and have given out, what is sold on them, when they fill."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from skypanel.catalog.queries import held_by_location
from skypanel.catalog.rules import DAYS_SHOWN, Need, host_of, slots
from skypanel.platform.db import Read
from skypanel.reporting.queries.written import Written
from skypanel.reporting.rules import group_forecasts

HOSTS = Written("""
select g.id, g.virtfusion_ref, g.name, g.enabled, l.id, l.name, l.status,
    h.id, h.virtfusion_ref, h.name, h.open, h.servers_used, h.servers_most, h.memory_mib_used,
    h.memory_mib_most, h.vcpu_used, h.vcpu_most, h.stores, h.seen_at
from panel_groups g
left join locations l on l.group_id = g.id
left join panel_hosts h on h.group_id = g.id
where g.enabled or h.id is not null
order by l.position, g.name, h.name
""")
DAYS = Written("""
select group_id, read_on, servers, memory_mib_used, memory_mib_left, vcpu_used, vcpu_left, stores,
    ipv4_left, read_at
from capacity_days where read_on > %(since)s order by group_id, read_on
""")
SOLD = Written("""
select l.group_id, l.id, p.id, p.name, p.offered and k.enabled, k.vcpu, k.memory_mib, k.disk_gib,
    k.storage_type, level.hosts, level.free_ipv4, level.read_at,
    (
        select count(*) from services s
        where s.plan_id = p.id and s.location_id = l.id and s.state in ('active', 'suspended')
    )
from plans p
join panel_packages k on k.id = p.package_id
join plan_locations pl on pl.plan_id = p.id
join locations l on l.id = pl.location_id
left join stock_levels level on level.location_id = l.id
order by p.position, p.id
""")
HOST_NAMES = (
    "id", "virtfusion_ref", "name", "open", "servers_used", "servers_most", "memory_mib_used",
    "memory_mib_most", "vcpu_used", "vcpu_most", "stores", "seen_at",
)  # fmt: skip
DAY_NAMES = (
    "on", "servers", "memory_mib_used", "memory_mib_left", "vcpu_used", "vcpu_left", "stores",
    "ipv4_left", "read_at",
)  # fmt: skip


async def hypervisors(read: Read) -> dict[str, Any]:
    """Every group with its hosts, its days, its forecast and what is sold and free there."""
    since = read.now.astimezone(UTC).date() - timedelta(days=DAYS_SHOWN)
    days = await _days(read, since)
    plans = await _plans(read)
    groups: dict[UUID, dict[str, Any]] = {}
    for row in await HOSTS.all(read):
        group_id, ref, name, enabled, location_id, location, status, *host = row
        group = groups.setdefault(
            group_id,
            {
                "id": group_id,
                "virtfusion_ref": ref,
                "name": name,
                "enabled": enabled,
                "location": None
                if location_id is None
                else {"id": location_id, "name": location, "status": status},
                "hosts": [],
                "days": days[group_id],
                "plans": plans[group_id],
                "forecasts": [
                    {"of": what, "name": called, **asdict(found)}
                    for what, called, found in group_forecasts(days[group_id])
                ],
            },
        )
        if host[0] is not None:
            group["hosts"].append(dict(zip(HOST_NAMES, host, strict=True)))
    read_at = [day["read_at"] for group in days.values() for day in group[-1:]]
    return {"groups": list(groups.values()), "read_at": max(read_at, default=None)}


async def _days(read: Read, since: date) -> dict[UUID, list[dict[str, Any]]]:
    days: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for group_id, *rest in await DAYS.all(read, since=since):
        days[group_id].append(dict(zip(DAY_NAMES, rest, strict=True)))
    return days


async def _plans(read: Read) -> dict[UUID, list[dict[str, Any]]]:
    """What is sold in each group and how many more would fit; never read is not known."""
    held = await held_by_location(read)
    plans: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await SOLD.all(read):
        group_id, location_id, plan_id, name, offered, *size, hosts, ipv4, read_at, sold = row
        known = read_at is not None
        left = slots(map(host_of, hosts), ipv4, held[location_id], Need(*size)) if known else None
        plans[group_id].append(
            {
                "plan_id": plan_id,
                "name": name,
                "offered": offered,
                "sold": sold,
                "free": left,
                "free_known": known,
            }
        )
    return plans
