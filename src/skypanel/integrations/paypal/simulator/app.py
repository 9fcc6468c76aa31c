"""The simulated PayPal as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette

from skypanel.integrations.paypal.simulator import api, controls, pages
from skypanel.integrations.paypal.simulator.courier import RETRY_AFTER_SECONDS, Courier
from skypanel.integrations.paypal.simulator.desk import Desk
from skypanel.integrations.paypal.simulator.state import State
from skypanel.platform.clock import Clock


def create_app(
    state: State,
    *,
    clock: Clock,
    links: Mapping[str, str] | None = None,
    public_url: str | None = None,
    http: httpx.AsyncClient | None = None,
    retry_after_seconds: Sequence[float] = RETRY_AFTER_SECONDS,
) -> Starlette:
    """PayPal's API, its approval page and its control pages over one memory.

    `links` (label to URL) lead to the other sandbox pages; `public_url` is where a payer's
    browser reaches this one, when that differs from where the API is called; `http` carries the
    webhooks. `app.state.courier.drain()` waits for webhooks on their way.
    """
    courier = Courier(state, clock, http=http, retry_after_seconds=retry_after_seconds)
    desk = Desk(state, clock, courier, links=links or {}, public_url=public_url)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        courier.resume()
        yield
        await courier.stop()

    app = Starlette(
        routes=[*api.routes(desk), *controls.routes(desk), *pages.routes(desk)], lifespan=life
    )
    app.state.courier = courier
    app.state.desk = desk
    return app
