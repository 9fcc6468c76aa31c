"""Turning the simulator, for tests and for its pages: approve, settle, refund, resend, spoil."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from skypanel.integrations.paypal.simulator.desk import Desk
from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.state import Dispute, Faults, new_ref
from skypanel.integrations.paypal.simulator.subscribing import Subscribing
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
        post("/captures/{ref}/reverse", controls.reverse),
        post("/captures/{ref}/dispute", controls.dispute),
        post("/refunds/{ref}/complete", controls.complete_refund),
        post("/disputes/{ref}/move", controls.move_dispute),
        post("/payment-tokens/{ref}/delete", controls.delete_token),
        post("/subscriptions/{ref}/approve", controls.approve_subscription),
        post("/subscriptions/{ref}/bill", controls.bill_subscription),
        post("/notices", controls.note),
        post("/payment-tokens/{ref}/decline", controls.decline_token),
        post("/deliveries/{ref}/send", controls.send),
        post("/faults", controls.set_faults),
        post("/tokens/expire", controls.expire_tokens),
        post("/reset", controls.reset),
    ]


class Controls:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._plans = Subscribing(desk)

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

    async def reverse(self, request: Request, asked: Asked) -> Any:
        """The payer's bank takes the money back."""
        capture = self._desk.capture(request.path_params["ref"])
        value = str(asked.get("value") or "").strip()
        amount = money(value, capture.currency) if value else None
        made = self._desk.refund(capture, amount, reversal=True)
        return {"id": made.id, "status": made.status, "value": made.value}

    async def complete_refund(self, request: Request, _asked: Asked) -> Any:
        for capture in self._desk.state.book.captures.values():
            for made in capture.refunds:
                if made.id == request.path_params["ref"]:
                    self._desk.finish_refund(capture, made)
                    return {"id": made.id, "status": made.status}
        raise Problem(404, "INVALID_RESOURCE_ID")

    async def dispute(self, request: Request, asked: Asked) -> Any:
        """The payer contests a capture."""
        capture = self._desk.capture(request.path_params["ref"])
        now = self._desk.clock.now()
        made = Dispute(
            id=f"PP-D-{new_ref(6)}",
            capture_id=capture.id,
            value=str(asked.get("value") or capture.value),
            currency=capture.currency,
            reason=str(asked.get("reason") or "MERCHANDISE_OR_SERVICE_NOT_RECEIVED"),
            status="WAITING_FOR_SELLER_RESPONSE",
            stage=str(asked.get("stage") or "CHARGEBACK"),
            created_at=now,
            updated_at=now,
            answer_until=now + timedelta(days=10),
        )
        self._desk.contest(made, "CREATED")
        return {"id": made.id, "status": made.status}

    async def move_dispute(self, request: Request, asked: Asked) -> Any:
        """A dispute goes on (`stage`), or ends (`outcome`)."""
        found = self._desk.dispute(request.path_params["ref"])
        found.stage = str(asked.get("stage") or found.stage)
        found.outcome = asked.get("outcome") or None
        found.status = "RESOLVED" if found.outcome else "WAITING_FOR_SELLER_RESPONSE"
        self._desk.contest(found, "RESOLVED" if found.outcome else "UPDATED")
        return {"id": found.id, "status": found.status}

    async def delete_token(self, request: Request, _asked: Asked) -> Any:
        """The payer ends the agreement at PayPal."""
        self._desk.drop_token(request.path_params["ref"])
        return {}

    async def decline_token(self, request: Request, asked: Asked) -> Any:
        """Every charge of this account is refused from now on (`issue`), or no more."""
        self._desk.token(request.path_params["ref"]).declines = str(asked.get("issue") or "")
        return {}

    async def approve_subscription(self, request: Request, _asked: Asked) -> Any:
        made = self._plans.found(request.path_params["ref"])
        self._plans.approve(made)
        return {"id": made.id, "status": made.status}

    async def bill_subscription(self, request: Request, _asked: Asked) -> Any:
        """One more period is due at PayPal."""
        made = self._plans.found(request.path_params["ref"])
        if made.status != "ACTIVE":
            raise Problem(422, "SUBSCRIPTION_STATUS_INVALID")
        return {"id": self._plans.bill(made).id}

    async def note(self, _request: Request, asked: Asked) -> Any:
        """These bytes (as Latin-1 text) are an IPN of ours: PayPal will say so when asked."""
        self._desk.state.book.notices.append(str(asked["raw"]))
        return {}

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
