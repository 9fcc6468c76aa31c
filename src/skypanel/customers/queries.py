"""An account on paper."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, bindparam, func, or_, select

from skypanel.customers.models import Profile, TaxNumberCheck
from skypanel.identity.models import Account, Member, User
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query

_paper = (
    Profile.company,
    Profile.line1,
    Profile.line2,
    Profile.postal_code,
    Profile.city,
    Profile.state,
    Profile.country,
    Profile.tax_number,
    func.coalesce(Profile.kind, "consumer").label("kind"),
    func.coalesce(Profile.tax_number_state, "none").label("tax_number_state"),
    Profile.tax_number_checked_at,
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
_PARTY_NAMES = (
    "name", "company", "line1", "line2", "postal_code", "city", "state", "country", "tax_number",
    "kind", "tax_number_state", "tax_number_checked_at", "currency", "time_zone", "language",
    "email",
)  # fmt: skip


def _as_snapshot(party: dict[str, Any]) -> dict[str, Any]:
    """A party as a document keeps it: nothing in it that JSON does not know."""
    at = party["tax_number_checked_at"]
    return {**party, "tax_number_checked_at": at and at.isoformat()}


PROFILE = Query(
    select(Account.id, Account.name, *_paper)
    .outerjoin(Profile, Profile.account_id == Account.id)
    .where(Account.id == bindparam("account_id"))
)
PARTY: Query[dict[str, Any]] = Query(
    select(Account.name, *_paper, _owner_email.label("email"))
    .outerjoin(Profile, Profile.account_id == Account.id)
    .where(Account.id == bindparam("account_id")),
    lambda *columns: _as_snapshot(dict(zip(_PARTY_NAMES, columns, strict=True))),
)
CHECKS: Query[dict[str, Any]] = Query(
    select(
        TaxNumberCheck.id,
        TaxNumberCheck.number,
        TaxNumberCheck.valid,
        TaxNumberCheck.consultation_ref,
        TaxNumberCheck.name,
        TaxNumberCheck.address,
        TaxNumberCheck.checked_at,
    )
    .where(
        TaxNumberCheck.account_id == bindparam("account_id"),
        TaxNumberCheck.id < bindparam("before"),
    )
    .order_by(TaxNumberCheck.id.desc())
    .limit(bindparam("limit"))
)
CHECKABLE = ("unchecked", "valid", "invalid")
NUMBER: Query[str] = Query(
    select(Profile.tax_number).where(
        Profile.account_id == bindparam("account_id"), Profile.tax_number_state.in_(CHECKABLE)
    ),
    lambda number: number,
)
DUE_CHECKS: Query[UUID] = Query(
    select(Profile.account_id)
    .where(
        or_(
            and_(
                Profile.tax_number_state.in_(("valid", "invalid")),
                Profile.tax_number_checked_at <= bindparam("proved"),
            ),
            Profile.tax_number_state == "unchecked",
        ),
        or_(
            Profile.tax_number_tried_at.is_(None),
            Profile.tax_number_tried_at <= bindparam("tried"),
        ),
    )
    .order_by(Profile.tax_number_tried_at.nulls_first())
    .limit(bindparam("limit")),
    lambda account_id: account_id,
)


PARTIES: Query[tuple[UUID, dict[str, Any]]] = Query(
    select(Account.id, Account.name, *_paper, _owner_email.label("email"))
    .outerjoin(Profile, Profile.account_id == Account.id)
    .where(Account.id == bindparam("accounts", type_=ARRAY(Uuid)).any_()),
    lambda account_id, *columns: (
        account_id,
        _as_snapshot(dict(zip(_PARTY_NAMES, columns, strict=True))),
    ),
)


async def billing_parties(read: Read, accounts: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What documents say of many accounts at once, as `billing_party` does of one."""
    return dict(await PARTIES.all(read, accounts=list(accounts)))


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

    name, company, line1, line2, postal_code, city, state, country, tax_number, kind,
    tax_number_state, tax_number_checked_at, email (of the first owner), currency, time_zone,
    language; what is not known is None.
    """
    row = await PARTY.one(read, account_id=account_id)
    if row is None:
        raise NotFound
    return row


async def checkable_number(read: Read, account_id: UUID) -> str | None:
    """The account's tax number, if it is one that the EU's register knows about."""
    return await NUMBER.one(read, account_id=account_id)


async def checks(read: Read, account_id: UUID, page: Page) -> dict[str, Any]:
    """What the register said of an account's numbers, newest first."""
    return await CHECKS.page(read, page, account_id=account_id)
