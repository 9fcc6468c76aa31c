"""Asking VIES whether a VAT number is valid: one question, an answer or one of three errors.

Asking changes nothing at the register, so what is `Unknown` may simply be asked again.
"""

from __future__ import annotations

from typing import Any, Final

import httpx
import msgspec

from skypanel.integrations.vies.types import VENDOR, VatAnswer
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# The register's words for "no": the question itself is wrong, or we may not ask.
_REFUSED: Final = frozenset(
    {"INVALID_INPUT", "INVALID_REQUESTER_INFO", "VAT_BLOCKED", "IP_BLOCKED"}
)
# Its words for "later": nothing was looked up.
_LATER: Final = frozenset(
    {
        "GLOBAL_MAX_CONCURRENT_REQ",
        "GLOBAL_MAX_CONCURRENT_REQ_TIME",
        "MS_MAX_CONCURRENT_REQ",
        "MS_MAX_CONCURRENT_REQ_TIME",
        "MS_UNAVAILABLE",
        "SERVICE_UNAVAILABLE",
        "TIMEOUT",
    }
)
_TOO_MANY: Final = 429
_NOTHING_SAID: Final = "---"


class Vies:
    """The register's REST service at `base_url`, asked in the name of a requester if one is set."""

    def __init__(
        self,
        base_url: str,
        *,
        http: httpx.AsyncClient,
        requester: tuple[str, str] | None = None,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/check-vat-number"
        self._http = http
        self._requester = requester

    async def check(self, number: str) -> VatAnswer:
        """Whether a number with its prefix, like EL123456789, is valid now.

        Refused when the register takes the question for wrong, Unavailable when it or the member
        state is away or busy, Unknown when its answer can't be understood.
        """
        body = {"countryCode": number[:2], "vatNumber": number[2:]}
        if self._requester is not None:
            country, own = self._requester
            body |= {"requesterMemberStateCode": country, "requesterNumber": own}
        try:
            answer = await self._http.post(self._url, json=body)
        except _NOT_SENT as error:
            raise Unavailable(VENDOR, f"not reached: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise Unknown(VENDOR, f"no answer: {type(error).__name__}") from None
        return _read(answer)


def _read(answer: httpx.Response) -> VatAnswer:
    try:
        body: Any = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        body = None
    if not isinstance(body, dict):
        raise _unreadable(answer.status_code)
    said = _error_word(body)
    if said:
        raise _error(said, answer.status_code)
    if answer.status_code != httpx.codes.OK or not isinstance(body.get("valid"), bool):
        raise _unreadable(answer.status_code)
    return VatAnswer(
        valid=body["valid"],
        consultation_ref=_text(body, "requestIdentifier"),
        name=_text(body, "name"),
        address=_text(body, "address"),
    )


def _error_word(body: dict[str, Any]) -> str:
    """The error in an answer, if it is one: some come with status 200."""
    wrappers = body.get("errorWrappers")
    if body.get("actionSucceed") is False or wrappers:
        first = wrappers[0] if isinstance(wrappers, list) and wrappers else {}
        return str(first.get("error") or "UNKNOWN") if isinstance(first, dict) else "UNKNOWN"
    word = body.get("userError")
    return str(word) if word and word not in ("VALID", "INVALID") else ""


def _error(word: str, status: int) -> OutsideError:
    if word in _REFUSED:
        return Refused(VENDOR, f"does not take the question: {word}", code=word, status=status)
    if word in _LATER:
        return Unavailable(VENDOR, f"can't answer now: {word}", code=word, status=status)
    return Unknown(VENDOR, f"an error we don't know: {word[:60]}", code=word[:60], status=status)


def _unreadable(status: int) -> OutsideError:
    if status in {_TOO_MANY, httpx.codes.SERVICE_UNAVAILABLE}:
        return Unavailable(VENDOR, f"can't answer now: status {status}", status=status)
    return Unknown(VENDOR, f"an answer we can't read, status {status}", status=status)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return "" if not isinstance(value, str) or value == _NOTHING_SAID else value.strip()[:300]
