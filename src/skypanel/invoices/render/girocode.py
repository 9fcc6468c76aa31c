"""The code that a banking app reads: an SVG of the EPC's QR code for a SEPA transfer."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import segno

from skypanel.invoices.render.words import name_of
from skypanel.platform.money import Money

AMOUNT_MINOR_MAX = 99_999_999_999
NAME_CHARACTERS_MAX = 70


def girocode(invoice: Mapping[str, Any]) -> str:
    """The code for what is due; nothing when it is not in euro, or no IBAN is known."""
    text = girocode_text(invoice)
    if text is None:
        return ""
    out = io.BytesIO()
    code = segno.make_qr(text, error="m", boost_error=False, encoding="utf-8")
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=False, scale=4)
    return out.getvalue().decode()


def girocode_text(invoice: Mapping[str, Any]) -> str | None:
    """What stands in the code (EPC069-12, version 002, UTF-8)."""
    seller, due = invoice["seller"], invoice["open"]
    iban = (seller.get("iban") or "").replace(" ", "")
    name = name_of(seller)[:NAME_CHARACTERS_MAX]
    if due["currency"] != "EUR" or not 0 < due["minor"] <= AMOUNT_MINOR_MAX or not (iban and name):
        return None
    amount = f"EUR{Money(due['minor'], 'EUR').major:.2f}"
    bic = seller.get("bic") or ""
    lines = ("BCD", "002", "1", "SCT", bic, name, iban, amount, "", "", invoice["number"])
    return "\n".join(lines)
