"""What every request passes: an id, foreign origins kept out, time measured, one log line, headers.

One plain ASGI layer, because each further one costs every request. A bug ends here too: logged
with its trace, answered without detail.
"""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skypanel.platform.errors import ForeignOrigin, TooManyAttempts
from skypanel.platform.http.problem import BUG_MESSAGE, problem, refused
from skypanel.platform.ids import new_id
from skypanel.platform.limits import ReadLimiter
from skypanel.platform.metrics import REQUEST_SECONDS

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SLOW_SECONDS = 1.0
SERVER_ERROR = 500
REQUEST_ID = re.compile(r"^[A-Za-z0-9_-]{8,64}$")
READS_PER_SECOND, READS_BURST = 50.0, 200.0
API_HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
)
log = structlog.get_logger()


class Edge:
    """The outermost layer of the web process."""

    def __init__(self, app: ASGIApp, *, public_url: str, limit_reads: bool = True) -> None:
        self._app = app
        parts = urlsplit(public_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        self._reads = ReadLimiter(READS_PER_SECOND, READS_BURST) if limit_reads else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = Headers(scope=scope)
        request_id = headers.get("x-request-id", "")
        if not REQUEST_ID.match(request_id):
            request_id = str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = SERVER_ERROR
        begun = ended = False

        async def answer(message: Message) -> None:
            nonlocal status, begun, ended
            if message["type"] == "http.response.start":
                begun = True
                status = message["status"]
                self._head(message, request_id)
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            refusal = self._refusal(scope, headers)
            if refusal is not None:
                await refused(Request(scope), refusal)(scope, receive, answer)
            else:
                await self._app(scope, receive, answer)
        except Exception as error:
            log.exception("bug", path=scope["path"], error=repr(error))
            if begun and not ended:
                raise  # half an answer: the server must break the connection
            if not begun:
                await problem(Request(scope), 500, "internal_error", BUG_MESSAGE)(
                    scope, receive, answer
                )
        finally:
            self._account(scope, status, time.perf_counter() - started)

    def _refusal(self, scope: Scope, headers: Headers) -> ForeignOrigin | TooManyAttempts | None:
        if scope["method"] not in SAFE:
            return self._foreign(headers)
        if self._reads is None or not scope["path"].startswith("/api/"):
            return None
        client = scope.get("client")
        caller = headers.get("authorization") or headers.get("cookie") or (client or ("?",))[0]
        wait = self._reads.take(caller)
        return None if wait is None else TooManyAttempts(retry_after_seconds=int(wait) + 1)

    def _foreign(self, headers: Headers) -> ForeignOrigin | None:
        """Cross-site request forgery: a browser names where a mutation comes from.

        Sec-Fetch-Site cannot be set by a page; Origin stands in for browsers without it. A request
        with a cookie but neither comes from no browser of today and is refused.
        """
        site = headers.get("sec-fetch-site")
        origin = headers.get("origin")
        if site is not None and site not in ("same-origin", "none"):
            return ForeignOrigin()
        if origin is not None and origin != self._origin:
            return ForeignOrigin()
        if site is None and origin is None and "cookie" in headers:
            return ForeignOrigin()
        return None

    def _head(self, message: Message, request_id: str) -> None:
        headers = MutableHeaders(raw=message.setdefault("headers", []))
        headers["x-request-id"] = request_id
        for name, value in API_HEADERS:
            headers.setdefault(name, value)
        if self._secure:
            headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        REQUEST_SECONDS.labels(scope["method"], status).observe(seconds)
        if scope["method"] not in SAFE or status >= SERVER_ERROR or seconds > SLOW_SECONDS:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round(seconds * 1000, 1),
            )
