"""Pure rules of identity: roles, passwords, tokens, and how often what may be tried."""

from __future__ import annotations

from skypanel.identity.rules.passwords import check_password, hash_password, password_matches
from skypanel.identity.rules.roles import (
    ACCOUNT_PERMISSIONS,
    ROLE_PERMISSIONS,
    STAFF_PERMISSIONS,
    STAFF_ROLES,
    USER_STATES,
    may_set_role,
)
from skypanel.identity.rules.tokens import (
    confirmation_id,
    confirmation_matches,
    confirmation_token,
    cookie_name,
)
from skypanel.platform.limits import Limit

QUARTER_HOUR, HOUR = 900, 3600
LOGIN_PER_IP = Limit("login.ip", 100, QUARTER_HOUR)
LOGIN_PER_ADDRESS = Limit("login.address", 20, QUARTER_HOUR)
REFRESH_PER_IP = Limit("refresh.ip", 300, QUARTER_HOUR)
REGISTRATION_PER_IP = Limit("registration.ip", 60, HOUR)
MAIL_PER_ADDRESS = Limit("link.address", 5, HOUR)
LINK_PER_IP = Limit("link.ip", 60, HOUR)
PASSWORD_PER_USER = Limit("password.user", 10, QUARTER_HOUR)
INVITATION_PER_ACCOUNT = Limit("invitation.account", 30, HOUR)

__all__ = [
    "ACCOUNT_PERMISSIONS",
    "INVITATION_PER_ACCOUNT",
    "LINK_PER_IP",
    "LOGIN_PER_ADDRESS",
    "LOGIN_PER_IP",
    "MAIL_PER_ADDRESS",
    "PASSWORD_PER_USER",
    "REFRESH_PER_IP",
    "REGISTRATION_PER_IP",
    "ROLE_PERMISSIONS",
    "STAFF_PERMISSIONS",
    "STAFF_ROLES",
    "USER_STATES",
    "check_password",
    "confirmation_id",
    "confirmation_matches",
    "confirmation_token",
    "cookie_name",
    "hash_password",
    "may_set_role",
    "password_matches",
]
