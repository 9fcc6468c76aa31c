"""The OpenAPI document, made from the routes without a database."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from skypanel import __version__
from skypanel.app.routes import API, ROOT
from skypanel.platform.http.problem import Problem


def _operation_id(route: APIRoute) -> str:
    """Named by the function; staff's doors by a prefix, so that no two share a name."""
    return f"staff_{route.name}" if "/admin/" in route.path else route.name


def document() -> dict[str, Any]:
    """The API as OpenAPI 3.1."""
    app = FastAPI(
        title="SkyPANEL",
        version=__version__,
        separate_input_output_schemas=False,
        responses={"default": {"model": Problem, "description": "A problem (RFC 9457)"}},
        generate_unique_id_function=_operation_id,
    )
    for router in API:
        app.include_router(router, prefix="/api/v1")
    for router in ROOT:
        app.include_router(router)
    return app.openapi()
