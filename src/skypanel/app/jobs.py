"""Every job that is not a reaction: timers, and jobs that verbs enqueue by themselves."""

from __future__ import annotations

from skypanel.addresses import jobs as addresses
from skypanel.catalog import jobs as catalog
from skypanel.consoles import jobs as consoles
from skypanel.customers import jobs as customers
from skypanel.identity import jobs as identity
from skypanel.invoices import jobs as invoices
from skypanel.ledger import jobs as ledger
from skypanel.mail import jobs as mail
from skypanel.metrics import jobs as metrics
from skypanel.operations import jobs as operations
from skypanel.orders import jobs as orders
from skypanel.payments import jobs as payments
from skypanel.platform.http.idempotency import forget_old_keys
from skypanel.platform.jobs import Job
from skypanel.platform.limits import forget_closed_windows
from skypanel.provisioning import jobs as provisioning
from skypanel.renewals import jobs as renewals
from skypanel.servers import jobs as servers

JOBS: tuple[Job, ...] = (
    forget_closed_windows,
    forget_old_keys,
    identity.forget_old_sessions,
    identity.forget_old_links,
    identity.forget_old_sign_ins,
    invoices.forget_old_statements,
    ledger.prove_balances,
    payments.follow_due_payments,
    payments.follow_payment,
    payments.follow_due_refunds,
    payments.look_at_dispute,
    payments.look_at_open_disputes,
    payments.expire_credits,
    payments.top_up_wallets,
    payments.follow_due_subscriptions,
    payments.read_paypal_report,
    payments.compare_paypal_report,
    catalog.synchronise_catalog,
    catalog.apply_due_price_changes,
    catalog.sample_capacity,
    consoles.forget_old_consoles,
    customers.check_due_tax_numbers,
    orders.expire_orders,
    mail.tell_of_price,
    renewals.bill_due_services,
    renewals.expire_plan_changes,
    renewals.count_hours,
    renewals.follow_hourly,
    servers.wake_stuck_tasks,
    provisioning.converge,
    provisioning.converge_services,
    provisioning.converge_sizes,
    provisioning.converge_clearings,
    provisioning.refund_unserved,
    servers.forget_old_passwords,
    metrics.sample_servers,
    metrics.keep_samples,
    metrics.follow_blocks,
    addresses.follow_addresses,
    operations.check_invariants,
    operations.compare_panel,
    operations.detect_panel,
    operations.forget_hook_bodies,
)
