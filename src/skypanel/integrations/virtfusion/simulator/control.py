"""The sandbox's own endpoints: switch faults, end installations, look inside, start over."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from skypanel.integrations.virtfusion.simulator import lifecycle
from skypanel.integrations.virtfusion.simulator.api import OPERATION_NAMES, OPERATIONS
from skypanel.integrations.virtfusion.simulator.call import Clock
from skypanel.integrations.virtfusion.simulator.faults import ANY, CHANGES, EXPLAINED, Fault
from skypanel.integrations.virtfusion.simulator.state import VERSIONS, Hook, PanelState

PREFIX = "/_sandbox"
_LOCKABLE = {operation.name for operation in OPERATIONS if operation.lockable}


class WrongFaultError(ValueError):
    """A switch that could never work."""


def checked(fault: Fault) -> Fault:
    """The fault, if it can hit anything at all."""
    if fault.operation not in {ANY, CHANGES, *OPERATION_NAMES}:
        raise WrongFaultError(f"There is no operation {fault.operation}.")
    if fault.kind == "lock" and fault.operation not in {ANY, CHANGES, *_LOCKABLE}:
        raise WrongFaultError(f"The panel never answers {fault.operation} with 423.")
    if fault.remaining is not None and fault.remaining < 1:
        raise WrongFaultError("The number of calls must be at least 1.")
    if not 0 <= fault.seconds <= 3600:
        raise WrongFaultError("The seconds must be between 0 and 3600.")
    return fault


def summary(state: PanelState) -> dict[str, Any]:
    """Counts and switches, for tests and for the demo's front page."""
    servers = state.tables.servers.values()
    words = sorted({server.state for server in servers})
    return {
        "users": len(state.tables.users),
        "servers": len(state.tables.servers),
        "servers_by_state": {
            word: sum(server.state == word for server in servers) for word in words
        },
        "suspended": sum(server.suspended for server in servers),
        "jobs_running": sum(item.finished_at is None for item in state.tables.queue.values()),
        "calls": len(state.calls),
        "faults": msgspec.to_builtins(list(state.faults)),
        "timing": msgspec.to_builtins(state.timing),
        "version": state.version,
        "engine": state.engine.name,
        "hook": state.hook.url if state.hook else None,
        "hooks_sent": list(state.hooks_sent),
    }


def control_routes(state: PanelState, clock: Clock) -> list[Route]:
    """JSON in, JSON out; no token, because the sandbox is no panel."""

    async def read(_request: Request) -> Response:
        lifecycle.settle(state, clock())
        return JSONResponse(summary(state))

    async def reset(_request: Request) -> Response:
        state.reset()
        return JSONResponse(summary(state))

    async def timing(request: Request) -> Response:
        try:
            wanted = msgspec.json.decode(await request.body(), type=dict[str, float | bool])
            now = msgspec.to_builtins(state.timing)
            state.timing = msgspec.convert({**now, **wanted}, type(state.timing))
        except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=422)
        return JSONResponse(summary(state))

    async def end_build(request: Request) -> Response:
        now = clock()
        lifecycle.settle(state, now)
        server = state.tables.servers.get(request.path_params["server_id"])
        if server is None:
            return JSONResponse({"error": "There is no such server."}, status_code=404)
        fails = request.path_params["how"] == "fail"
        if not lifecycle.end_now(state, server, now, fails=fails):
            return JSONResponse({"error": "No installation is running."}, status_code=409)
        return JSONResponse({"state": server.state})

    return [
        Route(f"{PREFIX}/state", read, methods=["GET"]),
        Route(f"{PREFIX}/reset", reset, methods=["POST"]),
        *_fault_routes(state),
        Route(f"{PREFIX}/timing", timing, methods=["PUT"]),
        *_nature_routes(state),
        Route(PREFIX + "/servers/{server_id:int}/build/{how}", end_build, methods=["POST"]),
    ]


def _nature_routes(state: PanelState) -> list[Route]:
    """Which panel it pretends to be, and whom it tells."""

    async def version(request: Request) -> Response:
        wanted = (await request.body()).decode(errors="replace").strip().strip('"')
        if wanted not in VERSIONS:
            return JSONResponse({"error": f"One of {', '.join(VERSIONS)}."}, status_code=422)
        state.version = wanted
        return JSONResponse(summary(state))

    async def hook(request: Request) -> Response:
        try:
            state.hook = msgspec.json.decode(await request.body(), type=Hook | None)
        except msgspec.DecodeError as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=422)
        return JSONResponse(summary(state))

    return [
        Route(f"{PREFIX}/hook", hook, methods=["PUT"]),
        Route(f"{PREFIX}/version", version, methods=["PUT"]),
    ]


def _fault_routes(state: PanelState) -> list[Route]:
    async def set_fault(request: Request) -> Response:
        try:
            fault = msgspec.json.decode(await request.body(), type=Fault)
            state.faults.set(checked(fault))
        except (msgspec.DecodeError, WrongFaultError) as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=422)
        return JSONResponse(summary(state), status_code=201)

    async def clear_faults(request: Request) -> Response:
        query = request.query_params
        state.faults.clear(kind=query.get("kind"), operation=query.get("operation"))
        return JSONResponse(summary(state))

    async def kinds(_request: Request) -> Response:
        operations = [ANY, CHANGES, *OPERATION_NAMES]
        return JSONResponse({"kinds": EXPLAINED, "operations": operations})

    return [
        Route(f"{PREFIX}/faults", kinds, methods=["GET"]),
        Route(f"{PREFIX}/faults", set_fault, methods=["POST"]),
        Route(f"{PREFIX}/faults", clear_faults, methods=["DELETE"]),
    ]
