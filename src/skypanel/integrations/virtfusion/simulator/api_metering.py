"""The panel's operations on traffic: periods with what was used, and blocks of extra traffic."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import Response

from skypanel.integrations.virtfusion.simulator.answers import (
    Json,
    invalid,
    micro_instant,
    not_found,
)
from skypanel.integrations.virtfusion.simulator.call import ApiCall, Operation, done, told
from skypanel.integrations.virtfusion.simulator.load import traffic, utc_midnight
from skypanel.integrations.virtfusion.simulator.server_parts import months_after
from skypanel.integrations.virtfusion.simulator.state import Server, TrafficBlock

AHEAD = 1
"""How many periods after the current one can take a block."""


def get_traffic(call: ApiCall) -> Response:
    """Every period since the server was made, newest first."""
    server = call.server()
    blocks = _blocks_of(call, server)
    rows = [
        _month_json(server, number, call.now, [one for one in blocks if one.month == number])
        for number in range(current_number(server, call.now), 0, -1)
    ]
    return told({"data": {"monthly": rows}})


def list_blocks(call: ApiCall) -> Response:
    server = call.server()
    current = current_number(server, call.now)
    spans = {str(n): _span(server, n) for n in range(current, current + AHEAD + 1)}
    assigned = [
        {
            "id": one.id,
            "current": one.month == current,
            **_span(server, one.month),
            "traffic": one.gb,
            "added": micro_instant(one.added_at),
        }
        for one in _blocks_of(call, server)
    ]
    available = {"total": len(spans), "current": spans[str(current)], "months": spans}
    return told({"data": {"assigned": assigned, "available": available}})


def add_block(call: ApiCall) -> Response:
    server = call.server()
    month, gb = call.required_integer("month"), call.required_integer("amount")
    current = current_number(server, call.now)
    if not current <= month <= current + AHEAD:
        raise invalid("month", "The selected month is invalid.")
    if gb < 1:
        raise invalid("amount", "The amount must be at least 1.")
    block = TrafficBlock(
        call.state.next_id("traffic_blocks", 2), server.id, month, gb, added_at=call.now
    )
    call.state.tables.traffic_blocks[block.id] = block
    call.lose_once(f"block:{server.id}", server.name, server.hostname)
    return done(201)


def remove_block(call: ApiCall) -> Response:
    server = call.server()
    block = call.state.tables.traffic_blocks.get(int(call.path["block_id"]))
    if block is None or block.server_id != server.id:
        raise not_found("traffic block")
    del call.state.tables.traffic_blocks[block.id]
    return done()


def current_number(server: Server, now: datetime) -> int:
    """The ordinal of the running period, counted from the day of creation."""
    first = utc_midnight(server.created_at)
    passed = (now.year - first.year) * 12 + now.month - first.month
    if months_after(first, passed) > now:
        passed -= 1
    return max(0, passed) + 1


def _bounds(server: Server, number: int) -> tuple[datetime, datetime]:
    first = utc_midnight(server.created_at)
    return months_after(first, number - 1), months_after(first, number)


def _span(server: Server, number: int) -> Json:
    start, end = _bounds(server, number)
    return {"month": number, "start": _plain(start), "end": _plain(end - timedelta(seconds=1))}


def _month_json(server: Server, number: int, now: datetime, blocks: list[TrafficBlock]) -> Json:
    start, end = _bounds(server, number)
    since = max(start, server.built_at or now)
    received, sent = traffic(server.id, server.traffic_gb, since, min(end, now))
    return {
        **_span(server, number),
        "rx": received,
        "tx": sent,
        "total": received + sent,
        "limit": server.traffic_gb,
        "blocks": [{"id": one.id, "traffic": one.gb} for one in blocks],
    }


def _blocks_of(call: ApiCall, server: Server) -> list[TrafficBlock]:
    blocks = call.state.tables.traffic_blocks.values()
    return sorted((one for one in blocks if one.server_id == server.id), key=lambda one: one.id)


def _plain(moment: datetime) -> str:
    """The panel's instants without a zone."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


_TRAFFIC = "/servers/{server_id:int}/traffic"
OPERATIONS = (
    Operation("getServerTraffic", "GET", _TRAFFIC, get_traffic, 403),
    Operation("listTrafficBlocks", "GET", _TRAFFIC + "/blocks", list_blocks, 403),
    Operation("addTrafficBlock", "POST", _TRAFFIC + "/blocks", add_block),
    Operation(
        "removeTrafficBlock", "DELETE", _TRAFFIC + "/blocks/{block_id:int}", remove_block, 403
    ),
)
