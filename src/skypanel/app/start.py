"""How a web process comes up: quickly, and without memory that it needs for moments only."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

from pydantic import BaseModel
from starlette.types import ASGIApp

M_MMAP_THRESHOLD = -3  # malloc.h, mallopt(3)
RETURNED_BYTES = 4 << 20


def create_app() -> ASGIApp:
    """What the server's worker processes load.

    Nothing that is loaded is garbage, so the collector waits meanwhile and leaves it alone
    afterwards. Large blocks, like the 19 MiB of a password's hash, go back to the system when they
    are freed, where the C library can be told so. A shape's validator is made when the first body
    of that shape comes; most of a process's shapes never come.
    """
    BaseModel.model_config["defer_build"] = True
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, RETURNED_BYTES)
    gc.disable()
    try:
        from skypanel.app.web import create_app as load  # noqa: PLC0415

        return load()
    finally:
        gc.freeze()
        gc.enable()
