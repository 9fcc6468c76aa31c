"""An invoice as a PDF: the same invoice always gives the same words; typst sets them.

Only the worker calls this, and only then is typst loaded. The fonts are those within typst
(Libertinus Serif: Latin, Greek, Cyrillic); other scripts need a font beside the template.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_percent

from skypanel.platform.money import Money

TEMPLATE = Path(__file__).parent / "assets" / "invoice.typ"
TITLES = {
    "proforma": "Proforma invoice",
    "tax": "Invoice",
    "receipt": "Receipt",
    "credit_note": "Credit note",
}
LOCALE = "en"


def render(invoice: Mapping[str, Any]) -> bytes:
    """The PDF of an invoice as `queries.find` answers it."""
    import typst  # noqa: PLC0415

    made = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"invoice": json.dumps(words(invoice))},
    )
    if not isinstance(made, bytes):
        raise TypeError("an invoice is one document")
    return made


def words(invoice: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the document says, already written out."""
    kind = invoice["kind"]
    seller, buyer = invoice["seller"], invoice["buyer"]
    return {
        "title": TITLES[kind],
        "number": invoice["number"],
        "seller": {"name": _name(seller), "lines": _address(seller)},
        "buyer": {"lines": _address(buyer)},
        "facts": _facts(invoice),
        "lines": [_line(line) for line in invoice["lines"]],
        "totals": _totals(invoice),
        "total": ["Total", _amount(invoice["total"])],
        "notice": _notice(invoice),
        "notes": [note for note in (invoice["tax_note"], seller.get("note")) if note],
        "footer": " · ".join(
            part
            for part in (
                _name(seller),
                _labelled("Registered", seller.get("registration")),
                _labelled("Tax no.", seller.get("tax_number")),
                seller.get("email"),
            )
            if part
        ),
    }


def _name(party: Mapping[str, Any]) -> str:
    return str(party.get("company") or party.get("name") or "")


def _address(party: Mapping[str, Any]) -> list[str]:
    company, name = party.get("company"), party.get("name")
    place = " ".join(str(party[key]) for key in ("postal_code", "city") if party.get(key))
    lines = [
        company or name,
        name if company and name != company else None,
        party.get("line1"),
        party.get("line2"),
        place,
        party.get("state"),
        party.get("country"),
        _labelled("Tax no.", party.get("tax_number")),
    ]
    return [str(line) for line in lines if line]


def _labelled(label: str, value: object) -> str | None:
    return f"{label} {value}" if value else None


def _facts(invoice: Mapping[str, Any]) -> list[list[str]]:
    facts = [["Issued", _day(invoice["issued_on"])]]
    if invoice["paid_at"] is None:
        facts.append(["Due", _day(invoice["due_on"])])
    else:
        facts.append(["Paid", _day(invoice["paid_at"])])
    if invoice["proforma_number"] not in (None, invoice["number"]):
        facts.append(["Proforma", invoice["proforma_number"]])
    return facts


def _line(line: Mapping[str, Any]) -> dict[str, str]:
    detail = [line["detail"]] if line["detail"] else []
    if line["period_start"] and line["period_end"]:
        detail.append(f"{_day(line['period_start'])} to {_day(line['period_end'])}")
    return {
        "description": line["description"],
        "detail": ", ".join(detail),
        "quantity": str(line["quantity"]),
        "unit_price": _amount(line["unit_price"]),
        "tax_rate": _rate(line["tax_rate"]),
        "net": _amount(line["net"]),
    }


def _totals(invoice: Mapping[str, Any]) -> list[list[str]]:
    """Net, then the tax of each rate, as it stands on the lines."""
    rates: dict[str, Money] = {}
    for line in invoice["lines"]:
        tax = Money(line["tax"]["minor"], line["tax"]["currency"])
        seen = rates.get(line["tax_rate"])
        rates[line["tax_rate"]] = tax if seen is None else seen + tax
    totals = [["Net", _amount(invoice["net"])]]
    totals += [[f"Tax {_rate(rate)}", _amount(tax.wire())] for rate, tax in sorted(rates.items())]
    return totals


def _notice(invoice: Mapping[str, Any]) -> str:
    if invoice["kind"] == "proforma":
        return "This is not a tax invoice. It is replaced by one when it is paid."
    if invoice["state"] == "paid":
        return "Paid in full. Thank you."
    return ""


def _amount(wire: Mapping[str, Any]) -> str:
    amount = Money(wire["minor"], wire["currency"])
    return str(format_currency(amount.major, amount.currency, locale=LOCALE))


def _rate(rate: str) -> str:
    return str(format_percent(Decimal(rate), format="#,##0.##%", locale=LOCALE))


def _day(when: date | datetime) -> str:
    return str(format_date(when, format="long", locale=LOCALE))
