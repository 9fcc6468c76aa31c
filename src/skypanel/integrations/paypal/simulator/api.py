"""PayPal's HTTP API: token, orders, captures, refunds, webhooks and the signing certificate."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from skypanel.integrations.paypal.simulator import till, verification
from skypanel.integrations.paypal.simulator.desk import Desk
from skypanel.integrations.paypal.simulator.more import More
from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.state import Answer, Hook, Order, new_ref
from skypanel.integrations.paypal.simulator.subscribing import Subscribing
from skypanel.integrations.paypal.simulator.wire import (
    capture_alone,
    order_json,
    order_links,
    refund_json,
)

TOKEN_SECONDS = 32_400
MAX_WEBHOOKS = 10
Endpoint = Callable[[Request], Awaitable[Response]]


class LostAnswer(Response):
    """An answer that breaks off on its way: the caller never learns what was done."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"id":', "more_body": True})


def routes(desk: Desk) -> list[Route]:
    """The API's routes."""
    api, more, plans = Api(desk), More(desk), Subscribing(desk)
    agreed = "/v1/billing/subscriptions"
    orders, captures = "/v2/checkout/orders", "/v2/payments/captures"
    hooks = "/v1/notifications/webhooks"
    return [
        Route("/v1/oauth2/token", api.token, methods=["POST"]),
        Route("/v1/notifications/certs/{cert_id}", api.certificate),
        Route(orders, api.door(api.create_order), methods=["POST"]),
        Route(orders + "/{ref}", api.door(api.get_order)),
        Route(orders + "/{ref}/capture", api.door(api.capture_order), methods=["POST"]),
        Route(captures + "/{ref}", api.door(api.get_capture)),
        Route(captures + "/{ref}/refund", api.door(api.refund_capture), methods=["POST"]),
        Route("/v3/vault/payment-tokens/{ref}", api.door(more.get_token)),
        Route("/v3/vault/payment-tokens/{ref}", api.door(more.delete_token), methods=["DELETE"]),
        Route("/v1/customer/disputes/{ref}", api.door(more.get_dispute)),
        Route("/cgi-bin/webscr", more.check_notice, methods=["POST"]),
        Route("/v1/catalogs/products", api.door(plans.create_product), methods=["POST"]),
        Route("/v1/billing/plans", api.door(plans.create_plan), methods=["POST"]),
        Route(agreed, api.door(plans.create_subscription), methods=["POST"]),
        Route(agreed + "/{ref}", api.door(plans.get_subscription)),
        Route(agreed + "/{ref}/revise", api.door(plans.revise), methods=["POST"]),
        Route(
            agreed + "/{ref}/{verb:str}",
            api.door(plans.say),
            methods=["POST"],
        ),
        Route("/v1/reporting/transactions", api.door(more.list_transactions)),
        Route(hooks, api.door(api.list_webhooks)),
        Route(hooks, api.door(api.create_webhook), methods=["POST"]),
        Route(
            "/v1/notifications/verify-webhook-signature",
            api.door(api.verify_signature),
            methods=["POST"],
        ),
    ]


class Api:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def door(self, endpoint: Endpoint) -> Endpoint:
        """Every call passes here: who asks, which fault strikes, was it asked before."""

        async def opened(request: Request) -> Response:
            faults = self._desk.state.book.faults
            if faults.slow > 0:
                faults.slow -= 1
                await asyncio.sleep(faults.slow_seconds)
            if faults.html_error > 0:
                faults.html_error -= 1
                return Response("<html><h1>Access Denied</h1></html>", 503, media_type="text/html")
            if faults.server_error > 0:
                faults.server_error -= 1
                return _refuse(Problem(503))
            if not self._known(request):
                return _refuse(Problem(401))
            try:
                _mock(request)
                answer = await self._once(request, endpoint)
            except Problem as problem:
                answer = _refuse(problem)
            lost = getattr(request.state, "answer_lost", False)
            if faults.lose_answer > 0:
                faults.lose_answer -= 1
                lost = True
            return LostAnswer() if lost else answer

        return opened

    async def _once(self, request: Request, endpoint: Endpoint) -> Response:
        """The same request id is answered as before; with another body it is refused."""
        request_id = request.headers.get("PayPal-Request-Id")
        if request.method != "POST" or not request_id:
            return await endpoint(request)
        key = f"{request.url.path} {request_id}"
        asked = hashlib.sha256(await request.body()).hexdigest()
        before = self._desk.state.book.answers.get(key)
        if before is not None:
            if before.asked_sha256 != asked:
                raise Problem(400, "INVALID_PARAMETER_SYNTAX", field="PayPal-Request-Id")
            status = 201 if request.url.path.endswith("/refund") else 200
            return Response(before.body, status, media_type="application/json")
        answer = await endpoint(request)
        self._desk.state.book.answers[key] = Answer(asked, bytes(answer.body).decode())
        self._desk.state.save()
        return answer

    def _known(self, request: Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        good_until = self._desk.state.book.tokens.get(token)
        return kind == "Bearer" and good_until is not None and self._desk.clock.now() < good_until

    async def token(self, request: Request) -> Response:
        state = self._desk.state
        self._desk.base(request)
        faults = state.book.faults
        if faults.server_error > 0:
            faults.server_error -= 1
            return _refuse(Problem(503))
        asked = dict(parse_qsl((await request.body()).decode()))
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        right = base64.b64encode(f"{state.client_id}:{state.client_secret}".encode()).decode()
        if not secrets.compare_digest(given.encode(), right.encode()):
            said = "Client Authentication failed"
            return JSONResponse({"error": "invalid_client", "error_description": said}, 401)
        if asked.get("grant_type") != "client_credentials":
            said = "Grant Type is NULL"
            body = {"error": "unsupported_grant_type", "error_description": said}
            return JSONResponse(body, 400)
        token = f"A21AA{secrets.token_urlsafe(48)}"
        now = self._desk.clock.now()
        state.book.tokens = {
            old: until for old, until in state.book.tokens.items() if until > now
        } | {token: now + timedelta(seconds=TOKEN_SECONDS)}
        state.save()
        return JSONResponse(
            {
                "scope": "https://uri.paypal.com/services/payments/payment",
                "access_token": token,
                "token_type": "Bearer",
                "app_id": "APP-80W284485P519543T",
                "expires_in": TOKEN_SECONDS,
                "nonce": f"{now.isoformat()}{secrets.token_hex(8)}",
            }
        )

    async def certificate(self, request: Request) -> Response:
        authority = self._desk.state.authority
        if request.path_params["cert_id"] != authority.cert_id:
            return PlainTextResponse("no such certificate", 404)
        return PlainTextResponse(authority.leaf_pem)

    async def create_order(self, request: Request) -> Response:
        asked = await _json(request)
        self._desk.base(request)
        order = till.open_order(self._desk.state, asked, self._desk.clock.now())
        if order.charged_token is not None:
            if till.spend(order, till.BROKEN):
                raise Problem(503)
            self._desk.take(order)
            request.state.answer_lost = till.spend(order, till.LOST)
        self._desk.state.save()
        return self._order(request, order, 201)

    async def get_order(self, request: Request) -> Response:
        order = self._desk.order(request.path_params["ref"])
        return JSONResponse(self._whole(request, order))

    async def capture_order(self, request: Request) -> Response:
        order = self._desk.order(request.path_params["ref"])
        self._desk.base(request)
        if till.spend(order, till.BROKEN):
            raise Problem(503)
        self._desk.take(order)
        request.state.answer_lost = till.spend(order, till.LOST)
        return self._order(request, order, 201)

    async def get_capture(self, request: Request) -> Response:
        capture = self._desk.capture(request.path_params["ref"])
        return JSONResponse(capture_alone(capture, self._desk.base(request)))

    async def refund_capture(self, request: Request) -> Response:
        capture = self._desk.capture(request.path_params["ref"])
        base = self._desk.base(request)
        asked = await _json(request)
        made = self._desk.refund(
            capture,
            asked.get("amount"),
            custom_id=asked.get("custom_id"),
            note=asked.get("note_to_payer"),
        )
        ending = made.value.replace(".", "")[-2:]
        request.state.answer_lost = ending == till.LOST
        return JSONResponse(refund_json(made, capture, base), 201)

    async def list_webhooks(self, request: Request) -> Response:
        base = self._desk.base(request)
        hooks = [_hook(each, base) for each in self._desk.state.book.hooks.values()]
        return JSONResponse({"webhooks": hooks})

    async def create_webhook(self, request: Request) -> Response:
        asked = await _json(request)
        url, kinds = asked.get("url"), asked.get("event_types")
        if not isinstance(url, str) or not isinstance(kinds, list) or not kinds:
            raise Problem(400, "VALIDATION_ERROR")
        hooks = self._desk.state.book.hooks
        if any(each.url == url for each in hooks.values()):
            raise Problem(400, "WEBHOOK_URL_ALREADY_EXISTS")
        if len(hooks) >= MAX_WEBHOOKS:
            raise Problem(400, "WEBHOOK_NUMBER_LIMIT_EXCEEDED")
        hook = Hook(id=new_ref(), url=url, event_types=[str(each["name"]) for each in kinds])
        hooks[hook.id] = hook
        self._desk.state.save()
        return JSONResponse(_hook(hook, self._desk.base(request)), 201)

    async def verify_signature(self, request: Request) -> Response:
        verified = verification.verified(self._desk.state, (await request.body()).decode())
        return JSONResponse({"verification_status": "SUCCESS" if verified else "FAILURE"})

    def _whole(self, request: Request, order: Order) -> dict[str, Any]:
        base, pages = self._desk.base(request), self._desk.pages(request)
        return order_json(order, self._desk.state, base, pages)

    def _order(self, request: Request, order: Order, status: int) -> Response:
        if "return=representation" in request.headers.get("Prefer", ""):
            return JSONResponse(self._whole(request, order), status)
        links = order_links(order, self._desk.base(request), self._desk.pages(request))
        minimal = {"id": order.id, "status": order.status, "links": links}
        return JSONResponse(minimal, status)


def _refuse(problem: Problem) -> Response:
    body = problem.body()
    return JSONResponse(body, problem.status, {"Paypal-Debug-Id": body["debug_id"]})


def _mock(request: Request) -> None:
    """PayPal's own negative testing: a header that names the issue to answer with."""
    header = request.headers.get("PayPal-Mock-Response")
    if not header:
        return
    try:
        issue = str(json.loads(header)["mock_application_codes"])
    except (ValueError, KeyError, TypeError):
        return
    if issue == "INTERNAL_SERVER_ERROR":
        raise Problem(500)
    raise Problem(422, issue)


async def _json(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body() or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Problem(400, "MALFORMED_REQUEST_JSON")
    return found


def _hook(hook: Hook, base: str) -> dict[str, Any]:
    url = f"{base}/v1/notifications/webhooks/{hook.id}"
    return {
        "id": hook.id,
        "url": hook.url,
        "event_types": [{"name": name} for name in hook.event_types],
        "links": [{"href": url, "rel": "self", "method": "GET"}],
    }
