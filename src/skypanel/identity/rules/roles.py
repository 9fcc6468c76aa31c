"""What each role allows, and the states of a user: two static tables and one state machine."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_BUY = frozenset({"billing.view", "billing.pay"})
_OPERATE = frozenset({"servers.view", "servers.operate", "keys.manage"})
ACCOUNT_PERMISSIONS = _BUY | _OPERATE | {"account.edit", "members.manage", "orders.place"}
OWNER = "owner"
ROLE_PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        OWNER: ACCOUNT_PERMISSIONS,
        "admin": ACCOUNT_PERMISSIONS,
        "billing": _BUY | {"account.edit", "servers.view"},
        "technical": _OPERATE | {"orders.place", "billing.view"},
        "read_only": frozenset({"servers.view", "billing.view"}),
    }
)

_SEE = frozenset(
    {
        "audit.view",
        "catalog.view",
        "customers.view",
        "findings.view",
        "invoices.view",
        "jobs.view",
        "ledger.view",
        "mail.view",
        "orders.view",
        "payments.view",
        "servers.view",
    }
)
STAFF_PERMISSIONS = _SEE | {
    "catalog.edit",
    "clock.turn",
    "customers.edit",
    "findings.repair",
    "findings.settle",
    "invoices.edit",
    "jobs.retry",
    "mail.retry",
    "orders.edit",
    "payments.edit",
    "prices.edit",
    "renewals.edit",
    "servers.operate",
    "settings.edit",
    "settings.view",
    "tax.edit",
}
STAFF_ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        OWNER: STAFF_PERMISSIONS,
        "engineer": _SEE
        | {
            "catalog.edit",
            "clock.turn",
            "findings.repair",
            "findings.settle",
            "jobs.retry",
            "mail.retry",
            "servers.operate",
            "settings.view",
        },
        "billing": _SEE
        | {
            "customers.edit",
            "findings.settle",
            "invoices.edit",
            "orders.edit",
            "payments.edit",
            "mail.retry",
            "prices.edit",
            "renewals.edit",
            "tax.edit",
        },
        "support": _SEE | {"customers.edit", "servers.operate", "mail.retry"},
    }
)

USER_STATES: Mapping[str, Mapping[str, str]] = {
    "active": {"suspend": "suspended"},
    "suspended": {"resume": "active"},
}
ACCOUNT_STATES = ("active", "suspended")


def may_set_role(acting: str, before: str | None, after: str | None) -> bool:
    """Whether a member of role `acting` may move another from `before` to `after`.

    None is outside the account. Only owners touch ownership.
    """
    if "members.manage" not in ROLE_PERMISSIONS[acting]:
        return False
    return acting == OWNER or OWNER not in (before, after)
