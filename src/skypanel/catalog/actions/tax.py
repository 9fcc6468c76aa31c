"""Setting tax rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.errors import TaxRuleTaken
from skypanel.catalog.models import TaxRuleRow
from skypanel.catalog.rules import state_code
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.ids import new_id


@dataclass(frozen=True, slots=True)
class TaxRuleDraft:
    """A rate for a place; an empty state is the whole country."""

    country: str
    state: str
    customer_kind: str
    rate: Decimal
    label: str
    note: str
    starts_on: date
    ends_on: date | None


async def set_tax_rule(db: Db, draft: TaxRuleDraft) -> TaxRuleRow:
    """Tax a place at this rate from a day on; invoices issued before keep theirs.

    Refuses `tax_rule_taken` when a rule for the same place and kind begins on the same day.
    """
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        raise FieldRefusal("ends_on", "The last day lies before the first.", "days_crossed")
    state = state_code(draft.country, draft.state)
    same = await db.scalar(
        select(TaxRuleRow.id).where(
            TaxRuleRow.country == draft.country,
            TaxRuleRow.state == state,
            TaxRuleRow.customer_kind == draft.customer_kind,
            TaxRuleRow.starts_on == draft.starts_on,
        )
    )
    if same is not None:
        raise TaxRuleTaken
    row = TaxRuleRow(
        id=new_id(),
        country=draft.country,
        state=state,
        customer_kind=draft.customer_kind,
        rate=draft.rate,
        label=draft.label,
        note=draft.note,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        created_at=db.now,
    )
    db.add(row)
    await db.flush()
    audit(
        db, "tax_rule.set", "tax_rule", row.id, country=row.country, state=state,
        customer_kind=row.customer_kind, rate=str(row.rate), starts_on=row.starts_on.isoformat(),
    )  # fmt: skip
    return row


async def end_tax_rule(db: Db, rule_id: UUID, ends_on: date) -> TaxRuleRow:
    """Let a rule hold until a day, that day included."""
    row = await db.get(TaxRuleRow, rule_id, with_for_update=True)
    if row is None:
        raise NotFound
    if ends_on < row.starts_on:
        raise FieldRefusal("ends_on", "The last day lies before the first.", "days_crossed")
    row.ends_on = ends_on
    audit(db, "tax_rule.end", "tax_rule", row.id, ends_on=ends_on.isoformat())
    await db.flush()
    return row
