"""Saved payment methods: kept with consent, preferred, removed, lost."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from skypanel.identity.actions import audit
from skypanel.invoices.rules import SellerSettings
from skypanel.payments.events import MethodLost, MethodRemoved, MethodSaved
from skypanel.payments.models import Payment, SavedMethod
from skypanel.payments.rules import CONSENT, METHOD_STATES, SavedAtGateway
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound, VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance


async def keep_method(db: Db, payment: Payment, saved: SavedAtGateway) -> None:
    """Keep what the payer let the gateway keep, once; the first is preferred.

    Publishes MethodSaved. Only for a payment in which the customer ticked the consent.
    """
    if not payment.save_method:
        return
    known = await db.scalar(
        select(SavedMethod.id).where(
            SavedMethod.gateway == payment.gateway, SavedMethod.method_ref == saved.ref
        )
    )
    if known is not None:
        return
    seller = await db.house.settings.get(SellerSettings)
    others = await _locked(db, payment.account_id)
    method = SavedMethod(
        id=new_id(),
        account_id=payment.account_id,
        gateway=payment.gateway,
        method_ref=saved.ref,
        label=saved.label[:200],
        state="active",
        preferred=not any(each.preferred for each in others),
        consent=CONSENT.format(seller=seller.company or seller.name or "the provider")[:600],
        created_at=db.now,
    )
    db.add(method)
    await db.flush()
    audit(db, "method.save", "method", method.id, account_id=method.account_id, label=method.label)
    db.publish(MethodSaved(method.id, method.account_id))


async def prefer_method(db: Db, account_id: UUID, method_id: UUID) -> None:
    """Charge this one from now on."""
    methods = await _locked(db, account_id)
    wanted = next((each for each in methods if each.id == method_id), None)
    if wanted is None:
        raise NotFound
    for each in methods:
        each.preferred = False
    await db.flush()
    wanted.preferred = True
    await db.flush()
    audit(db, "method.prefer", "method", method_id, account_id=account_id)


async def remove_method(db: Db, account_id: UUID, method_id: UUID) -> None:
    """Never charge it again from this moment on. Publishes MethodRemoved."""
    method = await _end(db, account_id, method_id, "remove")
    audit(db, "method.remove", "method", method.id, account_id=account_id, label=method.label)
    db.publish(MethodRemoved(method.id, account_id))


async def lose_method(db: Db, gateway: str, method_ref: str) -> None:
    """The gateway says that it is gone. Publishes MethodLost unless we removed it ourselves."""
    found = await db.scalar(
        select(SavedMethod).where(
            SavedMethod.gateway == gateway, SavedMethod.method_ref == method_ref
        )
    )
    if found is None or found.state == "lost":
        return
    asked_by_us = found.state == "removed"
    await _end(db, found.account_id, found.id, "lose")
    if not asked_by_us:
        db.publish(MethodLost(found.id, found.account_id))


async def preferred_method(db: Db, account_id: UUID) -> SavedMethod | None:
    """The method that is charged for an account."""
    found = await db.scalars(
        select(SavedMethod)
        .where(SavedMethod.account_id == account_id, SavedMethod.state == "active")
        .order_by(SavedMethod.preferred.desc(), SavedMethod.id.desc())
        .limit(1)
    )
    return found.first()


async def _locked(db: Db, account_id: UUID) -> list[SavedMethod]:
    found = await db.scalars(
        select(SavedMethod)
        .where(SavedMethod.account_id == account_id, SavedMethod.state == "active")
        .order_by(SavedMethod.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


async def _end(db: Db, account_id: UUID, method_id: UUID, verb: str) -> SavedMethod:
    method = await db.get(SavedMethod, method_id, with_for_update=True, populate_existing=True)
    if method is None or method.account_id != account_id:
        raise NotFound
    if verb not in METHOD_STATES[method.state]:
        raise VerbNotAllowed
    was_preferred = method.preferred
    method.preferred = False
    advance(db, method, METHOD_STATES, verb)
    method.ended_at = method.ended_at or db.now
    await db.flush()
    if was_preferred:
        rest = await _locked(db, account_id)
        if rest:
            rest[-1].preferred = True
            await db.flush()
    return method
