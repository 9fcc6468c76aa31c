"""The customer's doors to paying an invoice."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.integrations.settings import PayPalSettings
from skypanel.invoices import queries as invoices
from skypanel.invoices.rules import SellerSettings
from skypanel.payments import queries
from skypanel.payments.actions import cancel_payment, start_payment
from skypanel.payments.errors import GatewayNotSetUp
from skypanel.payments.events import PaymentInquired
from skypanel.payments.queries import wallet
from skypanel.payments.rules import CONSENT, UNKNOWN_YET, PaymentSettings, PaymentState
from skypanel.payments.schemas import (
    InvoiceWithPayments,
    PaymentShown,
    PaymentWish,
    TransferInstructions,
    Verification,
    WaysToPay,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.errors import NotFound
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
router = APIRouter(route_class=DoorRoute, tags=["billing"])


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
    saves = wish.save_method and wish.gateway == "paypal"
    payment = await start_payment(
        db,
        wish.invoice_id,
        wish.gateway,
        use_wallet=wish.use_wallet,
        save_method=saves and (await db.house.settings.get(PaymentSettings)).save_methods,
    )
    shown = await queries.get_for(db, viewer, payment.id)
    return answer(shown, 201 if payment.state == PaymentState.SETTLED else 202)


@router.get("/invoices/{invoice_id}/ways-to-pay", response_model=WaysToPay)
async def show_ways_to_pay(house: TheHouse, viewer: TheViewer, invoice_id: UUID) -> Response:
    """What an invoice can be paid with now, and what the wallet could add."""
    read = house.read()
    invoice = await invoices.get_for(read, viewer, invoice_id)
    policy = await house.settings.get(PaymentSettings)
    paypal = await house.settings.get(PayPalSettings)
    seller = await house.settings.get(SellerSettings)
    account_id, currency = invoice["account_id"], invoice["total"]["currency"]
    tops_up = await queries.fills_the_wallet(read, invoice_id)
    return answer(
        {
            "due": invoice["open"],
            "wallet": None if tops_up else await wallet.standing(read, account_id, currency),
            "paypal": paypal.ready,
            "bank": policy.bank_transfer and bool(seller.iban),
            "saves_methods": policy.save_methods and paypal.ready,
            "consent": CONSENT.format(seller=seller.company or seller.name or "the provider"),
        }
    )


@router.get("/payments/{payment_id}/transfer", response_model=TransferInstructions)
async def show_transfer(house: TheHouse, viewer: TheViewer, payment_id: UUID) -> Response:
    """Where to send the money of a bank transfer, and what to write on it."""
    found = await queries.get_for(house.read(), viewer, payment_id)
    if found["gateway"] != "bank":
        raise NotFound
    seller = await house.settings.get(SellerSettings)
    return answer(
        {
            "payment_id": payment_id,
            "amount": found["amount"],
            "reference": found["reference"],
            "holder": seller.company or seller.name,
            "iban": seller.iban,
            "bic": seller.bic,
            "bank_name": seller.bank_name,
            "expires_at": found["expires_at"],
        }
    )


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
