"""Beginning, activating and ending what is billed over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.queries import ChosenAddon
from skypanel.catalog.rules import turned
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance
from skypanel.services.errors import ServiceEnded
from skypanel.services.events import (
    ServiceActivated,
    ServiceCancelled,
    ServiceEndChosen,
    ServiceErased,
    ServiceResumed,
    ServiceSuspended,
    ServiceTerminated,
)
from skypanel.services.models import Service, ServiceAddon
from skypanel.services.rules import SERVICE_STATES, Hold, local_day, midnight, period, period_of


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


async def add_addon(db: Db, service: Service, chosen: ChosenAddon) -> ServiceAddon:
    """Bill this with a service that runs, from its next period on; more of what it has already."""
    has = await db.scalar(
        select(ServiceAddon)
        .where(
            ServiceAddon.service_id == service.id,
            ServiceAddon.addon_id == chosen.addon_id,
            ServiceAddon.price_version == chosen.price_version,
            ServiceAddon.ended_at.is_(None),
        )
        .with_for_update()
    )
    audit(db, "service.add_addon", "service", service.id, account_id=service.account_id,
          about=chosen.name, quantity=chosen.quantity)  # fmt: skip
    if has is not None:
        has.quantity += chosen.quantity
        return has
    await attach_addons(db, service, [chosen])
    added = await db.scalars(
        select(ServiceAddon)
        .where(ServiceAddon.service_id == service.id, ServiceAddon.ended_at.is_(None))
        .order_by(ServiceAddon.id.desc())
        .limit(1)
    )
    return added.one()


async def drop_addon(db: Db, service_addon_id: UUID) -> None:
    """Bill one piece less of an add-on, from the next period on."""
    row = await db.get_one(ServiceAddon, service_addon_id, with_for_update=True)
    audit(db, "service.drop_addon", "service", row.service_id, account_id=row.account_id,
          about=row.name)  # fmt: skip
    if row.quantity > 1:
        row.quantity -= 1
    else:
        row.ended_at = db.now


async def return_addon(db: Db, service_addon_id: UUID) -> None:
    """Bill that piece again after all."""
    row = await db.get_one(ServiceAddon, service_addon_id, with_for_update=True)
    audit(db, "service.return_addon", "service", row.service_id, account_id=row.account_id,
          about=row.name)  # fmt: skip
    if row.ended_at is None:
        row.quantity += 1
    else:
        row.ended_at = None


async def lock_service(db: Db, service_id: UUID) -> Service:
    """The service as it stands now, locked until this unit of work ends."""
    service = await db.get(Service, service_id, with_for_update=True, populate_existing=True)
    if service is None:
        raise NotFound
    return service


async def activate(db: Db, service_id: UUID, *, first_on: date | None = None) -> Service:
    """Start the first period today; a service that runs already stays as it is.

    A trial is period -1: period 0 begins at the anchor, when the trial is over. So is what runs
    before `first_on`, the local day from which a server is billed that existed before its service.
    Publishes ServiceActivated.
    """
    service = await lock_service(db, service_id)
    if service.state == "active":
        return service
    starts_at, ends_at = period(db.now, service.cycle, service.zone, 0)
    today = service.anchor_on = local_day(db.now, service.zone)
    if service.trial_days:
        first_on = today + timedelta(days=service.trial_days)
    if first_on is not None:
        service.anchor_on = first_on
    if service.anchor_on > today:
        service.period_number = -1
        ends_at = midnight(service.anchor_on, service.zone)
    elif service.anchor_on < today:
        starts_at, ends_at = period_of(service.anchor_on, service.cycle, service.zone, 0)
    service.period_starts_at = starts_at
    service.period_ends_at = ends_at
    service.renews_on = local_day(ends_at, service.zone)
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


async def change_plan(
    db: Db,
    service_id: UUID,
    *,
    plan_id: UUID,
    name: str,
    price: Money,
    price_exact: Decimal | None,
    priced_on: date,
) -> Service:
    """Give a service another plan at the price agreed on a day; its periods go on as before."""
    service = await lock_service(db, service_id)
    audit(
        db, "service.change_plan", "service", service.id, account_id=service.account_id,
        plan_before=str(service.plan_id), plan=str(plan_id), price_minor=price.minor,
    )  # fmt: skip
    service.plan_id, service.name = plan_id, name
    service.price_minor, service.price_exact = price.minor, price_exact
    service.priced_on = priced_on
    await db.flush()
    return service


@dataclass(frozen=True, slots=True)
class AddonPriced:
    """What an add-on of a service costs from now on, each."""

    service_addon_id: UUID
    price_version: UUID
    price: Money
    price_exact: Decimal | None


async def change_cycle(
    db: Db, service_id: UUID, cycle: str, number: int, addons: Sequence[AddonPriced]
) -> Service:
    """Bill a service in another cycle from the period with this number on; its anchor stays."""
    service = await lock_service(db, service_id)
    audit(
        db, "service.change_cycle", "service", service.id, account_id=service.account_id,
        cycle_before=service.cycle, cycle=cycle, number=number,
    )  # fmt: skip
    service.shift_months = turned(service.shift_months, service.cycle, cycle, number)
    service.cycle = cycle
    for one in addons:
        held = await db.get_one(ServiceAddon, one.service_addon_id, with_for_update=True)
        held.price_version, held.price_exact = one.price_version, one.price_exact
        held.price_minor = one.price.minor
    await db.flush()
    return service


async def abandon(db: Db, service_id: UUID, reason: str) -> Service:
    """End a paid service that never had anything to run. Publishes ServiceCancelled."""
    service = await lock_service(db, service_id)
    advance(db, service, SERVICE_STATES, "abandon", note=reason)
    service.ended_at = db.now
    audit(db, "service.abandon", "service", service.id,
          account_id=service.account_id, reason=reason)  # fmt: skip
    db.publish(ServiceCancelled(service.id, service.account_id))
    return service


def begin_period(service: Service, number: int) -> None:
    """Let the period of this number run: by the calendar, whoever paid when."""
    assert service.anchor_on is not None
    starts_at, ends_at = period_of(
        service.anchor_on, service.cycle, service.zone, number, service.shift_months
    )
    service.period_number = number
    service.period_starts_at, service.period_ends_at = starts_at, ends_at
    service.renews_on = local_day(ends_at, service.zone)


async def hold(db: Db, service_id: UUID, why: Hold, reason: str) -> Service:
    """Say why a service may not run; one that is held for this already stays as it is.

    Publishes ServiceSuspended with the first hold. Refuses `service_ended`.
    """
    service = await lock_service(db, service_id)
    if service.state not in ("active", "suspended"):
        raise ServiceEnded
    if why in service.holds:
        return service
    service.holds = [*service.holds, why.value]
    audit(
        db, "service.hold", "service", service.id,
        account_id=service.account_id, hold=why.value, reason=reason,
    )  # fmt: skip
    if service.state == "active":
        advance(db, service, SERVICE_STATES, "suspend", note=reason)
        db.publish(ServiceSuspended(service.id, service.account_id, why.value))
    return service


async def release(db: Db, service_id: UUID, why: Hold, reason: str) -> Service:
    """Lift one hold; with the last one the service runs again. Publishes ServiceResumed."""
    service = await lock_service(db, service_id)
    if why not in service.holds:
        return service
    service.holds = [each for each in service.holds if each != why]
    audit(
        db, "service.release", "service", service.id,
        account_id=service.account_id, hold=why.value, reason=reason,
    )  # fmt: skip
    if not service.holds and service.state == "suspended":
        advance(db, service, SERVICE_STATES, "resume", note=reason)
        db.publish(ServiceResumed(service.id, service.account_id))
    return service


async def terminate(db: Db, service_id: UUID, reason: str, *, wished: bool = False) -> Service:
    """End a service; what is on it is kept until `erase`. Publishes ServiceTerminated.

    `wished` where its customer wanted it so: they may take it back by themselves.
    """
    service = await lock_service(db, service_id)
    if service.state == "terminated":
        return service
    advance(db, service, SERVICE_STATES, "terminate", note=reason)
    service.terminated_at, service.wished_end = db.now, wished
    service.holds = sorted({*service.holds, Hold.ENDED.value})
    audit(db, "service.terminate", "service", service.id,
          account_id=service.account_id, reason=reason)  # fmt: skip
    db.publish(ServiceTerminated(service.id, service.account_id))
    return service


async def undo_termination(db: Db, service_id: UUID, reason: str) -> Service:
    """Take a termination back while nothing is erased; other holds stay.

    Publishes ServiceResumed when none is left. Refuses `verb_not_allowed` once erased.
    """
    service = await lock_service(db, service_id)
    advance(db, service, SERVICE_STATES, "undo", note=reason)
    service.terminated_at, service.cancels_on, service.wished_end = None, None, False
    audit(db, "service.undo_termination", "service", service.id,
          account_id=service.account_id, reason=reason)  # fmt: skip
    await db.flush()
    return await release(db, service_id, Hold.ENDED, reason)


async def erase(db: Db, service_id: UUID) -> Service:
    """The data hold is over. Publishes ServiceErased, whereupon the server is deleted."""
    service = await lock_service(db, service_id)
    advance(db, service, SERVICE_STATES, "erase")
    service.ended_at = db.now
    audit(db, "service.erase", "service", service.id, account_id=service.account_id)
    db.publish(ServiceErased(service.id, service.account_id))
    return service


async def choose_end(db: Db, service_id: UUID, cancels_on: date | None) -> Service:
    """Let a service end on a day, or go on after all. Publishes ServiceEndChosen.

    Refuses `service_ended`.
    """
    service = await lock_service(db, service_id)
    if service.state not in ("active", "suspended"):
        raise ServiceEnded
    service.cancels_on = cancels_on
    audit(db, "service.choose_end", "service", service.id, account_id=service.account_id,
          cancels_on=None if cancels_on is None else cancels_on.isoformat())  # fmt: skip
    db.publish(ServiceEndChosen(service.id, service.account_id, cancels_on))
    return service
