"""The built client: files held in memory, compressed at build time, immutable by their hash.

Paths that are no file answer the page itself, so that every address of the client can be opened.
"""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def content_security_policy(script_hosts: tuple[str, ...] = (), public_url: str = "") -> str:
    """What the page may load: itself, its own websocket, PayPal's script where the host uses it.

    Not every browser takes `'self'` for the websocket of the same origin.
    """
    paypal = " ".join(script_hosts)
    socket = "ws" + public_url.removeprefix("http") if public_url else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {paypal}".strip(),
            " ".join(filter(None, ("connect-src 'self'", socket, paypal))),
            f"frame-src 'self' {paypal}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file in every form it is served in."""

    forms: dict[str, bytes]
    media_type: str
    cache_control: str
    etag: str


class Client:
    """ASGI app that serves the folder of the built client."""

    def __init__(self, folder: Path, policy: str) -> None:
        self._files = dict(_load(folder)) if folder.is_dir() else {}
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        file = self._files.get(scope["path"])
        if file is None and "." not in scope["path"].rsplit("/", 1)[-1]:
            file = self._files.get("/index.html")
        if file is None or scope["method"] not in ("GET", "HEAD"):
            await Response("Not found. Build the client with `make build`.", 404)(
                scope, receive, send
            )
            return
        await self._answer(file, headers)(scope, receive, send)

    def _answer(self, file: StaticFile, asked: Headers) -> Response:
        headers = {
            "cache-control": file.cache_control,
            "etag": file.etag,
            "vary": "accept-encoding",
        }
        if file.media_type.startswith("text/html"):
            headers["content-security-policy"] = self._policy
            headers["permissions-policy"] = "camera=(), microphone=(), geolocation=()"
        if asked.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        accepted = asked.get("accept-encoding", "")
        for name, _ in ENCODINGS:
            if name in accepted and name in file.forms:
                headers["content-encoding"] = name
                return Response(file.forms[name], 200, headers, file.media_type)
        return Response(file.forms[""], 200, headers, file.media_type)


@cache
def _load(folder: Path) -> list[tuple[str, StaticFile]]:
    files = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in (".br", ".gz") or path.name.startswith("."):
            continue
        forms = {"": path.read_bytes()}
        for name, suffix in ENCODINGS:
            packed = path.with_name(path.name + suffix)
            if packed.is_file():
                forms[name] = packed.read_bytes()
        url = "/" + path.relative_to(folder).as_posix()
        media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        hashed = url.startswith("/assets/")
        files.append(
            (
                url,
                StaticFile(
                    forms,
                    media + ("; charset=utf-8" if media.startswith("text/") else ""),
                    IMMUTABLE if hashed else REVALIDATE,
                    f'"{hashlib.sha256(forms[""]).hexdigest()[:16]}"',
                ),
            )
        )
    return files
