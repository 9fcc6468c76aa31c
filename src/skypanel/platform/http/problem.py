"""Errors as RFC 9457 problem+json: a stable code, what to do, and the request id."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from skypanel.platform.errors import BodyTooLarge, FieldRefusal, Refusal
from skypanel.platform.outside import OutsideError

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
BUG_MESSAGE = "Something broke on our side and was recorded. Nothing was half done."


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    message: str
    code: str


class Problem(BaseModel):
    """The body of every error."""

    type: str
    title: str
    status: int
    code: str
    message: str
    request_id: str
    errors: list[FieldProblem] | None = None


def problem(
    request: Request,
    status: int,
    code: str,
    message: str,
    *,
    errors: list[dict[str, str]] | None = None,
    retry_after_seconds: float | None = None,
) -> Response:
    """One error answer."""
    body: dict[str, Any] = {
        "type": f"urn:skypanel:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "message": message,
        "request_id": getattr(request.state, "request_id", ""),
    }
    if errors:
        body["errors"] = errors
    headers = {"cache-control": "no-store"}
    if retry_after_seconds is not None:
        headers["retry-after"] = str(max(1, round(retry_after_seconds)))
    if status == 401:  # noqa: PLR2004
        headers["www-authenticate"] = "Bearer"
    return Response(msgspec.json.encode(body), status, headers, MEDIA_TYPE)


def refused(request: Request, refusal: Refusal) -> Response:
    """A refusal as its answer."""
    errors = refusal.errors if isinstance(refusal, FieldRefusal) else None
    return problem(
        request,
        refusal.status,
        refusal.code,
        refusal.text,
        errors=errors,
        retry_after_seconds=refusal.retry_after_seconds,
    )


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def _say(error: dict[str, Any]) -> str:
    if error["type"] == "missing":
        return "This is needed."
    if error["type"] == "extra_forbidden":
        return "This field does not exist here."
    return str(error["msg"]).removeprefix("Value error, ")


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers every path of the API that does not exist."""
    answer = problem(Request(scope), 404, "not_found", "There is no such door in this API.")
    await answer(scope, receive, send)


KNOWN = (Refusal, RequestValidationError, OutsideError, HTTPException)


def known(request: Request, error: Exception) -> Response:
    """The answer to a failure that is no bug (`KNOWN`)."""
    if isinstance(error, Refusal):
        return refused(request, error)
    if isinstance(error, RequestValidationError):
        return _invalid(request, error)
    if isinstance(error, OutsideError):
        log.warning("outside unavailable in a request", error=str(error))
        message = "A system that we depend on does not answer right now. Try again in a moment."
        wait = getattr(error, "retry_after_seconds", None) or 5
        return problem(request, 503, "outside_unavailable", message, retry_after_seconds=wait)
    assert isinstance(error, HTTPException)
    codes = {404: "not_found", 405: "method_not_allowed", 413: BodyTooLarge.code}
    code = codes.get(error.status_code, "http_error")
    message = "There is nothing here." if code == "not_found" else str(error.detail)
    return problem(request, error.status_code, code, message)


def _invalid(request: Request, error: RequestValidationError) -> Response:
    fields = [
        {"field": _field(each["loc"]), "message": _say(each), "code": each["type"]}
        for each in error.errors()
    ]
    message = "Some fields need another look."
    return problem(request, 422, FieldRefusal.code, message, errors=fields)


def install(app: FastAPI) -> None:
    """Let every failure of an app answer as a problem."""

    async def on_known(request: Request, error: Exception) -> Response:
        return known(request, error)

    async def on_bug(request: Request, _error: Exception) -> Response:
        return problem(request, 500, "internal_error", BUG_MESSAGE)

    app.add_exception_handler(Exception, on_bug)
    for kind in KNOWN:
        app.add_exception_handler(kind, on_known)
