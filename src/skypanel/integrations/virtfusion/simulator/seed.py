"""A small, believable host: three places, five hypervisors, six sizes, the usual systems."""

from __future__ import annotations

from typing import Final

from skypanel.integrations.virtfusion.simulator.state import (
    Group,
    Hypervisor,
    Package,
    Store,
    Tables,
    Template,
    TemplateGroup,
)

NVME_POOL: Final = 4
"""Storage type of the large sizes; Ashburn has none, so they are sold out there."""

_SYSTEMS: Final = (
    (5, "Debian", "debian", ((41, "Debian", "13 (Trixie)", "Minimal", "2030-06-30"),
                             (40, "Debian", "12 (Bookworm)", "Minimal", "2028-06-30"))),
    (6, "Ubuntu", "ubuntu", ((51, "Ubuntu Server", "26.04 LTS", "Minimal", "2031-04-30"),
                             (50, "Ubuntu Server", "24.04 LTS (Noble Numbat)", "Minimal",
                              "2029-04-30"))),
    (7, "AlmaLinux", "almalinux", ((61, "AlmaLinux", "10", "Minimal", "2035-05-31"),
                                   (60, "AlmaLinux", "9", "Minimal", "2032-05-31"))),
    (8, "Rocky Linux", "rocky_linux", ((70, "Rocky Linux", "9", "Minimal", "2032-05-31"),)),
    (9, "Fedora", "fedora", ((80, "Fedora Server", "43", "Cloud", "2026-12-09"),)),
    (10, "Alpine", "alpine", ((90, "Alpine Linux", "3.22", "Virtual", "2027-05-01"),)),
    (11, "Arch Linux", "arch", ((95, "Arch Linux", "Rolling", "Minimal", ""),)),
    (12, "openSUSE", "opensuse", ((97, "openSUSE Leap", "16.0", "Minimal", "2027-10-31"),)),
)  # fmt: skip


def seed() -> Tables:
    """A panel as its operator set it up, before its first customer."""
    packages = [
        Package(1, "VPS 1G", "Starter", 1, 1024, 25, 1000, 12_500),
        Package(2, "VPS 2G", "Small sites", 1, 2048, 40, 2000, 62_500),
        Package(3, "VPS 4G", "Applications", 2, 4096, 80, 4000, 125_000),
        Package(4, "VPS 8G", "Databases", 4, 8192, 160, 6000, 125_000),
        Package(5, "VPS 16G", "NVMe pool", 8, 16_384, 320, 8000, 125_000, NVME_POOL),
        Package(6, "VPS 32G", "NVMe pool, unmetered", 12, 32_768, 640, 0, 312_500, NVME_POOL),
    ]
    groups = [
        Group(1, "Falkenstein", "FSN", "Falkenstein, Germany", "DE",
              "203.0.113.0/24", "2001:db8:100::/48", default=True),
        Group(2, "Helsinki", "HEL", "Helsinki, Finland", "FI",
              "198.51.100.0/24", "2001:db8:200::/48"),
        Group(3, "Ashburn", "ASH", "Ashburn, Virginia, USA", "US",
              "192.0.2.0/24", "2001:db8:300::/48"),
    ]  # fmt: skip
    hypervisors = [
        Hypervisor(4, 1, "fsn-hv1", "10.20.1.11", 262_144, 128, 4000, 0, 31, 118_784, 57, 1490,
                   [Store(11, "NVMe pool", NVME_POOL, 8000, 2240)]),
        Hypervisor(5, 1, "fsn-hv2", "10.20.1.12", 262_144, 128, 4000, 0, 22, 77_824, 39, 990,
                   [Store(12, "NVMe pool", NVME_POOL, 8000, 1280)]),
        Hypervisor(6, 2, "hel-hv1", "10.20.2.11", 131_072, 96, 3000, 80, 41, 96_256, 66, 1815,
                   [Store(13, "NVMe pool", NVME_POOL, 4000, 2880)]),
        Hypervisor(7, 2, "hel-hv2", "10.20.2.12", 131_072, 96, 3000, 80, 0, 0, 0, 0,
                   [], prohibit=True),
        Hypervisor(8, 3, "ash-hv1", "10.20.3.11", 131_072, 64, 2000, 0, 17, 45_056, 26, 720),
    ]  # fmt: skip
    return Tables(
        packages={one.id: one for one in packages},
        groups={one.id: one for one in groups},
        hypervisors={one.id: one for one in hypervisors},
        template_groups=[
            TemplateGroup(
                number, name, f"{name} images", f"{icon}_logo.png",
                [
                    Template(template, title, version, variant, f"{icon}_logo.png",
                             f"{end} 00:00:00" if end else "")
                    for template, title, version, variant, end in systems
                ],
            )
            for number, name, icon, systems in _SYSTEMS
        ],
    )  # fmt: skip
