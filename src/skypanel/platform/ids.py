"""Ids of our rows: UUIDv7 (RFC 9562), made here, so that an id exists before its row does."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh UUIDv7: ordered by the instant it was made, so it also pages and indexes well."""
    return UUID(int=uuid_utils.uuid7().int)
