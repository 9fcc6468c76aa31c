"""How the company presents itself."""

from __future__ import annotations

from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from skypanel.platform.settings import Section


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
