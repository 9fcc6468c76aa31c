"""Announcing new prices, and giving an account its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from skypanel.catalog.actions.shop import PriceDraft, replace_price
from skypanel.catalog.errors import PriceChangeTaken
from skypanel.catalog.events import PriceChangeAnnounced, PriceChangeApplied
from skypanel.catalog.models import Plan, PlanPrice, PriceChange, PriceOverride
from skypanel.catalog.rules import PRICE_CHANGE_STATES
from skypanel.identity.actions import audit
from skypanel.identity.models import Account
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance


@dataclass(frozen=True, slots=True)
class PriceChangeDraft:
    """A new price from a day on; `policy` move takes running services with it, keep does not.

    No `setup_minor`: the set-up stays what it is.
    """

    plan_id: UUID
    currency: str
    cycle: str
    amount: Decimal
    setup_minor: int | None
    effective_on: date
    policy: str
    notice_days: int
    reason: str


async def announce_price_change(db: Db, draft: PriceChangeDraft, today: date) -> PriceChange:
    """Say that a price changes. Those whose services move have notice of at least `notice_days`.

    Refuses a day that is too soon and `price_change_taken`. Publishes PriceChangeAnnounced.
    """
    if await db.get(Plan, draft.plan_id) is None:
        raise FieldRefusal("plan_id", "There is no such plan.", "plan_unknown")
    first = today + timedelta(days=draft.notice_days if draft.policy == "move" else 0)
    if draft.effective_on < first:
        raise FieldRefusal(
            "effective_on",
            f"With {draft.notice_days} days of notice the first day is {first.isoformat()}.",
            "notice_too_short",
        )
    same = await db.scalar(
        select(PriceChange.id).where(
            PriceChange.plan_id == draft.plan_id,
            PriceChange.currency == draft.currency,
            PriceChange.cycle == draft.cycle,
            PriceChange.effective_on == draft.effective_on,
            PriceChange.state != "cancelled",
        )
    )
    if same is not None:
        raise PriceChangeTaken
    change = PriceChange(
        id=new_id(),
        plan_id=draft.plan_id,
        currency=draft.currency,
        cycle=draft.cycle,
        amount=draft.amount,
        setup_minor=await _setup(db, draft),
        effective_on=draft.effective_on,
        policy=draft.policy,
        notice_days=draft.notice_days,
        state="announced",
        reason=draft.reason,
        created_at=db.now,
    )
    db.add(change)
    await db.flush()
    audit(
        db, "price_change.announce", "price_change", change.id, plan_id=str(draft.plan_id),
        price=f"{draft.amount} {draft.currency} {draft.cycle}", policy=draft.policy,
        effective_on=draft.effective_on.isoformat(),
    )  # fmt: skip
    db.publish(PriceChangeAnnounced(change.id, change.policy == "move"))
    return change


async def _setup(db: Db, draft: PriceChangeDraft) -> int:
    if draft.setup_minor is not None:
        return draft.setup_minor
    standing = await db.scalar(
        select(PlanPrice.setup_minor).where(
            PlanPrice.plan_id == draft.plan_id,
            PlanPrice.currency == draft.currency,
            PlanPrice.cycle == draft.cycle,
            PlanPrice.until_at.is_(None),
        )
    )
    return standing or 0


async def cancel_price_change(db: Db, change_id: UUID) -> PriceChange:
    """Take an announcement back before its day; nobody moves. Refuses `verb_not_allowed`."""
    change = await _lock(db, change_id)
    advance(db, change, PRICE_CHANGE_STATES, "cancel")
    audit(db, "price_change.cancel", "price_change", change.id)
    await db.flush()
    return change


async def apply_price_change(db: Db, change_id: UUID) -> None:
    """Its day has come: from now on new orders pay it. Publishes PriceChangeApplied."""
    change = await _lock(db, change_id)
    if change.state != "announced":
        return
    advance(db, change, PRICE_CHANGE_STATES, "apply")
    change.applied_at = db.now
    draft = PriceDraft(change.currency, change.cycle, change.amount, change.setup_minor)
    await replace_price(db, change.plan_id, draft)
    audit(db, "price_change.apply", "price_change", change.id)
    db.publish(PriceChangeApplied(change.id))


async def _lock(db: Db, change_id: UUID) -> PriceChange:
    change = await db.get(PriceChange, change_id, with_for_update=True, populate_existing=True)
    if change is None:
        raise NotFound
    return change


@dataclass(frozen=True, slots=True)
class OverrideDraft:
    """An account's own price for a plan, and why."""

    account_id: UUID
    plan_id: UUID
    currency: str
    cycle: str
    amount: Decimal
    reason: str
    starts_on: date
    ends_on: date | None


async def set_override(db: Db, draft: OverrideDraft) -> PriceOverride:
    """Give an account its own price from a day on; it wins over the list and over moves."""
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        raise FieldRefusal("ends_on", "The last day lies before the first.", "days_crossed")
    account = await db.get(Account, draft.account_id)
    if account is None:
        raise FieldRefusal("account_id", "There is no such account.", "account_unknown")
    if account.currency != draft.currency:
        raise FieldRefusal(
            "currency", f"This account pays in {account.currency}.", "currency_not_theirs"
        )
    if await db.get(Plan, draft.plan_id) is None:
        raise FieldRefusal("plan_id", "There is no such plan.", "plan_unknown")
    row = PriceOverride(
        id=new_id(),
        account_id=draft.account_id,
        plan_id=draft.plan_id,
        currency=draft.currency,
        cycle=draft.cycle,
        amount=draft.amount,
        reason=draft.reason,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        created_at=db.now,
        created_by=db.actor.id,
    )
    db.add(row)
    await db.flush()
    audit(
        db, "price_override.set", "price_override", row.id, account_id=row.account_id,
        price=f"{row.amount} {row.currency} {row.cycle}", reason=row.reason,
    )  # fmt: skip
    return row


async def end_override(db: Db, override_id: UUID, ends_on: date) -> PriceOverride:
    """Let an account's own price hold until a day, that day included."""
    row = await db.get(PriceOverride, override_id, with_for_update=True)
    if row is None:
        raise NotFound
    if ends_on < row.starts_on:
        raise FieldRefusal("ends_on", "The last day lies before the first.", "days_crossed")
    row.ends_on = ends_on
    audit(
        db, "price_override.end", "price_override", row.id, account_id=row.account_id,
        ends_on=ends_on.isoformat(),
    )  # fmt: skip
    await db.flush()
    return row
