"""Starting payments, following them at the gateway, and settling them once."""

from skypanel.payments.actions.follow import (
    OrderIntent,
    begin_capture,
    note_reversal,
    order_intent,
    record_opened,
    record_reading,
    record_refusal,
)
from skypanel.payments.actions.start import cancel_payment, start_payment
from skypanel.payments.actions.webhooks import (
    close_webhook,
    payment_of,
    store_webhook,
)

__all__ = [
    "OrderIntent",
    "begin_capture",
    "cancel_payment",
    "close_webhook",
    "note_reversal",
    "order_intent",
    "payment_of",
    "record_opened",
    "record_reading",
    "record_refusal",
    "start_payment",
    "store_webhook",
]
