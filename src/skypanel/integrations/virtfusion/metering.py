"""What the panel counts of a server: its live load, its traffic, blocks of extra traffic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field

from skypanel.integrations.virtfusion import types, types_metering, wire, wire_servers
from skypanel.integrations.virtfusion.caller import CREATED, EMPTY, OK, Caller, server_path
from skypanel.integrations.virtfusion.exchange import Ask, unreadable


class Sampled(Struct, rename="camel"):
    """Of the whole server only what the hypervisor said just now."""

    remote_state: Any = None


class Block(Struct):
    id: int
    traffic: int


class Month(Struct):
    month: int
    start: str
    end: str
    rx: int
    tx: int
    total: int
    limit: int
    blocks: list[Block] = []

    def ours(self) -> types_metering.TrafficPeriod:
        return types_metering.TrafficPeriod(
            number=self.month,
            starts_at=instant(self.start),
            ends_at=instant(self.end),
            received_bytes=self.rx,
            sent_bytes=self.tx,
            total_bytes=self.total,
            limit_gb=self.limit,
            blocks=tuple(types_metering.TrafficBlock(one.id, one.traffic) for one in self.blocks),
        )


class Months(Struct):
    monthly: list[Month]


class Assigned(Struct):
    id: int
    month: int
    traffic: int
    added: datetime | None = None


class Span(Struct):
    month: int
    start: str
    end: str

    def ours(self) -> types_metering.OpenPeriod:
        return types_metering.OpenPeriod(self.month, instant(self.start), instant(self.end))


class Available(Struct):
    current: Span
    # PHP writes an empty map as an empty list.
    months: dict[str, Span] | list[Span] = field(default_factory=dict)


class Blocks(Struct):
    assigned: list[Assigned]
    available: Available

    def ours(self) -> types_metering.TrafficBlocks:
        months = self.available.months
        spans = months if isinstance(months, list) else list(months.values())
        return types_metering.TrafficBlocks(
            assigned=tuple(
                types_metering.AssignedBlock(one.id, one.month, one.traffic, wire.utc(one.added))
                for one in self.assigned
            ),
            current=self.available.current.ours(),
            open=tuple(one.ours() for one in sorted(spans, key=lambda one: one.month)),
        )


class Metering(Caller):
    """The operations that measure servers."""

    __slots__ = ()

    async def live(self, server_id: int) -> types.Live | None:
        """What the hypervisor says of a guest now; None where it says nothing.

        Asked once and never repeated: a sample that fails is a gap, and the next one comes soon.
        """
        ask = Ask("GET", server_path(server_id), OK, {"remoteState": "true"}, repeats=False)
        told = await self.read(ask, wire.Envelope[Sampled])
        return wire_servers.live_of(told.data.remote_state)

    async def traffic(self, server_id: int) -> list[types_metering.TrafficPeriod]:
        """Every period of a server's traffic, newest first."""
        ask = Ask("GET", f"{server_path(server_id)}/traffic", OK, repeats=False)
        found = await self.read(ask, wire.Envelope[Months])
        try:
            periods = [one.ours() for one in found.data.monthly]
        except ValueError as wrong:
            raise unreadable(ask, str(wrong)) from None
        return sorted(periods, key=lambda one: one.number, reverse=True)

    async def traffic_blocks(self, server_id: int) -> types_metering.TrafficBlocks:
        """The blocks of a server, and the periods that can take another."""
        ask = Ask("GET", f"{server_path(server_id)}/traffic/blocks", OK)
        found = await self.read(ask, wire.Envelope[Blocks])
        try:
            return found.data.ours()
        except ValueError as wrong:
            raise unreadable(ask, str(wrong)) from None

    async def add_traffic_block(self, server_id: int, period_number: int, gb: int) -> None:
        """Give a server more traffic for one period; the panel does not tell the block's id."""
        path = f"{server_path(server_id)}/traffic/blocks"
        await self.send(Ask("POST", path, CREATED, body={"month": period_number, "amount": gb}))

    async def remove_traffic_block(self, server_id: int, block_id: int) -> None:
        """Take a block away; one that is not there is Refused, for only a server may be Missing."""
        path = f"{server_path(server_id)}/traffic/blocks/{block_id:d}"
        await self.send(Ask("DELETE", path, EMPTY))


def instant(text: str) -> datetime:
    """The panel's instants without a zone are taken as UTC, as everywhere else."""
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
