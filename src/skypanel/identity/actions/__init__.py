"""The verbs of identity: the only code that writes its tables."""

from __future__ import annotations

from skypanel.identity.actions.members import (
    accept_invitation,
    change_role,
    invite,
    remove_member,
    resume_user,
    suspend_user,
    withdraw_invitation,
)
from skypanel.identity.actions.sessions import (
    Tokens,
    admit,
    end_session,
    end_sessions,
    grant_tokens,
    refresh_tokens,
    start_session,
)
from skypanel.identity.actions.trail import audit
from skypanel.identity.actions.users import (
    ask_address_confirmed,
    change_password,
    confirm_address,
    confirm_email_change,
    create_staff,
    create_user,
    edit_user,
    hold_address,
    open_account,
    rename_account,
    repeat_registration,
    request_email_change,
    request_password_reset,
    resend_confirmation,
    reset_password,
)

__all__ = [
    "Tokens",
    "accept_invitation",
    "admit",
    "ask_address_confirmed",
    "audit",
    "change_password",
    "change_role",
    "confirm_address",
    "confirm_email_change",
    "create_staff",
    "create_user",
    "edit_user",
    "end_session",
    "end_sessions",
    "grant_tokens",
    "hold_address",
    "invite",
    "open_account",
    "refresh_tokens",
    "remove_member",
    "rename_account",
    "repeat_registration",
    "request_email_change",
    "request_password_reset",
    "resend_confirmation",
    "reset_password",
    "resume_user",
    "start_session",
    "suspend_user",
    "withdraw_invitation",
]
