"""Every operation of the client under every way of going wrong, whichever operations there are.

An outage never reads as "gone", "refused" or "empty": only the panel's own word about the record
is Missing, only its own refusal is Refused, and a change whose answer is lost is Unknown.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from virtfusion_world import TOKEN

from skypanel.integrations.virtfusion.caller import Caller
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

PLUMBING = {name for name in vars(Caller) if not name.startswith("_")}
NO_RECORD = {"msg": "server not found"}
HTML = "<html><head><title>502 Bad Gateway</title></head></html>"


def operations() -> list[str]:
    """Every operation that the client offers, those of areas yet to come among them."""
    return sorted(
        name
        for name, member in inspect.getmembers(VirtFusion, inspect.iscoroutinefunction)
        if not name.startswith("_") and name not in PLUMBING
    )


def sample(wanted: Any) -> Any:
    """Some value of a type, for arguments that any operation may take."""
    origin = typing.get_origin(wanted)
    if origin is not None:
        return sample_of_many(origin, typing.get_args(wanted))
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        return next(iter(wanted))
    if dataclasses.is_dataclass(wanted):
        return wanted(**arguments(wanted.__init__, skip="self"))
    plain: dict[Any, Any] = {
        int: 7, str: "word", bool: True, float: 1.5, bytes: b"x", type(None): None,
        date: date(2026, 1, 1), datetime: datetime(2026, 1, 1, tzinfo=UTC), UUID: UUID(int=7),
    }  # fmt: skip
    return plain[wanted]


def sample_of_many(origin: Any, parts: tuple[Any, ...]) -> Any:
    if origin is typing.Literal:
        return parts[0]
    inner = [sample(one) for one in parts if one is not Ellipsis]
    if origin in (types.UnionType, typing.Union):
        return inner[0]
    if issubclass(origin, Mapping):
        return {inner[0]: inner[1]}
    return tuple(inner) if origin is tuple else list(inner)


def arguments(function: Any, *, skip: str = "") -> dict[str, Any]:
    hints = typing.get_type_hints(function)
    return {
        name: sample(hints[name])
        for name, one in inspect.signature(function).parameters.items()
        if name != skip and one.default is inspect.Parameter.empty
    }


class Panel:
    """A panel that always answers the same."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self._answer = answer
        self.methods: list[str] = []
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._respond))
        self.client = VirtFusion("https://panel.test", TOKEN, http=http, sleep=self._sleep)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.methods.append(request.method)
        if isinstance(self._answer, Exception):
            raise self._answer
        return httpx.Response(
            self._answer.status_code,
            headers={k: v for k, v in self._answer.headers.items() if k != "content-length"},
            content=self._answer.content,
        )

    async def _sleep(self, _seconds: float) -> None:
        return

    async def fails(self, name: str) -> OutsideError:
        operation = getattr(self.client, name)
        with pytest.raises(OutsideError) as caught:
            await operation(**arguments(getattr(VirtFusion, name), skip="self"))
        return caught.value


OUTAGES: dict[str, httpx.Response | Exception] = {
    "not reached": httpx.ConnectError("x"),
    "connect timeout": httpx.ConnectTimeout("x"),
    "read timeout": httpx.ReadTimeout("x"),
    "cut off": httpx.RemoteProtocolError("x"),
    "500": httpx.Response(500, html=HTML),
    "500 json": httpx.Response(500, json={"message": "Server Error"}),
    "500 says not found": httpx.Response(500, json=NO_RECORD),
    "502": httpx.Response(502, html=HTML),
    "503 html": httpx.Response(503, html=HTML),
    "503 empty": httpx.Response(503),
    "504": httpx.Response(504),
    "520": httpx.Response(520, html=HTML),
    "200 html": httpx.Response(200, html="<h1>Sign in</h1>"),
    "200 empty": httpx.Response(200),
    "429": httpx.Response(429, headers={"Retry-After": "7"}),
    "423": httpx.Response(423, json={"msg": "The server is currently locked."}),
}
REFUSALS: dict[str, httpx.Response] = {
    "401 empty": httpx.Response(401),
    "401 not found": httpx.Response(401, json=NO_RECORD),
    "403": httpx.Response(403, json={"errors": ["This action is unauthorized."]}),
    "409": httpx.Response(409, json={"msg": "server not found"}),
    "422 list": httpx.Response(422, json={"errors": ["server not found"]}),
    "422 map": httpx.Response(422, json={"message": "no", "errors": {"name": ["no"]}}),
    "404 empty": httpx.Response(404),
    "404 html": httpx.Response(404, html="<h1>404 Not Found</h1>"),
    "404 page": httpx.Response(404, json={"message": "Not Found"}),
    "404 route": httpx.Response(
        404, json={"message": "The route api/v1/things/7 could not be found."}
    ),
}
EXPECTED_EMPTY = {"200 html", "200 empty"}


def changes(panel: Panel) -> bool:
    return any(method != "GET" for method in panel.methods)


def cases(answers: Mapping[str, Any]) -> list[Any]:
    return [
        pytest.param(name, word, answer, id=f"{name}-{word}")
        for name in operations()
        for word, answer in answers.items()
    ]


@pytest.mark.parametrize(("name", "word", "answer"), cases(OUTAGES))
async def test_an_outage_is_never_an_answer(
    name: str, word: str, answer: httpx.Response | Exception
) -> None:
    panel = Panel(answer)
    if word in EXPECTED_EMPTY:
        # Operations that say nothing but "done" take their status as the answer.
        try:
            failure = await panel.fails(name)
        except pytest.fail.Exception:
            assert changes(panel)
            return
    else:
        failure = await panel.fails(name)
    assert not isinstance(failure, Refused)
    if isinstance(failure, Unknown):
        assert changes(panel)
    if word in {"not reached", "connect timeout", "429", "423"}:
        assert type(failure) is Unavailable
    elif changes(panel):
        assert type(failure) is Unknown
        assert panel.methods.count(panel.methods[-1]) == 1


@pytest.mark.parametrize(("name", "word", "answer"), cases(REFUSALS))
async def test_a_refusal_is_no_absence(name: str, word: str, answer: httpx.Response) -> None:
    failure = await Panel(answer).fails(name)
    assert type(failure) is Refused, word
    assert not isinstance(failure, Missing)


@pytest.mark.parametrize("name", operations())
async def test_the_panels_own_word_about_a_record_is_absence(name: str) -> None:
    failure = await Panel(httpx.Response(404, json=NO_RECORD)).fails(name)
    assert type(failure) is Missing


def test_there_are_operations_to_try() -> None:
    assert {"server", "create_server", "power", "status", "hypervisors"} <= set(operations())
