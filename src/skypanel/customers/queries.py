"""An account on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from skypanel.customers.models import Profile
from skypanel.identity.models import Account, Member, User
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Query

_paper = (
    Profile.company,
    Profile.line1,
    Profile.line2,
    Profile.postal_code,
    Profile.city,
    Profile.state,
    Profile.country,
    Profile.tax_number,
    Account.currency,
    func.coalesce(Profile.time_zone, "UTC").label("time_zone"),
    func.coalesce(Profile.language, "en").label("language"),
)
_owner_email = (
    select(User.email)
    .join(Member, Member.user_id == User.id)
    .where(Member.account_id == Account.id, Member.role == "owner")
    .order_by(Member.joined_at, Member.user_id)
    .limit(1)
    .scalar_subquery()
)
PROFILE = Query(
    select(Account.id, Account.name, *_paper)
    .outerjoin(Profile, Profile.account_id == Account.id)
    .where(Account.id == bindparam("account_id"))
)
PARTY = Query(
    select(Account.name, *_paper, _owner_email.label("email"))
    .outerjoin(Profile, Profile.account_id == Account.id)
    .where(Account.id == bindparam("account_id"))
)


async def get_for(read: Read, viewer: Viewer, account_id: UUID) -> dict[str, Any]:
    """The profile of one of the viewer's accounts."""
    row = None
    if account_id in viewer.accounts:
        row = await PROFILE.one(read, account_id=account_id)
    if row is None:
        raise NotFound
    return {**row, "can": ["edit"] if viewer.may("account.edit", account_id) else []}


async def profile(read: Read, account_id: UUID) -> dict[str, Any]:
    """The profile of any account, for staff pages."""
    row = await PROFILE.one(read, account_id=account_id)
    if row is None:
        raise NotFound
    return row


async def billing_party(read: Read, account_id: UUID) -> dict[str, Any]:
    """Who is billed, as it stands now: to be kept on the document.

    name, company, line1, line2, postal_code, city, state, country, tax_number, email (of the
    first owner), currency, time_zone, language; what is not known is None.
    """
    row = await PARTY.one(read, account_id=account_id)
    if row is None:
        raise NotFound
    return row
