"""What the invoices tell the world."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from skypanel.platform.events import Event


@dataclass(frozen=True, slots=True)
class InvoiceIssued(Event):
    """A customer is asked to pay."""

    invoice_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class InvoicePaid(Event):
    """Nothing is left to pay; the document has its final number."""

    invoice_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class InvoiceVoided(Event):
    """The customer is no longer asked to pay."""

    invoice_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class InvoiceRendered(Event):
    """The document can be downloaded."""

    invoice_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class InvoiceWrittenOff(Event):
    """Nobody expects this money any more; it may still come."""

    invoice_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class CreditNoteIssued(Event):
    """A numbered document was corrected by another: `invoice_id` is the credit note."""

    invoice_id: UUID
    account_id: UUID
    credited_id: UUID


@dataclass(frozen=True, slots=True)
class StatementAsked(Event):
    """Somebody wants a statement of account as a PDF."""

    statement_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class StatementRendered(Event):
    """The statement can be downloaded."""

    statement_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class InvoicesIssued(Event):
    """Many customers are asked to pay at once."""

    invoice_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class InvoicesPaid(Event):
    """Nothing is left to pay on many invoices at once."""

    invoice_ids: tuple[UUID, ...]
