"""Subscriptions and unmatched movements as people read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, or_, select

from skypanel.payments.models import PayPalSubscription, UnmatchedTransaction
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query, money
from skypanel.services.models import Service

SUBSCRIPTIONS_MAX = 100
_CAN = {
    "active": ["suspend", "cancel"],
    "suspended": ["activate", "cancel"],
}
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


def _row(
    subscription_id: UUID,
    account_id: UUID,
    service_id: UUID,
    name: str,
    state: str,
    amount_minor: int,
    currency: str,
    months: int,
    approve_url: str | None,
    wish: str | None,
    message: str | None,
    next_bill_at: datetime | None,
) -> dict[str, Any]:
    return {
        "id": subscription_id,
        "account_id": account_id,
        "service_id": service_id,
        "name": name,
        "state": state,
        "amount": money(amount_minor, currency),
        "months": months,
        "approve_url": approve_url,
        "wish": wish,
        "message": message,
        "next_bill_at": next_bill_at,
        "can": [] if wish else _CAN.get(state, []),
    }


_COLUMNS = (
    PayPalSubscription.id,
    PayPalSubscription.account_id,
    PayPalSubscription.service_id,
    PayPalSubscription.name,
    PayPalSubscription.state,
    PayPalSubscription.amount_minor,
    PayPalSubscription.currency,
    PayPalSubscription.months,
    PayPalSubscription.approve_url,
    PayPalSubscription.wish,
    PayPalSubscription.message,
    PayPalSubscription.next_bill_at,
)
_OF_ACCOUNT: Query[dict[str, Any]] = Query(
    select(*_COLUMNS)
    .where(PayPalSubscription.account_id == bindparam("account", type_=Uuid()))
    .order_by(PayPalSubscription.id.desc())
    .limit(SUBSCRIPTIONS_MAX),
    _row,
)
_ONE: Query[dict[str, Any]] = Query(
    select(*_COLUMNS).where(PayPalSubscription.id == bindparam("subscription", type_=Uuid())),
    _row,
)
_SERVICE = Query(
    select(
        Service.account_id, Service.name, Service.price_minor, Service.currency, Service.cycle
    ).where(Service.id == bindparam("service", type_=Uuid()))
)
_STATE = bindparam("state", type_=String())


def _unmatched(
    transaction_id: UUID,
    transaction_ref: str,
    related_ref: str | None,
    event_code: str,
    amount_minor: int,
    currency: str,
    invoice_ref: str | None,
    custom_id: str | None,
    happened_at: datetime,
    state: str,
    note: str | None,
) -> dict[str, Any]:
    return {
        "id": transaction_id,
        "transaction_ref": transaction_ref,
        "related_ref": related_ref,
        "event_code": event_code,
        "amount": money(amount_minor, currency),
        "invoice_ref": invoice_ref,
        "custom_id": custom_id,
        "happened_at": happened_at,
        "state": state,
        "note": note,
        "can": ["dismiss"] if state == "open" else [],
    }


_UNMATCHED: Query[dict[str, Any]] = Query(
    select(
        UnmatchedTransaction.id,
        UnmatchedTransaction.transaction_ref,
        UnmatchedTransaction.related_ref,
        UnmatchedTransaction.event_code,
        UnmatchedTransaction.amount_minor,
        UnmatchedTransaction.currency,
        UnmatchedTransaction.invoice_ref,
        UnmatchedTransaction.custom_id,
        UnmatchedTransaction.happened_at,
        UnmatchedTransaction.state,
        UnmatchedTransaction.note,
    )
    .where(
        UnmatchedTransaction.id < bindparam("before", type_=Uuid()),
        or_(_STATE.is_(None), UnmatchedTransaction.state == _STATE),
    )
    .order_by(UnmatchedTransaction.id.desc())
    .limit(bindparam("limit")),
    _unmatched,
)


async def of_account(read: Read, viewer: Viewer, account_id: UUID) -> list[dict[str, Any]]:
    """The subscriptions of an account, newest first."""
    viewer.require("billing.view", account_id)
    return [_for(viewer, each) for each in await _OF_ACCOUNT.all(read, account=account_id)]


async def get_for(read: Read, viewer: Viewer, subscription_id: UUID) -> dict[str, Any]:
    """One subscription, and what the viewer can do with it."""
    found = await _ONE.one(read, subscription=subscription_id)
    if found is None:
        raise NotFound
    viewer.require("billing.view", found["account_id"])
    return _for(viewer, found)


def _for(viewer: Viewer, found: dict[str, Any]) -> dict[str, Any]:
    may = viewer.may("billing.pay", found["account_id"])
    return found if may else {**found, "can": [], "approve_url": None}


async def service_for(read: Read, viewer: Viewer, service_id: UUID) -> dict[str, Any]:
    """The service a subscription is to pay for, for somebody who may pay."""
    found = await _SERVICE.one(read, service=service_id)
    if found is None:
        raise NotFound
    viewer.require("billing.pay", found["account_id"])
    return {**found, "months": MONTHS.get(found["cycle"])}


async def unmatched_paypal_transactions(
    read: Read, page: Page, *, state: str | None
) -> dict[str, Any]:
    """Movements at PayPal that our books do not know, newest first."""
    return await _UNMATCHED.page(read, page, state=state)
