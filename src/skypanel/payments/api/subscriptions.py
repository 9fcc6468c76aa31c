"""The customer's doors to subscriptions at PayPal, where the host offers them."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.catalog.queries import tax_day, treatment
from skypanel.catalog.rules import BrandSettings, TaxSettings, taxed
from skypanel.customers.queries import billing_party
from skypanel.payments.actions import subscribe, wish_of_subscription
from skypanel.payments.errors import SubscriptionsOff
from skypanel.payments.queries import subscriptions
from skypanel.payments.schemas import SubscriptionList, SubscriptionShown, SubscriptionWish
from skypanel.platform.http.doors import TheDb, TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.money import Money

router = APIRouter(route_class=DoorRoute, tags=["billing"])


@router.get("/subscriptions", response_model=SubscriptionList)
async def list_subscriptions(read: TheReader, viewer: TheViewer, account_id: UUID) -> Response:
    """An account's subscriptions at PayPal, newest first."""
    found = await subscriptions.of_account(read, viewer, account_id)
    return answer({"items": found, "next": None})


@router.post("/subscriptions", response_model=SubscriptionShown, status_code=202)
async def begin_subscription(db: TheDb, viewer: TheViewer, wish: SubscriptionWish) -> Response:
    """Have PayPal charge a service's price, tax included, as often as it renews."""
    service = await subscriptions.service_for(db, viewer, wish.service_id)
    if service["months"] is None:
        raise SubscriptionsOff("A service billed by the hour can't be subscribed to.")
    settings = await db.house.settings.get(TaxSettings)
    brand = await db.house.settings.get(BrandSettings)
    party = await billing_party(db, service["account_id"])
    tax = await treatment(db, settings, party, tax_day(db, brand.time_zone))
    price = taxed(Money(service["price_minor"], service["currency"]), tax)
    made = await subscribe(
        db,
        service["account_id"],
        wish.service_id,
        name=service["name"],
        price=price.net + price.tax,
        months=service["months"],
    )
    return answer(await subscriptions.get_for(db, viewer, made.id), 202)


@router.post(
    "/subscriptions/{subscription_id}/{verb}", response_model=SubscriptionShown, status_code=202
)
async def change_subscription(
    db: TheDb,
    viewer: TheViewer,
    subscription_id: UUID,
    verb: Literal["suspend", "activate", "cancel"],
) -> Response:
    """Suspend, activate or cancel it: the wish stands on the row until PayPal says it is so."""
    found = await subscriptions.get_for(db, viewer, subscription_id)
    viewer.require("billing.pay", found["account_id"])
    await wish_of_subscription(db, subscription_id, verb)
    return answer(await subscriptions.get_for(db, viewer, subscription_id), 202)
