"""Turning the simulator, for tests and for its pages: approve, settle, refund, resend, spoil."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from skypanel.integrations.paypal.simulator.desk import Desk
from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.state import Faults
from skypanel.integrations.paypal.simulator.wire import money

Asked = dict[str, Any]
Control = Callable[[Request, Asked], Awaitable[Any]]


def routes(desk: Desk) -> list[Route]:
    """The controls' routes: JSON in and out, or a form that leads back to its page."""
    controls = Controls(desk)

    def post(path: str, control: Control) -> Route:
        return Route(f"/_sandbox{path}", _door(desk, control), methods=["POST"])

    return [
        Route("/_sandbox/state", controls.show),
        post("/orders/{ref}/approve", controls.approve),
        post("/captures/{ref}/complete", controls.complete),
        post("/captures/{ref}/deny", controls.deny),
        post("/captures/{ref}/refund", controls.refund),
        post("/deliveries/{ref}/send", controls.send),
        post("/faults", controls.set_faults),
        post("/tokens/expire", controls.expire_tokens),
        post("/reset", controls.reset),
    ]


class Controls:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, _request: Request) -> Response:
        book = self._desk.state.book
        shown = {
            "orders": list(book.orders.values()),
            "captures": list(book.captures.values()),
            "webhooks": list(book.hooks.values()),
            "deliveries": list(book.deliveries.values()),
            "faults": book.faults,
            "base_url": book.base_url,
        }
        return Response(msgspec.json.encode(shown), media_type="application/json")

    async def approve(self, request: Request, asked: Asked) -> Any:
        order = self._desk.order(request.path_params["ref"])
        self._desk.approve(order, str(asked.get("instrument") or "first"))
        return {"id": order.id, "status": order.status}

    async def complete(self, request: Request, _asked: Asked) -> Any:
        return self._settle(request, "COMPLETED")

    async def deny(self, request: Request, _asked: Asked) -> Any:
        return self._settle(request, "DECLINED")

    def _settle(self, request: Request, status: str) -> Any:
        capture = self._desk.capture(request.path_params["ref"])
        if not self._desk.settle(capture, status):
            raise Problem(422, "CAPTURE_NOT_PENDING")
        return {"id": capture.id, "status": capture.status}

    async def refund(self, request: Request, asked: Asked) -> Any:
        capture = self._desk.capture(request.path_params["ref"])
        value = str(asked.get("value") or "").strip()
        amount = money(value, capture.currency) if value else None
        made = self._desk.refund(capture, amount)
        return {"id": made.id, "status": made.status, "value": made.value}

    async def send(self, request: Request, asked: Asked) -> Any:
        delivery = self._desk.delivery(request.path_params["ref"])
        self._desk.courier.send_again(delivery, forged=_yes(asked.get("forged")))
        return {"id": delivery.id}

    async def set_faults(self, _request: Request, asked: Asked) -> Any:
        faults = self._desk.state.book.faults
        for field in msgspec.structs.fields(Faults):
            if field.name in asked:
                given = asked[field.name]
                value = (
                    _yes(given)
                    if field.type is bool
                    else msgspec.convert(given, field.type, strict=False)
                )
                setattr(faults, field.name, value)
        self._desk.courier.release()
        return msgspec.to_builtins(faults)

    async def expire_tokens(self, _request: Request, _asked: Asked) -> Any:
        self._desk.state.book.tokens.clear()
        return {}

    async def reset(self, _request: Request, _asked: Asked) -> Any:
        await self._desk.courier.stop()
        self._desk.state.clear()
        return {}


def _door(desk: Desk, control: Control) -> Callable[[Request], Awaitable[Response]]:
    async def opened(request: Request) -> Response:
        raw = await request.body()
        is_form = "form" in request.headers.get("Content-Type", "")
        desk.seen_at(request)
        try:
            asked = dict(parse_qsl(raw.decode())) if is_form else json.loads(raw or b"{}")
            done = await control(request, asked)
        except Problem as problem:
            return JSONResponse(problem.body(), problem.status)
        except (ValueError, msgspec.ValidationError) as error:
            return JSONResponse({"message": str(error)}, 400)
        desk.state.save()
        if is_form:
            return RedirectResponse(request.headers.get("Referer") or "/", 303)
        return JSONResponse(done)

    return opened


def _yes(given: Any) -> bool:
    return given in {True, "1", "true", "on", "yes"}
