"""Promotional credit: granted with an end, spent oldest end first, expired by the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import CHAR, Date, Uuid, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from skypanel.identity.actions import audit
from skypanel.ledger.actions import book, post
from skypanel.payments.errors import CreditEndsBefore
from skypanel.payments.events import CreditExpired, CreditGranted
from skypanel.payments.models import Credit
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.read import Query

USABLE: Query[tuple[UUID, UUID, int]] = Query(
    select(Credit.id, Credit.account_id, Credit.left_minor)
    .where(
        Credit.account_id == bindparam("accounts", type_=ARRAY(Uuid)).any_(),
        Credit.currency == bindparam("currency", type_=CHAR(3)),
        Credit.left_minor > 0,
        or_(Credit.expires_on.is_(None), Credit.expires_on >= bindparam("today", type_=Date())),
    )
    .order_by(Credit.account_id, Credit.expires_on.asc().nulls_last(), Credit.id)
    .with_for_update(),
    lambda credit_id, account_id, left_minor: (credit_id, account_id, left_minor),
)
TAKE = """
update credits set left_minor = left_minor - taken.minor
from unnest(%(ids)s::uuid[], %(taken)s::bigint[]) as taken (id, minor) where credits.id = taken.id
"""


async def grant_credit(
    db: Db, account_id: UUID, amount: Money, reason: str, expires_on: date | None = None
) -> Credit:
    """Give an account credit that pays invoices but never becomes money. Publishes CreditGranted.

    Good until the end of `expires_on` (UTC), for ever when None. Refuses `credit_ends_before`.
    """
    if amount.minor <= 0:
        raise ValueError("credit is a positive amount")
    if expires_on is not None and expires_on < db.now.date():
        raise CreditEndsBefore
    credit = Credit(
        id=new_id(),
        account_id=account_id,
        currency=amount.currency,
        amount_minor=amount.minor,
        left_minor=amount.minor,
        expired_minor=0,
        reason=reason[:200],
        expires_on=expires_on,
        created_at=db.now,
    )
    db.add(credit)
    await db.flush()
    promotional = await book(db, "promotional", amount.currency, account_id)
    cost = await book(db, "promotions", amount.currency)
    await post(
        db,
        key=f"credit:{credit.id}",
        reason=f"Promotional credit: {reason}"[:200],
        entries=[(promotional.id, amount), (cost.id, -amount)],
        account_id=account_id,
        subject_kind="credit",
        subject_id=credit.id,
    )
    audit(
        db,
        "credit.grant",
        "credit",
        credit.id,
        account_id=account_id,
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=reason,
    )
    db.publish(CreditGranted(credit.id, account_id))
    return credit


async def take_credit(db: Db, account_id: UUID, wanted: Money) -> Money:
    """Take up to `wanted` from the account's credits, what expires first first; how much it was.

    The caller posts it out of the promotional book in the same unit of work.
    """
    found = await db.scalars(
        select(Credit)
        .where(
            Credit.account_id == account_id,
            Credit.currency == wanted.currency,
            Credit.left_minor > 0,
            or_(Credit.expires_on.is_(None), Credit.expires_on >= db.now.date()),
        )
        .order_by(Credit.expires_on.asc().nulls_last(), Credit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    left = wanted.minor
    for credit in found:
        taken = min(left, credit.left_minor)
        credit.left_minor -= taken
        left -= taken
        if not left:
            break
    await db.flush()
    return Money(wanted.minor - left, wanted.currency)


async def take_credits(db: Db, currency: str, wanted: Mapping[UUID, int]) -> dict[UUID, int]:
    """Take from many accounts' credits as `take_credit` does from one's, in minor units.

    Accounts without credit are left out; what is taken is never more than is wanted.
    """
    left, taken, parts = dict(wanted), dict.fromkeys(wanted, 0), {}
    found = await USABLE.all(db, accounts=sorted(wanted), currency=currency, today=db.now.date())
    for credit_id, account_id, left_minor in found:
        part = min(left[account_id], left_minor)
        if part > 0:
            parts[credit_id] = part
            left[account_id] -= part
            taken[account_id] += part
    if parts:
        await db.run(TAKE, ids=list(parts), taken=list(parts.values()))
    return {account_id: minor for account_id, minor in taken.items() if minor}


async def expire_credit(db: Db, credit_id: UUID) -> bool:
    """End a credit whose last day is over: what is left goes back. Publishes CreditExpired."""
    credit = await db.get(Credit, credit_id, with_for_update=True, populate_existing=True)
    if credit is None or not credit.left_minor:
        return False
    if credit.expires_on is None or credit.expires_on >= db.now.date():
        return False
    rest = Money(credit.left_minor, credit.currency)
    credit.left_minor, credit.expired_minor = 0, rest.minor
    await db.flush()
    promotional = await book(db, "promotional", credit.currency, credit.account_id)
    cost = await book(db, "promotions", credit.currency)
    await post(
        db,
        key=f"credit-expired:{credit.id}",
        reason="Promotional credit expired",
        entries=[(promotional.id, -rest), (cost.id, rest)],
        account_id=credit.account_id,
        subject_kind="credit",
        subject_id=credit.id,
    )
    db.publish(CreditExpired(credit.id, credit.account_id))
    return True
