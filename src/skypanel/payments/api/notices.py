"""PayPal's doors to us: what it tells is verified, kept and answered; it is read later."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from skypanel.integrations.paypal.ipn import read_notice
from skypanel.integrations.paypal.webhooks import Rejected
from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import PayPalSettings
from skypanel.payments.actions import store_webhook
from skypanel.payments.errors import WebhookRejected, WebhookTooLong
from skypanel.platform.errors import NotFound
from skypanel.platform.http.doors import TheHouse, answer

WEBHOOK_BYTES_MAX = 256 * 1024
log = structlog.get_logger()
webhooks = APIRouter(tags=["webhooks"])


@webhooks.post("/webhooks/paypal", response_model=None)
async def take_paypal_webhook(request: Request, house: TheHouse) -> Response:
    """What PayPal tells us."""
    raw = await _body(request)
    paypal = await Vendors.of(house).paypal()
    wanted = await house.settings.get(PayPalSettings)
    try:
        if wanted.webhook_check == "postback":
            event = await paypal.verify_webhook_by_asking(request.headers, raw)
        else:
            event = await paypal.verify_webhook(request.headers, raw)
    except Rejected as rejected:
        log.warning("webhook rejected", provider="paypal", reason=rejected.reason)
        raise WebhookRejected from None
    async with house.transaction() as db:
        await store_webhook(db, event_ref=event.ref, event_type=event.event_type, raw=raw)
    return answer({})


@webhooks.post("/webhooks/paypal/ipn", response_model=None)
async def take_paypal_ipn(request: Request, house: TheHouse) -> Response:
    """PayPal's oldest way of telling, where the settings allow it; answered with nothing.

    The very bytes are shown back to PayPal before anything of them is believed or kept.
    """
    raw = await _body(request)
    wanted = await house.settings.get(PayPalSettings)
    if not wanted.ipn:
        raise NotFound
    paypal = await Vendors.of(house).paypal()
    if not await paypal.ipn_is_genuine(raw):
        log.warning("IPN rejected", reason="PayPal says that it did not send this")
        raise WebhookRejected
    notice = read_notice(raw)
    ours = notice is not None and wanted.ipn_receiver.lower() in notice.receivers
    if notice is None or not ours or notice.is_test != (wanted.environment == "sandbox"):
        log.warning("IPN rejected", reason="it is for another receiver or world")
        raise WebhookRejected
    async with house.transaction() as db:
        await store_webhook(
            db,
            provider="paypal_ipn",
            event_ref=f"{notice.ref}:{notice.status}",
            event_type=f"IPN {notice.kind}",
            raw=raw,
        )
    return Response(status_code=200)


async def _body(request: Request) -> bytes:
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > WEBHOOK_BYTES_MAX:
            raise WebhookTooLong
    return raw
