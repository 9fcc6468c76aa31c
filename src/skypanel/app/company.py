"""The hosting company of the sandbox: who it is, what it sells, who buys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from skypanel.identity.models import Account
from skypanel.invoices.rules import InvoiceDraft, LineDraft
from skypanel.platform.db import Db
from skypanel.platform.money import Money

PASSWORD = "harbour lantern 42"  # noqa: S105 - the sandbox's, printed at every start

BRAND: dict[str, Any] = {
    "name": "Nordlicht Hosting",
    "tagline": "Virtual servers in Falkenstein, Helsinki and Ashburn",
    "accent": "#0b6e5f",
    "support_email": "support@nordlicht.example",
    "currencies": ("EUR", "USD"),
    "default_currency": "EUR",
    "time_zone": "Europe/Berlin",
}
TAX: dict[str, Any] = {"country": "DE"}
SELLER: dict[str, Any] = {
    "name": "Nordlicht Hosting",
    "company": "Nordlicht Hosting GmbH",
    "line1": "Speicherstraße 14",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "tax_number": "DE811907980",
    "registration": "Amtsgericht Hamburg, HRB 102934",
    "email": "billing@nordlicht.example",
    "bank_name": "Hafenbank",
    "iban": "DE02120300000000202051",
    "bic": "BYLADEM1001",
    "time_zone": "Europe/Berlin",
}
PLACES = {
    "Falkenstein": ("falkenstein", "Falkenstein", "Falkenstein", "DE"),
    "Helsinki": ("helsinki", "Helsinki", "Helsinki", "FI"),
    "Ashburn": ("ashburn", "Ashburn", "Ashburn", "US"),
}
# Euro a month; other cycles and the dollar follow from it.
PLANS = (
    ("cx-1", "CX 1", "A first server, a bot, a VPN", "3.90"),
    ("cx-2", "CX 2", "Small sites and test machines", "5.90"),
    ("cx-4", "CX 4", "Applications with a database", "10.90"),
    ("cx-8", "CX 8", "Busy shops, build runners", "20.90"),
    ("cx-16", "CX 16", "Databases that live in memory", "40.90"),
    ("cx-32", "CX 32", "Everything on one machine", "79.90"),
)
CYCLES = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
YEARLY_MONTHS = 11  # a year is sold at the price of eleven months
HOURS = 600
CURRENCIES = {"EUR": Decimal(1), "USD": Decimal("1.10")}


@dataclass(frozen=True)
class Wish:
    """A server somebody orders, whether it is paid, and how that ends."""

    hostname: str
    plan: str
    place: str
    image: str
    pays: bool = True
    ends: str = "active"
    cycle: str = "monthly"


@dataclass(frozen=True)
class Customer:
    """Somebody who buys here."""

    name: str
    email: str
    story: str
    profile: dict[str, str] = field(default_factory=dict)
    servers: tuple[Wish, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether nothing about this customer is still going on."""
        return all(one.ends in ("active", "failed") for one in self.servers)


def _home(country: str, city: str, code: str, street: str, company: str = "") -> dict[str, str]:
    return {
        "country": country,
        "city": city,
        "postal_code": code,
        "line1": street,
        "company": company,
    }


TRAFFIC_BLOCKS: dict[str, Any] = {"block_gb": 500, "prices": ("EUR 2.50", "USD 2.75")}
ALERT_RULES = [
    {"kind": "cpu", "threshold": 90, "minutes": 15, "enabled": True},
    {"kind": "filesystem", "threshold": 85, "minutes": 0, "enabled": True},
    {"kind": "traffic", "threshold": 80, "minutes": 0, "enabled": True},
    {"kind": "down", "minutes": 5, "enabled": True},
]
CUSTOMERS = (
    Customer(
        "Ada Lindqvist",
        "ada@lindqvist.example",
        "customer, three servers, all paid",
        _home("FI", "Turku", "20100", "Linnankatu 3", "Lindqvist Oy"),
        (
            Wish("web-01.lindqvist.example", "cx-4", "helsinki", "Debian"),
            Wish("db-01.lindqvist.example", "cx-8", "helsinki", "Ubuntu", cycle="yearly"),
            Wish("backup.lindqvist.example", "cx-1", "falkenstein", "Debian"),
        ),
    ),
    Customer(
        "Jonas Weber",
        "jonas@weber.example",
        "customer with an overdue invoice",
        _home("DE", "Leipzig", "04109", "Markt 5"),
        (Wish("shop.weber.example", "cx-2", "falkenstein", "AlmaLinux", cycle="quarterly"),),
    ),
    Customer(
        "Priya Raman",
        "priya@raman.example",
        "customer who ordered and has not paid",
        _home("US", "Richmond", "23220", "418 W Broad St", "Raman Labs"),
        (
            Wish("ci.raman.example", "cx-4", "ashburn", "Ubuntu"),
            Wish("runner-2.raman.example", "cx-2", "ashburn", "Alpine", pays=False,
                 ends="awaiting_payment"),
        ),
    ),
    Customer(
        "Mikko Salo",
        "mikko@salo.example",
        "customer whose server cannot be built",
        _home("FI", "Oulu", "90100", "Kauppurienkatu 9"),
        (Wish("fail-build.salo.example", "cx-2", "helsinki", "Debian", ends="failed"),),
    ),
    Customer(
        "Clara Nowak",
        "clara@nowak.example",
        "customer whose server is being built",
        _home("AT", "Graz", "8010", "Sporgasse 21"),
        (Wish("slow-build.nowak.example", "cx-4", "falkenstein", "Debian", ends="paid"),),
    ),
    Customer(
        "Tomás Herrera",
        "tomas@herrera.example",
        "customer who has just signed up",
        _home("DE", "Berlin", "10999", "Oranienstraße 183"),
    ),
)  # fmt: skip
LATE = "jonas@weber.example"


def place(group_name: str) -> dict[str, str]:
    """How a hypervisor group is presented."""
    key = next((name for name in PLACES if name in group_name), "Falkenstein")
    slug, name, city, country = PLACES[key]
    return {"slug": slug, "name": name, "city": city, "country": country, "status": "open"}


def plan(position: int) -> dict[str, Any]:
    """How the panel's packages are sold, smallest first."""
    slug, name, description, month = PLANS[position % len(PLANS)]
    prices = []
    for currency, factor in CURRENCIES.items():
        monthly = (Decimal(month) * factor).quantize(Decimal("0.01"))
        hourly = (monthly / HOURS).quantize(Decimal("0.0001"))
        prices.append({"currency": currency, "cycle": "hourly", "price": str(hourly)})
        for cycle, months in CYCLES.items():
            charged = YEARLY_MONTHS if cycle == "yearly" else months
            prices.append({"currency": currency, "cycle": cycle, "price": str(monthly * charged)})
    return {"slug": slug, "name": name, "description": description, "prices": prices}


ADDONS: tuple[dict[str, Any], ...] = (
    {
        "slug": "ipv4",
        "name": "Another IPv4 address",
        "description": "For a second name or a mail server of its own",
        "kind": "ipv4",
        "quantity_max": 4,
        "month": "1.20",
    },
    {
        "slug": "backups",
        "name": "Daily backups",
        "description": "Seven days back, kept in another building",
        "kind": "backup",
        "quantity_max": 1,
        "month": "2.40",
    },
)
COUPONS: tuple[dict[str, Any], ...] = (
    {
        "code": "HARBOUR10",
        "name": "Autumn fair",
        "kind": "percentage",
        "percent": "10",
        "periods": 3,
        "per_account_max": 1,
    },
)
TAX_RULES: tuple[dict[str, Any], ...] = (
    {"country": "CH", "rate": "0.081", "label": "MWST", "starts_on": "2024-01-01"},
)


def addon(wish: dict[str, Any]) -> dict[str, Any]:
    """An add-on with its prices in each currency and for each term."""
    prices = [
        {
            "currency": currency,
            "cycle": cycle,
            "price": str((Decimal(wish["month"]) * factor).quantize(Decimal("0.01")) * months),
        }
        for currency, factor in CURRENCIES.items()
        for cycle, months in CYCLES.items()
    ]
    prices += [
        {
            "currency": currency,
            "cycle": "hourly",
            "price": str((Decimal(wish["month"]) * factor / HOURS).quantize(Decimal("0.0001"))),
        }
        for currency, factor in CURRENCIES.items()
    ]
    return {**{k: v for k, v in wish.items() if k != "month"}, "prices": prices}


async def late_draft(db: Db) -> InvoiceDraft:
    """An afternoon of help that one customer has not paid for in time."""
    account_id = await db.scalar(select(Account.id).where(Account.name.ilike("%weber%")))
    assert account_id is not None
    return InvoiceDraft(
        account_id=account_id,
        kind="proforma",
        currency="EUR",
        lines=[
            LineDraft(
                description="Moving the shop from another host",
                detail="Two hours on 4 November, as agreed by mail",
                quantity=2,
                unit_price=Money(6500, "EUR"),
                tax_rate=Decimal("0.19"),
            )
        ],
        due_on=(db.now - timedelta(days=9)).date(),
    )
