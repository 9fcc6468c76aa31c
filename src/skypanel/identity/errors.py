"""What identity refuses. None of it betrays whether an address has an account."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class LoginFailed(Refusal):
    status = 401
    code = "login_failed"
    message = "E-mail or password is wrong."


class EmailUnverified(Refusal):
    status = 403
    code = "email_unverified"
    message = "Confirm your e-mail address first: the link is in the mail we sent you."


class UserIsSuspended(Refusal):
    status = 403
    code = "user_suspended"
    message = "This login is suspended. Contact support."


class LinkSpent(Refusal):
    status = 410
    code = "link_spent"
    message = "This link was used, replaced or has expired. Ask for a new one."


class TokenRefused(Refusal):
    status = 401
    code = "token_refused"
    message = "This token is not valid any more. Log in again."


class PasswordWrong(Refusal):
    status = 403
    code = "password_wrong"
    message = "The current password is wrong."


class LastOwner(Refusal):
    status = 409
    code = "last_owner"
    message = "An account needs an owner. Make somebody else owner first."


class AlreadyMember(Refusal):
    status = 409
    code = "already_member"
    message = "This person is a member of the account already."


class EmailTaken(Refusal):
    status = 409
    code = "email_taken"
    message = "This address belongs to another login by now."


class InvitationForOtherAddress(Refusal):
    status = 403
    code = "invitation_for_other_address"
    message = "This invitation was sent to another address. Log in with that one."


class RoleTooHigh(Refusal):
    status = 403
    code = "role_too_high"
    message = "Only an owner may give, change or take the owner role."


class OwnLogin(Refusal):
    status = 409
    code = "own_login"
    message = "You can't suspend or resume your own login."


class StaffProtected(Refusal):
    status = 403
    code = "staff_protected"
    message = "Only a staff owner may suspend or resume a member of staff."


class SignInStale(Refusal):
    status = 409
    code = "sso_stale"
    message = "This sign-in was begun elsewhere, or too long ago. Begin it again."


class SignInNotGenuine(Refusal):
    status = 403
    code = "sso_not_genuine"
    message = "What came back is not the panel's word for you. Begin the sign-in again."


class SignInNotLinked(Refusal):
    status = 403
    code = "sso_not_linked"
    message = "That log-in of the panel is not linked to a login here. Log in, then link it."


class LinkNotYours(Refusal):
    status = 403
    code = "sso_link_not_yours"
    message = "That user of the panel belongs to an account that is not yours to link."


class LinkTaken(Refusal):
    status = 409
    code = "sso_link_taken"
    message = "That user of the panel is linked to another login already."
