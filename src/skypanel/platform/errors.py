"""Three kinds of failure: a refusal (the user's), the outside unavailable, a bug (ours).

A refusal states a fact and carries the HTTP status and stable code it is answered with
(RFC 9457 problem+json). Everything that is neither a refusal nor `OutsideError` is a bug.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """A request that cannot be granted; nothing was changed."""

    status: ClassVar[int]
    code: ClassVar[str]
    message: ClassVar[str] = ""

    def __init__(
        self,
        message: str = "",
        *,
        retry_after_seconds: int | None = None,
        **facts: object,
    ) -> None:
        self.text = message or self.message
        self.retry_after_seconds = retry_after_seconds
        self.facts = facts
        super().__init__(self.text)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if not (hasattr(cls, "status") and hasattr(cls, "code")):
            msg = f"{cls.__name__} must state its HTTP status and its code"
            raise TypeError(msg)


class FieldRefusal(Refusal):
    """A refusal that belongs to one field of the request, shown beside it."""

    status = 422
    code = "invalid_request"
    message = "Some fields need another look."

    def __init__(self, field: str, message: str, code: str) -> None:
        super().__init__(message)
        self.errors = [{"field": field, "message": message, "code": code}]


class NotFound(Refusal):
    """Absent, or not yours: the two are the same answer."""

    status = 404
    code = "not_found"
    message = "There is nothing here, or it is not yours to see."


class Busy(Refusal):
    """Every connection of this process was in use for longer than a request may wait."""

    status = 503
    code = "busy"
    message = "We are very busy right now. Nothing was changed; try again in a moment."


class BodyTooLarge(Refusal):
    status = 413
    code = "body_too_large"
    message = "This request is larger than the 1 MB that this door takes."


class LoginRequired(Refusal):
    status = 401
    code = "login_required"
    message = "Log in first."


class PermissionMissing(Refusal):
    status = 403
    code = "permission_missing"
    message = "Your role does not allow this. Ask an owner or admin of the account."


class TooManyAttempts(Refusal):
    status = 429
    code = "too_many_attempts"
    message = "Too many attempts. Wait a moment, then try again."


class ForeignOrigin(Refusal):
    status = 403
    code = "foreign_origin"
    message = "This request did not come from this site."


class IdempotencyKeyReused(Refusal):
    status = 409
    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used for another request. Use a new key."


class IdempotencyKeyInUse(Refusal):
    status = 409
    code = "idempotency_key_in_use"
    message = "The first request with this Idempotency-Key has not ended yet. Ask again shortly."


class OutsideUnavailable(Refusal):
    """A vendor that we need for this answer cannot be reached right now."""

    status = 503
    code = "outside_unavailable"
    message = "A system that we depend on does not answer right now. Nothing was changed."


class VerbNotAllowed(Refusal):
    """The thing is in a state in which this cannot be done."""

    status = 409
    code = "verb_not_allowed"
    message = "This can't be done in the present state."
