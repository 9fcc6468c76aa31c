"""Thresholds of servers, and what was raised."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, any_, bindparam, or_, select

from skypanel.metrics.models import Alert, AlertRule
from skypanel.metrics.rules import KINDS
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.read import Page, Query
from skypanel.servers.models import Server

DEFAULTS: dict[str, tuple[int, int]] = {
    "cpu": (90, 15),
    "memory": (95, 15),
    "filesystem": (90, 0),
    "traffic": (80, 0),
    "down": (100, 5),
}
"""Threshold and minutes that are offered for what was never set."""
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
        AlertRule.alert_id,
    ).where(AlertRule.server_id == bindparam("server", type_=Uuid()))
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


async def rules_of(read: Read, server_id: UUID, can: list[str]) -> dict[str, Any]:
    """A threshold of every kind; those that were never set are off, with what is usual."""
    known = {row["kind"]: row for row in await RULES.all(read, server=server_id)}
    rules = [
        known.get(kind)
        or {
            "kind": kind,
            "threshold": DEFAULTS[kind][0],
            "minutes": DEFAULTS[kind][1],
            "enabled": False,
            "alert_id": None,
        }
        for kind in KINDS
    ]
    return {"server_id": server_id, "rules": rules, "can": can}
