"""Which tax a buyer pays, why, and how a price is taken apart into net and tax.

One place rounds: `taxed`, half away from zero, once for each line of an invoice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from skypanel.catalog.rules.vat import standard_rate, vat_country
from skypanel.platform.money import Money, Rounding
from skypanel.platform.settings import Section

REVERSE_CHARGE = "Reverse charge: the recipient owes the VAT (Article 196, Directive 2006/112/EC)."
OSS = "VAT of {country}, declared through the One Stop Shop."
OUTSIDE_EU = (
    "Not subject to EU VAT: supplied outside the Union (Directive 2006/112/EC, Art. 44, 58)."
)


class CustomerKind(StrEnum):
    """As what somebody buys."""

    CONSUMER = "consumer"
    BUSINESS = "business"


class TaxKind(StrEnum):
    """Why a rate is what it is."""

    NONE = "none"
    DOMESTIC = "domestic"
    OSS = "oss"
    REVERSE_CHARGE = "reverse_charge"
    OUTSIDE = "outside"
    LOCAL = "local"


class TaxCategory(StrEnum):
    """How an electronic invoice names a tax (UNTDID 5305, as EN 16931 uses it).

    Standard rate, zero rated, exempt, reverse charge, supply within the Union, export, not subject.
    """

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    NOT_SUBJECT = "O"


class TaxSettings(Section):
    """Where we are established for tax, and how the buyer's place counts.

    `country` empty: only tax rules count. `prices` says whether the price lists have the tax of
    our own country in them. A tax number that no office has confirmed counts as
    `unchecked_numbers` says; a proof holds `proof_days`, 0: until the office says otherwise.
    """

    section: ClassVar[str] = "tax"
    title: ClassVar[str] = "Tax"
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    state: str = ""
    oss: bool = True
    prices: Literal["exclusive", "inclusive"] = "exclusive"
    unchecked_numbers: Literal["consumer", "business"] = "consumer"
    proof_days: Annotated[int, Field(ge=0, le=3650)] = 0


@dataclass(frozen=True, slots=True)
class TaxRule:
    """A rate staff set for a place: an empty state is the whole country, `any` both kinds."""

    country: str
    state: str
    customer_kind: str
    rate: Decimal
    label: str
    note: str
    starts_on: date
    ends_on: date | None

    def covers(self, buyer: Buyer, on: date) -> bool:
        return (
            self.country == buyer.country
            and self.state in ("", buyer.state)
            and self.customer_kind in ("any", buyer.kind)
            and self.starts_on <= on
            and (self.ends_on is None or on <= self.ends_on)
        )

    @property
    def closeness(self) -> tuple[bool, bool, date]:
        """The rule of the state before that of the country, the kind's own, the newest."""
        return (self.state != "", self.customer_kind != "any", self.starts_on)


@dataclass(frozen=True, slots=True)
class Buyer:
    """What tax asks of a buyer; no country: not known yet, then at home."""

    country: str = ""
    state: str = ""
    postal_code: str = ""
    kind: str = CustomerKind.CONSUMER
    number: str = ""
    number_state: str = "none"
    number_checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaxTreatment:
    """The rate a buyer pays, why, and the sentence the invoice must say of it.

    `included` is the rate that the price lists have in them: nothing when they are net.
    """

    rate: Decimal
    kind: str
    note: str
    label: str = "VAT"
    included: Decimal | None = None

    @property
    def category(self) -> TaxCategory:
        """What an invoice calls this; without tax and with a reason of its own it is exempt."""
        if self.rate:
            return TaxCategory.STANDARD
        if self.kind == TaxKind.REVERSE_CHARGE:
            return TaxCategory.REVERSE_CHARGE
        if self.kind == TaxKind.OUTSIDE:
            return TaxCategory.NOT_SUBJECT
        return TaxCategory.EXEMPT if self.note else TaxCategory.ZERO

    def category_of(self, rate: Decimal) -> TaxCategory:
        """The category of a line at a rate that may be another than this treatment's."""
        if rate:
            return TaxCategory.STANDARD
        return self.category if not self.rate else TaxCategory.ZERO

    def wire(self) -> dict[str, Any]:
        """As quotes show it."""
        return {
            "rate": f"{self.rate.normalize():f}",
            "kind": self.kind,
            "label": self.label,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Taxed:
    """A price taken apart."""

    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        return self.net + self.tax


def buyer_of(party: Mapping[str, Any]) -> Buyer:
    """The buyer that a billing party is."""
    checked = party.get("tax_number_checked_at")
    return Buyer(
        country=party.get("country") or "",
        state=state_code(party.get("country") or "", party.get("state") or ""),
        postal_code=party.get("postal_code") or "",
        kind=party.get("kind") or CustomerKind.CONSUMER,
        number=party.get("tax_number") or "",
        number_state=party.get("tax_number_state") or "none",
        number_checked_at=None if checked is None else datetime.fromisoformat(checked),
    )


def state_code(country: str, text: str) -> str:
    """A state as rules name it: `us-ny`, `NY` and `ny` are NY; a name is kept in capitals."""
    plain = text.strip().upper()
    return plain.removeprefix(f"{country}-") if country else plain


def counts_as_business(settings: TaxSettings, buyer: Buyer, now: datetime) -> bool:
    """Whether reverse charge may be used: the number is proved, or settings trust it."""
    if buyer.kind != CustomerKind.BUSINESS or not buyer.number:
        return False
    if buyer.number_state == "unchecked":
        return settings.unchecked_numbers == "business"
    if buyer.number_state != "valid":
        return False
    if not settings.proof_days or buyer.number_checked_at is None:
        return True
    fresh = now - buyer.number_checked_at <= timedelta(days=settings.proof_days)
    return fresh or settings.unchecked_numbers == "business"


def treat(
    settings: TaxSettings, rules: Iterable[TaxRule], buyer: Buyer, now: datetime, on: date
) -> TaxTreatment:
    """Which tax this buyer pays on this day.

    At home: the home rate, whoever buys. Within the Union: a business with a proved number owes
    the tax itself, everybody else pays their country's rate (with OSS) or ours. Elsewhere: the
    rate of a rule for that place, or nothing.
    """
    rules = tuple(rules)
    home = Buyer(settings.country, state_code(settings.country, settings.state))
    there = buyer if buyer.country else home
    found, kind, note = _place(settings, rules, home, there, now, on)
    rate, label, said = found
    inclusive = settings.prices == "inclusive"
    return TaxTreatment(
        rate=rate,
        kind=kind,
        note=said or note,
        label=label,
        included=_rate(rules, home, on)[0] if inclusive else None,
    )


_NO_RATE = (Decimal(0), "VAT", "")


def _place(
    settings: TaxSettings,
    rules: tuple[TaxRule, ...],
    home: Buyer,
    there: Buyer,
    now: datetime,
    on: date,
) -> tuple[tuple[Decimal, str, str], TaxKind, str]:
    ours = vat_country(home.country)
    theirs = vat_country(there.country, there.postal_code)
    if home.country and there.country == home.country and (ours is None or theirs):
        rate = _rate(rules, there, on)
        return rate, TaxKind.DOMESTIC if rate[0] else TaxKind.NONE, ""
    if ours and theirs:
        if counts_as_business(settings, there, now):
            return _NO_RATE, TaxKind.REVERSE_CHARGE, REVERSE_CHARGE
        if settings.oss:
            return _rate(rules, there, on), TaxKind.OSS, OSS.format(country=there.country)
        return _rate(rules, home, on), TaxKind.DOMESTIC, ""
    rule = _rule(rules, there, on)
    if rule is not None:
        return rule, TaxKind.LOCAL, ""
    return (_NO_RATE, TaxKind.OUTSIDE, OUTSIDE_EU) if ours else (_NO_RATE, TaxKind.NONE, "")


def _rule(rules: tuple[TaxRule, ...], buyer: Buyer, on: date) -> tuple[Decimal, str, str] | None:
    found = [rule for rule in rules if rule.covers(buyer, on)]
    if not found:
        return None
    best = max(found, key=lambda rule: rule.closeness)
    return best.rate, best.label, best.note


def _rate(rules: tuple[TaxRule, ...], buyer: Buyer, on: date) -> tuple[Decimal, str, str]:
    rule = _rule(rules, buyer, on)
    if rule is not None:
        return rule
    if vat_country(buyer.country, buyer.postal_code):
        return standard_rate(buyer.country, on, buyer.postal_code), "VAT", ""
    return _NO_RATE


def taxed(price: Money, treatment: TaxTreatment) -> Taxed:
    """A price of the list as net and tax; the one place where tax is rounded, half up.

    Net lists: the tax comes on top. Gross lists: who pays tax pays the price shown, whatever the
    rate in it; who pays none pays it without the tax of our own country.
    """
    if treatment.included is None:
        return Taxed(price, _of(price, treatment.rate))
    inside = treatment.rate or treatment.included
    tax = Money.of(price.major * inside / (1 + inside), price.currency, Rounding.HALF_UP)
    net = price - tax
    return Taxed(net, tax if treatment.rate else Money.zero(price.currency))


def _of(net: Money, rate: Decimal) -> Money:
    return Money.of(net.major * rate, net.currency, Rounding.HALF_UP)
