"""Servers that stand at the sandbox's panel and that nobody here knows, for staff to take over.

One was made by hand for somebody who is a customer; two are of a user whom only the panel knows.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from skypanel.integrations.virtfusion.simulator import capacity
from skypanel.integrations.virtfusion.simulator.state import PanelState, Server, User

STRANGER = (21, "Lena Vogt", "lena@vogt.example")
# Its number and name, package, place, system and age; the panel counts ours from 118 on.
OF_STRANGER = (
    (101, "shop.vogt.example", "VPS 4G", "Falkenstein", 40, timedelta(days=412)),
    (102, "mail.vogt.example", "VPS 2G", "Helsinki", 60, timedelta(days=230)),
)
BY_HAND = (103, "wiki.lindqvist.example", "VPS 2G", "Helsinki", 41, timedelta(days=9))


def stand_before(panel: PanelState, customer: str, now: datetime) -> None:
    """Put them into the panel's tables, as its operator did without this portal."""
    tables = panel.tables
    stranger = User(*STRANGER, created_at=now - OF_STRANGER[0][-1])
    tables.users[stranger.id] = stranger
    for wish in OF_STRANGER:
        _stand(panel, stranger, wish, now)
    known = next(one for one in tables.users.values() if one.email == customer)
    _stand(panel, known, BY_HAND, now)
    panel.save()


def _stand(
    panel: PanelState, owner: User, wish: tuple[int, str, str, str, int, timedelta], now: datetime
) -> None:
    number, name, size, place, system, age = wish
    tables = panel.tables
    package = next(one for one in tables.packages.values() if one.name == size)
    group = next(one for one in tables.groups.values() if one.name == place)
    host = next(
        one for one in tables.hypervisors.values() if one.group_id == group.id and not one.prohibit
    )
    tables.servers[number] = Server(
        id=number,
        uuid=f"00000000-0000-4000-8000-{number:012}",
        user_id=owner.id,
        group_id=group.id,
        hypervisor_id=host.id,
        package_id=package.id,
        cpu_cores=package.cpu_cores,
        memory_mb=package.memory_mb,
        storage_gb=package.storage_gb,
        storage_type=package.storage_type,
        traffic_gb=package.traffic_gb,
        speed_in=package.speed_kilobytes_per_second,
        speed_out=package.speed_kilobytes_per_second,
        ipv4=[str(capacity.free_ipv4(tables, group)[0])],
        created_at=now - age,
        updated_at=now - age,
        built_at=now - age,
        name=name,
        hostname=name,
        state="complete",
        template_id=system,
        running=True,
    )
