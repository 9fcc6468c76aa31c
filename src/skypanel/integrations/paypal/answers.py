"""Reading PayPal's answers: which of the three outcomes a status and an error body mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from skypanel.integrations.paypal.types import VENDOR
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

LOCKED = "PREVIOUS_REQUEST_IN_PROGRESS"


def json_object(text: str) -> dict[str, Any]:
    """The JSON object in a body; an empty one when the body is anything else (HTML of a proxy)."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds PayPal asks us to wait, when it says so."""
    text = headers.get("Retry-After") or headers.get("retry-after") or ""
    return float(text) if text.isdecimal() else None


def lost(message: str, *, mutates: bool, status: int = 0, code: str = "") -> OutsideError:
    """The answer never came, or says nothing: a question may be put again, a change may not."""
    if mutates:
        return Unknown(VENDOR, message, status=status, code=code)
    return Unavailable(VENDOR, message, status=status, code=code)


def refusal(status: int, text: str, headers: Mapping[str, str], *, mutates: bool) -> OutsideError:
    """The outcome an HTTP error of PayPal means, with its issue code and debug id."""
    found = json_object(text)
    details = found.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    issue = first.get("issue") if isinstance(first, dict) else None
    code = str(issue or found.get("name") or found.get("error") or "")
    said = str(
        (first.get("description") if isinstance(first, dict) else None)
        or found.get("message")
        or found.get("error_description")
        or "no readable error body"
    )
    debug = f" (debug id {found['debug_id']})" if found.get("debug_id") else ""
    message = f"{status} {code}: {said}{debug}"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return lost(message, mutates=mutates, status=status, code=code)
    waits = status == HTTPStatus.TOO_MANY_REQUESTS or code == LOCKED
    # A 4xx without PayPal's error body comes from something in front of PayPal: not a verdict.
    if waits or not code:
        return Unavailable(
            VENDOR,
            message,
            code=code,
            status=status,
            retry_after_seconds=retry_after(headers),
        )
    return Refused(VENDOR, message, code=code, status=status)
