"""Beginning, activating and ending what is billed over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from skypanel.catalog.queries import ChosenAddon
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance
from skypanel.services.events import ServiceActivated, ServiceCancelled
from skypanel.services.models import Service, ServiceAddon
from skypanel.services.rules import SERVICE_STATES, midnight, period


async def create_service(
    db: Db,
    *,
    account_id: UUID,
    plan_id: UUID,
    location_id: UUID,
    price: Money,
    cycle: str,
    zone: str,
    name: str,
    price_exact: Decimal | None = None,
    trial_days: int = 0,
) -> Service:
    """Begin a service that waits for its first payment; its zone is frozen now.

    With `trial_days` its first period is that long, and free.
    """
    service = Service(
        id=new_id(),
        account_id=account_id,
        plan_id=plan_id,
        location_id=location_id,
        name=name,
        state="pending",
        price_minor=price.minor,
        price_exact=price_exact,
        currency=price.currency,
        cycle=cycle,
        trial_days=trial_days,
        zone=zone,
        holds=[],
        created_at=db.now,
    )
    db.add(service)
    await db.flush()
    return service


async def attach_addons(db: Db, service: Service, addons: Sequence[ChosenAddon]) -> None:
    """Bill these with the service from its first period on, at the price they were sold at."""
    db.add_all(
        ServiceAddon(
            service_id=service.id,
            account_id=service.account_id,
            addon_id=one.addon_id,
            price_version=one.price_version,
            name=one.name,
            kind=one.kind,
            quantity=one.quantity,
            price_minor=one.price.minor,
            price_exact=one.price_exact,
            currency=one.price.currency,
            created_at=db.now,
        )
        for one in addons
    )
    await db.flush()


async def lock_service(db: Db, service_id: UUID) -> Service:
    """The service as it stands now, locked until this unit of work ends."""
    service = await db.get(Service, service_id, with_for_update=True, populate_existing=True)
    if service is None:
        raise NotFound
    return service


async def activate(db: Db, service_id: UUID) -> Service:
    """Start the first period today; a service that runs already stays as it is.

    Publishes ServiceActivated.
    """
    service = await lock_service(db, service_id)
    if service.state == "active":
        return service
    starts_at, ends_at = period(db.now, service.cycle, service.zone, 0)
    anchor_on = db.now.astimezone(ZoneInfo(service.zone)).date()
    if service.trial_days:
        anchor_on += timedelta(days=service.trial_days)
        ends_at = midnight(anchor_on, service.zone)
    service.anchor_day = anchor_on.day
    service.period_starts_at = starts_at
    service.period_ends_at = ends_at
    service.renews_on = ends_at.astimezone(ZoneInfo(service.zone)).date()
    service.activated_at = db.now
    advance(db, service, SERVICE_STATES, "activate")
    audit(db, "service.activate", "service", service.id, account_id=service.account_id)
    db.publish(ServiceActivated(service.id, service.account_id))
    return service


async def cancel(db: Db, service_id: UUID, reason: str) -> Service:
    """End a service before its first payment. Publishes ServiceCancelled."""
    service = await lock_service(db, service_id)
    if service.state == "cancelled":
        return service
    advance(db, service, SERVICE_STATES, "cancel", note=reason)
    service.ended_at = db.now
    db.publish(ServiceCancelled(service.id, service.account_id))
    return service
