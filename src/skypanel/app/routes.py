"""Every door of the API, in one list."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import BaseRoute

from skypanel.addresses import admin as addresses_admin
from skypanel.addresses import api as addresses
from skypanel.catalog import admin as catalog_admin
from skypanel.catalog import api as catalog
from skypanel.consoles import admin as consoles_admin
from skypanel.consoles import api as consoles
from skypanel.customers import admin as customers_admin
from skypanel.customers import api as customers
from skypanel.identity import admin as identity_admin
from skypanel.identity import api as identity
from skypanel.invoices import admin as invoices_admin
from skypanel.invoices import api as invoices
from skypanel.ledger import admin as ledger_admin
from skypanel.ledger import api as ledger
from skypanel.mail import admin as mail_admin
from skypanel.metrics import admin as metrics_admin
from skypanel.metrics import api as metrics
from skypanel.operations import admin as operations_admin
from skypanel.operations import api as operations
from skypanel.orders import admin as orders_admin
from skypanel.orders import api as orders
from skypanel.payments import admin as payments_admin
from skypanel.payments import api as payments
from skypanel.platform.http import live
from skypanel.provisioning import admin as provisioning_admin
from skypanel.provisioning import api as provisioning
from skypanel.renewals import admin as renewals_admin
from skypanel.renewals import api as renewals
from skypanel.reporting import admin as reporting_admin
from skypanel.servers import admin as servers_admin
from skypanel.servers import api as servers
from skypanel.usage import admin as usage_admin
from skypanel.usage import api as usage

PREFIX = "/api/v1"
API: tuple[APIRouter, ...] = (
    live.router,
    identity.router,
    identity_admin.router,
    customers.router,
    customers_admin.router,
    ledger.router,
    ledger_admin.router,
    invoices.router,
    invoices_admin.router,
    payments.router,
    payments.webhooks,
    payments_admin.router,
    catalog.router,
    catalog_admin.router,
    orders.router,
    orders_admin.router,
    renewals.router,
    renewals_admin.router,
    usage.router,
    usage_admin.router,
    servers.router,
    servers_admin.router,
    provisioning.router,
    consoles.router,
    consoles_admin.router,
    metrics.router,
    metrics_admin.router,
    addresses.router,
    addresses_admin.router,
    provisioning_admin.router,
    mail_admin.router,
    reporting_admin.router,
    operations_admin.router,
    operations.router,
)
ROOT: tuple[APIRouter, ...] = (identity.wellknown,)


def every_route() -> Iterator[tuple[str, APIRoute]]:
    """Each door with the prefix it stands under."""
    for prefix, routers in ((PREFIX, API), ("", ROOT)):
        for router in routers:
            for each in every_door_of(router):
                if isinstance(each, APIRoute):
                    yield prefix, each


def every_websocket() -> Iterator[APIWebSocketRoute]:
    """Each door through which a websocket comes."""
    for router in (*API, *ROOT):
        yield from (e for e in every_door_of(router) if isinstance(e, APIWebSocketRoute))


def every_door_of(router: APIRouter) -> Iterator[BaseRoute]:
    """The doors of a router, those of the routers it includes among them."""
    for each in router.routes:
        included = getattr(each, "original_router", None)
        if isinstance(included, APIRouter):
            yield from every_door_of(included)
        else:
            yield each
