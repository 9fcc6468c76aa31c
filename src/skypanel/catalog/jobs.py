"""Keeping the catalog equal to the panel."""

from __future__ import annotations

from typing import Any

import structlog

from skypanel.catalog import queries
from skypanel.catalog.actions import (
    GroupReading,
    PanelReading,
    apply_price_change,
    note_capacity,
    take_over,
)
from skypanel.catalog.rules import BrandSettings
from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import GroupRoom, HostRoom
from skypanel.integrations.virtfusion.types_estate import HostCapacity
from skypanel.platform.house import House
from skypanel.platform.jobs import timer
from skypanel.platform.outside import OutsideError

log = structlog.get_logger()
BATCH = 100


@timer("*/2 * * * *")
async def synchronise_catalog(house: House) -> None:
    """Read packages, groups, their room and systems from the panel and take them over.

    When the panel does not answer everything stays as it is: only answers change the catalog.
    """
    began = house.clock.now()
    try:
        panel = await Vendors.of(house).virtfusion(patient=True)
        reading = await _read(panel)
    except OutsideError as error:
        log.warning("the catalog was not compared with the panel", error=str(error))
        return
    async with house.transaction() as db:
        # Rooms were free when asked: what is made after that must still count as held.
        db.now = began
        await take_over(db, reading)


async def _read(panel: VirtFusion) -> PanelReading:
    packages = await panel.packages()
    groups = await panel.hypervisor_groups()
    templates: dict[int, dict[str, Any]] = {}
    installable: list[tuple[int, int]] = []
    for package in packages:
        if not package.enabled:
            continue
        for one in await panel.templates(package.id):
            installable.append((package.id, one.id))
            templates[one.id] = {
                "virtfusion_ref": one.id,
                "group_name": one.group,
                "name": one.name,
                "version": one.version,
                "variant": one.variant,
                "icon": one.icon,
                "ended": one.ended,
                "eol_on": one.eol_on,
            }
    room: dict[int, tuple[list[dict[str, Any]], int | None]] = {}
    for group in groups:
        try:
            room[group.id] = _room(await panel.group_room(group.id))
        except OutsideError as error:
            log.warning("a group's room was not read", group=group.id, error=str(error))
    return PanelReading(
        packages=[
            {
                "virtfusion_ref": one.id,
                "name": one.name,
                "enabled": one.enabled,
                "vcpu": one.vcpu,
                "memory_mib": one.memory_mib,
                "disk_gib": one.disk_gib,
                "traffic_gb": one.traffic_gb,
                "port_mbps": one.port_mbps,
                "storage_type": one.storage_type,
            }
            for one in packages
        ],
        groups=[
            {
                "virtfusion_ref": one.id,
                "name": one.name,
                "description": one.description,
                "enabled": one.enabled,
            }
            for one in groups
        ],
        templates=list(templates.values()),
        installable=installable,
        room=room,
    )


def _room(room: GroupRoom) -> tuple[list[dict[str, Any]], int | None]:
    return [_host(host) for host in room.hosts if host.open], room.free_ipv4


def _host(host: HostRoom) -> dict[str, Any]:
    return {
        "servers": host.free_servers,
        "memory_mib": host.free_memory_mib,
        "vcpu": host.free_vcpu,
        "stores": [[store.storage_type, store.free_gib] for store in host.stores],
    }


@timer("3 * * * *")
async def apply_due_price_changes(house: House) -> None:
    """Prices whose day has come hold for new orders, each by itself."""
    read = house.read()
    brand = await house.settings.get(BrandSettings)
    on = queries.tax_day(read, brand.time_zone)
    for change_id in await queries.DUE_CHANGES.all(read, on=on, limit=BATCH):
        try:
            async with house.transaction() as db:
                await apply_price_change(db, change_id)
        except Exception:
            # One broken change must not keep the others waiting; it is tried again at each tick.
            log.exception("a price change could not be applied", change=str(change_id))


@timer("41 * * * *")
async def sample_capacity(house: House) -> None:
    """Read what every hypervisor has and has given out; a group that fails is left as it was."""
    readings = []
    try:
        panel = await Vendors.of(house).virtfusion(patient=True)
        for group in await panel.hypervisor_groups():
            try:
                hosts = await panel.capacity(group.id)
            except OutsideError as error:
                log.warning("a group's capacity was not read", group=group.id, error=str(error))
                continue
            figures = [host.free_ipv4 for host in hosts if host.free_ipv4 is not None]
            free = max(figures) if figures else None  # one pool for all hosts of the group
            readings.append(GroupReading(group.id, [_machine(host) for host in hosts], free))
    except OutsideError as error:
        log.warning("the hypervisors' capacity was not read", error=str(error))
        return
    async with house.transaction() as db:
        await note_capacity(db, readings)


def _machine(host: HostCapacity) -> dict[str, Any]:
    return {
        "virtfusion_ref": host.hypervisor_id,
        "name": host.name[:200],
        "open": host.open,
        "servers_used": host.servers.used,
        "servers_most": host.servers.most,
        "memory_mib_used": host.memory_mib.used,
        "memory_mib_most": host.memory_mib.most,
        "vcpu_used": host.vcpu.used,
        "vcpu_most": host.vcpu.most,
        "stores": [
            {
                "name": store.name,
                "storage_type": store.storage_type,
                "used": store.gib.used,
                "most": store.gib.most,
            }
            for store in host.stores
        ],
    }
