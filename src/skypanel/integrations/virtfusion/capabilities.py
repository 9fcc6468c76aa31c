"""What a panel can do by its version: the one place where versions are compared.

Its status page came with 7.1 and its body is not documented, so that all we know is whether the
panel is older. What is not known is not offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypanel.platform.outside import Refused

if TYPE_CHECKING:
    from skypanel.integrations.virtfusion.client import VirtFusion


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What may be offered; all of it is false while the version is not known."""

    since_7_1: bool | None = None

    @property
    def known(self) -> bool:
        return self.since_7_1 is not None

    @property
    def version(self) -> str:
        """The version in words for staff."""
        if self.since_7_1 is None:
            return "not known"
        return "7.1 or newer" if self.since_7_1 else "older than 7.1"

    @property
    def status(self) -> bool:
        return self.since_7_1 is True

    @property
    def manual_backup(self) -> bool:
        return self.since_7_1 is True

    @property
    def reverse_dns(self) -> bool:
        return self.since_7_1 is True

    @property
    def interfaces(self) -> bool:
        """Reading and changing interfaces, their speed, IPv6 and VLANs."""
        return self.since_7_1 is True

    @property
    def disks(self) -> bool:
        return self.since_7_1 is True

    @property
    def rescue(self) -> bool:
        return self.since_7_1 is True

    @property
    def iso(self) -> bool:
        return self.since_7_1 is True

    @property
    def firewall_rulesets(self) -> bool:
        """Up to 7.0 rules are replaced as a whole; from 7.1 the same address adds a single one."""
        return self.since_7_1 is False


async def look(panel: VirtFusion) -> tuple[bool | None, bool | None]:
    """Whether the panel is 7.1 or newer, and whether it finds itself healthy.

    Only its own word that there is no such route says "older"; a token that may not look at the
    page leaves it open.
    """
    try:
        status = await panel.status()
    except Refused as error:
        return (False if error.code == "no_such_route" else None), None
    return True, status.healthy
