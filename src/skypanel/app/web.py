"""The web process: API, live stream, health, metrics and the built client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import psycopg
from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from skypanel import __version__
from skypanel.app.boot import CLIENT_FOLDER, Boot, boot
from skypanel.app.composition import build_house
from skypanel.app.farewell import say_farewell_first
from skypanel.app.routes import API, PREFIX, ROOT, every_door_of, every_route
from skypanel.findings import queries as findings
from skypanel.operations.queries import CHECKS, QueueFigures, queue_figures
from skypanel.platform import logging as house_logging
from skypanel.platform.house import House
from skypanel.platform.http import problem
from skypanel.platform.http.doors import TheHouse, answer
from skypanel.platform.http.edge import Edge
from skypanel.platform.http.proxies import parse_networks
from skypanel.platform.http.quick import BODY_BYTES_MAX, Doors, QuickDoors
from skypanel.platform.http.static import Client, content_security_policy
from skypanel.platform.metrics import (
    CHECKS_AGE_SECONDS,
    FINDINGS,
    POOL_SIZE,
    QUEUE_JOBS,
    QUEUE_OLDEST_SECONDS,
)

OPENAPI = CLIENT_FOLDER.parent / "openapi.json"
PAYPAL_HOSTS = ("https://*.paypal.com", "https://*.paypalobjects.com")
READY_SECONDS = 3.0
QUEUE_SEEN_SECONDS = 5.0  # however often it is scraped, the queue is counted this seldom
DOCS_PAGE = "/api-docs.html"
UNKNOWN = float("nan")


def api(house: House) -> FastAPI:
    """The API of a house, without the layers around it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await house.open()
        try:
            yield
        finally:
            await house.close()

    app = FastAPI(
        title="SkyPANEL",
        version=__version__,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        max_body_size=BODY_BYTES_MAX,
    )
    app.state.house = house
    problem.install(app)
    _install_operational(app)
    doors = [door for router in API for door in every_door_of(router)]
    app.router.routes.extend(door for router in ROOT for door in every_door_of(router))
    app.router.routes.append(Mount(PREFIX, Router(doors, default=problem.nowhere)))
    return app


def _install_operational(app: FastAPI) -> None:
    @app.get("/api/v1/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return Response(OPENAPI.read_bytes(), media_type="application/json")

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        """This process answers."""
        return answer({"ok": True})

    @app.get("/readyz", include_in_schema=False)
    async def readyz(house: TheHouse) -> Response:
        """This process can do its work: its database answers."""
        try:
            async with asyncio.timeout(READY_SECONDS), house.pool.connection() as connection:
                await connection.execute("select 1")
        except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready
            return answer({"ok": False, "database": type(error).__name__}, 503)
        return answer({"ok": True, "live": house.relay.connected.is_set()})

    @app.get("/metrics", include_in_schema=False)
    async def metrics(house: TheHouse) -> Response:
        for name, value in house.pool.get_stats().items():
            POOL_SIZE.labels(name).set(value)
        await _gauge_queue(house)
        await _gauge_findings(house)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _gauge_queue(house: House) -> None:
    """The queue's gauges; without a database they are unknown and the other figures still show."""

    async def load() -> QueueFigures:
        return await queue_figures(house.read())

    try:
        seen = await house.cache.get("metrics", "queue", load, seconds=QUEUE_SEEN_SECONDS)
    except psycopg.Error:
        counts = dict.fromkeys(("waiting", "running", "dead"), UNKNOWN)
        oldest: float | None = UNKNOWN
    else:
        counts = {"waiting": seen.waiting, "running": seen.running, "dead": seen.dead}
        oldest = seen.oldest_seconds
    for state, count in counts.items():
        QUEUE_JOBS.labels(state).set(count)
    QUEUE_OLDEST_SECONDS.set(oldest or 0)


async def _gauge_findings(house: House) -> None:
    """What stands against each law; without a database the last figures say nothing."""
    FINDINGS.clear()

    async def load() -> tuple[list[tuple[str, int, int]], float | None]:
        read = house.read()
        return await findings.open_counts(read), await findings.look_age_seconds(read)

    try:
        counts, age = await house.cache.get("metrics", "findings", load, seconds=QUEUE_SEEN_SECONDS)
    except psycopg.Error:
        CHECKS_AGE_SECONDS.set(UNKNOWN)
        return
    for name in (check.name for check in CHECKS):
        FINDINGS.labels(name, "no").set(0)
    for name, new, known in counts:
        FINDINGS.labels(name, "no").set(new)
        FINDINGS.labels(name, "yes").set(known)
    CHECKS_AGE_SECONDS.set(UNKNOWN if age is None else age)


class Docs:
    """The API's page to try it on: one of the built client's files under the API's own address."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._client({**scope, "path": DOCS_PAGE}, receive, send)


@cache
def _doors() -> Doors:
    return Doors(every_route())


def site(house: House, settings: Boot | None = None) -> ASGIApp:
    """Everything that answers on the public port."""
    app = api(house)
    folder = settings.client_folder if settings else CLIENT_FOLDER
    sandbox = tuple(house.sandbox_links.values())
    policy = content_security_policy((*PAYPAL_HOSTS, *sandbox), house.public_url)
    client = Client(folder, policy)
    app.router.routes.append(Route("/api/docs", Docs(client), methods=["GET"]))
    app.router.routes.append(Mount("/api", problem.nowhere))
    app.router.routes.append(Mount("/", client))
    quick = QuickDoors(app, house, _doors())
    return Edge(
        quick,
        public_url=house.public_url,
        limit_reads=settings.limit_reads if settings else False,
        trusted=parse_networks(settings.trusted_proxies) if settings else (),
    )


def create_app() -> ASGIApp:
    """What the server's worker processes load."""
    settings = boot()
    house_logging.configure(settings.log_level)
    house = build_house(settings, "skypanel web")
    say_farewell_first(house)
    return site(house, settings)
