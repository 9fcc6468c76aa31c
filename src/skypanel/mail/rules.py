"""What mail there is, the states of a message, and when it is tried again."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from skypanel.platform.states import Table


class MailKind(StrEnum):
    """Why we write; each has a template of its name."""

    VERIFY_EMAIL = "verify_email"
    ACCOUNT_EXISTS = "account_exists"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a kind of mail
    WELCOME = "welcome"
    CONFIRM_NEW_EMAIL = "confirm_new_email"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a kind of mail
    INVITATION = "invitation"
    INVOICE_ISSUED = "invoice_issued"
    INVOICE_VOIDED = "invoice_voided"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"
    TRANSFER_AWAITED = "transfer_awaited"
    PAYMENT_REFUNDED = "payment_refunded"
    CHARGE_DECLINED = "charge_declined"
    METHOD_SAVED = "method_saved"
    METHOD_LOST = "method_lost"
    CREDIT_GRANTED = "credit_granted"
    SERVER_READY = "server_ready"
    ORDER_REFUNDED = "order_refunded"
    PRICE_CHANGE = "price_change"
    PAYMENT_REMINDER = "payment_reminder"
    SERVICE_SUSPENDED = "service_suspended"
    SERVICE_RESUMED = "service_resumed"
    SERVICE_TERMINATED = "service_terminated"
    SERVICE_END_CHOSEN = "service_end_chosen"
    BALANCE_LOW = "balance_low"
    BALANCE_EMPTY = "balance_empty"
    FINDINGS = "findings"
    PLAN_CHANGE_SCHEDULED = "plan_change_scheduled"
    PLAN_CHANGED = "plan_changed"
    SERVER_REINSTALLED = "server_reinstalled"
    REINSTALL_FAILED = "reinstall_failed"
    SERVER_PASSWORD_RESET = "server_password_reset"  # noqa: S105 - the name of a kind of mail
    EXTRA_ADDRESS = "extra_address"
    ALERT_RAISED = "alert_raised"
    ALERT_CLEARED = "alert_cleared"


class MailState(StrEnum):
    """How far a message has come; `accepted` is the mail server's word, not the reader's."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


MAIL_STATES: Table = {
    "queued": {"send": "sending", "withdraw": "withdrawn"},
    "sending": {
        "accept": "accepted",
        "defer": "deferred",
        "refuse": "refused",
        "send": "sending",
        "withdraw": "withdrawn",
    },
    "deferred": {"send": "sending", "retry": "queued", "withdraw": "withdrawn"},
    "refused": {"retry": "queued"},
    "accepted": {},
    "withdrawn": {},
}
OVER = frozenset({MailState.ACCEPTED, MailState.REFUSED, MailState.WITHDRAWN})

# Before it is sent a message has no words yet, so staff see why it is written.
TITLES: Final = {
    MailKind.VERIFY_EMAIL: "Confirm your email address",
    MailKind.ACCOUNT_EXISTS: "You already have an account",
    MailKind.RESET_PASSWORD: "Set a new password",
    MailKind.WELCOME: "Your servers have a new home",
    MailKind.CONFIRM_NEW_EMAIL: "Confirm your new email address",
    MailKind.EMAIL_CHANGED: "Your email address was changed",
    MailKind.PASSWORD_CHANGED: "Your password was changed",
    MailKind.INVITATION: "You are invited",
    MailKind.INVOICE_ISSUED: "Invoice to pay",
    MailKind.INVOICE_VOIDED: "An invoice is void",
    MailKind.RECEIPT: "Payment received",
    MailKind.CREDIT_NOTE: "Credit note",
    MailKind.TRANSFER_AWAITED: "How to pay by bank transfer",
    MailKind.PAYMENT_REFUNDED: "Money is on its way back",
    MailKind.CHARGE_DECLINED: "A payment was declined",
    MailKind.METHOD_SAVED: "Payment method saved",
    MailKind.METHOD_LOST: "Payment method lost",
    MailKind.CREDIT_GRANTED: "Credit for you",
    MailKind.SERVER_READY: "Your server is ready",
    MailKind.ORDER_REFUNDED: "We could not make your server",
    MailKind.PRICE_CHANGE: "A price changes",
    MailKind.PAYMENT_REMINDER: "Reminder of an open invoice",
    MailKind.SERVICE_SUSPENDED: "Your service was suspended",
    MailKind.SERVICE_RESUMED: "Your service runs again",
    MailKind.SERVICE_TERMINATED: "Your service has ended",
    MailKind.SERVICE_END_CHOSEN: "When your service ends",
    MailKind.BALANCE_LOW: "Your balance is low",
    MailKind.BALANCE_EMPTY: "Your balance is used up",
    MailKind.FINDINGS: "Something is not as it must be",
    MailKind.PLAN_CHANGE_SCHEDULED: "Your plan changes",
    MailKind.PLAN_CHANGED: "Your plan is changed",
    MailKind.SERVER_REINSTALLED: "Your server was reinstalled",
    MailKind.REINSTALL_FAILED: "Your server could not be reinstalled",
    MailKind.SERVER_PASSWORD_RESET: "Your server's password was reset",
    MailKind.EXTRA_ADDRESS: "An address of your server",
    MailKind.ALERT_RAISED: "A server needs attention",
    MailKind.ALERT_CLEARED: "A server is all right again",
}
WITH_DOCUMENT: Final = frozenset({MailKind.INVOICE_ISSUED, MailKind.RECEIPT, MailKind.CREDIT_NOTE})

MINUTE, HOUR = 60, 3600
RETRY_SECONDS: Final = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, *(8 * HOUR,) * 8)
DOCUMENT_WAIT_SECONDS: Final = (2, 5, 15, 30, 60)
SENDING_SECONDS_MAX: Final = 120


def retry_after_seconds(attempts: int) -> int | None:
    """How long to wait after so many failed tries; nothing when three days of tries are used up."""
    return RETRY_SECONDS[attempts - 1] if attempts <= len(RETRY_SECONDS) else None


def document_wait_seconds(waits: int) -> int | None:
    """How long to wait for the PDF after so many waits; nothing when the mail goes without it."""
    return DOCUMENT_WAIT_SECONDS[waits] if waits < len(DOCUMENT_WAIT_SECONDS) else None
