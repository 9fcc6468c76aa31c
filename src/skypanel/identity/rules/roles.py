"""What each role allows, and the states of a user: two static tables and one state machine."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ACCOUNT_PERMISSIONS = frozenset(
    {
        "account.edit",
        "members.manage",
        "billing.view",
        "billing.pay",
        "orders.place",
        "servers.view",
        "servers.operate",
        "keys.manage",
    }
)
OWNER = "owner"
ROLE_PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        OWNER: ACCOUNT_PERMISSIONS,
        "admin": ACCOUNT_PERMISSIONS,
        "billing": frozenset({"account.edit", "billing.view", "billing.pay"}),
        "technical": frozenset({"servers.view", "servers.operate", "keys.manage"}),
        "read_only": frozenset({"billing.view", "servers.view"}),
    }
)

STAFF_PERMISSIONS = frozenset(
    {
        "customers.view",
        "customers.edit",
        "orders.view",
        "orders.edit",
        "invoices.view",
        "payments.view",
        "payments.edit",
        "servers.view",
        "servers.operate",
        "jobs.view",
        "jobs.retry",
        "catalog.view",
        "catalog.edit",
        "settings.view",
        "settings.edit",
        "audit.view",
        "mail.view",
        "mail.retry",
        "ledger.view",
    }
)
STAFF_ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        OWNER: STAFF_PERMISSIONS,
        "support": frozenset(
            {
                "customers.view",
                "customers.edit",
                "orders.view",
                "invoices.view",
                "payments.view",
                "servers.view",
                "servers.operate",
                "jobs.view",
                "jobs.retry",
                "catalog.view",
                "mail.view",
                "mail.retry",
            }
        ),
        "billing": frozenset(
            {
                "customers.view",
                "customers.edit",
                "orders.view",
                "orders.edit",
                "invoices.view",
                "payments.view",
                "payments.edit",
                "catalog.view",
                "ledger.view",
                "audit.view",
                "mail.view",
                "mail.retry",
            }
        ),
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
