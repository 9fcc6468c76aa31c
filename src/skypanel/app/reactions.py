"""Cause and effect on one page: event → jobs, and event → who looks again."""

from __future__ import annotations

from skypanel.catalog import jobs as catalog
from skypanel.catalog.events import CatalogSyncRequested
from skypanel.customers import jobs as customers
from skypanel.customers.events import TaxNumberChecked, TaxNumberGiven
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
from skypanel.invoices.events import (
    CreditNoteIssued,
    InvoiceIssued,
    InvoicePaid,
    InvoiceRendered,
    InvoiceVoided,
    InvoiceWrittenOff,
)
from skypanel.mail import jobs as mail
from skypanel.mail.events import MailQueued
from skypanel.orders import jobs as orders
from skypanel.orders.events import OrderChanged, OrderPaid, OrderPlaced
from skypanel.payments import jobs as payments
from skypanel.payments.events import (
    PaymentChanged,
    PaymentInquired,
    PaymentSettled,
    PaymentStarted,
    WebhookStored,
)
from skypanel.platform.events import LiveTopics, Reactions, Topic, account_topic
from skypanel.provisioning import jobs as provisioning
from skypanel.provisioning.events import ProvisionResumed
from skypanel.servers import jobs as servers
from skypanel.servers.events import (
    ServerAllocating,
    ServerChanged,
    ServerFailed,
    ServerInstalling,
    ServerReady,
    ServerTaskChanged,
    ServerTaskQueued,
)
from skypanel.services.events import ServiceActivated, ServiceCancelled

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
    TaxNumberGiven: (customers.check_tax_number,),
    TaxNumberChecked: (),
    InvoiceIssued: (invoices.render_invoice, mail.invoice_issued),
    InvoicePaid: (orders.confirm_order, invoices.render_invoice, mail.receipt),
    InvoiceRendered: (mail.document_ready,),
    InvoiceVoided: (),
    InvoiceWrittenOff: (),
    CreditNoteIssued: (invoices.render_invoice, mail.credit_note),
    PaymentStarted: (payments.create_paypal_order,),
    PaymentInquired: (payments.verify_payment,),
    PaymentChanged: (),
    PaymentSettled: (),
    WebhookStored: (payments.read_webhook,),
    CatalogSyncRequested: (catalog.synchronise_catalog,),
    OrderPlaced: (),
    OrderPaid: (provisioning.create_server,),
    OrderChanged: (),
    ProvisionResumed: (provisioning.create_server,),
    ServiceActivated: (),
    ServiceCancelled: (),
    ServerAllocating: (),
    ServerInstalling: (),
    ServerReady: (orders.complete_order, mail.server_ready),
    ServerFailed: (),
    ServerChanged: (),
    ServerTaskQueued: (servers.run_task,),
    ServerTaskChanged: (),
    MailQueued: (mail.send,),
}

LIVE: LiveTopics = {
    SessionEnded: lambda e: [Topic(f"user:{e.user_id}", "session", e.session_id)],
    TaxNumberChecked: lambda e: account_topic(e.account_id, "account", e.account_id),
    InvoiceIssued: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    InvoicePaid: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    InvoiceRendered: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    InvoiceVoided: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    InvoiceWrittenOff: lambda e: account_topic(e.account_id, "invoice", e.invoice_id),
    CreditNoteIssued: lambda e: account_topic(e.account_id, "invoice", e.credited_id),
    PaymentStarted: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    PaymentChanged: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    PaymentSettled: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    OrderPlaced: lambda e: account_topic(e.account_id, "order", e.order_id),
    OrderPaid: lambda e: account_topic(e.account_id, "order", e.order_id),
    OrderChanged: lambda e: account_topic(e.account_id, "order", e.order_id),
    ServerAllocating: lambda e: account_topic(e.account_id, "server", e.server_id),
    ServerInstalling: lambda e: account_topic(e.account_id, "server", e.server_id),
    ServerReady: lambda e: account_topic(e.account_id, "server", e.server_id),
    ServerFailed: lambda e: account_topic(e.account_id, "server", e.server_id),
    ServerChanged: lambda e: account_topic(e.account_id, "server", e.server_id),
    ServerTaskQueued: lambda e: account_topic(e.account_id, "task", e.task_id),
    ServerTaskChanged: lambda e: account_topic(e.account_id, "task", e.task_id),
}
