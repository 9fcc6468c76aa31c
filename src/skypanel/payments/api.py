"""The customer's doors to paying, and PayPal's door to us."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from skypanel.integrations.paypal.webhooks import Rejected
from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import PayPalSettings
from skypanel.invoices import queries as invoices
from skypanel.payments import queries
from skypanel.payments.actions import cancel_payment, start_payment, store_webhook
from skypanel.payments.errors import GatewayNotSetUp, WebhookRejected, WebhookTooLong
from skypanel.payments.events import PaymentInquired
from skypanel.payments.rules import UNKNOWN_YET, PaymentState
from skypanel.payments.schemas import (
    InvoiceWithPayments,
    PaymentShown,
    PaymentWish,
    Verification,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.house import House
from skypanel.platform.http.doors import (
    TheActor,
    TheDb,
    TheHouse,
    TheReader,
    TheViewer,
    answer,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.relay import Subscription

VERIFY_SECONDS = 10.0
LOOK_SECONDS = 2.0  # a lost notice costs this much, not the whole wait
WEBHOOK_BYTES_MAX = 256 * 1024
log = structlog.get_logger()
router = APIRouter(route_class=DoorRoute, tags=["billing"])
webhooks = APIRouter(tags=["webhooks"])


@router.get("/invoices/{invoice_id}", response_model=InvoiceWithPayments)
async def show_invoice(read: TheReader, viewer: TheViewer, invoice_id: UUID) -> Response:
    """One invoice with its lines and its payments."""
    invoice = await invoices.get_for(read, viewer, invoice_id)
    payments = await queries.of_invoice_for(read, viewer, invoice_id)
    return answer({**invoice, "payments": payments})


@router.post("/payments", response_model=PaymentShown, status_code=202)
async def begin_payment(db: TheDb, viewer: TheViewer, wish: PaymentWish) -> Response:
    """Pay an invoice: 201 when it is settled at once, 202 with the payment to follow otherwise."""
    invoice = await invoices.get_for(db, viewer, wish.invoice_id)
    viewer.require("billing.pay", invoice["account_id"])
    if wish.gateway == "paypal" and not (await db.house.settings.get(PayPalSettings)).ready:
        raise GatewayNotSetUp
    payment = await start_payment(db, wish.invoice_id, wish.gateway)
    shown = await queries.get_for(db, viewer, payment.id)
    return answer(shown, 201 if payment.state == PaymentState.SETTLED else 202)


@router.get("/payments/{payment_id}", response_model=PaymentShown)
async def show_payment(read: TheReader, viewer: TheViewer, payment_id: UUID) -> Response:
    """One payment."""
    return answer(await queries.get_for(read, viewer, payment_id))


@router.post("/payments/{payment_id}/cancel", response_model=PaymentShown)
async def give_up_payment(db: TheDb, viewer: TheViewer, payment_id: UUID) -> Response:
    """Give up a payment that was not approved."""
    found = await queries.get_for(db, viewer, payment_id)
    viewer.require("billing.pay", found["account_id"])
    await cancel_payment(db, payment_id)
    return answer(await queries.get_for(db, viewer, payment_id))


@router.post("/payments/{payment_id}/verify", response_model=Verification)
async def verify_payment(
    house: TheHouse, viewer: TheViewer, actor: TheActor, payment_id: UUID
) -> Response:
    """Find out at PayPal how a payment stands: 200 when that is known, 202 when it is not yet."""
    found = await queries.get_for(house.read(), viewer, payment_id)
    if found["state"] in UNKNOWN_YET or found["state"] == PaymentState.PENDING:
        account_id: UUID = found["account_id"]
        with house.relay.subscribed([f"account:{account_id}"]) as subscription:
            async with house.transaction(actor) as db:
                db.publish(PaymentInquired(payment_id, account_id))
            found = await _awaited(house, viewer, payment_id, subscription)
    invoice = await invoices.get_for(house.read(), viewer, found["invoice_id"])
    standing = {name: invoice[name] for name in ("id", "state", "number")}
    status = 202 if found["state"] in UNKNOWN_YET else 200
    return answer({"payment": found, "invoice": standing}, status)


async def _awaited(
    house: House, viewer: Viewer, payment_id: UUID, subscription: Subscription
) -> dict[str, Any]:
    """The payment when the worker has asked PayPal, or as it stands when the time is up."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + VERIFY_SECONDS
    told = False
    while True:
        found = await queries.get_for(house.read(), viewer, payment_id)
        moving = found["state"] in (PaymentState.CREATING, PaymentState.CAPTURING)
        waiting = found["state"] in (PaymentState.AWAITING_APPROVAL, PaymentState.PENDING)
        left = ends - loop.time()
        if left <= 0 or not (moving or waiting) or (waiting and told):
            return found
        try:
            message = await asyncio.wait_for(subscription.inbox.get(), min(left, LOOK_SECONDS))
        except TimeoutError:
            continue
        told = message is not None and message.id == str(payment_id)


@webhooks.post("/webhooks/paypal", response_model=None)
async def take_paypal_webhook(request: Request, house: TheHouse) -> Response:
    """What PayPal tells us: verified, kept, answered; it is read later."""
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > WEBHOOK_BYTES_MAX:
            raise WebhookTooLong
    paypal = await Vendors.of(house).paypal()
    try:
        event = await paypal.verify_webhook(request.headers, raw)
    except Rejected as rejected:
        log.warning("webhook rejected", provider="paypal", reason=rejected.reason)
        raise WebhookRejected from None
    async with house.transaction() as db:
        await store_webhook(db, event_ref=event.ref, event_type=event.event_type, raw=raw)
    return answer({})
