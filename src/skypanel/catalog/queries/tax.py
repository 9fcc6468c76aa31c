"""Tax rules, and which tax a party pays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from skypanel.catalog.models import TaxRuleRow
from skypanel.catalog.rules import TaxRule, TaxSettings, TaxTreatment, buyer_of, treat
from skypanel.platform.db import Read
from skypanel.platform.read import Page, Query

TAX_RULES: Query[TaxRule] = Query(
    select(
        TaxRuleRow.country,
        TaxRuleRow.state,
        TaxRuleRow.customer_kind,
        TaxRuleRow.rate,
        TaxRuleRow.label,
        TaxRuleRow.note,
        TaxRuleRow.starts_on,
        TaxRuleRow.ends_on,
    ).where(
        TaxRuleRow.starts_on <= bindparam("on"),
        or_(TaxRuleRow.ends_on.is_(None), TaxRuleRow.ends_on >= bindparam("on")),
    ),
    TaxRule,
)


def _listed(row_id: UUID, rate: Any, *rest: Any) -> dict[str, Any]:
    country, state, customer_kind, label, note, starts_on, ends_on = rest
    return {
        "id": row_id,
        "country": country,
        "state": state,
        "customer_kind": customer_kind,
        "rate": f"{rate.normalize():f}",
        "label": label,
        "note": note,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


STAFF_TAX_RULES: Query[dict[str, Any]] = Query(
    select(
        TaxRuleRow.id,
        TaxRuleRow.rate,
        TaxRuleRow.country,
        TaxRuleRow.state,
        TaxRuleRow.customer_kind,
        TaxRuleRow.label,
        TaxRuleRow.note,
        TaxRuleRow.starts_on,
        TaxRuleRow.ends_on,
    )
    .where(TaxRuleRow.id < bindparam("before"))
    .order_by(TaxRuleRow.id.desc())
    .limit(bindparam("limit")),
    _listed,
)


def tax_day(read: Read, zone: str) -> date:
    """The day on which tax is reckoned: today where the seller is."""
    return read.now.astimezone(ZoneInfo(zone)).date()


async def treatment(
    read: Read, settings: TaxSettings, party: Mapping[str, Any], on: date
) -> TaxTreatment:
    """Which tax a billing party pays on a day, and why.

    `party` is what `customers.billing_party` answers, or a country alone. For many parties read
    `TAX_RULES` once and call `rules.treat` for each.
    """
    rules = await TAX_RULES.all(read, on=on)
    return treat(settings, rules, buyer_of(party), read.now, on)


async def staff_tax_rules(read: Read, page: Page) -> dict[str, Any]:
    """The rules staff made, newest first."""
    return await STAFF_TAX_RULES.page(read, page)


def tax_rule(row: TaxRuleRow) -> dict[str, Any]:
    """A rule as staff see it."""
    return _listed(
        row.id, row.rate, row.country, row.state, row.customer_kind, row.label, row.note,
        row.starts_on, row.ends_on,
    )  # fmt: skip
