"""What the payments refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class PaymentInProgress(Refusal):
    status = 409
    code = "payment_in_progress"
    message = "A payment for this invoice is on its way. Wait until it is settled or declined."


class GatewayNotSetUp(Refusal):
    status = 409
    code = "gateway_not_set_up"
    message = "This way of paying is not available right now. Choose another one."


class WebhookRejected(Refusal):
    status = 400
    code = "webhook_rejected"
    message = "This was not surely sent by PayPal."


class WebhookTooLong(Refusal):
    status = 413
    code = "webhook_too_long"
    message = "No event of PayPal is as long as this."
