"""The customer's doors to paying, to the wallet and to saved methods, and PayPal's door to us."""

from fastapi import APIRouter

from skypanel.payments.api import methods, payments, subscriptions, wallet
from skypanel.payments.api.notices import webhooks
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute)
for part in (payments, methods, wallet, subscriptions):
    router.include_router(part.router)

__all__ = ["router", "webhooks"]
