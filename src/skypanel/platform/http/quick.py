"""Reads answered without the framework's machinery, because most requests are reads.

FastAPI describes every door: parameters, dependencies, document. For a GET whose dependencies are
plain async functions and whose parameters come from path and query, that description is turned
into a short list of calls when the process starts, and each request runs just those, on one
database connection. Whatever is not plain and right (a parameter that fails its check, a body, a
stream) goes through FastAPI as ever, so that there is one description and one wording of errors.
`tests/platform/test_quick.py` holds both ways to the same answers.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from skypanel.platform.db import HeldReader
from skypanel.platform.house import House
from skypanel.platform.http.problem import known

Call = Callable[..., Awaitable[Any]]
REQUEST = "request"


class NotPlain(Exception):
    """This door needs the framework."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One path or query parameter, checked by the field that FastAPI made of it."""

    key: str
    name: str
    field: Any
    required: bool
    default: Any

    def read(self, given: str) -> Any:
        value, errors = self.field.validate(given, {}, loc=(self.name,))
        if errors:
            raise NotPlain
        return value


@dataclass(slots=True)
class Plan:
    """A door as a list of calls: each takes what those before it gave."""

    steps: list[tuple[Call, tuple[tuple[str, str], ...], str]] = field(default_factory=list)
    path: list[Parameter] = field(default_factory=list)
    query: list[Parameter] = field(default_factory=list)
    seen: dict[Any, str] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)

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

    async def run(self, request: Request, values: dict[str, Any]) -> Response:
        values[REQUEST] = request
        for call, takes, key in self.steps:
            values[key] = await call(**{name: values[source] for name, source in takes})
        response: Response = values[self.steps[-1][2]]
        return response


def plan_of(route: APIRoute) -> Plan | None:
    """The route as a plan; None where it needs the framework."""
    if route.methods != {"GET"} or any(
        type(each).__name__ != "StringConvertor" for each in route.param_convertors.values()
    ):
        return None
    kind = route.response_class
    if isinstance(kind, type) and issubclass(kind, StreamingResponse):
        return None
    plan = Plan()
    try:
        _add(plan, route.dependant)
    except NotPlain:
        return None
    return plan


def _add(plan: Plan, dependant: Dependant) -> str:
    """Put a call and all that it needs into the plan; where its result will be."""
    call = dependant.call
    if call in plan.seen and dependant.use_cache:
        return plan.seen[call]
    if not inspect.iscoroutinefunction(call) or _needs_more(dependant):
        raise NotPlain
    takes = [(each.name or "", _add(plan, each)) for each in dependant.dependencies]
    takes = [(name, source) for name, source in takes if name]
    key = f"{len(plan.seen)}"
    for kind, given in ((plan.path, dependant.path_params), (plan.query, dependant.query_params)):
        for each in given:
            if each.field_info.is_required() is False and each.field_info.default_factory:
                raise NotPlain
            required = each.field_info.is_required()
            source = f"{key}.{each.name}"
            default = None if required else each.field_info.default
            kind.append(Parameter(source, each.alias, each, required, default))
            if not required:
                plan.defaults[source] = default
            takes.append((each.name, source))
    if dependant.request_param_name:
        takes.append((dependant.request_param_name, REQUEST))
    plan.steps.append((call, tuple(takes), key))
    plan.seen[call] = key
    return key


def _needs_more(dependant: Dependant) -> bool:
    return bool(
        dependant.header_params
        or dependant.cookie_params
        or dependant.body_params
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
    plan: Plan | None = None
    names: tuple[str, ...] = ()


class QuickReads:
    """ASGI layer: plain reads are answered here, everything else by the app behind it."""

    def __init__(self, app: FastAPI, house: House, routes: Iterable[tuple[str, APIRoute]]) -> None:
        self._app = app
        self._house = house
        self._root = Branch()
        for prefix, route in routes:
            if "GET" in (route.methods or ()):
                self._plant(prefix + route.path, plan_of(route))

    def _plant(self, path: str, plan: Plan | None) -> None:
        branch, names = self._root, []
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                branch.any_one = branch.any_one or Branch()
                branch = branch.any_one
            else:
                branch = branch.named.setdefault(segment, Branch())
        branch.plan, branch.names = plan, tuple(names)

    def find(self, path: str) -> tuple[Plan, dict[str, str]] | None:
        """The plan of a path and its parameters."""
        branch, given = self._root, []
        for segment in path[1:].split("/"):
            step = branch.named.get(segment)
            if step is None:
                step = branch.any_one
                if step is None or not segment:
                    return None
                given.append(segment)
            branch = step
        if branch.plan is None:
            return None
        return branch.plan, dict(zip(branch.names, given, strict=True))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            response = await self._answer(scope)
            if response is not None:
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        found = self.find(scope["path"])
        if found is None:
            return None
        plan, path = found
        try:
            values = plan.values(path, scope["query_string"])
        except NotPlain:
            return None
        scope["app"] = self._app
        request = Request(scope)
        reader = HeldReader(self._house)
        request.state.read = reader
        try:
            return await plan.run(request, values)
        except Exception as error:
            answer = known(request, error)
            if answer is None:
                raise
            return answer
        finally:
            await reader.release()
