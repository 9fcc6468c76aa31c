"""What an invoice is made of, how its tax is reckoned, and the states it goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from skypanel.catalog.rules import TaxTreatment, taxed
from skypanel.platform.money import Money, Rounding
from skypanel.platform.settings import Section
from skypanel.platform.states import Table


class InvoiceKind(StrEnum):
    """What the document is; an unpaid one is a proforma, whatever it becomes."""

    PROFORMA = "proforma"
    TAX = "tax"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"


class InvoiceState(StrEnum):
    """Whether it is still asked for."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


INVOICE_STATES: Table = {
    "draft": {"issue": "open", "void": "void"},
    "open": {"pay": "paid", "void": "void", "write_off": "uncollectible"},
    "uncollectible": {"pay": "paid"},
    "paid": {},
    "void": {},
}
PAYABLE = frozenset({InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One thing to be paid for; the price is net of tax, the rate a fraction (0.19)."""

    description: str
    unit_price: Money
    quantity: int = 1
    tax_rate: Decimal = Decimal(0)
    detail: str | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    tax_within: Money | None = None

    @classmethod
    def priced(
        cls, price: Money, treatment: TaxTreatment, *, quantity: int = 1, **words: Any
    ) -> LineDraft:
        """A line at a price of the list, net or gross, with the tax that its buyer pays."""
        whole = taxed(price * quantity, treatment)
        unit, left = divmod(whole.net.minor, quantity)
        if left:  # the net of a gross price does not always divide: then it is one line of one
            words["description"] = f"{quantity} times {words['description']}"
            unit, quantity = whole.net.minor, 1
        return cls(
            unit_price=Money(unit, price.currency),
            quantity=quantity,
            tax_rate=treatment.rate,
            tax_within=whole.tax,
            **words,
        )

    @property
    def net(self) -> Money:
        return self.unit_price * self.quantity

    @property
    def tax(self) -> Money:
        """Rounded once, half away from zero: here, or in `catalog.rules.taxed` for a list price."""
        if self.tax_within is not None:
            return self.tax_within
        net = self.net
        return Money.of(net.major * self.tax_rate, net.currency, Rounding.HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDraft:
    """An invoice before it is issued.

    `kind` is "proforma" for what becomes a tax invoice when it is paid, "receipt" for a wallet
    top-up: no tax, and the money goes to the wallet. `tax_note` is the sentence that the document
    must say of its tax (reverse charge and the like).
    """

    account_id: UUID
    currency: str
    due_on: date
    kind: str = InvoiceKind.PROFORMA
    lines: Sequence[LineDraft] = field(default_factory=list)
    order_ref: UUID | None = None
    tax_note: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("an invoice has lines")
        if self.kind not in BECOMES:
            raise ValueError(f"no invoice is issued as {self.kind}")
        if any(line.unit_price.currency != self.currency for line in self.lines):
            raise ValueError("an invoice has one currency")
        if self.kind == InvoiceKind.RECEIPT and any(line.tax_rate for line in self.lines):
            raise ValueError("a top-up bears no tax: it arises when the money is spent")
        if self.total.minor < 0:
            raise ValueError("an invoice asks for money; a credit note gives it back")

    @property
    def net(self) -> Money:
        return sum((line.net for line in self.lines), Money.zero(self.currency))

    @property
    def tax(self) -> Money:
        return sum((line.tax for line in self.lines), Money.zero(self.currency))

    @property
    def total(self) -> Money:
        return self.net + self.tax


# What each kind of draft is when it has been paid.
BECOMES = {
    InvoiceKind.PROFORMA.value: InvoiceKind.TAX.value,
    InvoiceKind.TAX.value: InvoiceKind.TAX.value,
    InvoiceKind.RECEIPT.value: InvoiceKind.RECEIPT.value,
}


class SellerSettings(Section):
    """Who sells: printed on every document as it stands when the document is issued."""

    section: ClassVar[str] = "seller"
    title: ClassVar[str] = "Seller on invoices"
    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    postal_code: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    tax_number: str = ""
    registration: str = ""
    email: str = ""
    bank_name: str = ""
    iban: str = ""
    bic: str = ""
    note: str = ""
    time_zone: str = "UTC"
    proforma_series: str = "PRO"
    tax_series: str = "INV"
    receipt_series: str = "REC"

    def series(self, kind: str) -> str:
        """The series from which a paid document of this kind takes its number."""
        return self.receipt_series if kind == InvoiceKind.RECEIPT else self.tax_series

    def snapshot(self) -> dict[str, Any]:
        """What a document keeps of its seller."""
        return self.model_dump(
            exclude={"time_zone", "proforma_series", "tax_series", "receipt_series"}
        )


def number_text(series: str, year: int, number: int) -> str:
    """How a number is written: INV-2026-000042."""
    return f"{series}-{year}-{number:06d}"
