"""What the invoices refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class InvoiceNotPayable(Refusal):
    status = 409
    code = "invoice_not_payable"
    message = "This invoice is not open, so it can't be paid."


class InvoiceOverpaid(Refusal):
    status = 409
    code = "invoice_overpaid"
    message = "This is more than is still due on the invoice."


class InvoicePartlyPaid(Refusal):
    status = 409
    code = "invoice_partly_paid"
    message = "Money was received for this invoice; it can't be voided any more."


class InvoicePdfNotReady(Refusal):
    status = 409
    code = "invoice_pdf_not_ready"
    message = "The document is being written. Try again in a moment."


class InvoiceNotCreditable(Refusal):
    status = 409
    code = "invoice_not_creditable"
    message = "Only an invoice with its final number can be credited; void a proforma instead."


class InvoiceNotPaid(Refusal):
    status = 409
    code = "invoice_not_paid"
    message = "Nothing was paid for this invoice that could be given back."


class CreditExceedsInvoice(Refusal):
    status = 409
    code = "credit_exceeds_invoice"
    message = "This is more than is left of the invoice to credit."


class InvoiceNegative(Refusal):
    status = 422
    code = "invoice_negative"
    message = "An invoice asks for money: its lines must not sum to less than nothing."


class NotADraft(Refusal):
    status = 409
    code = "not_a_draft"
    message = "This invoice was issued; it is corrected by a credit note."


class StatementTooLong(Refusal):
    status = 422
    code = "statement_too_long"
    message = "There is too much in this period to show at once. Choose a shorter one, or take CSV."


class LogoUnusable(Refusal):
    status = 422
    code = "logo_unusable"
