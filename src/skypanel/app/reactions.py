"""Cause and effect on one page: event → jobs, and event → who looks again."""

from __future__ import annotations

from skypanel.identity.events import (
    EmailChanged,
    EmailChangeRequested,
    InvitationSent,
    PasswordChanged,
    PasswordResetRequested,
    RegistrationRepeated,
    SessionEnded,
    UserRegistered,
    UserResumed,
    UserSuspended,
)
from skypanel.invoices import jobs as invoices
from skypanel.invoices.events import InvoiceIssued, InvoicePaid, InvoiceRendered, InvoiceVoided
from skypanel.mail import jobs as mail
from skypanel.mail.events import MailQueued
from skypanel.payments import jobs as payments
from skypanel.payments.events import (
    PaymentChanged,
    PaymentInquired,
    PaymentSettled,
    PaymentStarted,
    WebhookStored,
)
from skypanel.platform.events import LiveTopics, Reactions, Topic, account_topic
from skypanel.servers.events import ServerReady

REACTIONS: Reactions = {
    UserRegistered: (mail.verify_email,),
    RegistrationRepeated: (mail.account_exists,),
    PasswordResetRequested: (mail.reset_password,),
    PasswordChanged: (mail.password_changed,),
    EmailChangeRequested: (mail.confirm_new_email,),
    EmailChanged: (mail.email_changed,),
    InvitationSent: (mail.invitation,),
    UserSuspended: (),
    UserResumed: (),
    SessionEnded: (),
    InvoiceIssued: (invoices.render_invoice, mail.invoice_issued),
    InvoicePaid: (invoices.render_invoice, mail.receipt),
    InvoiceRendered: (mail.document_ready,),
    InvoiceVoided: (),
    PaymentStarted: (payments.create_paypal_order,),
    PaymentInquired: (payments.verify_payment,),
    PaymentChanged: (),
    PaymentSettled: (),
    WebhookStored: (payments.read_webhook,),
    ServerReady: (mail.server_ready,),
    MailQueued: (mail.send,),
}

LIVE: LiveTopics = {
    SessionEnded: lambda e: [Topic(f"user:{e.user_id}", "session", e.session_id)],
    InvoiceIssued: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    InvoicePaid: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    InvoiceRendered: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    InvoiceVoided: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    PaymentStarted: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    PaymentChanged: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    PaymentSettled: lambda e: account_topic(e.account_id, "payment", e.payment_id),
}
