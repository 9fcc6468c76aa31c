"""Signing up, and what an account says of itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from skypanel.customers.events import TaxNumberChecked, TaxNumberGiven
from skypanel.customers.models import Profile, TaxNumberCheck
from skypanel.customers.queries import checkable_number
from skypanel.customers.rules import first_state, tax_number
from skypanel.identity import actions as identity
from skypanel.identity.models import Member, User
from skypanel.identity.rules.roles import OWNER
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.events import account_topic


async def sign_up(
    db: Db,
    *,
    name: str,
    email: str,
    password_hash: str,
    currency: str,
    country: str | None = None,
    company: str | None = None,
    language: str = "en",
    time_zone: str = "UTC",
) -> None:
    """A user with their first account; the address is confirmed by a link in a mail.

    A known address gets nothing new but a mail that says so. Publishes UserRegistered or
    RegistrationRepeated.
    """
    known = await identity.hold_address(db, email)
    if known is not None:
        await identity.repeat_registration(db, known, password_hash)
        return
    user = await identity.create_user(
        db,
        name=name,
        email=email,
        password_hash=password_hash,
        language=language,
        time_zone=time_zone,
    )
    account = await identity.open_account(
        db, name=company or name, currency=currency, owner_id=user.id
    )
    db.add(
        Profile(
            account_id=account.id,
            company=company,
            kind="business" if company else "consumer",
            country=country,
            time_zone=time_zone,
            language=language,
            updated_at=db.now,
        )
    )
    await identity.ask_address_confirmed(db, user, password_hash)


async def open_for(
    db: Db, *, name: str, email: str, password_hash: str, currency: str
) -> tuple[User, UUID]:
    """An account for somebody whom another system knew, by name and address alone.

    A known address keeps its user, and the first account that is theirs. Nobody is written to; the
    address counts as theirs once they have followed a link.
    """
    user = await identity.hold_address(db, email)
    if user is None:
        user = await identity.create_user(db, name=name, email=email, password_hash=password_hash)
    owned = await db.scalar(
        select(Member.account_id)
        .where(Member.user_id == user.id, Member.role == OWNER)
        .order_by(Member.joined_at, Member.account_id)
        .limit(1)
    )
    if owned is not None:
        return user, owned
    account = await identity.open_account(db, name=name, currency=currency, owner_id=user.id)
    db.add(
        Profile(
            account_id=account.id,
            kind="consumer",
            time_zone="UTC",
            language="en",
            updated_at=db.now,
        )
    )
    await db.flush()
    return user, account.id


async def edit_profile(db: Db, viewer: Viewer, account_id: UUID, changes: dict[str, Any]) -> None:
    """Change what an account says of itself; documents issued before keep what they say.

    A tax number that is new here is to be checked: publishes TaxNumberGiven.
    """
    viewer.require("account.edit", account_id)
    profile = await db.get(Profile, account_id, with_for_update=True)
    if profile is None:
        profile = Profile(
            account_id=account_id,
            kind="consumer",
            tax_number_state="none",
            time_zone="UTC",
            language="en",
            updated_at=db.now,
        )
        db.add(profile)
    name = changes.get("name")
    if name is not None:
        await identity.rename_account(db, account_id, name)
    known = profile.tax_number
    for field, value in changes.items():
        if field != "name":
            setattr(profile, field, value or None)
    if profile.tax_number and {"tax_number", "country"} & set(changes):
        profile.tax_number = tax_number(profile.tax_number, profile.country)
    if profile.tax_number != known:
        if profile.tax_number and "kind" not in changes:
            profile.kind = "business"
        profile.tax_number_state = first_state(profile.tax_number, profile.country)
        profile.tax_number_checked_at = profile.tax_number_tried_at = None
        if profile.tax_number_state == "unchecked":
            db.publish(TaxNumberGiven(account_id))
    profile.updated_at = db.now
    identity.audit(
        db, "account.edited", "account", account_id,
        account_id=account_id, fields=sorted(changes),
    )  # fmt: skip
    for topic in account_topic(account_id, "account", account_id):
        db.announce(topic)


async def keep_answer(
    db: Db,
    account_id: UUID,
    number: str,
    *,
    valid: bool,
    consultation_ref: str = "",
    name: str = "",
    address: str = "",
    note: str = "",
) -> None:
    """File what the register said of a number; it counts if the account still has that number.

    Publishes TaxNumberChecked.
    """
    db.add(
        TaxNumberCheck(
            account_id=account_id,
            number=number,
            valid=valid,
            consultation_ref=consultation_ref,
            name=name,
            address=address,
            note=note,
            checked_at=db.now,
        )
    )
    profile = await db.get(Profile, account_id, with_for_update=True)
    if profile is None or profile.tax_number != number:
        return
    profile.tax_number_state = "valid" if valid else "invalid"
    profile.tax_number_checked_at = profile.tax_number_tried_at = db.now
    identity.audit(
        db, "account.tax_number_checked", "account", account_id,
        account_id=account_id, valid=valid, consultation=consultation_ref,
    )  # fmt: skip
    db.publish(TaxNumberChecked(account_id))


async def note_try(db: Db, account_id: UUID) -> None:
    """The register did not answer: ask again later, and leave what was proved as it is."""
    profile = await db.get(Profile, account_id, with_for_update=True)
    if profile is not None:
        profile.tax_number_tried_at = db.now


async def ask_again(db: Db, account_id: UUID) -> None:
    """Ask the register about the account's number now. Publishes TaxNumberGiven."""
    if await checkable_number(db, account_id) is None:
        raise NotFound("There is no number that the register could know.")
    identity.audit(db, "account.tax_number_asked", "account", account_id, account_id=account_id)
    db.publish(TaxNumberGiven(account_id))
