"""The API itself: its operations, and how each call is admitted, done, logged and answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skypanel.integrations.virtfusion.simulator import api_access as access
from skypanel.integrations.virtfusion.simulator import api_catalog as catalog
from skypanel.integrations.virtfusion.simulator import api_console as console
from skypanel.integrations.virtfusion.simulator import api_metering, hooks, lifecycle
from skypanel.integrations.virtfusion.simulator import api_network as network
from skypanel.integrations.virtfusion.simulator import api_servers as servers
from skypanel.integrations.virtfusion.simulator.answers import Answered, locked, refusal
from skypanel.integrations.virtfusion.simulator.api_estate import ESTATE
from skypanel.integrations.virtfusion.simulator.call import (
    ApiCall,
    Clock,
    Operation,
    answer_of,
    body_of,
    told,
)
from skypanel.integrations.virtfusion.simulator.state import Call, PanelState

Endpoint = Callable[[Request], Awaitable[Response]]
PREFIX: Final = "/api/v1"

_GROUPS: Final = "/compute/hypervisors/groups"
_SERVER: Final = "/servers/{server_id:int}"

OPERATIONS: Final = (
    Operation("testConnection", "GET", "/connect", catalog.connect, 403),
    Operation("listHypervisorGroups", "GET", _GROUPS, catalog.list_groups, 403),
    Operation(
        "getHypervisorGroupResources",
        "GET",
        _GROUPS + "/{group_id:int}/resources",
        catalog.group_resources,
        403,
    ),
    Operation("listPackages", "GET", "/packages", catalog.list_packages, 403),
    Operation("getPackage", "GET", "/packages/{package_id:int}", catalog.get_package, 403),
    Operation(
        "listPackageTemplates",
        "GET",
        "/media/templates/fromServerPackageSpec/{package_id:int}",
        catalog.package_templates,
        403,
    ),
    Operation("createUser", "POST", "/users", catalog.create_user),
    Operation(
        "getUserByExtRelation", "GET", "/users/{relation:path}/byExtRelation", catalog.get_user, 403
    ),
    Operation("addSshKey", "POST", "/ssh_keys", catalog.add_ssh_key),
    Operation("listUserSshKeys", "GET", "/ssh_keys/user/{user_id:int}", catalog.list_ssh_keys, 403),
    Operation("listServers", "GET", "/servers", servers.list_servers, 403),
    Operation("createServer", "POST", "/servers", servers.create_server),
    Operation("getServer", "GET", _SERVER, servers.get_server, 403),
    Operation("deleteServer", "DELETE", _SERVER, servers.delete_server, 403, lockable=True),
    Operation(
        "listUserServers", "GET", "/servers/user/{user_id:int}", servers.list_user_servers, 403
    ),
    Operation("buildServer", "POST", _SERVER + "/build", servers.build_server, lockable=True),
    Operation(
        "suspendServer", "POST", _SERVER + "/suspend", servers.suspend_server, 403, lockable=True
    ),
    Operation(
        "unsuspendServer",
        "POST",
        _SERVER + "/unsuspend",
        servers.unsuspend_server,
        403,
        lockable=True,
    ),
    *(
        Operation(
            f"{action}Server",
            "POST",
            f"{_SERVER}/power/{action}",
            servers.power_server,
            403,
            lockable=True,
        )
        for action in lifecycle.POWER_ACTIONS
    ),
    Operation("modifyServerName", "PUT", _SERVER + "/modify/name", servers.rename_server),
    Operation(
        "changeServerPackage",
        "PUT",
        _SERVER + "/package/{package_id:int}",
        servers.change_package,
        lockable=True,
    ),
    Operation("getQueueItem", "GET", "/queue/{queue_id:int}", servers.get_queue_item, 403),
    *ESTATE,
    *access.OPERATIONS,
    *console.OPERATIONS,
    *api_metering.OPERATIONS,
    *network.OPERATIONS,
)
OPERATION_NAMES: Final = tuple(operation.name for operation in OPERATIONS)


def api_routes(state: PanelState, clock: Clock) -> list[Route]:
    """One route per operation; anything else is the router's own 404."""
    routes = [
        Route(PREFIX + one.path, _endpoint(one, state, clock), methods=[one.method])
        for one in OPERATIONS
    ]

    async def no_route(request: Request) -> Response:
        response = _no_route(request)
        state.calls.appendleft(_line(clock(), request, "no such route", response))
        return response

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [*routes, Route(PREFIX + "/{rest:path}", no_route, methods=methods)]


def _endpoint(operation: Operation, state: PanelState, clock: Clock) -> Endpoint:
    async def answer(request: Request) -> Response:
        began = time.perf_counter()
        response, lost = await _answer(operation, state, clock, request)
        milliseconds = (time.perf_counter() - began) * 1000
        line = _line(clock(), request, operation.name, response)
        note = "answer lost" if lost else ""
        state.calls.appendleft(replace(line, milliseconds=round(milliseconds, 1), note=note))
        if not lost:
            return response
        if _over_a_socket(request):
            return Response(status_code=504)
        raise httpx.ReadTimeout("The simulated panel lost this answer.")

    return answer


async def _answer(
    operation: Operation, state: PanelState, clock: Clock, request: Request
) -> tuple[Response, bool]:
    """What the panel answers, and whether that answer gets lost on its way."""
    call = ApiCall(
        state=state,
        now=clock(),
        operation=operation,
        url=str(request.url.replace(query="")),
        path=request.path_params,
        query=request.query_params,
    )
    if not operation.exists_in(state.version):
        return _no_route(request), False
    slow = call.fault("slow")
    if slow is not None:
        await asyncio.sleep(slow.seconds)
        call.now = clock()
    stopped = _stopped(call, request)
    if stopped is not None:
        return stopped, False
    before = hooks.snapshot(state)
    lifecycle.settle(state, call.now)
    lose = call.fault("lose_answer") is not None
    try:
        call.body = await body_of(request)
        response = operation.act(call)
    except Answered as refused:
        hooks.tell(state, before, call.now)
        return answer_of(refused), lose
    hooks.tell(state, before, call.now)
    if operation.changes:
        state.save()
    return response, lose or call.answer_lost


def _stopped(call: ApiCall, request: Request) -> Response | None:
    """The answer of a call that does not get as far as its work."""
    admitted = call.state.admits(request.headers.get("Authorization", ""))
    if not admitted or call.fault("revoked_token"):
        return Response(status_code=401)
    limited = call.fault("rate_limit")
    if limited is not None:
        return Response(status_code=429, headers={"Retry-After": str(round(limited.seconds))})
    if call.fault("unavailable"):
        return Response("<html><body>503 Service Unavailable</body></html>", 503)
    if call.operation.lockable and call.fault("lock"):
        return answer_of(locked())
    if call.fault("refuse"):
        text = "The panel was told to refuse this call."
        return answer_of(refusal(text, status=call.operation.refuses_with))
    return None


def _no_route(request: Request) -> Response:
    path = request.url.path.lstrip("/")
    return told({"message": f"The route {path} could not be found."}, 404)


def _over_a_socket(request: Request) -> bool:
    """A server names the ASGI revision it speaks; httpx's in-process transport does not."""
    return "spec_version" in request.scope["asgi"]


def _line(at: datetime, request: Request, operation: str, response: Response) -> Call:
    return Call(
        at=at,
        method=request.method,
        path=request.url.path.removeprefix(PREFIX),
        operation=operation,
        status=response.status_code,
    )
