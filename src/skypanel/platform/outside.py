"""What can come of asking the outside world: an answer, or one of these three.

Every vendor client answers with its own types or raises exactly one of them, so that a caller
decides by kind and never by a vendor's status code.
"""

from __future__ import annotations


class OutsideError(Exception):
    """A call to a vendor that did not end in an answer we can use."""

    def __init__(self, vendor: str, message: str, *, code: str = "", status: int = 0) -> None:
        super().__init__(f"{vendor}: {message}")
        self.vendor = vendor
        self.message = message
        self.code = code
        self.status = status


class Refused(OutsideError):
    """The vendor understood and said no: nothing was done, and asking again changes nothing."""


class Unavailable(OutsideError):
    """The request surely had no effect (not sent, rate limited, locked): it may be repeated."""

    def __init__(
        self,
        vendor: str,
        message: str,
        *,
        code: str = "",
        status: int = 0,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(vendor, message, code=code, status=status)
        self.retry_after_seconds = retry_after_seconds


class Unknown(OutsideError):
    """The request may have had its effect (time-out, 5xx, lost answer): ask before repeating."""
