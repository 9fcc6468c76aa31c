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
