"""Passwords: length and not guessable at once, no composition rules; kept as Argon2id hashes.

Hashing takes 19 MiB and tens of milliseconds, so it runs in a few threads of its own and never
while a connection is held.
"""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from skypanel.platform.errors import FieldRefusal

CHARACTERS_MIN, CHARACTERS_MAX = 10, 128
THREADS = 4
_HASHER = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)
_THREADS = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
# Checked when nobody has the address, so that a stranger's log-in costs the same time. No password
# is known to hash to nothing but zeros.
NOBODYS_HASH = (
    f"$argon2id$v=19$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    f"${'A' * 22}${'A' * 43}"
)
COMMON = frozenset(
    [
        "0123456789",
        "0987654321",
        "1029384756",
        "1111111111",
        "1122334455",
        "1212121212",
        "123123123123",
        "1234512345",
        "12345678910",
        "1234567890",
        "123456789a",
        "123456789q",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "9876543210",
        "aaaaaaaaaa",
        "abcdefghij",
        "abcd123456",
        "abc1234567",
        "administrator",
        "asdfghjkl1",
        "asdfghjkl;",
        "asdfghjklö",
        "baseball123",
        "basketball",
        "changeme123",
        "charlie123",
        "chocolate1",
        "computer123",
        "dragon12345",
        "football123",
        "hello12345",
        "iloveyou12",
        "iloveyou123",
        "letmein123",
        "liverpool1",
        "liverpoolfc",
        "monkey12345",
        "p@ssw0rd123",
        "passw0rd123",
        "password01",
        "password12",
        "password123",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "princess123",
        "q1w2e3r4t5",
        "q1w2e3r4t5y6",
        "qazwsxedcrfv",
        "qwer123456",
        "qwerty12345",
        "qwerty123456",
        "qwerty1234",
        "qwertyuiop",
        "qwertyuiop1",
        "qwertzuiop",
        "samsung123",
        "secret12345",
        "starwars123",
        "sunshine123",
        "superman123",
        "test123456",
        "testtest123",
        "trustno1trustno1",
        "welcome123",
        "welcome1234",
        "whatever123",
        "zxcvbnm123",
        "zaq12wsxcde3",
    ]
)


def check_password(password: str, *, email: str, name: str, field: str = "password") -> None:
    """Refuse a password that is too short, too long, or among the first anybody would try."""
    if len(password) < CHARACTERS_MIN:
        raise FieldRefusal(field, f"Use at least {CHARACTERS_MIN} characters.", "password_short")
    if len(password) > CHARACTERS_MAX:
        raise FieldRefusal(field, f"Use at most {CHARACTERS_MAX} characters.", "password_long")
    plain = password.casefold().strip()
    own = {email.casefold(), email.casefold().partition("@")[0], name.casefold().strip()}
    own.add(re.sub(r"\s+", "", name.casefold()))
    if plain in own:
        raise FieldRefusal(field, "Don't use your own name or address.", "password_personal")
    if plain in COMMON or len(set(plain)) == 1:
        raise FieldRefusal(
            field, "This is among the first passwords that anybody would try.", "password_common"
        )


async def hash_password(password: str) -> str:
    """The Argon2id hash to keep of a password."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, password)


async def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash; without a hash it costs the same and does not."""
    given = NOBODYS_HASH if password_hash is None else password_hash
    matches = await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, given, password)
    return matches and password_hash is not None


def hash_is_dated(password_hash: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
