"""Staff logins made on the command line."""

from __future__ import annotations

from skypanel.app.boot import Boot
from skypanel.app.composition import build_house
from skypanel.identity.actions import create_staff
from skypanel.identity.rules import hash_password


async def create(settings: Boot, *, email: str, name: str, role: str, password: str) -> None:
    """Make a staff login, or give an existing user a staff role."""
    secret = await hash_password(password)
    house = build_house(settings, "skypanel cli")
    await house.open(listen=False)
    try:
        async with house.transaction() as db:
            await create_staff(db, name=name, email=email, password_hash=secret, role=role)
    finally:
        await house.close()
