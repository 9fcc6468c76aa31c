"""Thresholds of servers, and what was raised."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, any_, bindparam, or_, select

from skypanel.metrics.models import Alert, AlertDefault, AlertRule
from skypanel.metrics.rules import KINDS, unset
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.read import Page, Query
from skypanel.servers.models import Server

_ROW = (
    Alert.id,
    Alert.server_id,
    Alert.account_id,
    Alert.kind,
    Alert.threshold,
    Alert.minutes,
    Alert.state,
    Alert.value,
    Alert.raised_at,
    Alert.cleared_at,
    Alert.reason,
    Server.hostname,
    Server.label,
)
_NAMES = (
    "id", "server_id", "account_id", "kind", "threshold", "minutes", "state", "value", "raised_at",
    "cleared_at", "reason", "hostname", "label",
)  # fmt: skip


def _shape(*columns: Any) -> dict[str, Any]:
    return dict(zip(_NAMES, columns, strict=True))


_PAGE = (
    select(*_ROW)
    .join(Server, Server.id == Alert.server_id)
    .where(
        Alert.id < bindparam("before"),
        or_(
            bindparam("state", type_=String) == "",
            Alert.state == bindparam("state", type_=String),
        ),
    )
    .order_by(Alert.id.desc())
    .limit(bindparam("limit"))
)
OF_ACCOUNTS: Query[dict[str, Any]] = Query(
    _PAGE.where(Alert.account_id == any_(bindparam("accounts", type_=ARRAY(Uuid)))), _shape
)
OF_SERVER: Query[dict[str, Any]] = Query(
    _PAGE.where(Alert.server_id == bindparam("server", type_=Uuid())), _shape
)
ONE: Query[dict[str, Any]] = Query(
    select(*_ROW)
    .join(Server, Server.id == Alert.server_id)
    .where(Alert.id == bindparam("alert", type_=Uuid())),
    _shape,
)
RULES: Query[dict[str, Any]] = Query(
    select(
        AlertRule.kind,
        AlertRule.threshold,
        AlertRule.minutes,
        AlertRule.enabled,
        AlertRule.own,
        AlertRule.alert_id,
    ).where(AlertRule.server_id == bindparam("server", type_=Uuid()))
)


DEFAULTS: Query[dict[str, Any]] = Query(
    select(
        AlertDefault.kind, AlertDefault.threshold, AlertDefault.minutes, AlertDefault.enabled
    ).where(AlertDefault.account_id == bindparam("account", type_=Uuid()))
)


async def alerts_page(
    read: Read, viewer: Viewer, page: Page, account_id: UUID | None, state: str
) -> dict[str, Any]:
    """What was raised on the servers that the viewer sees, newest first."""
    accounts = viewer.visible("servers.view", account_id)
    return await OF_ACCOUNTS.page(read, page, accounts=accounts, state=state)


async def alerts_of(read: Read, server_id: UUID, page: Page) -> dict[str, Any]:
    """What was raised on a server, newest first."""
    return await OF_SERVER.page(read, page, server=server_id, state="")


async def get_alert(read: Read, alert_id: UUID) -> dict[str, Any] | None:
    """One alert with its server's name."""
    return await ONE.one(read, alert=alert_id)


async def rules_of(read: Read, server_id: UUID, account_id: UUID, can: list[str]) -> dict[str, Any]:
    """A threshold of every kind, its own or the account's; what was never set is off."""
    known = {row["kind"]: row for row in await RULES.all(read, server=server_id)}
    theirs = {row["kind"]: row for row in await DEFAULTS.all(read, account=account_id)}
    rules = []
    for kind in KINDS:
        account = {**unset(kind), **theirs.get(kind, {}), "kind": kind}
        rule = known.get(kind, {**account, "alert_id": None})
        if not rule["own"]:
            rule = {**rule, **account}
        del account["own"], account["kind"]
        rules.append({**rule, "account": account})
    return {"server_id": server_id, "rules": rules, "can": can}


async def defaults_of(read: Read, viewer: Viewer, account_id: UUID) -> dict[str, Any]:
    """What an account sets for all its servers; what was never set is off."""
    viewer.require("servers.view", account_id)
    theirs = {row["kind"]: row for row in await DEFAULTS.all(read, account=account_id)}
    rules = [{**unset(kind), "kind": kind, **theirs.get(kind, {})} for kind in KINDS]
    for rule in rules:
        del rule["own"]
    can = ["change"] if viewer.may("servers.operate", account_id) else []
    return {"account_id": account_id, "rules": rules, "can": can}
