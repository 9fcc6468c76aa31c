"""One request to the panel and what came of it: an answer, or exactly one of three errors.

No error keeps the exception it came from: httpx's carry the request with its bearer token.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
import msgspec

from skypanel.integrations.virtfusion.types import VENDOR, Missing
from skypanel.platform.gates import Gate, OpenGate
from skypanel.platform.metrics import OUTSIDE_CALLS
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

Sleep = Callable[[float], Awaitable[None]]

ATTEMPTS: Final = 3
"""Of a read: once and at most twice again; a change is sent exactly once."""

READ_TIMEOUT: Final = httpx.Timeout(20, connect=5, pool=5)
CHANGE_TIMEOUT: Final = httpx.Timeout(60, connect=5, pool=5)

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_REFUSALS: Final = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    405: "method_not_allowed",
    409: "conflict",
    410: "no_such_path",
    413: "too_large",
    415: "unsupported_media_type",
    422: "unprocessable",
}
_NO_ROUTE: Final = re.compile(r"\broute\b.*\bcould not be found", re.IGNORECASE | re.DOTALL)
_NO_SERVER: Final = re.compile(
    r"\bserver not found\b|^No query results for model \[[\w\\]*\\Server\]", re.IGNORECASE
)
# What any web server says of any address: it speaks of no record.
_ANY_PAGE: Final = re.compile(
    r"^\W*(404)?\W*((page|file|url) )?(was )?not found\W*$", re.IGNORECASE
)
_ONE_SERVER: Final = re.compile(r"/servers/\d")
_LONG_WORD: Final = re.compile(r"[A-Za-z0-9+/=_]{24,}")
_TOLD_SECRET: Final = re.compile(r"(?i)\b(password|passwd|token|secret)\b(\s*[:=]\s*)\S+")
_MESSAGE_CHARACTERS: Final = 300
_RETRY_AFTER_MAX_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A request in the panel's terms, with the one status that means it was done."""

    method: str
    path: str
    expects: frozenset[int]
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    repeats: bool = True
    """Whether a read is worth asking again when the panel does not answer."""

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"


class Exchange:
    """Sends requests with the token and sorts what comes back.

    Each request passes the gate: urgently, because somebody waits, or patiently.
    """

    __slots__ = ("_authorization", "_gate", "_http", "_root", "_sleep", "_urgent")

    def __init__(
        self,
        root: str,
        token: str,
        http: httpx.AsyncClient,
        sleep: Sleep,
        gate: Gate | None = None,
        *,
        urgent: bool = True,
    ) -> None:
        self._root = root
        self._authorization = f"Bearer {token}"
        self._http = http
        self._sleep = sleep
        self._gate = gate or OpenGate()
        self._urgent = urgent

    def __repr__(self) -> str:
        return f"Exchange({self._root!r})"

    async def send(self, ask: Ask) -> bytes:
        """The body of the expected answer; a read is repeated when the panel does not answer."""
        return (await self.answer(ask)).content

    async def answer(self, ask: Ask) -> httpx.Response:
        """The expected answer, where its status says more than its body."""
        attempt = 1
        while True:
            outcome = await self._through_gate(ask)
            if isinstance(outcome, httpx.Response):
                return outcome
            if not (ask.reads and ask.repeats and attempt < ATTEMPTS and _worth_repeating(outcome)):
                raise outcome
            # Full jitter, so that many workers do not come back in step.
            await self._sleep(random.uniform(0.1, 0.4) * 2**attempt)  # noqa: S311
            attempt += 1

    async def _through_gate(self, ask: Ask) -> httpx.Response | OutsideError:
        leave = await self._gate.enter(urgent=self._urgent)
        outcome = await self._once(ask)
        if isinstance(outcome, Unavailable | Unknown) and outcome.code != "locked":
            if outcome.code == "rate_limited":
                wished = outcome.retry_after_seconds if isinstance(outcome, Unavailable) else None
                await self._gate.limited(wished or 1.0)
            else:
                await self._gate.failed(str(outcome))
        else:
            await self._gate.answered(leave)
        OUTSIDE_CALLS.labels(VENDOR, _outcome_word(outcome)).inc()
        return outcome

    async def _once(self, ask: Ask) -> httpx.Response | OutsideError:
        try:
            response = await self._http.request(
                ask.method,
                self._root + ask.path,
                params=dict(ask.query) or None,
                content=None if ask.body is None else msgspec.json.encode(ask.body),
                headers=self._headers(ask),
                timeout=READ_TIMEOUT if ask.reads else CHANGE_TIMEOUT,
                follow_redirects=False,
            )
        except _NOT_SENT:
            return Unavailable(VENDOR, f"{ask.label}: not reached", code="unreachable")
        except httpx.HTTPError as lost:
            kind = type(lost).__name__
            return _no_answer(ask, f"{ask.label}: answer lost ({kind})", code="answer_lost")
        if response.status_code in ask.expects:
            return response
        return _error_of(ask, response)

    def _headers(self, ask: Ask) -> dict[str, str]:
        headers = {"Authorization": self._authorization, "Accept": "application/json"}
        if ask.body is not None:
            headers["Content-Type"] = "application/json"
        return headers


def _outcome_word(outcome: httpx.Response | OutsideError) -> str:
    return "answered" if isinstance(outcome, httpx.Response) else outcome.code


def unreadable(ask: Ask, reason: str) -> OutsideError:
    """The expected status with a body that does not say what it should: was it done?"""
    return _no_answer(ask, f"{ask.label}: unreadable answer ({reason})", code="unreadable_answer")


def _no_answer(ask: Ask, message: str, *, code: str, status: int = 0) -> OutsideError:
    kind = Unavailable if ask.reads else Unknown
    return kind(VENDOR, message, code=code, status=status)


def _worth_repeating(error: OutsideError) -> bool:
    """Lost answers and broken gateways pass; a limit or a lock is not helped by asking at once."""
    return isinstance(error, Unavailable) and error.status not in {423, 429}


def _error_of(ask: Ask, response: httpx.Response) -> OutsideError:
    status = response.status_code
    if status in {423, 429}:
        code = "locked" if status == 423 else "rate_limited"  # noqa: PLR2004
        return Unavailable(
            VENDOR,
            _told(ask, response),
            code=code,
            status=status,
            retry_after_seconds=_retry_after_seconds(response),
        )
    if status == 404:  # noqa: PLR2004
        if _names_a_missing_record(ask, response):
            return Missing(VENDOR, _told(ask, response), code="missing", status=status)
        known = any(_NO_ROUTE.search(text) for text in _texts(_body_of(response)))
        code = "no_such_route" if known else "no_such_path"
        return Refused(VENDOR, f"{ask.label}: no such path", code=code, status=status)
    if status in _REFUSALS:
        return Refused(VENDOR, _told(ask, response), code=_REFUSALS[status], status=status)
    if ask.reads and 300 <= status < 400:  # noqa: PLR2004 - a wrong address, not a busy panel
        return Refused(VENDOR, f"{ask.label}: redirected", code="redirected", status=status)
    code = "server_error" if status >= 500 else "unexpected_status"  # noqa: PLR2004
    return _no_answer(ask, f"{ask.label}: answered {status}", code=code, status=status)


def _body_of(response: httpx.Response) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _texts(body: Mapping[str, Any]) -> list[str]:
    """Every message of an error body: `errors` as list or field map, `msg`, `message`."""
    errors = body.get("errors")
    texts: list[str] = []
    if isinstance(errors, list):
        texts += [one for one in errors if isinstance(one, str)]
    if isinstance(errors, dict):
        for name, said in errors.items():
            lines = said if isinstance(said, list) else [said]
            texts += [f"{name}: {line}" for line in lines if isinstance(line, str)]
    for key in ("msg", "message"):
        said = body.get(key)
        if isinstance(said, str) and said.strip():
            texts.append(said.strip())
    return texts


def _names_a_missing_record(ask: Ask, response: httpx.Response) -> bool:
    """Whether a 404 speaks of the record; a wrong path or a proxy's page must not read as gone."""
    texts = [text for text in _texts(_body_of(response)) if not _ANY_PAGE.match(text)]
    if not texts or any(_NO_ROUTE.search(text) for text in texts):
        return False
    if _ONE_SERVER.match(ask.path):
        # A server wrongly taken for gone would be created again: only the exact words count.
        return any(_NO_SERVER.search(text) for text in texts)
    return True


def _told(ask: Ask, response: httpx.Response) -> str:
    """What the panel said, without anything that could be a key, short enough for a log line."""
    said = "; ".join(_texts(_body_of(response))) or f"answered {response.status_code}"
    said = _TOLD_SECRET.sub(r"\1\2[removed]", said)
    said = _LONG_WORD.sub("[removed]", said)
    return f"{ask.label}: {said}"[:_MESSAGE_CHARACTERS]


def _retry_after_seconds(response: httpx.Response) -> float | None:
    """Seconds to wait, from a number or from a date against the panel's own clock."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isdigit():
        return min(float(told), _RETRY_AFTER_MAX_SECONDS)
    try:
        until = parsedate_to_datetime(told)
        since = parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    if (until.tzinfo is None) != (since.tzinfo is None):
        return None
    return min(max(0.0, (until - since).total_seconds()), _RETRY_AFTER_MAX_SECONDS)


async def real_sleep(seconds: float) -> None:
    """Wait in real time: back-off is about the network, never about business dates."""
    await asyncio.sleep(seconds)
