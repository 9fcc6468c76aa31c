"""The customer's servers and public keys."""

from __future__ import annotations

from fastapi import APIRouter

from skypanel.servers.api import around, servers

router = APIRouter()
router.include_router(servers.router)
router.include_router(around.router)
