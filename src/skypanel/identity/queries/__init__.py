"""What others may ask about people."""

from __future__ import annotations

from skypanel.identity.queries.links import identity_links
from skypanel.identity.queries.people import (
    Credentials,
    credentials,
    invitations,
    link_owner,
    me,
    member,
    members,
    own_credentials,
    sessions,
)
from skypanel.identity.queries.trail import account_trail, trail
from skypanel.identity.queries.viewer import authenticate, public_keys, viewer_of

__all__ = [
    "Credentials",
    "account_trail",
    "authenticate",
    "credentials",
    "identity_links",
    "invitations",
    "link_owner",
    "me",
    "member",
    "members",
    "own_credentials",
    "public_keys",
    "sessions",
    "trail",
    "viewer_of",
]
