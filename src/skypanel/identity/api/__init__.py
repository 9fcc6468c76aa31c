"""The doors of identity: `router` belongs under /api/v1, `wellknown` at the root."""

from __future__ import annotations

from fastapi import APIRouter

from skypanel.identity.api import links, me, members, sessions
from skypanel.identity.api.sessions import wellknown

router = APIRouter()
for part in (sessions, links, me, members):
    router.include_router(part.router)

__all__ = ["router", "wellknown"]
