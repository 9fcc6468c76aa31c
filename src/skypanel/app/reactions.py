"""Cause and effect on one page: event → jobs, and event → who looks again."""

from __future__ import annotations

from skypanel.catalog import jobs as catalog
from skypanel.catalog.events import (
    CatalogSyncRequested,
    PriceChangeAnnounced,
    PriceChangeApplied,
)
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
from skypanel.ledger import jobs as ledger
from skypanel.ledger.events import DifferenceFound, ProofAsked
from skypanel.mail import jobs as mail
from skypanel.mail.events import MailQueued
from skypanel.orders import jobs as orders
from skypanel.orders.events import OrderChanged, OrderPaid, OrderPlaced
from skypanel.payments import jobs as payments
from skypanel.payments.events import (
    AutoTopUpStopped,
    ChargeAsked,
    ChargeDeclined,
    CreditExpired,
    CreditGranted,
    DisputeChanged,
    DisputeEscalated,
    DisputeOpened,
    DisputeResolved,
    MethodLost,
    MethodRemoved,
    MethodSaved,
    PaymentChanged,
    PaymentInquired,
    PaymentRefunded,
    PaymentReversed,
    PaymentSettled,
    PaymentStarted,
    RefundAsked,
    RefundFailed,
    SubscriptionAsked,
    SubscriptionChanged,
    SubscriptionPaid,
    TransferAwaited,
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
    ProofAsked: (ledger.prove_balances,),
    DifferenceFound: (),
    PaymentStarted: (payments.create_paypal_order,),
    PaymentInquired: (payments.verify_payment,),
    PaymentChanged: (),
    PaymentSettled: (payments.note_settled,),
    TransferAwaited: (),
    ChargeAsked: (payments.charge_payment,),
    ChargeDeclined: (payments.note_declined,),
    RefundAsked: (payments.send_refund,),
    RefundFailed: (),
    PaymentRefunded: (),
    PaymentReversed: (),
    MethodSaved: (),
    MethodRemoved: (payments.forget_method,),
    MethodLost: (),
    CreditGranted: (),
    CreditExpired: (),
    AutoTopUpStopped: (),
    DisputeOpened: (),
    DisputeEscalated: (),
    DisputeResolved: (),
    DisputeChanged: (),
    SubscriptionAsked: (),
    SubscriptionChanged: (),
    SubscriptionPaid: (),
    WebhookStored: (payments.read_webhook,),
    CatalogSyncRequested: (catalog.synchronise_catalog,),
    PriceChangeAnnounced: (mail.price_change,),
    PriceChangeApplied: (),
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
    DifferenceFound: lambda e: [Topic("staff", "difference", e.difference_id)],
    PaymentStarted: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    PaymentChanged: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    PaymentSettled: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    TransferAwaited: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    ChargeAsked: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    PaymentRefunded: lambda e: account_topic(e.account_id, "payment", e.payment_id),
    RefundFailed: lambda e: account_topic(e.account_id, "refund", e.refund_id),
    MethodSaved: lambda e: account_topic(e.account_id, "method", e.method_id),
    MethodRemoved: lambda e: account_topic(e.account_id, "method", e.method_id),
    MethodLost: lambda e: account_topic(e.account_id, "method", e.method_id),
    CreditGranted: lambda e: account_topic(e.account_id, "credit", e.credit_id),
    CreditExpired: lambda e: account_topic(e.account_id, "credit", e.credit_id),
    DisputeOpened: lambda e: [Topic("staff", "dispute", e.dispute_id)],
    DisputeEscalated: lambda e: [Topic("staff", "dispute", e.dispute_id)],
    DisputeResolved: lambda e: [Topic("staff", "dispute", e.dispute_id)],
    DisputeChanged: lambda e: [Topic("staff", "dispute", e.dispute_id)],
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
