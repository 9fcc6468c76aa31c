"""Value added tax in the European Union: who is in, and the standard rates with their days.

Standard rates as the European Commission publishes them ("Taxes in Europe", VAT rates applied in
the member states), each from the day it holds; compared in November 2026 with public lists of rates
and with the notices of the changes of 2024 and 2025. Staff correct or complete them by tax rules,
which win. Nothing here is right for ever: look again when a member state changes its rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

SOURCE = "European Commission, Taxes in Europe database, standard VAT rates for 2026"

# Country: (since, standard rate) in per cent, the newest last; the oldest also for days before it.
_PERCENT: Mapping[str, tuple[tuple[date, str], ...]] = {
    "AT": ((date(1984, 1, 1), "20"),),
    "BE": ((date(1996, 1, 1), "21"),),
    "BG": ((date(1999, 1, 1), "20"),),
    "CY": ((date(2014, 1, 13), "19"),),
    "CZ": ((date(2013, 1, 1), "21"),),
    "DE": ((date(2007, 1, 1), "19"), (date(2020, 7, 1), "16"), (date(2021, 1, 1), "19")),
    "DK": ((date(1992, 1, 1), "25"),),
    "EE": ((date(2009, 7, 1), "20"), (date(2024, 1, 1), "22"), (date(2025, 7, 1), "24")),
    "ES": ((date(2012, 9, 1), "21"),),
    "FI": ((date(2013, 1, 1), "24"), (date(2024, 9, 1), "25.5")),
    "FR": ((date(2014, 1, 1), "20"),),
    "GR": ((date(2016, 6, 1), "24"),),
    "HR": ((date(2012, 3, 1), "25"),),
    "HU": ((date(2012, 1, 1), "27"),),
    "IE": ((date(2012, 1, 1), "23"), (date(2020, 9, 1), "21"), (date(2021, 3, 1), "23")),
    "IT": ((date(2013, 10, 1), "22"),),
    "LT": ((date(2009, 9, 1), "21"),),
    "LU": ((date(2015, 1, 1), "17"), (date(2023, 1, 1), "16"), (date(2024, 1, 1), "17")),
    "LV": ((date(2012, 7, 1), "21"),),
    "MT": ((date(2004, 1, 1), "18"),),
    "NL": ((date(2012, 10, 1), "21"),),
    "PL": ((date(2011, 1, 1), "23"),),
    "PT": ((date(2011, 1, 1), "23"),),
    "RO": ((date(2017, 1, 1), "19"), (date(2025, 8, 1), "21")),
    "SE": ((date(1990, 7, 1), "25"),),
    "SI": ((date(2013, 7, 1), "22"),),
    "SK": ((date(2011, 1, 1), "20"), (date(2025, 1, 1), "23")),
}
EU = frozenset(_PERCENT)

# Parts of member states where another rate, or no Union VAT at all (None), applies; by post code.
_PARTS: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "AT": (("6691", "19"), ("6991", "19"), ("6992", "19"), ("6993", "19")),
    "DE": (("27498", None), ("78266", None)),
    "ES": (("35", None), ("38", None), ("51", None), ("52", None)),
    "FI": (("22", None),),
    "FR": (
        ("971", None), ("972", None), ("973", None), ("974", None), ("975", None), ("976", None),
        ("977", None), ("978", None), ("986", None), ("987", None), ("988", None),
    ),
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
    rates = _PERCENT[state]
    percent = next((rate for since, rate in reversed(rates) if since <= on), rates[0][1])
    return Decimal(percent) / 100
