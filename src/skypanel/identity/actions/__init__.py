"""The verbs of identity."""

from __future__ import annotations

from skypanel.identity.actions.trail import audit

__all__ = ["audit"]
