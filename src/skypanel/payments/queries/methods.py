"""Saved payment methods as people read them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from skypanel.payments.models import SavedMethod
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Query

METHODS_MAX = 50
_COLUMNS = (
    SavedMethod.id,
    SavedMethod.account_id,
    SavedMethod.gateway,
    SavedMethod.label,
    SavedMethod.preferred,
    SavedMethod.consent,
    SavedMethod.created_at,
    SavedMethod.last_used_at,
)
_OF_ACCOUNT: Query[dict[str, Any]] = Query(
    select(*_COLUMNS)
    .where(
        SavedMethod.account_id == bindparam("account", type_=Uuid()), SavedMethod.state == "active"
    )
    .order_by(SavedMethod.preferred.desc(), SavedMethod.id.desc())
    .limit(METHODS_MAX)
)
_ONE: Query[UUID] = Query(
    select(SavedMethod.account_id).where(SavedMethod.id == bindparam("method", type_=Uuid())),
    lambda account_id: account_id,
)


async def of_account(read: Read, viewer: Viewer, account_id: UUID) -> list[dict[str, Any]]:
    """The methods an account can be charged with, the preferred one first."""
    viewer.require("billing.view", account_id)
    can = ["prefer", "remove"] if viewer.may("billing.pay", account_id) else []
    return [{**each, "can": can} for each in await _OF_ACCOUNT.all(read, account=account_id)]


async def account_of(read: Read, viewer: Viewer, method_id: UUID) -> UUID:
    """Whose method this is, for somebody who may change it."""
    account_id = await _ONE.one(read, method=method_id)
    if account_id is None:
        raise NotFound
    viewer.require("billing.pay", account_id)
    return account_id
