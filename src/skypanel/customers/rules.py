"""Countries, and the form of tax numbers: checked here, without asking any office.

The patterns are those of the EU's VIES; a number of the right form may still not exist.
"""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from skypanel.platform.errors import FieldRefusal

# Territories of CLDR that are no country of ISO 3166-1.
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "ZZ"})
_VAT = {
    "AT": r"ATU\d{8}",
    "BE": r"BE[01]\d{9}",
    "BG": r"BG\d{9,10}",
    "CY": r"CY\d{8}[A-Z]",
    "CZ": r"CZ\d{8,10}",
    "DE": r"DE\d{9}",
    "DK": r"DK\d{8}",
    "EE": r"EE\d{9}",
    "ES": r"ES(?:[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])",
    "FI": r"FI\d{8}",
    "FR": r"FR[A-HJ-NP-Z0-9]{2}\d{9}",
    "GR": r"EL\d{9}",
    "HR": r"HR\d{11}",
    "HU": r"HU\d{8}",
    "IE": r"IE(?:\d[A-Z0-9+*]\d{5}[A-Z]|\d{7}[A-W][A-I])",
    "IT": r"IT\d{11}",
    "LT": r"LT(?:\d{9}|\d{12})",
    "LU": r"LU\d{8}",
    "LV": r"LV\d{11}",
    "MT": r"MT\d{8}",
    "NL": r"NL[A-Z0-9+*]{12}",
    "PL": r"PL\d{10}",
    "PT": r"PT\d{9}",
    "RO": r"RO\d{2,10}",
    "SE": r"SE\d{12}",
    "SI": r"SI\d{8}",
    "SK": r"SK\d{10}",
}
_ELSEWHERE = re.compile(r"[A-Z0-9+*/]{3,30}")


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The two-letter codes of ISO 3166-1."""
    codes = {str(code) for code in Locale("en").territories}
    real = {code for code in codes if re.fullmatch("[A-WYZ][A-Z]", code)}
    return frozenset(real - _NO_COUNTRIES | {"XK"})


def check_country(code: str) -> str:
    """A country, in capital letters."""
    wanted = code.upper()
    if wanted not in countries():
        raise ValueError("Choose a country by its two letters, like DE.")
    return wanted


def tax_number(given: str, country: str | None) -> str:
    """A tax number as it is kept: no spaces, dots or dashes, with the EU's country prefix.

    Refuses one that cannot be a number of that country.
    """
    plain = re.sub(r"[\s.\-]", "", given).upper()
    pattern = _VAT.get(country or "")
    if pattern is None:
        if _ELSEWHERE.fullmatch(plain) is None:
            raise FieldRefusal("tax_number", "Use letters and digits.", "tax_number_invalid")
        return plain
    prefix = "EL" if country == "GR" else str(country)
    whole = plain if plain.startswith(prefix) else prefix + plain
    if re.fullmatch(pattern, whole) is None:
        raise FieldRefusal(
            "tax_number",
            f"This is not the form of a VAT number of {country}, like {prefix}…",
            "tax_number_invalid",
        )
    return whole


def check_currency(wanted: str | None, *, default: str, offered: tuple[str, ...]) -> str:
    """The currency an account is opened in: one that is sold in."""
    if wanted is None:
        return default
    if wanted not in offered:
        raise FieldRefusal(
            "currency", f"Choose one of: {', '.join(offered)}.", "currency_not_offered"
        )
    return wanted
