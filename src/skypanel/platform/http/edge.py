"""What every request passes: an id, foreign origins kept out, time measured, one log line, headers.

One plain ASGI layer, because each further one costs every request. A bug ends here too: logged
with its trace, answered without detail.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

import structlog
from prometheus_client import Histogram
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skypanel.platform.errors import ForeignOrigin, TooManyAttempts
from skypanel.platform.http.doors import POLICY_VIOLATED
from skypanel.platform.http.problem import BUG_MESSAGE, problem, refused
from skypanel.platform.http.proxies import Network, client_ip
from skypanel.platform.ids import new_id
from skypanel.platform.limits import ReadLimiter
from skypanel.platform.logging import REQUEST_ID
from skypanel.platform.metrics import REQUEST_SECONDS

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
SLOW_SECONDS = 1.0
SERVER_ERROR = 500
REQUEST_ID_FORM = re.compile(rb"^[A-Za-z0-9_-]{8,64}$")
READS_PER_SECOND, READS_BURST = 50.0, 200.0
ASKED = frozenset(
    (b"x-request-id", b"sec-fetch-site", b"origin", b"cookie", b"authorization")
)  # what the edge itself looks at
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
log = structlog.get_logger()


class Edge:
    """The outermost layer of the web process."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        public_url: str,
        limit_reads: bool = True,
        trusted: Sequence[Network] = (),
    ) -> None:
        self._app = app
        self._trusted = trusted
        parts = urlsplit(public_url)
        self._origin = f"{parts.scheme}://{parts.netloc}".encode()
        self._headers = [*HEADERS, *([STRICT_TRANSPORT] if parts.scheme == "https" else [])]
        self._reads = ReadLimiter(READS_PER_SECOND, READS_BURST) if limit_reads else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._not_http(scope, receive, send)
            return
        started = time.perf_counter()
        if self._trusted:
            self._look_behind_proxies(scope)
        asked = {name: value for name, value in scope["headers"] if name in ASKED}
        given = asked.get(b"x-request-id", b"")
        request_id = given.decode() if REQUEST_ID_FORM.match(given) else str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        token = REQUEST_ID.set(request_id)
        status = SERVER_ERROR
        begun = ended = False

        async def answer(message: Message) -> None:
            nonlocal status, begun, ended
            if message["type"] == "http.response.start":
                begun = True
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    *self._headers,
                    (b"x-request-id", request_id.encode()),
                ]
            else:
                ended = not message.get("more_body")
            await send(message)

        try:
            refusal = self._refusal(scope, asked)
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
            REQUEST_ID.reset(token)

    async def _not_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Websockets: only from our own pages, whatever cookie they bring.

        A browser sends cookies along with any page's websocket and always says whose page it is.
        """
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        if self._trusted:
            self._look_behind_proxies(scope)
        request_id = str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        token = REQUEST_ID.set(request_id)
        try:
            asked = {name: value for name, value in scope["headers"] if name in ASKED}
            if asked.get(b"origin") != self._origin or self._too_many(scope, asked) is not None:
                await receive()
                await send({"type": "websocket.close", "code": POLICY_VIOLATED})
                return
            await self._app(scope, receive, send)
        except Exception as error:
            log.exception("bug", path=scope["path"], error=repr(error))
            raise
        finally:
            REQUEST_ID.reset(token)

    def _look_behind_proxies(self, scope: Scope) -> None:
        peer, port = scope.get("client") or (None, 0)
        named = client_ip(peer, scope["headers"], self._trusted)
        if named is not None:
            scope["client"] = (named, port)

    def _refusal(
        self, scope: Scope, asked: dict[bytes, bytes]
    ) -> ForeignOrigin | TooManyAttempts | None:
        if scope["method"] not in SAFE:
            return self._foreign(asked)
        if not scope["path"].startswith("/api/"):
            return None
        return self._too_many(scope, asked)

    def _too_many(self, scope: Scope, asked: dict[bytes, bytes]) -> TooManyAttempts | None:
        if self._reads is None:
            return None
        caller = asked.get(b"authorization") or asked.get(b"cookie")
        if caller is None:
            caller = (scope.get("client") or ("?",))[0].encode()
        wait = self._reads.take(caller)
        return None if wait is None else TooManyAttempts(retry_after_seconds=int(wait) + 1)

    def _foreign(self, asked: dict[bytes, bytes]) -> ForeignOrigin | None:
        """Cross-site request forgery: a browser names where a mutation comes from.

        Sec-Fetch-Site cannot be set by a page; Origin stands in for browsers without it. A request
        with a cookie but neither comes from no browser of today and is refused.
        """
        site = asked.get(b"sec-fetch-site")
        origin = asked.get(b"origin")
        if site is not None and site not in (b"same-origin", b"none"):
            return ForeignOrigin()
        if origin is not None and origin != self._origin:
            return ForeignOrigin()
        if site is None and origin is None and b"cookie" in asked:
            return ForeignOrigin()
        return None

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        _timer(method, status).observe(seconds)
        if scope["method"] not in SAFE or status >= SERVER_ERROR or seconds > SLOW_SECONDS:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round(seconds * 1000, 1),
            )


@lru_cache(maxsize=512)
def _timer(method: str, status: int) -> Histogram:
    return REQUEST_SECONDS.labels(method, status)
