"""Every table of the house, in one place for migrations: the domains that exist, imported once."""

from __future__ import annotations

import importlib
import importlib.util

from sqlalchemy import MetaData

from skypanel.platform.db import Base

DOMAINS = (
    "identity",
    "findings",
    "customers",
    "catalog",
    "ledger",
    "services",
    "invoices",
    "payments",
    "servers",
    "consoles",
    "usage",
    "orders",
    "renewals",
    "provisioning",
    "metrics",
    "addresses",
    "mail",
    "operations",
)
PLATFORM = ("states", "settings", "limits", "gates", "jobs", "turning", "http.idempotency")


def metadata() -> MetaData:
    """The tables of the platform and of all domains."""
    for name in PLATFORM:
        importlib.import_module(f"skypanel.platform.{name}")
    for name in DOMAINS:
        module = f"skypanel.{name}.models"
        if importlib.util.find_spec(f"skypanel.{name}") and importlib.util.find_spec(module):
            importlib.import_module(module)
    return Base.metadata
