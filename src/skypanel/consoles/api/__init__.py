"""The doors of consoles: a ticket for a browser's page, and the websocket that takes it."""

from __future__ import annotations

from skypanel.consoles.api.doors import router

__all__ = ["router"]
