"""Cause and effect on one page: event → jobs, and event → who looks again."""

from __future__ import annotations

from skypanel.identity.events import (
    EmailChanged,
    EmailChangeRequested,
    InvitationSent,
    PasswordChanged,
    PasswordResetRequested,
    RegistrationRepeated,
    UserRegistered,
)
from skypanel.invoices.events import InvoiceIssued, InvoicePaid, InvoiceRendered
from skypanel.mail import jobs as mail
from skypanel.mail.events import MailQueued
from skypanel.platform.events import LiveTopics, Reactions
from skypanel.servers.events import ServerReady

REACTIONS: Reactions = {
    UserRegistered: (mail.verify_email,),
    RegistrationRepeated: (mail.account_exists,),
    PasswordResetRequested: (mail.reset_password,),
    PasswordChanged: (mail.password_changed,),
    EmailChangeRequested: (mail.confirm_new_email,),
    EmailChanged: (mail.email_changed,),
    InvitationSent: (mail.invitation,),
    InvoiceIssued: (mail.invoice_issued,),
    InvoicePaid: (mail.receipt,),
    InvoiceRendered: (mail.document_ready,),
    ServerReady: (mail.server_ready,),
    MailQueued: (mail.send,),
}

LIVE: LiveTopics = {}
