"""The doors of identity: `router` belongs under /api/v1, `wellknown` at the root."""

from __future__ import annotations

from fastapi import APIRouter

from skypanel.identity.api import links, me, members, sessions, sso
from skypanel.identity.api.sessions import wellknown

router = APIRouter()
for part in (
    sessions.entrance,
    sso.entrance,
    sso.router,
    sessions.router,
    links.router,
    me.router,
    members.router,
):
    router.include_router(part)

__all__ = ["router", "wellknown"]
