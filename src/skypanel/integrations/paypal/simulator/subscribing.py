"""PayPal's HTTP API of subscriptions: products, plans, agreements and their v1 shaped sales."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skypanel.integrations.paypal.simulator.desk import Desk
from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.state import Plan, Sale, Subscription, new_ref
from skypanel.integrations.paypal.simulator.wire import PAYER_EMAIL, PAYER_REF, fee_of, stamp

VERBS = {
    "suspend": ({"ACTIVE"}, "SUSPENDED"),
    "activate": ({"SUSPENDED"}, "ACTIVE"),
    "cancel": ({"ACTIVE", "SUSPENDED"}, "CANCELLED"),
}
_INVALID = "Invalid subscription status for {} action; subscription status should be {}."
INVALID = {
    "suspend": _INVALID.format("suspend", "active"),
    "activate": _INVALID.format("activate", "suspended"),
    "cancel": _INVALID.format("cancel", "active or suspended"),
}
TOLD = {"SUSPENDED": "SUSPENDED", "ACTIVE": "ACTIVATED", "CANCELLED": "CANCELLED"}


async def asked_of(request: Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.body() or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Problem(400, "MALFORMED_REQUEST_JSON")
    return found


class Subscribing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def create_product(self, request: Request) -> Response:
        asked = await asked_of(request)
        if not asked.get("name") or not asked.get("type"):
            raise Problem(400, "INVALID_PARAMETER_VALUE", field="/name")
        ref = f"PROD-{new_ref()}"
        self._desk.state.book.products[ref] = asked
        self._desk.state.save()
        found = asked | {"id": ref, "create_time": stamp(self._desk.clock.now())}
        return JSONResponse(found, 201)

    async def create_plan(self, request: Request) -> Response:
        asked = await asked_of(request)
        book = self._desk.state.book
        if asked.get("product_id") not in book.products:
            raise Problem(404, "INVALID_RESOURCE_ID")
        try:
            cycle = asked["billing_cycles"][0]
            price = cycle["pricing_scheme"]["fixed_price"]
            plan = Plan(
                id=f"P-{new_ref(24)}",
                product_id=asked["product_id"],
                name=asked["name"],
                value=price["value"],
                currency=price["currency_code"],
                months=int(cycle["frequency"].get("interval_count", 1)),
                asked=asked,
            )
        except (KeyError, IndexError, TypeError):
            raise Problem(400, "INVALID_PARAMETER_VALUE", field="/billing_cycles") from None
        book.plans[plan.id] = plan
        self._desk.state.save()
        found = asked | {"id": plan.id, "create_time": stamp(self._desk.clock.now())}
        return JSONResponse(found, 201)

    async def create_subscription(self, request: Request) -> Response:
        asked = await asked_of(request)
        if asked.get("plan_id") not in self._desk.state.book.plans:
            raise Problem(404, "INVALID_RESOURCE_ID")
        context, now = asked.get("application_context") or {}, self._desk.clock.now()
        made = Subscription(
            id=f"I-{new_ref(12)}",
            plan_id=asked["plan_id"],
            status="APPROVAL_PENDING",
            custom_id=asked.get("custom_id"),
            return_url=str(context.get("return_url") or ""),
            cancel_url=str(context.get("cancel_url") or ""),
            created_at=now,
            updated_at=now,
        )
        self._desk.state.book.subscriptions[made.id] = made
        self._desk.state.save()
        return JSONResponse(self._shown(request, made), 201)

    async def get_subscription(self, request: Request) -> Response:
        return JSONResponse(self._shown(request, self.found(request.path_params["ref"])))

    async def revise(self, request: Request) -> Response:
        asked = await asked_of(request)
        made = self.found(request.path_params["ref"])
        if asked.get("plan_id") not in self._desk.state.book.plans:
            raise Problem(404, "INVALID_RESOURCE_ID")
        if made.status != "ACTIVE":
            raise Problem(422, "SUBSCRIPTION_STATUS_INVALID")
        made.plan_id = asked["plan_id"]
        self.tell(made, "UPDATED")
        shown = self._shown(request, made)
        return JSONResponse({"plan_id": made.plan_id, "links": shown["links"]})

    async def say(self, request: Request) -> Response:
        made, verb = self.found(request.path_params["ref"]), request.path_params["verb"]
        if verb not in VERBS:
            raise Problem(404, "INVALID_RESOURCE_ID")
        before, after = VERBS[verb]
        if not (await asked_of(request)).get("reason"):
            raise Problem(400, "INVALID_PARAMETER_VALUE", field="/reason")
        if made.status not in before:
            raise Problem(422, "SUBSCRIPTION_STATUS_INVALID", said=INVALID[verb])
        made.status = after
        self.tell(made, TOLD[after])
        return Response(status_code=204)

    def found(self, ref: str) -> Subscription:
        made = self._desk.state.book.subscriptions.get(ref)
        if made is None:
            raise Problem(404, "INVALID_RESOURCE_ID")
        return made

    def approve(self, made: Subscription) -> None:
        """The payer agreed: it is active, and the first period is paid at once."""
        if made.status == "APPROVAL_PENDING":
            made.status = "ACTIVE"
            self.tell(made, "ACTIVATED")
            self.bill(made)

    def bill(self, made: Subscription) -> Sale:
        """PayPal takes the money of one more period and tells it as a v1 sale."""
        plan = self._desk.state.book.plans[made.plan_id]
        sale = Sale(
            id=new_ref(),
            subscription_id=made.id,
            value=plan.value,
            currency=plan.currency,
            created_at=self._desk.clock.now(),
        )
        self._desk.state.book.sales[sale.id] = sale
        made.sales.append(sale.id)
        self._desk.courier.tell(
            "PAYMENT.SALE.COMPLETED", "sale", sale_json(sale, made), "Payment completed"
        )
        self._desk.state.save()
        return sale

    def tell(self, made: Subscription, verb: str) -> None:
        made.updated_at = self._desk.clock.now()
        self._desk.courier.tell(
            f"BILLING.SUBSCRIPTION.{verb}",
            "subscription",
            subscription_json(made, self._desk.state.book.base_url),
            f"Subscription {verb.lower()}",
        )
        self._desk.state.save()

    def _shown(self, request: Request, made: Subscription) -> dict[str, Any]:
        found = subscription_json(made, self._desk.base(request))
        if made.status == "APPROVAL_PENDING":
            pages = self._desk.pages(request)
            approve = f"{pages}/webapps/billing/subscriptions?ba_token={made.id}"
            found["links"].insert(0, {"href": approve, "rel": "approve", "method": "GET"})
        return found


def subscription_json(made: Subscription, base: str) -> dict[str, Any]:
    """A subscription, whole."""
    found: dict[str, Any] = {
        "id": made.id,
        "plan_id": made.plan_id,
        "status": made.status,
        "start_time": stamp(made.created_at),
        "quantity": "1",
        "create_time": stamp(made.created_at),
        "update_time": stamp(made.updated_at),
        "subscriber": {"email_address": PAYER_EMAIL, "payer_id": PAYER_REF},
        "links": [
            {
                "href": f"{base}/v1/billing/subscriptions/{made.id}",
                "rel": "self",
                "method": "GET",
            }
        ],
    }
    if made.custom_id:
        found["custom_id"] = made.custom_id
    return found


def sale_json(sale: Sale, made: Subscription) -> dict[str, Any]:
    """A sale in the shape of PayPal's first API version."""
    found: dict[str, Any] = {
        "id": sale.id,
        "state": sale.state,
        "amount": {"total": sale.value, "currency": sale.currency},
        "payment_mode": "INSTANT_TRANSFER",
        "billing_agreement_id": made.id,
        "transaction_fee": {"value": fee_of(sale.value), "currency": sale.currency},
        "create_time": stamp(sale.created_at),
        "update_time": stamp(sale.created_at),
    }
    if made.custom_id:
        found["custom"] = made.custom_id
    return found
