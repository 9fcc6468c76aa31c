"""Starting payments, following them at the gateway, settling them once, and giving back."""

from skypanel.payments.actions.auto_top_up import (
    note_declined_top_up,
    note_settled_top_up,
    set_auto_top_up,
    top_up_if_low,
)
from skypanel.payments.actions.bank import confirm_transfer, expire_transfer, reject_transfer
from skypanel.payments.actions.batch import pay_from_wallets
from skypanel.payments.actions.charge import (
    ChargeIntent,
    Collected,
    charge_intent,
    charge_saved_method,
    collect,
    give_up_unknown,
    record_charge,
    record_decline,
)
from skypanel.payments.actions.credit import expire_credit, grant_credit, take_credits
from skypanel.payments.actions.dispute import note_dispute, record_dispute
from skypanel.payments.actions.follow import (
    OrderIntent,
    begin_capture,
    order_intent,
    record_opened,
    record_reading,
    record_refusal,
)
from skypanel.payments.actions.give_back import give_back
from skypanel.payments.actions.methods import lose_method, prefer_method, remove_method
from skypanel.payments.actions.prepaid import Prepaid, pay_from_prepaid, pay_part_from_prepaid
from skypanel.payments.actions.reconcile import (
    booked_refs,
    dismiss_transaction,
    match_known,
    note_unmatched,
)
from skypanel.payments.actions.refund import RefundIntent, preview_refund, refund_payment
from skypanel.payments.actions.refund_follow import (
    record_given,
    record_refund_refusal,
    refund_intent,
)
from skypanel.payments.actions.start import cancel_payment, start_payment
from skypanel.payments.actions.subscribe import (
    SubscriptionIntent,
    ended_ref,
    fail_subscription,
    record_agreed,
    record_plan,
    record_sale,
    subscribe,
    subscription_intent,
    wish_of_subscription,
)
from skypanel.payments.actions.wallet import spendable
from skypanel.payments.actions.webhooks import (
    close_webhook,
    payment_of,
    store_webhook,
)

__all__ = [
    "ChargeIntent",
    "Collected",
    "OrderIntent",
    "Prepaid",
    "RefundIntent",
    "SubscriptionIntent",
    "begin_capture",
    "booked_refs",
    "cancel_payment",
    "charge_intent",
    "charge_saved_method",
    "close_webhook",
    "collect",
    "confirm_transfer",
    "dismiss_transaction",
    "ended_ref",
    "expire_credit",
    "expire_transfer",
    "fail_subscription",
    "give_back",
    "give_up_unknown",
    "grant_credit",
    "lose_method",
    "match_known",
    "note_declined_top_up",
    "note_dispute",
    "note_settled_top_up",
    "note_unmatched",
    "order_intent",
    "pay_from_prepaid",
    "pay_from_wallets",
    "pay_part_from_prepaid",
    "payment_of",
    "prefer_method",
    "preview_refund",
    "record_agreed",
    "record_charge",
    "record_decline",
    "record_dispute",
    "record_given",
    "record_opened",
    "record_plan",
    "record_reading",
    "record_refund_refusal",
    "record_refusal",
    "record_sale",
    "refund_intent",
    "refund_payment",
    "reject_transfer",
    "remove_method",
    "set_auto_top_up",
    "spendable",
    "start_payment",
    "store_webhook",
    "subscribe",
    "subscription_intent",
    "take_credits",
    "top_up_if_low",
    "wish_of_subscription",
]
