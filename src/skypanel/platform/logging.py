"""One JSON line per event on standard error, each with the request or job it belongs to."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar

import msgspec
import structlog

# Set once per request by the edge; cheaper than binding a logger's context.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


def _name_request(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    request_id = REQUEST_ID.get()
    if request_id:
        event.setdefault("request_id", request_id)
    return event


def configure(level: str = "INFO", *, pretty: bool = False) -> None:
    """Set up structured logs for a process; `pretty` is for a person at a terminal."""
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if pretty
        else structlog.processors.JSONRenderer(
            serializer=lambda event, **_: msgspec.json.encode(event, enc_hook=str).decode()
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _name_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("httpx", "httpcore", "procrastinate", "apimatic_core"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
