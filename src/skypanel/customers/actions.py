"""Signing up, and what an account says of itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from skypanel.customers.models import Profile
from skypanel.customers.rules import tax_number
from skypanel.identity import actions as identity
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
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
            country=country,
            time_zone=time_zone,
            language=language,
            updated_at=db.now,
        )
    )
    await identity.ask_address_confirmed(db, user, password_hash)


async def edit_profile(db: Db, viewer: Viewer, account_id: UUID, changes: dict[str, Any]) -> None:
    """Change what an account says of itself; documents issued before keep what they say."""
    viewer.require("account.edit", account_id)
    profile = await db.get(Profile, account_id, with_for_update=True)
    if profile is None:
        profile = Profile(account_id=account_id, time_zone="UTC", language="en", updated_at=db.now)
        db.add(profile)
    name = changes.get("name")
    if name is not None:
        await identity.rename_account(db, account_id, name)
    for field, value in changes.items():
        if field != "name":
            setattr(profile, field, value or None)
    if profile.tax_number and {"tax_number", "country"} & set(changes):
        profile.tax_number = tax_number(profile.tax_number, profile.country)
    profile.updated_at = db.now
    identity.audit(
        db, "account.edited", "account", account_id,
        account_id=account_id, fields=sorted(changes),
    )  # fmt: skip
    for topic in account_topic(account_id, "account", account_id):
        db.announce(topic)
