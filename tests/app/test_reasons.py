"""Whoever is asked why cannot answer with blanks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from skypanel.app.routes import every_route


def asked_why() -> Iterator[type[BaseModel]]:
    """The bodies of all doors that want a reason."""
    for _, route in every_route():
        if not isinstance(route, APIRoute) or route.body_field is None:
            continue
        body = route.body_field.field_info.annotation
        if isinstance(body, type) and issubclass(body, BaseModel):
            reason = body.model_fields.get("reason")
            if reason is not None and reason.is_required():
                yield body


BODIES = sorted(set(asked_why()), key=lambda body: body.__qualname__)


def wrong_with(body: type[BaseModel], reason: str) -> bool:
    """Whether the reason is refused; what else is missing does not matter."""
    try:
        body.model_validate({"reason": reason})
    except ValidationError as refused:
        return any(error["loc"] == ("reason",) for error in refused.errors())
    return False


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_blanks_are_no_reason(body: type[BaseModel]) -> None:
    assert wrong_with(body, "      ")
    assert not wrong_with(body, "They asked for it")


def test_many_doors_ask_why() -> None:
    assert len(BODIES) >= 10
