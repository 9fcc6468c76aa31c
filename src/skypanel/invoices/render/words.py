"""Everything an invoice's document says, written out: the same invoice gives the same words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_percent

from skypanel.platform.money import Money

TITLES = {
    "proforma": "Proforma invoice",
    "tax": "Invoice",
    "receipt": "Receipt",
    "credit_note": "Credit note",
}
LOCALE = "en"


def words(invoice: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the document says, already written out."""
    kind = invoice["kind"]
    seller, buyer = invoice["seller"], invoice["buyer"]
    return {
        "title": TITLES[kind],
        "number": invoice["number"],
        "issued": [invoice["issued_on"].year, invoice["issued_on"].month, invoice["issued_on"].day],
        "seller": {"name": name_of(seller), "lines": address(seller)},
        "buyer": {"lines": address(buyer)},
        "facts": _facts(invoice),
        "lines": [_line(line) for line in invoice["lines"]],
        "taxes": _taxes(invoice),
        "totals": _totals(invoice),
        "total": [TOTALS.get(kind, "Total"), amount(invoice["total"])],
        "notice": _notice(invoice),
        "pay": _pay(invoice),
        "notes": [note for note in (invoice["tax_note"], seller.get("note")) if note],
        "foot": foot(seller),
    }


def statement_words(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Everything a statement of account says."""
    seller, first, last = statement["seller"], statement["first"], statement["last"]
    return {
        "title": "Statement of account",
        "number": f"{day(first)} to {day(last)}",
        "issued": [last.year, last.month, last.day],
        "seller": {"name": name_of(seller)},
        "buyer": {"lines": address(statement["party"])},
        "facts": [
            ["Balance before", amount(statement["opening"])],
            ["Charges", amount(statement["charges"])],
            ["Payments and credits", amount(statement["credits"])],
        ],
        "lines": [
            {
                "on": format_date(each["on"], format="medium", locale=LOCALE),
                "description": each["description"],
                "charge": amount(each["charge"]) if each["charge"] else "",
                "credit": amount(each["credit"]) if each["credit"] else "",
                "balance": amount(each["balance"]),
            }
            for each in statement["movements"]
        ],
        "total": ["Balance at the end", amount(statement["closing"])],
        "notice": (
            "A balance above nothing is yours to use; one below is owed."
            " Unpaid proforma invoices are not part of it."
        ),
        "foot": foot(seller),
    }


TOTALS = {"credit_note": "Total credited", "receipt": "Total received"}


def foot(seller: Mapping[str, Any]) -> list[list[str]]:
    """The seller in three columns: who, how to reach, where the money goes."""
    place = " ".join(str(seller[key]) for key in ("postal_code", "city") if seller.get(key))
    columns = [
        [name_of(seller), seller.get("line1"), place],
        [
            seller.get("registration"),
            _labelled("Tax no.", seller.get("tax_number")),
            seller.get("email"),
        ],
        [
            seller.get("bank_name"),
            _labelled("IBAN", iban_groups(seller.get("iban"))),
            _labelled("BIC", seller.get("bic")),
        ],
    ]
    return [[str(line) for line in column if line] for column in columns]


def iban_groups(iban: str | None) -> str:
    """An IBAN in groups of four, as it is read out."""
    plain = (iban or "").replace(" ", "")
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _pay(invoice: Mapping[str, Any]) -> dict[str, Any] | None:
    """How to pay by bank transfer, of what is still due."""
    seller, due = invoice["seller"], invoice["open"]
    if not due["minor"] or not seller.get("iban"):
        return None
    return {
        "amount": amount(due),
        "by": day(invoice["due_on"]),
        "facts": [
            ["To", name_of(seller)],
            ["IBAN", iban_groups(seller["iban"])],
            *([["BIC", seller["bic"]]] if seller.get("bic") else []),
            ["Reference", invoice["number"]],
        ],
    }


def name_of(party: Mapping[str, Any]) -> str:
    """The company, or the person."""
    return str(party.get("company") or party.get("name") or "")


def address(party: Mapping[str, Any]) -> list[str]:
    """A party in lines, as on an envelope."""
    company, name = party.get("company"), party.get("name")
    place = " ".join(str(party[key]) for key in ("postal_code", "city") if party.get(key))
    lines = [
        company or name,
        name if company and name != company else None,
        party.get("line1"),
        party.get("line2"),
        place,
        party.get("state"),
        country_name(party.get("country")),
        _labelled("Tax no.", party.get("tax_number")),
    ]
    return [str(line) for line in lines if line]


def country_name(code: str | None) -> str:
    """A country as it is written on an envelope."""
    return str(Locale(LOCALE).territories.get(code or "", code or ""))


def _labelled(label: str, value: object) -> str | None:
    return f"{label} {value}" if value else None


def _facts(invoice: Mapping[str, Any]) -> list[list[str]]:
    facts = [["Issued", day(invoice["issued_on"])]]
    if invoice["corrects"]:
        facts.append(["Corrects", invoice["corrects"]["number"]])
    elif invoice["paid_at"] is None:
        facts.append(["Due", day(invoice["due_on"])])
    else:
        facts.append(["Paid", day(invoice["paid_at"])])
    if invoice["proforma_number"] not in (None, invoice["number"]):
        facts.append(["Proforma", invoice["proforma_number"]])
    return facts


def _line(line: Mapping[str, Any]) -> dict[str, str]:
    detail = [line["detail"]] if line["detail"] else []
    if line["period_start"] and line["period_end"]:
        detail.append(f"{day(line['period_start'])} to {day(line['period_end'])}")
    return {
        "description": line["description"],
        "detail": ", ".join(detail),
        "quantity": str(line["quantity"]),
        "unit_price": amount(line["unit_price"]),
        "tax_rate": rate_text(line["tax_rate"]),
        "net": amount(line["net"]),
    }


def by_rate(invoice: Mapping[str, Any]) -> list[tuple[str, Money, Money]]:
    """Net and tax of each rate, as they stand on the lines."""
    rates: dict[str, tuple[Money, Money]] = {}
    for line in invoice["lines"]:
        net = Money(line["net"]["minor"], line["net"]["currency"])
        tax = Money(line["tax"]["minor"], line["tax"]["currency"])
        seen = rates.get(line["tax_rate"])
        rates[line["tax_rate"]] = (net, tax) if seen is None else (seen[0] + net, seen[1] + tax)
    ordered = sorted(rates.items(), key=lambda item: Decimal(item[0]), reverse=True)
    return [(rate, net, tax) for rate, (net, tax) in ordered]


def _taxes(invoice: Mapping[str, Any]) -> list[list[str]]:
    """The tax summary: rate, net, tax, gross; nothing for a top-up, which bears none."""
    if invoice["becomes"] == "receipt":
        return []
    return [
        [rate_text(rate), amount(net.wire()), amount(tax.wire()), amount((net + tax).wire())]
        for rate, net, tax in by_rate(invoice)
    ]


def _totals(invoice: Mapping[str, Any]) -> list[list[str]]:
    """Net, then the tax of each rate."""
    totals = [["Net", amount(invoice["net"])]]
    totals += [[f"Tax {rate_text(rate)}", amount(tax.wire())] for rate, _, tax in by_rate(invoice)]
    return totals


def _notice(invoice: Mapping[str, Any]) -> str:
    if invoice["kind"] == "proforma":
        return "This is not a tax invoice. It is replaced by one when it is paid."
    if invoice["kind"] == "credit_note":
        return f"Reason: {invoice['reason']}"
    if invoice["state"] == "paid":
        return "Paid in full. Thank you."
    return ""


def amount(wire: Mapping[str, Any]) -> str:
    """Money as it is written."""
    money = Money(wire["minor"], wire["currency"])
    return str(format_currency(money.major, money.currency, locale=LOCALE))


def rate_text(rate: str) -> str:
    """A fraction as a percentage."""
    return str(format_percent(Decimal(rate), format="#,##0.##%", locale=LOCALE))


def day(when: date | datetime) -> str:
    """A day in full."""
    return str(format_date(when, format="long", locale=LOCALE))
