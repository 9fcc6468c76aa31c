"""What is asked about public keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query
from skypanel.servers.models import SshKey

KEYS: Query[dict[str, Any]] = Query(
    select(SshKey.id, SshKey.name, SshKey.fingerprint, SshKey.public_key, SshKey.created_at)
    .where(
        SshKey.account_id == any_(bindparam("accounts", type_=ARRAY(Uuid))),
        SshKey.id < bindparam("before"),
    )
    .order_by(SshKey.id.desc())
    .limit(bindparam("limit"))
)
KEY: Query[dict[str, Any]] = Query(
    select(SshKey.id, SshKey.account_id, SshKey.name, SshKey.fingerprint, SshKey.public_key,
           SshKey.created_at).where(SshKey.id == bindparam("id"))
)  # fmt: skip


async def keys(read: Read, viewer: Viewer, page: Page, account_id: UUID | None) -> dict[str, Any]:
    """The public keys of the accounts that the viewer sees."""
    accounts = viewer.visible("servers.view", account_id)
    return await KEYS.page(read, page, accounts=accounts)


async def key_for(read: Read, viewer: Viewer, key_id: UUID, permission: str) -> dict[str, Any]:
    """One key on which the viewer may do this, or not found."""
    key = await KEY.one(read, id=key_id)
    if key is None:
        raise NotFound
    viewer.require(permission, key["account_id"])
    return key
