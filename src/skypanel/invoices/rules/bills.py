"""What an invoice is made of, how its tax is reckoned, and the states it goes through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from skypanel.catalog.rules import TaxCategory, Taxed, TaxTreatment, taxed
from skypanel.platform.money import Money, Rounding
from skypanel.platform.settings import Section
from skypanel.platform.states import Table


class InvoiceKind(StrEnum):
    """What the document is; an unpaid one is a proforma unless it took its number at issue."""

    PROFORMA = "proforma"
    TAX = "tax"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"


class InvoiceState(StrEnum):
    """Whether it is still asked for; a credit note is only ever issued."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"
    ISSUED = "issued"


INVOICE_STATES: Table = {
    "draft": {"issue": "open", "void": "void"},
    "open": {"pay": "paid", "void": "void", "write_off": "uncollectible"},
    "uncollectible": {"pay": "paid", "void": "void"},
    "paid": {},
    "void": {},
    "issued": {},
}
CREDIT_NOTE_STATES: Table = {"draft": {"issue": "issued"}, "issued": {}}
PAYABLE = frozenset({InvoiceState.OPEN, InvoiceState.UNCOLLECTIBLE})
# What a credit note may correct: documents with a final number whose income is booked.
CREDITABLE = frozenset({InvoiceState.OPEN, InvoiceState.PAID, InvoiceState.UNCOLLECTIBLE})


def explanation(
    *,
    steps: Iterable[tuple[str, str]],
    price_version: int | None = None,
    usage: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """How a line came to its amount, to be kept on it: ("31 of 31 days", "€10.00") and so on.

    `steps` is the arithmetic in order, each with its result; `usage` what was measured.
    """
    return {
        "price_version": price_version,
        "usage": [{"label": label, "value": value} for label, value in usage],
        "steps": [{"label": label, "value": value} for label, value in steps],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDraft:
    """One thing to be paid for; the price is net of tax, the rate a fraction (0.19).

    `tax_category` is what e-invoices call its tax, kept as it was when the line was written.
    """

    description: str
    unit_price: Money
    quantity: int = 1
    tax_rate: Decimal = Decimal(0)
    detail: str | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    explanation: dict[str, Any] | None = None
    tax_within: Money | None = None
    tax_category: str = ""

    @classmethod
    def priced(
        cls,
        price: Money,
        treatment: TaxTreatment,
        *,
        quantity: int = 1,
        told: Mapping[str, Any] | None = None,
        **words: Any,
    ) -> LineDraft:
        """A line at a price of the list, net or gross, with the tax that its buyer pays.

        `told` are the beginnings of its explanation (`steps` to the price, `usage`,
        `price_version`); how tax and net come of the price is added.
        """
        whole = taxed(price * quantity, treatment)
        if "explanation" not in words:
            begun = {"steps": [("Price", str(price))], **(told or {})}
            begun["steps"] = [*begun["steps"], *_reckoned(price, quantity, whole, treatment)]
            words["explanation"] = explanation(**begun)
        unit, left = divmod(whole.net.minor, quantity)
        if left:  # the net of a gross price does not always divide: then it is one line of one
            words["description"] = f"{quantity} times {words['description']}"
            unit, quantity = whole.net.minor, 1
        return cls(
            unit_price=Money(unit, price.currency),
            quantity=quantity,
            tax_rate=treatment.rate,
            tax_within=whole.tax,
            tax_category=treatment.category,
            **words,
        )

    @property
    def net(self) -> Money:
        return self.unit_price * self.quantity

    @property
    def category(self) -> str:
        """The category of its tax: standard, or zero rated, where nobody said otherwise."""
        usual = TaxCategory.STANDARD if self.tax_rate else TaxCategory.ZERO
        return str(self.tax_category or usual)

    @property
    def tax(self) -> Money:
        """Rounded once, half away from zero: here, or in `catalog.rules.taxed` for a list price."""
        if self.tax_within is not None:
            return self.tax_within
        net = self.net
        return Money.of(net.major * self.tax_rate, net.currency, Rounding.HALF_UP)


def _reckoned(
    price: Money, quantity: int, whole: Taxed, treatment: TaxTreatment
) -> Iterator[tuple[str, str]]:
    """From a price to net and tax, in words."""
    if quantity != 1:
        yield f"{quantity} times {price}", str(price * quantity)
    rate = treatment.rate or treatment.included or Decimal(0)
    percent = f"{(rate * 100).normalize():f} %"
    if treatment.included is not None:
        said = f"Tax within, {percent}" if treatment.rate else f"Without the {percent} tax within"
        yield said, str(whole.net - price * quantity)
    if treatment.rate:
        yield f"Tax, {percent}", str(whole.tax)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDraft:
    """An invoice before it is issued.

    `kind` is "proforma" for what becomes a tax invoice when it is paid, "tax" for one that takes
    its number when it is issued (postpaid), "receipt" for a wallet top-up: no tax, and the money
    goes to the wallet. `tax_note` is the sentence that the document must say of its
    tax (reverse charge and the like).
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


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A wish to credit one line of an invoice: an amount with its tax, or all that is left."""

    line_id: UUID
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Net and tax, in minor units, of a line or of all lines of one tax rate."""

    net: int = 0
    tax: int = 0

    @property
    def gross(self) -> int:
        return self.net + self.tax

    def __add__(self, other: Part) -> Part:
        return Part(self.net + other.net, self.tax + other.tax)

    def __sub__(self, other: Part) -> Part:
        return Part(self.net - other.net, self.tax - other.tax)


def divide_half_up(amount: int, by: int) -> int:
    """A quotient rounded half away from zero."""
    sign = -1 if (amount < 0) != (by < 0) else 1
    amount, by = abs(amount), abs(by)
    return sign * ((2 * amount + by) // (2 * by))


def split(gross: int, whole: Part, left: Part) -> Part:
    """Net and tax of a credit over `gross`, of what was invoiced (`whole`) and is `left` of it.

    The tax is rounded on the running total, so that credits in pieces come to exactly the tax of
    the whole; neither part ever exceeds what is left of it.
    """
    if gross == left.gross:
        return left
    before = whole - left
    tax = divide_half_up((before.gross + gross) * whole.tax, whole.gross) - before.tax
    low, high = sorted((gross - left.net, left.tax))
    low, high = (max(low, 0), min(high, gross)) if gross > 0 else (max(low, gross), min(high, 0))
    tax = min(max(tax, low), high)
    return Part(gross - tax, tax)


def spread(gross: int, left: Mapping[Decimal, Part]) -> dict[Decimal, int]:
    """A gross credit over the tax rates of an invoice, in proportion to what is left of each."""
    total = sum(part.gross for part in left.values())
    shares: dict[Decimal, int] = {}
    passed = given = 0
    for rate, part in sorted(left.items()):
        passed += part.gross
        upto = divide_half_up(gross * passed, total)
        shares[rate] = upto - given
        given = upto
    return {rate: share for rate, share in shares.items() if share}


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
    credit_note_series: str = "CN"

    def series(self, kind: str) -> str:
        """The series from which a document of this kind takes its final number."""
        return {
            InvoiceKind.RECEIPT.value: self.receipt_series,
            InvoiceKind.CREDIT_NOTE.value: self.credit_note_series,
        }.get(kind, self.tax_series)

    def snapshot(self) -> dict[str, Any]:
        """What a document keeps of its seller."""
        return self.model_dump(
            exclude={
                "time_zone",
                "proforma_series",
                "tax_series",
                "receipt_series",
                "credit_note_series",
            }
        )


class TopUpSettings(Section):
    """How much money a customer may put into the wallet at once, in major units."""

    section: ClassVar[str] = "top_up"
    title: ClassVar[str] = "Wallet top-ups"
    least: Annotated[Decimal, Field(gt=0)] = Decimal(5)
    most: Annotated[Decimal, Field(gt=0)] = Decimal(2000)
    least_of: dict[str, Annotated[Decimal, Field(gt=0)]] = Field(
        default_factory=dict, description="Per currency, such as {“JPY”: “500”}."
    )
    most_of: dict[str, Annotated[Decimal, Field(gt=0)]] = Field(
        default_factory=dict, description="Per currency, such as {“JPY”: “300000”}."
    )

    def bounds(self, currency: str) -> tuple[Money, Money]:
        """The least and the most of one top-up in this currency."""
        least = self.least_of.get(currency, self.least)
        most = self.most_of.get(currency, self.most)
        return Money.of(least, currency), Money.of(most, currency)


def number_text(series: str, year: int, number: int) -> str:
    """How a number is written: INV-2026-000042."""
    return f"{series}-{year}-{number:06d}"
