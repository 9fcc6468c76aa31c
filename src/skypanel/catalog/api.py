"""The public shop window: brand, places, plans, systems, quotes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from skypanel.catalog import queries
from skypanel.catalog.actions import TAG
from skypanel.catalog.rules import BrandSettings, TaxSettings
from skypanel.catalog.schemas import shop as schemas
from skypanel.catalog.schemas.addons import Addons
from skypanel.integrations.settings import PayPalSettings
from skypanel.platform.db import Reader
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.house import House
from skypanel.platform.http.doors import JSON, TheHouse, TheReader, answer
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.read import encode

router = APIRouter(route_class=DoorRoute, tags=["catalog"])
CACHE_SECONDS = 30.0


async def _window(house: House, key: object, load: Callable[[], Awaitable[Any]]) -> Response:
    """An answer that all visitors share: encoded once, kept until the catalog changes."""

    async def encoded() -> bytes:
        return encode(await load())

    body = await house.cache.get(TAG, key, encoded, seconds=CACHE_SECONDS)
    return Response(body, 200, {"cache-control": "no-store"}, media_type=JSON)


@router.get("/brand", response_model=schemas.Brand)
async def brand(house: TheHouse) -> Response:
    """How the company presents itself and what the browser needs for payments."""
    own = await house.settings.get(BrandSettings)
    paypal = await house.settings.get(PayPalSettings)
    return answer(
        {
            "name": own.name,
            "tagline": own.tagline,
            "accent": own.accent,
            "support_email": own.support_email,
            "status_url": own.status_url or None,
            "terms_url": own.terms_url or None,
            "currencies": list(own.currencies),
            "default_currency": own.default_currency,
            "sandbox": bool(house.sandbox_links),
            "real_guests": house.real_guests,
            "ahead_seconds": int(house.clock.offset.total_seconds()),
            "paypal": {
                "client_id": paypal.client_id,
                "sdk_url": paypal.sdk_url,
                "environment": paypal.environment,
            }
            if paypal.ready
            else None,
        }
    )


@router.get("/locations", response_model=schemas.Locations)
async def locations(house: TheHouse, read: TheReader) -> Response:
    """Where servers can be had."""
    return await _window(house, "locations", lambda: queries.locations(read))


@router.get("/images", response_model=schemas.Images)
async def images(house: TheHouse, read: TheReader) -> Response:
    """Which systems can be installed."""
    return await _window(house, "images", lambda: queries.images(read))


@router.get("/plans", response_model=schemas.Plans)
async def plans(
    house: TheHouse,
    read: TheReader,
    currency: Annotated[str | None, Query(pattern=r"^[A-Z]{3}$")] = None,
) -> Response:
    """What is sold, at which price, and how much of it is left."""
    wanted = await _currency(house, currency)
    return await _window(house, ("plans", wanted), lambda: queries.plans(read, wanted))


async def _currency(house: House, wanted: str | None) -> str:
    own = await house.settings.get(BrandSettings)
    if wanted is not None and wanted not in own.currencies:
        raise FieldRefusal("currency", "We don't sell in this currency.", "currency_not_sold")
    return wanted or own.default_currency


@router.get("/addons", response_model=Addons)
async def addons(
    house: TheHouse,
    read: TheReader,
    currency: Annotated[str | None, Query(pattern=r"^[A-Z]{3}$")] = None,
) -> Response:
    """What can be had with a server."""
    wanted = await _currency(house, currency)
    return await _window(house, ("addons", wanted), lambda: queries.shop_addons(read, wanted))


@router.post("/quotes", response_model=schemas.Quote)
async def quote(wish: schemas.QuoteWish, house: TheHouse, read: TheReader) -> Response:
    """What a plan would cost now; nothing is held."""
    currency = await _currency(house, wish.currency)
    return answer(await _quote(house, read, wish, currency))


async def _quote(
    house: House, read: Reader, wish: schemas.QuoteWish, currency: str
) -> dict[str, Any]:
    own = await house.settings.get(BrandSettings)
    settings = await house.settings.get(TaxSettings)
    ask = queries.Ask(
        plan_id=wish.plan_id,
        location_id=wish.location_id,
        cycle=wish.cycle,
        currency=currency,
        on=queries.tax_day(read, own.time_zone),
        party={"country": wish.country, "state": wish.state, "kind": wish.kind},
        addons=tuple((one.addon_id, one.quantity) for one in wish.addons),
        coupon=wish.coupon,
    )
    found = await queries.offer(read, ask, settings)
    return await queries.quote(read, found)
