"""Public keys of accounts, and what is said of a server before it is installed."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from skypanel.identity.actions import audit
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, NotFound
from skypanel.platform.ids import new_id
from skypanel.servers.errors import (
    KeyKnown,
    TooManyKeys,
)
from skypanel.servers.models import SshKey
from skypanel.servers.rules import (
    KEYS_MAX,
    HostnameWrong,
    KeyUnreadable,
    PublicKey,
    parse_public_key,
    read_hostname,
)


def read_key(text: str) -> PublicKey:
    """A public key, or a refusal beside its field."""
    try:
        return parse_public_key(text)
    except KeyUnreadable as wrong:
        raise FieldRefusal("public_key", str(wrong), "ssh_key_invalid") from None


async def add_key(db: Db, account_id: UUID, name: str, text: str) -> SshKey:
    """Keep a public key of the account. Refuses `ssh_key_known` and unreadable keys."""
    key = read_key(text)
    count = await db.scalar(
        select(func.count()).select_from(SshKey).where(SshKey.account_id == account_id)
    )
    if (count or 0) >= KEYS_MAX:
        raise TooManyKeys
    row = SshKey(
        id=new_id(),
        account_id=account_id,
        name=name or key.comment[:60] or key.kind,
        fingerprint=key.fingerprint,
        public_key=key.line,
        created_at=db.now,
    )
    made = insert(SshKey).values(
        {name: getattr(row, name) for name in
         ("id", "account_id", "name", "fingerprint", "public_key", "created_at")}
    )  # fmt: skip
    new = await db.scalar(
        made.on_conflict_do_nothing(index_elements=["account_id", "fingerprint"]).returning(
            SshKey.id
        )
    )
    if new is None:
        raise KeyKnown
    audit(db, "ssh_key.add", "ssh_key", new, account_id=account_id, fingerprint=key.fingerprint)
    return row


async def drop_key(db: Db, key_id: UUID) -> None:
    """Forget a public key; servers that have it keep it."""
    key = await db.get(SshKey, key_id, with_for_update=True)
    if key is None:
        raise NotFound
    await db.delete(key)
    audit(
        db, "ssh_key.drop", "ssh_key", key_id, account_id=key.account_id,
        fingerprint=key.fingerprint,
    )  # fmt: skip


def named_host(text: str) -> str:
    """A host name as it is written down, or a refusal beside its field."""
    try:
        return read_hostname(text)
    except HostnameWrong as wrong:
        raise FieldRefusal("hostname", str(wrong), "hostname_invalid") from None


async def chosen_keys(
    db: Db,
    viewer: Viewer,
    account_id: UUID,
    key_ids: Collection[UUID],
    new_key: tuple[str, str] | None,
    *,
    password: bool,
) -> list[tuple[str, str]]:
    """The account's chosen keys and a new one, which is kept: names and lines.

    Refuses keys that are not kept here, and no key at all where there is no password either.
    """
    found = list(
        await db.scalars(
            select(SshKey).where(SshKey.account_id == account_id, SshKey.id.in_(key_ids))
        )
    )
    if {key.id for key in found} != set(key_ids):
        raise FieldRefusal("ssh_key_ids", "One of these keys is not kept here.", "key_unknown")
    keys = {key.fingerprint: (key.name, key.public_key) for key in found}
    if new_key is not None:
        name, text = new_key
        key = read_key(text)
        known = await db.scalar(
            select(SshKey).where(
                SshKey.account_id == account_id, SshKey.fingerprint == key.fingerprint
            )
        )
        if known is None:
            viewer.require("keys.manage", account_id)
            known = await add_key(db, account_id, name, text)
        keys[key.fingerprint] = (known.name, known.public_key)
    if not keys and not password:
        raise FieldRefusal(
            "ssh_key_ids", "Choose a key or log-in by password.", "login_method_missing"
        )
    return list(keys.values())
