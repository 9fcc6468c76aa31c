"""The mailbox page: what the portal wrote to whom, as its reader would see it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from skypanel.integrations.smtp.simulator.mailbox import Mail
from skypanel.integrations.smtp.simulator.server import SmtpDesk

SHOWN = 200
CID = re.compile(r"cid:([^\"'\s)>]+)")
# What a message may do to its reader here: look like itself, load nothing, run nothing.
FRAME = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
    "style-src 'unsafe-inline'; font-src data:\">"
    '<base target="_blank">'
)
PAGES = Environment(
    loader=PackageLoader(__name__, "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def create_app(desk: SmtpDesk, *, links: Mapping[str, str] | None = None) -> Starlette:
    """The mailbox of `desk` as pages for people and JSON for tests; `links` label to URL."""
    pages = Pages(desk, links or {})
    return Starlette(
        routes=[
            Route("/", pages.inbox),
            Route("/messages/{mail_id}", pages.message),
            Route("/messages/{mail_id}/raw", pages.raw),
            Route("/messages/{mail_id}/attachments/{number:int}", pages.attachment),
            Route("/_sandbox/messages", pages.messages),
            Route("/_sandbox/messages", pages.clear, methods=["DELETE"]),
            Route("/_sandbox/clear", pages.clear, methods=["POST"]),
            Route("/_sandbox/down", pages.down, methods=["POST"]),
        ]
    )


class Pages:
    def __init__(self, desk: SmtpDesk, links: Mapping[str, str]) -> None:
        self._desk = desk
        self._links = links

    def _page(self, template: str, *, status: int = 200, **shown: Any) -> Response:
        text = PAGES.get_template(template).render(
            links=self._links, down=self._desk.down, port=self._desk.port, **shown
        )
        return HTMLResponse(text, status, {"Cache-Control": "no-store"})

    async def inbox(self, request: Request) -> Response:
        to = request.query_params.get("to", "").strip()
        mails = self._desk.mailbox.newest(to)
        return self._page("inbox.html", mails=mails[:SHOWN], total=len(mails), to=to)

    async def message(self, request: Request) -> Response:
        mail = self._desk.mailbox.get(request.path_params["mail_id"])
        if mail is None:
            return self._page("gone.html", status=404)
        views = [name for name in ("html", "text", "headers", "raw") if name != "html" or mail.html]
        view = request.query_params.get("view", views[0])
        return self._page(
            "message.html",
            mail=mail,
            views=views,
            view=view if view in views else views[0],
            framed=FRAME + _with_images(mail),
            raw=mail.raw.decode("utf-8", "replace"),
        )

    async def raw(self, request: Request) -> Response:
        mail = self._desk.mailbox.get(request.path_params["mail_id"])
        if mail is None:
            return self._page("gone.html", status=404)
        return _download(mail.raw, "message/rfc822", f"{mail.id}.eml")

    async def attachment(self, request: Request) -> Response:
        mail = self._desk.mailbox.get(request.path_params["mail_id"])
        number = request.path_params["number"]
        if mail is None or not 0 <= number < len(mail.attachments):
            return self._page("gone.html", status=404)
        found = mail.attachments[number]
        return _download(found.content, found.kind, found.name)

    async def messages(self, request: Request) -> Response:
        """All mail to `?to=` (any part of the address), newest first."""
        mails = self._desk.mailbox.newest(request.query_params.get("to", ""))
        return JSONResponse({"items": [_told(mail) for mail in mails[:SHOWN]]})

    async def clear(self, request: Request) -> Response:
        self._desk.mailbox.clear()
        return _done(request)

    async def down(self, request: Request) -> Response:
        """Cut every connection, or stop doing so: `{"down": true}`."""
        raw = (await request.body()).decode()
        asked = dict(parse_qsl(raw)) if _is_form(request) else json.loads(raw)
        self._desk.down = asked.get("down") in {True, "true", "1"}
        return _done(request)


def _with_images(mail: Mail) -> str:
    def shown(found: re.Match[str]) -> str:
        image = mail.inline_images.get(found.group(1))
        if image is None:
            return found.group(0)
        return f"data:{image.kind};base64,{base64.b64encode(image.content).decode()}"

    return CID.sub(shown, mail.html)


def _told(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "to": mail.to,
        "envelope_from": mail.envelope_from,
        "from": mail.sender,
        "subject": mail.subject,
        "at": mail.at.isoformat(),
        "text": mail.text,
        "html": mail.html,
        "links": mail.links,
        "headers": [[name, str(value)] for name, value in mail.parsed.items()],
        "attachments": [
            {"name": each.name, "type": each.kind, "size_bytes": len(each.content)}
            for each in mail.attachments
        ],
    }


def _download(content: bytes, kind: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=kind, headers=headers)


def _is_form(request: Request) -> bool:
    return "form" in request.headers.get("Content-Type", "")


def _done(request: Request) -> Response:
    return RedirectResponse("/", 303) if _is_form(request) else JSONResponse({})
