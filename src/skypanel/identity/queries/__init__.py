"""What others may ask about people."""

from __future__ import annotations

from skypanel.identity.queries.viewer import authenticate, public_keys

__all__ = ["authenticate", "public_keys"]
