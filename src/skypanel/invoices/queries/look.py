"""How the company's documents look now."""

from __future__ import annotations

from skypanel.catalog.rules import BrandSettings
from skypanel.invoices.render import Look
from skypanel.invoices.rules import LogoSettings
from skypanel.platform.house import House


async def company_look(house: House) -> Look:
    """The brand's colour and the uploaded logo."""
    brand = await house.settings.get(BrandSettings)
    logo = await house.settings.get(LogoSettings)
    return Look(accent=brand.accent, logo=logo.svg)
