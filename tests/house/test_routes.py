"""Every route names a viewer or stands in the short list of public ones."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, WebSocket
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute

from skypanel.app.composition import every_job
from skypanel.app.reactions import REACTIONS
from skypanel.app.routes import every_route, every_websocket
from skypanel.platform.events import Event
from skypanel.platform.http.doors import staff, the_socket_viewer, the_viewer

PUBLIC = {
    "GET /brand",
    "GET /sso/panel",
    "GET /sso/panel/start",
    "GET /sso/panel/return",
    "GET /locations",
    "GET /plans",
    "GET /addons",
    "GET /images",
    "POST /quotes",
    "POST /registrations",
    "POST /registrations/resend",
    "POST /registrations/confirm",
    "POST /sessions",
    "POST /tokens",
    "POST /tokens/refresh",
    "POST /password-resets",
    "POST /password-resets/confirm",
    "POST /me/email/confirm",
    "POST /webhooks/paypal",
    "POST /webhooks/paypal/ipn",
    "POST /webhooks/virtfusion/{path}",
    "GET /.well-known/jwks.json",
}


def routes() -> Iterator[APIRoute]:
    return (route for _, route in every_route())


def names_viewer(dependant: Dependant) -> bool:
    return any(each.call is the_viewer or is_staff(each) for each in _all(dependant))


def is_staff(dependant: Dependant) -> bool:
    return getattr(dependant.call, "__qualname__", "") == f"{staff.__name__}.<locals>.the_staff"


def test_every_route_names_a_viewer() -> None:
    naked = {
        f"{method} {route.path}"
        for route in routes()
        for method in route.methods
        if not names_viewer(route.dependant)
    }
    assert naked - PUBLIC == set()


def names_socket_viewer(dependant: Dependant) -> bool:
    return any(each.call is the_socket_viewer for each in _all(dependant))


def test_every_websocket_names_a_viewer() -> None:
    sockets = list(every_websocket())
    assert {each.path for each in sockets} == {"/console"}
    assert [each.path for each in sockets if not names_socket_viewer(each.dependant)] == []


def test_the_websocket_rule_can_fail() -> None:
    router = APIRouter()

    @router.websocket("/open")
    async def open_door(websocket: WebSocket) -> None: ...

    [route] = [each for each in router.routes if isinstance(each, APIWebSocketRoute)]
    assert not names_socket_viewer(route.dependant)


def test_staff_routes_are_under_admin() -> None:
    for route in routes():
        staffed = any(map(is_staff, _all(route.dependant)))
        assert staffed == route.path.startswith("/admin/"), route.path


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _all(each)


def test_the_viewer_rule_can_fail() -> None:
    router = APIRouter()

    @router.get("/open")
    async def open_door() -> None: ...

    [route] = [each for each in router.routes if isinstance(each, APIRoute)]
    assert not names_viewer(route.dependant)


def test_every_event_has_its_line_in_the_reactions() -> None:
    """An event nobody reacts to stands there with an empty list: silence is stated."""
    _ = every_job()
    ours = {
        f"{each.__module__}.{each.__name__}"
        for each in Event.__subclasses__()
        if each.__module__.startswith("skypanel.")
    }
    assert ours - {f"{each.__module__}.{each.__name__}" for each in REACTIONS} == set()
