"""Value added tax in the European Union: who is in, and the standard rates.

Standard rates as published by the European Commission in "Taxes in Europe", VAT rates applied in
the member states, read for the year 2026. Staff correct or complete them by tax rules, which win.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

SOURCE = "European Commission, Taxes in Europe database, standard VAT rates for 2026"
_LONG_AGO = date(2000, 1, 1)

# Country: (since, standard rate) in per cent, the newest last.
_PERCENT: Mapping[str, tuple[tuple[date, str], ...]] = {
    "AT": ((_LONG_AGO, "20"),),
    "BE": ((_LONG_AGO, "21"),),
    "BG": ((_LONG_AGO, "20"),),
    "CY": ((_LONG_AGO, "19"),),
    "CZ": ((_LONG_AGO, "21"),),
    "DE": ((_LONG_AGO, "19"),),
    "DK": ((_LONG_AGO, "25"),),
    "EE": ((_LONG_AGO, "20"), (date(2024, 1, 1), "22"), (date(2025, 7, 1), "24")),
    "ES": ((_LONG_AGO, "21"),),
    "FI": ((_LONG_AGO, "24"), (date(2024, 9, 1), "25.5")),
    "FR": ((_LONG_AGO, "20"),),
    "GR": ((_LONG_AGO, "24"),),
    "HR": ((_LONG_AGO, "25"),),
    "HU": ((_LONG_AGO, "27"),),
    "IE": ((_LONG_AGO, "23"),),
    "IT": ((_LONG_AGO, "22"),),
    "LT": ((_LONG_AGO, "21"),),
    "LU": ((_LONG_AGO, "17"),),
    "LV": ((_LONG_AGO, "21"),),
    "MT": ((_LONG_AGO, "18"),),
    "NL": ((_LONG_AGO, "21"),),
    "PL": ((_LONG_AGO, "23"),),
    "PT": ((_LONG_AGO, "23"),),
    "RO": ((_LONG_AGO, "19"), (date(2025, 8, 1), "21")),
    "SE": ((_LONG_AGO, "25"),),
    "SI": ((_LONG_AGO, "22"),),
    "SK": ((_LONG_AGO, "20"), (date(2025, 1, 1), "23")),
}
EU = frozenset(_PERCENT)

# Parts of member states where another rate, or no Union VAT at all (None), applies; by post code.
_PARTS: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "AT": (("6691", "19"), ("6991", "19"), ("6992", "19"), ("6993", "19")),
    "DE": (("27498", None), ("78266", None)),
    "ES": (("35", None), ("38", None), ("51", None), ("52", None)),
    "FI": (("22", None),),
    "GR": (("63086", None),),
    "IT": (("23041", None), ("22061", None)),
    "PT": (
        ("90", "22"), ("91", "22"), ("92", "22"), ("93", "22"), ("94", "22"),
        ("95", "16"), ("96", "16"), ("97", "16"), ("98", "16"), ("99", "16"),
    ),
}  # fmt: skip
# Monaco is treated as France.
_AS = {"MC": "FR"}


def vat_country(country: str, postal_code: str = "") -> str | None:
    """The member state whose VAT a place is subject to, or none outside the Union's VAT area."""
    state = _AS.get(country, country)
    if state not in EU:
        return None
    plain = postal_code.replace(" ", "").upper().removeprefix(f"{country}-")
    for prefix, percent in _PARTS.get(state, ()):
        if percent is None and plain.startswith(prefix):
            return None
    return state


def standard_rate(country: str, on: date, postal_code: str = "") -> Decimal:
    """The standard rate of a member state on a day, as a fraction."""
    state = _AS.get(country, country)
    plain = postal_code.replace(" ", "").upper().removeprefix(f"{country}-")
    for prefix, special in _PARTS.get(state, ()):
        if special is not None and plain.startswith(prefix):
            return Decimal(special) / 100
    percent = next(rate for since, rate in reversed(_PERCENT[state]) if since <= on)
    return Decimal(percent) / 100
