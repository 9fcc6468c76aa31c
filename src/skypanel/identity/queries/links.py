"""The log-ins elsewhere that stand for a user."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, bindparam, cast, func, select

from skypanel.identity.models import Account, IdentityLink
from skypanel.identity.rules.sso import RELATION
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.read import Query

LINKS: Query[dict[str, Any]] = Query(
    select(
        IdentityLink.id,
        IdentityLink.provider,
        Account.name.label("account_name"),
        IdentityLink.created_at,
        IdentityLink.used_at,
    )
    .outerjoin(Account, IdentityLink.subject == func.concat(RELATION, cast(Account.id, String)))
    .where(IdentityLink.user_id == bindparam("user_id"))
    .order_by(IdentityLink.id.desc())
)


async def identity_links(read: Read, viewer: Viewer) -> dict[str, Any]:
    """The viewer's own: a handful."""
    return {"items": await LINKS.all(read, user_id=viewer.user_id), "next": None}
