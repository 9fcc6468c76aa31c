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


class TopUpFromWallet(Refusal):
    status = 409
    code = "top_up_from_wallet"
    message = "A top-up can't be paid out of the wallet it fills."


class CurrencyDiffers(Refusal):
    status = 422
    code = "currency_differs"
    message = "This is in another currency than the payment."


class AmountNotPositive(Refusal):
    status = 422
    code = "amount_not_positive"
    message = "The amount must be more than nothing."


class AmountOutOfBounds(Refusal):
    status = 422
    code = "amount_out_of_bounds"


class ReceivedInFuture(Refusal):
    status = 422
    code = "received_in_future"
    message = "Money can't have come tomorrow."


class CreditEndsBefore(Refusal):
    status = 422
    code = "credit_ends_before"
    message = "The last day of this credit is over already."


class RefundTooMuch(Refusal):
    status = 409
    code = "refund_too_much"
    message = "More than is left of this payment can't go back."


class RefundNotPossible(Refusal):
    status = 409
    code = "refund_not_possible"
    message = "This money can't go back this way."


class PaymentDisputed(Refusal):
    status = 409
    code = "payment_disputed"
    message = "PayPal decides about this payment: it is disputed. Answer the dispute instead."


class NoSavedMethod(Refusal):
    status = 409
    code = "no_saved_method"
    message = "There is no saved payment method. Save one with your next PayPal payment."


class SubscriptionsOff(Refusal):
    status = 409
    code = "subscriptions_off"
    message = "PayPal subscriptions are not offered here."


class SubscriptionExists(Refusal):
    status = 409
    code = "subscription_exists"
    message = "This service has a subscription already."
