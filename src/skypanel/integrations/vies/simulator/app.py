"""The register's HTTP dialect over a small set of numbers.

Every number is valid except those in `invalid`. `down` is the error word that every question
brings; `broken` answers with a page that is no answer at all. The test service answers by number,
as the register's does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
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

# What the register's test service answers for each of its numbers, whatever the member state.
TEST_NUMBERS: Final = {
    "100": "",
    "200": "",
    "201": "INVALID_INPUT",
    "202": "INVALID_REQUESTER_INFO",
    "300": "SERVICE_UNAVAILABLE",
    "301": "MS_UNAVAILABLE",
    "302": "TIMEOUT",
    "400": "VAT_BLOCKED",
    "401": "IP_BLOCKED",
    "500": "GLOBAL_MAX_CONCURRENT_REQ",
    "501": "GLOBAL_MAX_CONCURRENT_REQ_TIME",
    "600": "MS_MAX_CONCURRENT_REQ",
    "601": "MS_MAX_CONCURRENT_REQ_TIME",
}


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
                "requestDate": _stamp(clock()),
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
            Route("/check-vat-test-service", _test_service(clock), methods=["POST"]),
            Route("/check-status", status),
        ]
    )


def _test_service(clock: Callable[[], datetime]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        return _test_answer(await request.json(), clock())

    return answered


def _test_answer(wish: dict[str, Any], now: datetime) -> Response:
    number = str(wish.get("vatNumber"))
    word = TEST_NUMBERS.get(number, "SERVICE_UNAVAILABLE")
    if word:
        return _error(word)
    valid = number == "100"
    return JSONResponse(
        {
            "countryCode": wish.get("countryCode"),
            "vatNumber": number,
            "requestDate": _stamp(now),
            "valid": valid,
            "requestIdentifier": "",
            "name": "John Doe" if valid else "---",
            "address": "123 Main St, Anytown, UK" if valid else "---",
        }
    )


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _error(word: str) -> Response:
    wrapped = {"actionSucceed": False, "errorWrappers": [{"error": word}]}
    return JSONResponse(wrapped, 400 if word.startswith("INVALID") else 500)
