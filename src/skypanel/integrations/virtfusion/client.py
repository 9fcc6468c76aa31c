"""The client of one VirtFusion panel: its operations with our types in and out.

Every operation answers or raises `Missing`, `Refused`, `Unavailable` or `Unknown`.
"""

from __future__ import annotations

from typing import Any, Final

from skypanel.integrations.virtfusion import types, wire, wire_servers
from skypanel.integrations.virtfusion.access import Access
from skypanel.integrations.virtfusion.backups import Backups
from skypanel.integrations.virtfusion.caller import (
    CREATED,
    EMPTY,
    OK,
    PAGE_ROWS,
    Caller,
    segment,
    server_path,
)
from skypanel.integrations.virtfusion.console import Console
from skypanel.integrations.virtfusion.estate import Estate
from skypanel.integrations.virtfusion.exchange import Ask, unreadable
from skypanel.integrations.virtfusion.metering import Metering
from skypanel.integrations.virtfusion.network import Network
from skypanel.integrations.virtfusion.owners import Owners
from skypanel.platform.outside import Unavailable

SERVER_PAGES_MAX: Final = 500

_DRY_RUN: Final = frozenset({200, 201})

# The panel's default for a flag that is left out is not documented. A backup plan is sold apart.
_TAKEN_OVER: Final = {
    "backupPlan": False,
    "cpu": True,
    "memory": True,
    "primaryDiskReadIOPS": True,
    "primaryDiskReadThroughput": True,
    "primaryDiskSize": True,
    "primaryDiskWriteIOPS": True,
    "primaryDiskWriteThroughput": True,
    "primaryNetworkInboundSpeed": True,
    "primaryNetworkOutboundSpeed": True,
    "primaryNetworkTraffic": True,
}


class VirtFusion(Console, Access, Backups, Estate, Metering, Network, Owners, Caller):
    """A panel at `base_url` (its root, with or without `/api/v1`), spoken to with an API token."""

    __slots__ = ()

    async def connect(self) -> types.PanelAccess:
        """Prove that the token is valid and may read what selling needs.

        The panel's own probe succeeds with a token that may do nothing else.
        """
        await self.read(Ask("GET", "/connect", OK), list[Any])
        groups = await self.read(
            Ask("GET", "/compute/hypervisors/groups", OK, {"results": 1, "page": 1}),
            wire.Page[wire.Group],
        )
        packages = await self.packages()
        return types.PanelAccess(
            hypervisor_groups=max(groups.total, len(groups.data)), packages=len(packages)
        )

    async def packages(self) -> list[types.Package]:
        """All sizes of server the panel knows, disabled ones included."""
        found = await self.read(Ask("GET", "/packages", OK), wire.Envelope[list[wire.Package]])
        return [row.ours() for row in found.data]

    async def package(self, package_id: int) -> types.Package:
        """One size of server."""
        ask = Ask("GET", f"/packages/{package_id:d}", OK)
        return (await self.read(ask, wire.Envelope[wire.Package])).data.ours()

    async def hypervisor_groups(self) -> list[types.HypervisorGroup]:
        """All places where servers can be created."""
        rows = await self.pages("/compute/hypervisors/groups", wire.Page[wire.Group])
        return [row.ours() for row in rows]

    async def group_room(self, group_id: int) -> types.GroupRoom:
        """What is left in a group, host by host."""
        path = f"/compute/hypervisors/groups/{group_id:d}/resources"
        rows = await self.pages(path, wire.Page[wire.GroupResource])
        return types.GroupRoom(group_id=group_id, hosts=tuple(row.ours() for row in rows))

    async def templates(self, package_id: int) -> list[types.Template]:
        """The operating systems that can be installed on servers of a package."""
        ask = Ask("GET", f"/media/templates/fromServerPackageSpec/{package_id:d}", OK)
        found = await self.read(ask, wire.Envelope[list[wire.TemplateGroup]])
        return [one.ours(group.name) for group in found.data for one in group.templates]

    async def user(self, relation: str) -> types.PanelUser:
        """The panel user under our relation string; raises Missing when there is none."""
        path = f"/users/{segment(relation)}/byExtRelation"
        ask = Ask("GET", path, OK, {"relStr": "true"})
        return (await self.read(ask, wire.Envelope[wire.User])).data.ours()

    async def create_user(self, new: types.NewUser) -> types.PanelUser:
        """Create a panel user; the password the panel answers with is dropped unread."""
        body = {
            "name": new.name,
            "email": new.email,
            "relStr": new.relation,
            "sendMail": False,
            "selfService": 0,
        }
        ask = Ask("POST", "/users", CREATED, body=body)
        return (await self.read(ask, wire.Envelope[wire.User])).data.ours()

    async def servers_of(self, user_id: int) -> list[types.ListedServer]:
        """Every server of a panel user; this is how a lost creation is found again."""
        ask = Ask("GET", f"/servers/user/{user_id:d}", OK)
        found = await self.read(ask, wire.Envelope[list[wire_servers.ListedServer]])
        return [row.ours() for row in found.data]

    async def servers(self) -> list[types.PanelServer]:
        """Every server of the panel, or an error: a list with rows missing is never given out."""
        rows: dict[int, wire_servers.PanelServer] = {}
        for number in range(1, SERVER_PAGES_MAX + 1):
            asked: dict[str, str | int] = {"results": PAGE_ROWS, "page": number}
            ask = Ask("GET", "/servers", OK, {"type": "simple", **asked})
            page = await self.read(ask, wire.Page[wire_servers.PanelServer])
            rows |= {row.id: row for row in page.data}
            if number >= page.last_page:
                # Somebody deleted one meanwhile, and the pages moved: what we saw is not all.
                if len(rows) < page.total:
                    raise Unavailable(types.VENDOR, "the list moved while it was read")
                return [row.ours() for row in rows.values()]
        raise unreadable(ask, f"more than {SERVER_PAGES_MAX} pages")

    async def create_server(self, new: types.NewServer) -> types.Server:
        """Allocate a server; the panel takes no reference of ours, so never repeat on Unknown."""
        ask = Ask("POST", "/servers", CREATED, body=_creation(new))
        return (await self.read(ask, wire.Envelope[wire_servers.Server])).data.ours()

    async def dry_run(self, new: types.NewServer) -> None:
        """Ask whether the server could be allocated; raises Refused with the panel's reason."""
        await self.send(Ask("POST", "/servers", _DRY_RUN, {"dryRun": "true"}, _creation(new)))

    async def build(self, server_id: int, what: types.Installation) -> types.BuildStarted:
        """Install a server, wiping its primary disk; the root password is told only here."""
        ask = Ask("POST", f"/servers/{server_id:d}/build", OK, body=_installation(what))
        raw = await self.send(ask)
        server = self.decode(ask, raw, wire.Envelope[wire_servers.Server]).data.ours()
        told = self.decode(ask, raw, wire.Envelope[wire_servers.PasswordOnly]).data.settings
        return types.BuildStarted(server=server, root_password=told.decrypted_password)

    async def server(self, server_id: int, *, live: bool = False) -> types.Server:
        """One server; live state costs a round trip to its hypervisor. Missing means deleted."""
        ask = Ask("GET", server_path(server_id), OK, {"remoteState": "true"} if live else {})
        return (await self.read(ask, wire.Envelope[wire_servers.Server])).data.ours()

    async def delete_server(self, server_id: int, *, delay_minutes: int = 0) -> None:
        """Delete a server with its disks; Missing means it is gone already."""
        # Without a delay the panel's versions disagree on the default.
        await self.send(Ask("DELETE", server_path(server_id), EMPTY, {"delay": delay_minutes}))

    async def suspend(self, server_id: int) -> None:
        """Suspend a server; whether its guest stops is seen in its live state afterwards."""
        await self.send(Ask("POST", f"{server_path(server_id)}/suspend", EMPTY))

    async def unsuspend(self, server_id: int) -> None:
        """Lift the suspension of a server."""
        await self.send(Ask("POST", f"{server_path(server_id)}/unsuspend", EMPTY))

    async def power(self, server_id: int, action: types.Power) -> int:
        """Ask for a change of power; answers the id of the queue item to follow."""
        ask = Ask("POST", f"{server_path(server_id)}/power/{types.Power(action).value}", OK)
        return (await self.read(ask, wire.Envelope[wire.Queued])).data.queue_id

    async def rename(self, server_id: int, name: str) -> None:
        """Change the label of a server; its hostname stays."""
        ask = Ask("PUT", f"{server_path(server_id)}/modify/name", CREATED, body={"name": name})
        await self.send(ask)

    async def change_package(self, server_id: int, package_id: int) -> None:
        """Give a server the size of another package; its disk grows but never shrinks.

        Memory and processors count from its next restart.
        """
        path = f"{server_path(server_id)}/package/{package_id:d}"
        await self.send(Ask("PUT", path, OK, body=_TAKEN_OVER))

    async def queue_item(self, queue_id: int) -> types.QueueItem:
        """How a queued job stands."""
        ask = Ask("GET", f"/queue/{queue_id:d}", OK)
        return (await self.read(ask, wire.Envelope[wire.QueueItem])).data.ours()


def _creation(new: types.NewServer) -> dict[str, int]:
    wanted = {
        "packageId": new.package_id,
        "userId": new.user_id,
        # The group, despite the name; in answers the same name is the real host.
        "hypervisorId": new.hypervisor_group_id,
        "ipv4": new.ipv4_count,
        "cpuCores": new.vcpu,
        "memory": new.memory_mib,
        "storage": new.disk_gib,
        "traffic": new.traffic_gb,
        "networkSpeedInbound": new.inbound_kilobytes_per_second,
        "networkSpeedOutbound": new.outbound_kilobytes_per_second,
        "storageProfile": new.storage_type,
    }
    return {key: value for key, value in wanted.items() if value is not None}


def _installation(what: types.Installation) -> dict[str, Any]:
    body: dict[str, Any] = {
        "operatingSystemId": what.template_id,
        "name": what.name,
        "hostname": what.hostname,
        "ipv6": what.ipv6,
        "email": False,
    }
    if what.ssh_key_ids:
        body["sshKeys"] = list(what.ssh_key_ids)
    if what.time_zone:
        body["timezone"] = what.time_zone
    return body
