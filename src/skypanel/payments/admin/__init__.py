"""The staff's doors to payments, refunds, disputes and promotional credit."""

from fastapi import APIRouter

from skypanel.payments.admin import disputes, money, payments, reconcile
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute)
for part in (payments, money, disputes, reconcile):
    router.include_router(part.router)

__all__ = ["router"]
