"""Countries, and the form of tax numbers: checked here, without asking any office.

Form and check digits are the EU's (python-stdnum); a number that passes may still not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from stdnum import get_cc_module
from stdnum.exceptions import (
    InvalidChecksum,
    InvalidComponent,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)

from skypanel.platform.errors import FieldRefusal

# Territories of CLDR that are no country of ISO 3166-1.
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "ZZ"})
EU = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
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
    if country not in EU:
        if _ELSEWHERE.fullmatch(plain) is None:
            raise FieldRefusal("tax_number", "Use letters and digits.", "tax_number_invalid")
        return plain
    prefix = "EL" if country == "GR" else str(country)
    whole = plain if plain.startswith(prefix) else prefix + plain
    module = get_cc_module(whole[:2].lower().replace("el", "gr"), "vat")
    assert module is not None
    try:
        rest = module.validate(whole)
    except ValidationError as wrong:
        raise FieldRefusal(
            "tax_number",
            f"This is not a VAT number of {country}, like {prefix}…: {_SAID[type(wrong)]}",
            "tax_number_invalid",
        ) from None
    return prefix + rest.removeprefix(prefix)


_SAID: Mapping[type[Exception], str] = {
    InvalidChecksum: "its check digits are wrong, so one of its characters is.",
    InvalidFormat: "it has characters in the wrong places.",
    InvalidLength: "it is too short or too long.",
    InvalidComponent: "a part of it can't be.",
}


def first_state(number: str | None, country: str | None) -> str:
    """What is known of a number before anybody was asked."""
    if not number:
        return "none"
    return "unchecked" if country in EU else "not_checkable"


def check_currency(wanted: str | None, *, default: str, offered: tuple[str, ...]) -> str:
    """The currency an account is opened in: one that is sold in."""
    if wanted is None:
        return default
    if wanted not in offered:
        raise FieldRefusal(
            "currency", f"Choose one of: {', '.join(offered)}.", "currency_not_offered"
        )
    return wanted
