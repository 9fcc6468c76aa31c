"""What the orders refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class PaymentUnderWay(Refusal):
    status = 409
    code = "payment_under_way"
    message = "A payment for this order is being taken, so it can't be cancelled now."


class OrderNotRefundable(Refusal):
    """Why an order can't be refunded and closed."""

    status = 409
    code = "order_not_refundable"
