"""Doors run without the framework's machinery, because every request pays for it.

FastAPI describes every door: parameters, body, dependencies, document. A door whose dependencies
are async functions and generators and whose parameters come from path, query and one JSON body is
turned into a short list of calls when the process starts, and each request runs just those.
Whatever is not plain and right (a parameter or body that fails its check, an Idempotency-Key, a
stream) goes through FastAPI as ever, so that there is one description and one wording of errors.
`tests/platform/test_quick.py` holds both ways to the same answers.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from skypanel.platform.db import HeldReader
from skypanel.platform.errors import BodyTooLarge
from skypanel.platform.house import House
from skypanel.platform.http.doors import the_house
from skypanel.platform.http.problem import KNOWN, known

Call = Callable[..., Any]
REQUEST, BODY = "request", "body"
BODY_BYTES_MAX = 1024 * 1024


class NotPlain(Exception):
    """This door, or this request, needs the framework."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One path or query parameter, checked by the field that FastAPI made of it."""

    key: str
    name: str
    field: Any
    required: bool

    def read(self, given: Any) -> Any:
        value, errors = self.field.validate(given, {}, loc=(self.name,))
        if errors:
            raise NotPlain
        return value


@dataclass(frozen=True, slots=True)
class Step:
    """One call: what it takes from those before it, and where its result goes."""

    call: Call
    takes: tuple[tuple[str, str], ...]
    key: str
    opens: bool


@dataclass(slots=True)
class Plan:
    """A door as a list of calls: each takes what those before it gave."""

    steps: list[Step] = field(default_factory=list)
    path: list[Parameter] = field(default_factory=list)
    query: list[Parameter] = field(default_factory=list)
    body: Parameter | None = None
    seen: dict[Any, str] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)

    @property
    def only_reads(self) -> bool:
        """Whether one connection is enough: who takes the house may go on to ask elsewhere."""
        return the_house not in self.seen

    def values(self, path: Mapping[str, str], query: bytes) -> dict[str, Any]:
        """The parameters of one request, or `NotPlain`."""
        found = dict(self.defaults)
        for each in self.path:
            found[each.key] = each.read(path[each.name])
        if not query and all(not each.required for each in self.query):
            return found
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        given = dict(pairs)
        if len(given) != len(pairs):
            raise NotPlain
        for each in self.query:
            if each.name in given:
                found[each.key] = each.read(given[each.name])
            elif each.required:
                raise NotPlain
        return found

    async def run(self, values: dict[str, Any]) -> Response:
        """Call by call; what was opened is closed (a unit of work: committed) before the answer."""
        *before, last = self.steps
        async with AsyncExitStack() as stack:
            for step in before:
                asked = {name: values[source] for name, source in step.takes}
                if step.opens:
                    opened = step.call(**asked)
                    values[step.key] = await stack.enter_async_context(opened)
                else:
                    values[step.key] = await step.call(**asked)
            asked = {name: values[source] for name, source in last.takes}
            response: Response = await last.call(**asked)
        return response


def plan_of(route: APIRoute) -> Plan | None:
    """The route as a plan; None where it needs the framework."""
    texts = all(type(e).__name__ == "StringConvertor" for e in route.param_convertors.values())
    kind = route.response_class
    streams = isinstance(kind, type) and issubclass(kind, StreamingResponse)
    returns = inspect.signature(route.endpoint).return_annotation in ("Response", Response)
    writes = route.methods != {"GET"}
    if len(route.methods or ()) != 1 or not texts or streams or not returns:
        return None
    if writes and route.dependant.request_param_name:
        return None  # it reads the body itself
    plan = Plan()
    try:
        if route.body_field is not None:
            _take_body(plan, route)
        _add(plan, route.dependant)
    except NotPlain:
        return None
    return plan


def _take_body(plan: Plan, route: APIRoute) -> None:
    """One JSON body, whole."""
    [*fields] = route.dependant.body_params
    if len(fields) != 1 or fields[0] is not route.body_field:
        raise NotPlain
    if isinstance(fields[0].field_info, params.Form) or not fields[0].field_info.is_required():
        raise NotPlain
    plan.body = Parameter(BODY, fields[0].name, fields[0], required=True)


def _add(plan: Plan, dependant: Dependant) -> str:
    """Put a call and all that it needs into the plan; where its result will be."""
    call = dependant.call
    if call in plan.seen and dependant.use_cache:
        return plan.seen[call]
    opens = inspect.isasyncgenfunction(call) and dependant.scope == "function"
    if call is None or not (opens or inspect.iscoroutinefunction(call)) or _needs_more(dependant):
        raise NotPlain
    takes = [(each.name or "", _add(plan, each)) for each in dependant.dependencies]
    takes = [(name, source) for name, source in takes if name]
    key = f"{len(plan.seen)}"
    for kind, given in ((plan.path, dependant.path_params), (plan.query, dependant.query_params)):
        for each in given:
            if each.field_info.default_factory is not None:
                raise NotPlain
            required = each.field_info.is_required()
            source = f"{key}.{each.name}"
            kind.append(Parameter(source, each.alias, each, required))
            if not required:
                plan.defaults[source] = each.field_info.default
            takes.append((each.name, source))
    if dependant.body_params:
        if plan.body is None:
            raise NotPlain
        takes.append((plan.body.name, BODY))
    if dependant.request_param_name:
        takes.append((dependant.request_param_name, REQUEST))
    plan.steps.append(Step(asynccontextmanager(call) if opens else call, tuple(takes), key, opens))
    plan.seen[call] = key
    return key


def _needs_more(dependant: Dependant) -> bool:
    return bool(
        dependant.header_params
        or dependant.cookie_params
        or dependant.websocket_param_name
        or dependant.http_connection_param_name
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.concurrency
    )


@dataclass(slots=True)
class Branch:
    """A place in the tree of paths, one level a segment."""

    named: dict[str, Branch] = field(default_factory=dict)
    any_one: Branch | None = None
    doors: dict[str, tuple[Plan, tuple[str, ...]]] = field(default_factory=dict)


class Doors:
    """Every door that can be answered without the framework, by its path; of no house yet."""

    def __init__(self, routes: Iterable[tuple[str, APIRoute]]) -> None:
        self._root = Branch()
        for prefix, route in routes:
            plan = plan_of(route)
            for method in route.methods or ():
                self._plant(method, prefix + route.path, plan)

    def _plant(self, method: str, path: str, plan: Plan | None) -> None:
        branch, names = self._root, []
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                branch.any_one = branch.any_one or Branch()
                branch = branch.any_one
            else:
                branch = branch.named.setdefault(segment, Branch())
        if plan is not None:
            branch.doors[method] = plan, tuple(names)

    def find(self, method: str, path: str) -> tuple[Plan, dict[str, str]] | None:
        """The plan behind a path, and the path's parameters."""
        branch, given = self._root, []
        for segment in path[1:].split("/"):
            step = branch.named.get(segment)
            if step is None:
                step = branch.any_one
                if step is None or not segment:
                    return None
                given.append(segment)
            branch = step
        door = branch.doors.get(method)
        return None if door is None else (door[0], dict(zip(door[1], given, strict=True)))


class QuickDoors:
    """ASGI layer: plain requests are answered here, everything else by the app behind it."""

    def __init__(self, app: FastAPI, house: House, doors: Doors) -> None:
        self._app = app
        self._house = house
        self.find = doors.find

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        found = self.find(scope["method"], scope["path"])
        if found is not None:
            scope["app"] = self._app
            request = Request(scope, receive)
            try:
                response = await self._answer(request, *found)
            except NotPlain:
                receive = _again(request, receive)
            else:
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _answer(self, request: Request, plan: Plan, path: dict[str, str]) -> Response:
        values = plan.values(path, request.scope["query_string"])
        values[REQUEST] = request
        if request.method != "GET":
            if "idempotency-key" in request.headers:
                raise NotPlain
            try:
                if plan.body is not None:
                    values[BODY] = plan.body.read(await _body(request))
                return await plan.run(values)
            except KNOWN as error:
                return known(request, error)
        reader = HeldReader(self._house)
        if plan.only_reads:
            request.state.read = reader
        try:
            return await plan.run(values)
        except KNOWN as error:
            return known(request, error)
        finally:
            await reader.release()


async def _body(request: Request) -> Any:
    """The request's JSON, bounded; whatever else it carries is the framework's to refuse."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotPlain
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > BODY_BYTES_MAX:
            raise BodyTooLarge
        pieces.append(piece)
    request.scope[BODY] = body = b"".join(pieces)
    try:
        return json.loads(body)
    except ValueError:
        raise NotPlain from None


def _again(request: Request, receive: Receive) -> Receive:
    """What was read of the body, once more for the framework."""
    body = request.scope.get(BODY)
    if body is None:
        return receive
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
