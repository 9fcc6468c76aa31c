"""Terms and their calendar, tax, what fits into a location, and how the company presents itself."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from skypanel.platform.money import Money, Rounding, exponent
from skypanel.platform.settings import Section

HOURS_OF_MONTH = 730
LOW_STOCK = 5
HOLD = timedelta(minutes=60)


class Cycle(StrEnum):
    """How often a service is billed."""

    HOURLY = "hourly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


class BrandSettings(Section):
    """How the company presents itself; `accent` is a colour as #rrggbb."""

    section: ClassVar[str] = "brand"
    title: ClassVar[str] = "Brand"
    name: str = "SkyPANEL"
    tagline: str = ""
    accent: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#2563eb"
    support_email: str = ""
    status_url: str = ""
    terms_url: str = ""
    currencies: tuple[str, ...] = ("EUR",)
    default_currency: str = "EUR"
    time_zone: str = "UTC"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("There is no such time zone.") from None
        return value


class TaxSettings(Section):
    """Tax added to net prices: a fraction per country of the buyer, such as {"DE": "0.19"}."""

    section: ClassVar[str] = "tax"
    title: ClassVar[str] = "Tax"
    default_rate: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(0)
    rates: dict[str, Annotated[Decimal, Field(ge=0, le=1)]] = Field(default_factory=dict)


def tax_rate(settings: TaxSettings, party: Mapping[str, Any]) -> Decimal:
    """The fraction added to net prices for this buyer, by country."""
    return settings.rates.get(str(party.get("country") or ""), settings.default_rate)


def add_cycle(day: date, cycle: str, anchor_day: int) -> date:
    """The same day a cycle later; an anchor day a month lacks becomes that month's last."""
    months = day.month - 1 + MONTHS[cycle]
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(anchor_day, monthrange(year, month)[1]))


def price_money(amount: Decimal, currency: str) -> Money:
    """A price as money; finer than a minor unit is rounded up."""
    step = Decimal(1).scaleb(-exponent(currency))
    return Money.of(amount.quantize(step, rounding=ROUND_UP), currency)


def is_finer(amount: Decimal, currency: str) -> bool:
    """Whether a price is finer than the currency's minor unit."""
    return amount != price_money(amount, currency).major


def per_month(amount: Decimal, cycle: str, currency: str) -> Money:
    """What a month costs at this price; a month is 730 hours."""
    if cycle == Cycle.HOURLY:
        return Money.of(amount * HOURS_OF_MONTH, currency)
    return Money.of(amount / MONTHS[cycle], currency)


def per_hour_exact(amount: Decimal, cycle: str) -> str:
    """What an hour costs in major units, as a decimal string of four places or more."""
    if cycle == Cycle.HOURLY:
        return exact(amount)
    return exact((amount / MONTHS[cycle] / HOURS_OF_MONTH).quantize(Decimal("0.0001")))


def exact(amount: Decimal) -> str:
    """A decimal string without useless zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tax_of(net: Money, rate: Decimal) -> Money:
    """Tax on a net amount, rounded half away from zero."""
    return Money.of(net.major * rate, net.currency, Rounding.HALF_UP)


@dataclass(frozen=True, slots=True)
class Need:
    """The room one server takes."""

    vcpu: int
    memory_mib: int
    disk_gib: int
    storage_type: int
    ipv4_count: int = 1


@dataclass(frozen=True, slots=True)
class Host:
    """What is left on one hypervisor; infinity where the panel sets no limit."""

    servers: float
    memory_mib: float
    vcpu: float
    stores: tuple[tuple[int, int], ...]

    def fits(self, need: Need) -> float:
        """How many servers of this size still fit."""
        limits = [self.servers]
        if need.memory_mib:
            limits.append(self.memory_mib // need.memory_mib)
        if need.vcpu:
            limits.append(self.vcpu // need.vcpu)
        if need.disk_gib:
            limits.append(
                sum(
                    max(0, free) // need.disk_gib
                    for kind, free in self.stores
                    if kind == need.storage_type
                )
            )
        return max(0, min(limits))

    def without(self, need: Need) -> Host:
        """What is left when one such server has been put here."""
        stores = list(self.stores)
        for index, (kind, free) in enumerate(stores):
            if kind == need.storage_type and free >= need.disk_gib:
                stores[index] = (kind, free - need.disk_gib)
                break
        return replace(
            self,
            servers=self.servers - 1,
            memory_mib=self.memory_mib - need.memory_mib,
            vcpu=self.vcpu - need.vcpu,
            stores=tuple(stores),
        )


def host_of(row: Mapping[str, Any]) -> Host:
    """A host from its stored reading."""

    def figure(name: str) -> float:
        return math.inf if row[name] is None else row[name]

    return Host(
        figure("servers"),
        figure("memory_mib"),
        figure("vcpu"),
        tuple((kind, free) for kind, free in row["stores"]),
    )


def slots(
    hosts: Iterable[Host], free_ipv4: int | None, held: Sequence[Need], need: Need
) -> int | None:
    """How many more of this size can be sold beside what is held; nothing if nothing limits it.

    What is held is laid on the host with most memory left, as the panel would place it.
    """
    left = list(hosts)
    for one in held:
        room = [host for host in left if host.fits(one) >= 1]
        if room:
            best = max(room, key=lambda host: host.memory_mib)
            left[left.index(best)] = best.without(one)
    most: float = sum(host.fits(need) for host in left)
    if free_ipv4 is not None and need.ipv4_count:
        taken = sum(one.ipv4_count for one in held)
        most = min(most, max(0, free_ipv4 - taken) // need.ipv4_count)
    return None if math.isinf(most) else int(most)


def stock_word(available: int | None) -> str:
    """What a buyer is told of the stock."""
    if available is None or available > LOW_STOCK:
        return "available"
    return "low" if available else "sold_out"


def slug_of(name: str) -> str:
    """A name as part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unnamed"


def short_version(version: str) -> str:
    """A version without its code name: `12 (Bookworm)` is 12."""
    return version.split(" (", maxsplit=1)[0].strip()
