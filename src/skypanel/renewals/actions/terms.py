"""Policies, which plan follows which, and what was agreed with an account."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from skypanel.catalog.models import Plan
from skypanel.identity.actions import audit
from skypanel.identity.models import Account
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.renewals.errors import PolicyInUse, PolicyNameTaken
from skypanel.renewals.events import TermsChanged
from skypanel.renewals.models import AccountTerms, PlanPolicy, PolicyRow, Schedule
from skypanel.renewals.rules import Policy
from skypanel.services.models import Service

REPLAN_AT_ONCE = 500


async def save_policy(
    db: Db, policy_id: UUID | None, policy: Policy, *, default: bool
) -> PolicyRow:
    """Keep a policy, new or changed; at most one is the default. Publishes TermsChanged.

    Refuses `policy_name_taken`.
    """
    taken = exists().where(PolicyRow.name == policy.name, PolicyRow.id != (policy_id or new_id()))
    if await db.scalar(select(taken)):
        raise PolicyNameTaken
    row = PolicyRow(id=new_id())
    if policy_id is not None:
        found = await db.get(PolicyRow, policy_id, with_for_update=True)
        if found is None:
            raise NotFound
        row = found
    if default:
        others = PolicyRow.default & (PolicyRow.id != row.id)
        await db.execute(update(PolicyRow).where(others).values(default=False))
    row.name, row.terms, row.updated_at = policy.name, policy.model_dump(mode="json"), db.now
    row.default = default
    db.add(row)
    await db.flush()
    audit(db, "renewal_policy.save", "renewal_policy", row.id, **row.terms, default=default)
    db.publish(TermsChanged())
    return row


async def drop_policy(db: Db, policy_id: UUID) -> None:
    """Forget a policy that no plan follows. Refuses `policy_in_use`."""
    row = await db.get(PolicyRow, policy_id, with_for_update=True)
    if row is None:
        raise NotFound
    if await db.scalar(select(exists().where(PlanPolicy.policy_id == policy_id))):
        raise PolicyInUse
    await db.delete(row)
    audit(db, "renewal_policy.drop", "renewal_policy", policy_id, name=row.name)
    db.publish(TermsChanged())


async def follow_policy(db: Db, plan_id: UUID, policy_id: UUID | None) -> None:
    """Let a plan follow a policy, or the default one. Publishes TermsChanged."""
    if await db.get(Plan, plan_id) is None:
        raise NotFound
    await db.execute(delete(PlanPolicy).where(PlanPolicy.plan_id == plan_id))
    if policy_id is not None:
        if await db.get(PolicyRow, policy_id) is None:
            raise NotFound
        db.add(PlanPolicy(plan_id=plan_id, policy_id=policy_id))
    audit(db, "plan.follow_policy", "plan", plan_id,
          policy_id=None if policy_id is None else str(policy_id))  # fmt: skip
    db.publish(TermsChanged())


async def agree_terms(
    db: Db, account_id: UUID, *, exempt: bool, promise_until: date | None, reason: str
) -> None:
    """Never suspend an account, or not before a day it promised to pay by.

    Publishes TermsChanged.
    """
    if await db.get(Account, account_id) is None:
        raise NotFound
    row = {
        "exempt": exempt,
        "promise_until": promise_until,
        "reason": reason,
        "updated_at": db.now,
    }
    agreed = insert(AccountTerms).values(account_id=account_id, **row)
    await db.execute(agreed.on_conflict_do_update(index_elements=["account_id"], set_=row))
    audit(db, "account.agree_terms", "account", account_id, account_id=account_id, exempt=exempt,
          reason=reason,
          promise_until=None if promise_until is None else promise_until.isoformat())  # fmt: skip
    db.publish(TermsChanged(account_id))


async def scheduled(db: Db, account_id: UUID | None, after: UUID | None) -> list[UUID]:
    """Services with an agenda, of one account or all, a batch at a time."""
    wanted = select(Schedule.service_id).join(Service, Service.id == Schedule.service_id)
    wanted = wanted.where(Service.state.in_(("active", "suspended", "terminated")))
    if account_id is not None:
        wanted = wanted.where(Schedule.account_id == account_id)
    if after is not None:
        wanted = wanted.where(Schedule.service_id > after)
    return list(await db.scalars(wanted.order_by(Schedule.service_id).limit(REPLAN_AT_ONCE)))
