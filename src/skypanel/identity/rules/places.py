"""Zones and languages that people may choose: checked without asking anybody."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, EmailStr, StringConstraints

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
EMAIL_CHARACTERS_MAX = 254


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check_zone(zone: str) -> str:
    """An IANA zone."""
    if zone not in _zones():
        raise ValueError("Choose a time zone of the IANA list, like Europe/Berlin.")
    return zone


def check_language(language: str) -> str:
    """A language tag like `de` or `pt-BR`, that dates and amounts can be written in."""
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        raise ValueError("Choose a language like en, de or pt-BR.") from None
    return language


Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(check_zone)]
Language = Annotated[
    str,
    StringConstraints(max_length=12, pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$"),
    AfterValidator(check_language),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=_PRINTABLE),
]
Email = Annotated[
    EmailStr, StringConstraints(strip_whitespace=True, max_length=EMAIL_CHARACTERS_MAX)
]
# What is typed where one logs in is only compared, so that nothing about it is told.
TypedEmail = Annotated[
    str, StringConstraints(min_length=1, max_length=EMAIL_CHARACTERS_MAX, pattern=_PRINTABLE)
]
Password = Annotated[str, StringConstraints(max_length=1024)]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,200}$")]
