"""The register's HTTP dialect over a small set of numbers.

Every number is valid except those in `invalid`. `down` is the error word that every question
brings; `broken` answers with a page that is no answer at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MEMBERS: Final = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
)  # fmt: skip


@dataclass
class ViesState:
    """What the register knows, what it was asked, and what is wrong with it."""

    invalid: set[str] = field(default_factory=set)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    down: str = ""
    broken: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    consultations: int = 0


def _real_clock() -> datetime:
    return datetime.now(UTC)


def create_app(state: ViesState, *, clock: Callable[[], datetime] = _real_clock) -> Starlette:
    """The register over `state`."""

    async def check(request: Request) -> Response:
        try:
            wish = await request.json()
        except ValueError:
            wish = None
        if not isinstance(wish, dict):
            return _error("INVALID_INPUT")
        state.asked.append(wish)
        if state.broken:
            return Response("<html>gateway</html>", 502, media_type="text/html")
        if state.down:
            return _error(state.down)
        country, number = wish.get("countryCode"), wish.get("vatNumber")
        if country not in MEMBERS or not isinstance(number, str) or not number.isalnum():
            return _error("INVALID_INPUT")
        requester = (wish.get("requesterMemberStateCode"), wish.get("requesterNumber"))
        if any(requester) and (not all(requester) or requester[0] not in MEMBERS):
            return _error("INVALID_REQUESTER_INFO")
        valid = f"{country}{number}" not in state.invalid
        name, address = state.names.get(f"{country}{number}", ("---", "---"))
        identifier = ""
        if all(requester):
            state.consultations += 1
            identifier = f"WAPIAAAA{state.consultations:08d}"
        return JSONResponse(
            {
                "countryCode": country,
                "vatNumber": number,
                "requestDate": clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "valid": valid,
                "requestIdentifier": identifier,
                "name": name if valid else "---",
                "address": address if valid else "---",
            }
        )

    async def status(_: Request) -> Response:
        up = not state.down
        return JSONResponse(
            {
                "vow": {"available": up},
                "countries": [
                    {"countryCode": each, "availability": "Available" if up else "Unavailable"}
                    for each in MEMBERS
                ],
            }
        )

    return Starlette(
        routes=[
            Route("/check-vat-number", check, methods=["POST"]),
            Route("/check-status", status),
        ]
    )


def _error(word: str) -> Response:
    wrapped = {"actionSucceed": False, "errorWrappers": [{"error": word}]}
    return JSONResponse(wrapped, 400 if word.startswith("INVALID") else 500)
