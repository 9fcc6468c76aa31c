"""What happens later: asking gateways, reading what they told us, and what time brings."""

from skypanel.payments.jobs.charges import charge_payment, forget_method
from skypanel.payments.jobs.checkout import (
    create_paypal_order,
    follow_due_payments,
    follow_payment,
    verify_payment,
)
from skypanel.payments.jobs.credits import expire_credits
from skypanel.payments.jobs.disputes import look_at_dispute, look_at_open_disputes
from skypanel.payments.jobs.nightly import compare_paypal_report, read_paypal_report
from skypanel.payments.jobs.notices import read_webhook
from skypanel.payments.jobs.refunds import follow_due_refunds, send_refund
from skypanel.payments.jobs.subscriptions import (
    follow_due_subscriptions,
    work_on_subscription,
)
from skypanel.payments.jobs.top_ups import note_declined, note_settled, top_up_wallets

__all__ = [
    "charge_payment",
    "compare_paypal_report",
    "create_paypal_order",
    "expire_credits",
    "follow_due_payments",
    "follow_due_refunds",
    "follow_due_subscriptions",
    "follow_payment",
    "forget_method",
    "look_at_dispute",
    "look_at_open_disputes",
    "note_declined",
    "note_settled",
    "read_paypal_report",
    "read_webhook",
    "send_refund",
    "top_up_wallets",
    "verify_payment",
    "work_on_subscription",
]
