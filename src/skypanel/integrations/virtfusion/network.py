"""Where a server is reached: its addresses, disks beside them, firewall and reverse names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec import field as wire_field

from skypanel.integrations.virtfusion import wire
from skypanel.integrations.virtfusion.caller import CREATED, EMPTY, OK, Caller, server_path
from skypanel.integrations.virtfusion.exchange import Ask

PRIMARY: Final = "primary"
SYNC: Final = {"sync": "true"}
RULE_FIELDS: Final = (
    "action", "direction", "protocol", "sourceAddress", "destinationPort", "priority",
)  # fmt: skip
READY: Final = 3
RULES_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Address:
    """An IPv4 address of a server; its reverse name as far as the panel tells it."""

    address: str
    gateway: str | None
    netmask: str | None
    reverse_name: str | None


@dataclass(frozen=True, slots=True)
class Subnet:
    """An IPv6 subnet of a server, with its length."""

    subnet: str
    gateway: str | None


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk of a server by its drive letter; `a` is the primary."""

    drive: str
    capacity_gib: int
    primary: bool
    ready: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What a server consists of beside its size."""

    addresses: tuple[Address, ...]
    subnets: tuple[Subnet, ...]
    disks: tuple[Disk, ...]
    backup_plan: str | None


@dataclass(frozen=True, slots=True)
class Firewall:
    """Whether a server's firewall is on, and its rules in the panel's words."""

    enabled: bool
    rules: tuple[dict[str, str], ...]


class _Address(Struct):
    address: str
    gateway: str | None = None
    netmask: str | None = None
    rdns: str | None = None


class _Subnet(Struct):
    subnet: str
    cidr: int
    gateway: str | None = None


class _Interface(Struct):
    ipv4: list[_Address] = []
    ipv6: list[_Subnet] = []


class _Network(Struct):
    interfaces: list[_Interface] = []


class _Disk(Struct):
    capacity: int
    drive: str
    primary: bool = False
    status: int = 0


class _Plan(Struct):
    name: str | None = None


class _Server(Struct, rename="camel"):
    network: _Network
    storage: list[_Disk] = []
    backup_plan: _Plan = wire_field(default_factory=_Plan)


class _Firewall(Struct):
    enabled: bool
    rules: list[Any]


class Network(Caller):
    """The operations on what surrounds a server."""

    __slots__ = ()

    async def parts(self, server_id: int) -> Parts:
        """The addresses and disks of a server. Missing means deleted."""
        ask = Ask("GET", server_path(server_id), OK)
        told = (await self.read(ask, wire.Envelope[_Server])).data
        faces = told.network.interfaces
        return Parts(
            addresses=tuple(
                Address(one.address, one.gateway, one.netmask, one.rdns or None)
                for face in faces
                for one in face.ipv4
            ),
            subnets=tuple(
                Subnet(f"{one.subnet}/{one.cidr}", one.gateway)
                for face in faces
                for one in face.ipv6
            ),
            disks=tuple(
                Disk(one.drive, one.capacity, one.primary, one.status == READY)
                for one in told.storage
            ),
            backup_plan=told.backup_plan.name,
        )

    async def firewall(self, server_id: int) -> Firewall:
        """The firewall of the primary interface; what a rule looks like is not documented."""
        ask = Ask("GET", _firewall(server_id), OK)
        told = (await self.read(ask, wire.Envelope[_Firewall])).data
        return Firewall(told.enabled, tuple(_rule(one) for one in told.rules[:RULES_SHOWN]))

    async def switch_firewall(self, server_id: int, *, on: bool) -> None:
        """Turn the firewall of the primary interface on or off; saying it twice changes nothing."""
        verb: Literal["enable", "disable"] = "enable" if on else "disable"
        await self.send(Ask("POST", f"{_firewall(server_id)}/{verb}", OK, SYNC))

    async def set_rulesets(self, server_id: int, ruleset_ids: list[int]) -> None:
        """Replace every rule by those of these sets. Up to 7.0 only: later panels add one rule."""
        path = f"{_firewall(server_id)}/rules"
        await self.send(Ask("POST", path, CREATED, SYNC, {"rulesets": ruleset_ids}))

    async def set_reverse_name(self, address: str, name: str | None) -> None:
        """Give an IPv4 address a reverse name, or none; its answer is not documented."""
        body = {"address": address, "ptr": name}
        await self.send(Ask("PUT", "/connectivity/ipv4/rdns", OK, body=body))

    async def add_addresses(self, server_id: int, quantity: int) -> tuple[str, ...]:
        """Give a server more IPv4 addresses of the panel's choice."""
        body = {"interface": PRIMARY, "quantity": quantity}
        ask = Ask("POST", f"{server_path(server_id)}/ipv4Qty", OK, body=body)
        return tuple((await self.read(ask, wire.Envelope[list[str]])).data)

    async def drop_addresses(self, server_id: int, addresses: list[str]) -> None:
        """Take IPv4 addresses from a server."""
        body = {"interface": PRIMARY, "ip": addresses}
        await self.send(Ask("DELETE", f"{server_path(server_id)}/ipv4", EMPTY, body=body))


def _firewall(server_id: int) -> str:
    return f"{server_path(server_id)}/firewall/{PRIMARY}"


def _rule(told: object) -> dict[str, str]:
    """The fields of a rule that were seen in the panel's examples, as text."""
    if not isinstance(told, dict):
        return {}
    return {name: str(told[name])[:60] for name in RULE_FIELDS if told.get(name) is not None}
