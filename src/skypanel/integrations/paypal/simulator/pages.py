"""The pages a person sees: the payer's approval page and the merchant's view of the sandbox."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from skypanel.integrations.paypal.simulator.desk import Desk
from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.state import Order
from skypanel.integrations.paypal.simulator.wire import (
    PAYER_EMAIL,
    PAYER_REF,
    refunded,
)

SHOWN = 100
PAGES = Environment(
    loader=PackageLoader(__name__, "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.filters |= {
    "when": lambda at: f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
    "refunded": refunded,
}


def routes(desk: Desk) -> list[Route]:
    """The pages' routes, and the script a shop's page loads for the button."""
    pages = Pages(desk)
    return [
        Route("/", pages.orders),
        Route("/deliveries", pages.deliveries),
        Route("/faults", pages.faults),
        Route("/checkoutnow", pages.checkout),
        Route("/checkoutnow", pages.decide, methods=["POST"]),
        Route("/web-sdk/v6/core", pages.script),
    ]


class Pages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def _page(self, template: str, *, here: str, status: int = 200, **shown: Any) -> Response:
        text = PAGES.get_template(template).render(
            here=here, links=self._desk.links, merchant=self._desk.state.merchant, **shown
        )
        return HTMLResponse(text, status, {"Cache-Control": "no-store"})

    async def orders(self, _request: Request) -> Response:
        book = self._desk.state.book
        newest = list(book.orders.values())[: -SHOWN - 1 : -1]
        rows = [(order, book.captures.get(order.capture_id or "")) for order in newest]
        pending = sum(1 for capture in book.captures.values() if capture.status == "PENDING")
        return self._page(
            "orders.html", here="orders", rows=rows, total=len(book.orders), pending=pending
        )

    async def deliveries(self, _request: Request) -> Response:
        book = self._desk.state.book
        newest = list(book.deliveries.values())[: -SHOWN - 1 : -1]
        return self._page(
            "deliveries.html",
            here="deliveries",
            rows=newest,
            hooks=list(book.hooks.values()),
            faults=book.faults,
        )

    async def faults(self, _request: Request) -> Response:
        book = self._desk.state.book
        return self._page("faults.html", here="faults", faults=book.faults, tokens=len(book.tokens))

    async def checkout(self, request: Request) -> Response:
        """Where a payer looks at what is asked and agrees, or does not."""
        order = self._desk.state.book.orders.get(request.query_params.get("token", ""))
        if order is None:
            return self._page("gone.html", here="", status=404)
        in_popup = request.query_params.get("popup") == "1"
        if order.status not in {"CREATED", "PAYER_ACTION_REQUIRED"}:
            return self._leave(order, approved=True, in_popup=in_popup)
        return self._page(
            "approve.html", here="", order=order, payer=PAYER_EMAIL, in_popup=in_popup
        )

    async def decide(self, request: Request) -> Response:
        """What the payer decided; then back to the shop, as PayPal does."""
        asked = dict(parse_qsl((await request.body()).decode()))
        self._desk.seen_at(request)
        try:
            order = self._desk.order(asked.get("token", ""))
        except Problem:
            return self._page("gone.html", here="", status=404)
        in_popup = asked.get("popup") == "1"
        choice = asked.get("choice")
        if choice not in {"approve", "approve_and_close"}:
            return self._leave(order, approved=False, in_popup=in_popup)
        self._desk.approve(order, asked.get("instrument", "first"))
        if choice == "approve_and_close":
            return self._page("closed.html", here="", order=order)
        return self._leave(order, approved=True, in_popup=in_popup)

    def _leave(self, order: Order, *, approved: bool, in_popup: bool) -> Response:
        target = order.return_url if approved else order.cancel_url
        known = {"token": order.id} | ({"PayerID": PAYER_REF} if approved else {})
        if in_popup:
            said = {
                "source": "paypal-sandbox",
                "outcome": "approved" if approved else "cancelled",
                "orderId": order.id,
                "payerId": PAYER_REF,
            }
            return self._page("popup.html", here="", said=said, opener=_origin(order.return_url))
        if not target:
            return self._page("closed.html", here="", order=order)
        return RedirectResponse(_with(target, known), 303)

    async def script(self, _request: Request) -> Response:
        text = PAGES.get_template("sdk.js").render()
        headers = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(text, media_type="text/javascript", headers=headers)


def _with(url: str, more: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *more.items()])
    return urlunsplit(parts._replace(query=query))


def _origin(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else "*"
