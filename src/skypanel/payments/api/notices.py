"""PayPal's doors to us: what it tells is verified, kept and answered; it is read later."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from skypanel.integrations.paypal.webhooks import Rejected
from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import PayPalSettings
from skypanel.payments.actions import store_webhook
from skypanel.payments.errors import WebhookRejected, WebhookTooLong
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


async def _body(request: Request) -> bytes:
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > WEBHOOK_BYTES_MAX:
            raise WebhookTooLong
    return raw
