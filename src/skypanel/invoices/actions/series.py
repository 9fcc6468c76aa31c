"""Gapless numbers, and the seller's day on which a document is issued."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert

from skypanel.invoices.models import NumberSeries
from skypanel.invoices.rules import SellerSettings, number_text
from skypanel.platform.db import Db


async def take_number(db: Db, series: str, year: int) -> str:
    """The next number; the series stays locked until this unit of work ends, so none is lost."""
    taken = insert(NumberSeries).values(series=series, year=year, last_number=1)
    number = await db.scalar(
        taken.on_conflict_do_update(
            index_elements=["series", "year"],
            set_={"last_number": NumberSeries.last_number + 1},
        ).returning(NumberSeries.last_number)
    )
    assert number is not None
    return number_text(series, year, number)


def today(db: Db, seller: SellerSettings) -> date:
    """The seller's day."""
    return db.now.astimezone(ZoneInfo(seller.time_zone)).date()
