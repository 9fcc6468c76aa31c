"""What each way of going wrong is to our side: missing, refused, unavailable or unknown."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from virtfusion_world import TOKEN

from skypanel.integrations.virtfusion import types
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

Answer = httpx.Response | Exception
Use = Callable[[VirtFusion], Awaitable[Any]]


class Scripted:
    """A panel that answers by script, the last answer for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []
        self.panel = VirtFusion(
            "https://panel.example.test/",
            TOKEN,
            http=httpx.AsyncClient(transport=httpx.MockTransport(self._answer)),
            sleep=self._sleep,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def fails(self, use: Use) -> OutsideError:
        with pytest.raises(OutsideError) as caught:
            await use(self.panel)
        return caught.value


NEW = types.NewServer(package_id=1, user_id=31, hypervisor_group_id=1)


def read(panel: VirtFusion) -> Awaitable[Any]:
    return panel.server(118)


def change(panel: VirtFusion) -> Awaitable[Any]:
    return panel.create_server(NEW)


NOT_SENT = [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")]
LOST = [
    httpx.ReadTimeout("x"),
    httpx.ReadError("x"),
    httpx.WriteError("x"),
    httpx.WriteTimeout("x"),
    httpx.RemoteProtocolError("x"),
]


@pytest.mark.parametrize("error", NOT_SENT, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("use", [read, change])
async def test_what_was_not_sent_may_be_repeated(error: Exception, use: Use) -> None:
    scripted = Scripted(error)
    failure = await scripted.fails(use)
    assert type(failure) is Unavailable
    assert failure.code == "unreachable"


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
async def test_a_lost_answer_is_unknown_for_a_change_only(error: Exception) -> None:
    changed, seen = Scripted(error), Scripted(error)
    assert type(await changed.fails(change)) is Unknown
    assert len(changed.requests) == 1
    assert type(await seen.fails(read)) is Unavailable
    assert len(seen.requests) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_broken_panel_leaves_a_change_unknown(status: int) -> None:
    changed, seen = (Scripted(httpx.Response(status, html="<h1>secret</h1>")) for _ in range(2))
    failure = await changed.fails(change)
    assert (type(failure), failure.status, len(changed.requests)) == (Unknown, status, 1)
    failure = await seen.fails(read)
    assert (type(failure), failure.status, len(seen.requests)) == (Unavailable, status, 3)
    assert "secret" not in str(failure)


async def test_a_read_is_repeated_at_most_twice_with_jittered_pauses() -> None:
    pauses = set()
    for _ in range(5):
        scripted = Scripted(httpx.ReadTimeout("x"))
        await scripted.fails(read)
        first, second = scripted.slept
        assert 0.2 <= first <= 0.8
        assert 0.4 <= second <= 1.6
        pauses.add(first)
    assert len(pauses) > 1


async def test_a_read_that_recovers_is_an_answer() -> None:
    scripted = Scripted(
        httpx.ConnectError("x"), httpx.Response(502), httpx.Response(200, json={"data": []})
    )
    assert await scripted.panel.packages() == []
    assert len(scripted.requests) == 3


@pytest.mark.parametrize("use", [read, change])
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"Retry-After": "999999"}, 3600.0),
        ({}, None),
        ({"Retry-After": "soon"}, None),
        (
            {
                "Retry-After": "Sun, 01 Nov 2026 12:00:30 GMT",
                "Date": "Sun, 01 Nov 2026 12:00:00 GMT",
            },
            30.0,
        ),
    ],
)
@pytest.mark.parametrize(("status", "code"), [(429, "rate_limited"), (423, "locked")])
async def test_limits_and_locks_say_when_to_come_back(
    use: Use, headers: dict[str, str], seconds: float | None, status: int, code: str
) -> None:
    scripted = Scripted(httpx.Response(status, headers=headers))
    failure = await scripted.fails(use)
    assert isinstance(failure, Unavailable)
    assert (failure.code, failure.status, failure.retry_after_seconds) == (code, status, seconds)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize(
    ("response", "code", "text"),
    [
        (httpx.Response(401), "unauthorized", "answered 401"),
        (httpx.Response(401, text="401 Unauthorized"), "unauthorized", "answered 401"),
        (
            httpx.Response(403, json={"errors": ["This action is unauthorized."]}),
            "forbidden",
            "action",
        ),
        (httpx.Response(409, json={"msg": "The email is taken."}), "conflict", "email is taken"),
        (
            httpx.Response(422, json={"errors": ["Invalid ruleset", "No room"]}),
            "unprocessable",
            "ruleset; No room",
        ),
        (
            httpx.Response(422, json={"message": "Wrong.", "errors": {"name": ["Too short."]}}),
            "unprocessable",
            "name: Too short.; Wrong.",
        ),
        (httpx.Response(422, json=["odd"]), "unprocessable", "answered 422"),
        (httpx.Response(422, content=b"\xff\xfe"), "unprocessable", "answered 422"),
        (httpx.Response(405, json={"message": "Method"}), "method_not_allowed", "Method"),
    ],
)
@pytest.mark.parametrize("use", [read, change])
async def test_every_form_of_refusal_is_read(
    response: httpx.Response, code: str, text: str, use: Use
) -> None:
    scripted = Scripted(response)
    failure = await scripted.fails(use)
    assert type(failure) is Refused
    assert failure.code == code
    assert text in str(failure)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize(
    ("response", "gone"),
    [
        (httpx.Response(404, json={"msg": "server not found"}), True),
        (httpx.Response(404, json={"errors": ["Server not found"]}), True),
        (
            httpx.Response(
                404, json={"message": "No query results for model [App\\Models\\Server] 118"}
            ),
            True,
        ),
        (httpx.Response(404), False),
        (httpx.Response(404, html="<h1>nginx: server not found</h1>"), False),
        (httpx.Response(404, json={}), False),
        (httpx.Response(404, json={"message": ""}), False),
        (httpx.Response(404, json={"message": "Not Found"}), False),
        (
            httpx.Response(
                404, json={"message": "The route api/v1/servers/118 could not be found."}
            ),
            False,
        ),
        (httpx.Response(410, json={"msg": "server not found"}), False),
        (httpx.Response(403, json={"msg": "server not found"}), False),
    ],
)
async def test_only_the_panels_own_word_reads_as_gone(response: httpx.Response, gone: bool) -> None:
    failure = await Scripted(response).fails(read)
    assert isinstance(failure, Refused)
    assert isinstance(failure, Missing) is gone


async def test_a_user_is_missing_by_any_record_404_but_not_by_a_wrong_path() -> None:
    def user(panel: VirtFusion) -> Awaitable[Any]:
        return panel.user("sky-1")

    assert isinstance(
        await Scripted(httpx.Response(404, json={"msg": "user not found"})).fails(user), Missing
    )
    route = httpx.Response(404, json={"message": "The route api/v1/users could not be found."})
    assert not isinstance(await Scripted(route).fails(user), Missing)


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_another_success_than_the_documented_one_is_not_taken_for_it(status: int) -> None:
    failure = await Scripted(httpx.Response(status)).fails(change)
    assert (type(failure), failure.code) == (Unknown, "unexpected_status")


@pytest.mark.parametrize(
    ("use", "status"),
    [
        (lambda panel: panel.rename(118, "x"), 200),
        (lambda panel: panel.suspend(118), 200),
        (lambda panel: panel.delete_server(118), 200),
        (lambda panel: panel.power(118, types.Power.BOOT), 204),
        (lambda panel: panel.build(118, types.Installation(41, "a", "b")), 201),
    ],
)
async def test_success_is_compared_per_operation(use: Use, status: int) -> None:
    assert type(await Scripted(httpx.Response(status)).fails(use)) is Unknown


@pytest.mark.parametrize(
    "body", [b"", b"<html>login</html>", b"[]", b'{"data": {"id": "x"}}', b"\xff"]
)
async def test_a_success_that_cannot_be_read_is_unknown_for_a_change(body: bytes) -> None:
    failure = await Scripted(httpx.Response(201, content=body)).fails(change)
    assert (type(failure), failure.code) == (Unknown, "unreadable_answer")
    failure = await Scripted(httpx.Response(200, content=body)).fails(read)
    assert (type(failure), failure.code) == (Unavailable, "unreadable_answer")


async def test_a_redirect_is_never_followed() -> None:
    scripted = Scripted(
        httpx.Response(302, headers={"Location": "https://elsewhere.example.test/"})
    )
    assert (await scripted.fails(read)).code == "redirected"
    assert len(scripted.requests) == 1
    assert type(await Scripted(httpx.Response(307)).fails(change)) is Unknown


SECRET = "hunter2-Kq83"
HOST = "/home/vf-data/disk"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(422, json={"errors": [f"password: {SECRET} is too weak"]}),
        httpx.Response(422, json={"errors": [f"Bad token={SECRET}"]}),
        httpx.Response(401, text=f"{TOKEN} is not known"),
        httpx.Response(403, json={"msg": f"The key {TOKEN} may not do this"}),
        httpx.Response(500, json={"message": f"{HOST} {SECRET}"}),
        httpx.Response(200, json={"data": {"settings": {"decryptedPassword": SECRET}, "state": 5}}),
        httpx.ReadTimeout(f"{SECRET}"),
        httpx.ConnectError(f"{SECRET}"),
    ],
)
async def test_no_secret_leaves_with_an_error(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    installation = types.Installation(41, "web", "web.example.test")
    failure = await Scripted(answer).fails(lambda panel: panel.build(118, installation))
    told = (
        "".join(traceback.format_exception(failure))
        + repr(failure)
        + str(vars(failure))
        + caplog.text
    )
    assert failure.__cause__ is None
    assert failure.__context__ is None
    for secret in (SECRET, TOKEN, HOST):
        assert secret not in told


async def test_no_secret_is_in_what_the_client_shows() -> None:
    panel = Scripted(httpx.Response(200)).panel
    assert TOKEN not in repr(panel) + str(panel) + repr(panel._exchange)


@pytest.mark.parametrize(
    "address",
    ["ftp://panel.example.test", "panel.example.test", "https://a:b@panel.example.test", ""],
)
async def test_an_address_that_is_none_is_not_taken(address: str) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(ValueError, match="address"):
            VirtFusion(address, TOKEN, http=http)


@pytest.mark.parametrize("address", ["https://p.test", "https://p.test/", "https://p.test/api/v1/"])
async def test_the_api_path_is_added_once(address: str) -> None:
    scripted = Scripted(httpx.Response(200, json={"data": []}))
    http = scripted.panel._exchange._http
    await VirtFusion(address, TOKEN, http=http).packages()
    assert str(scripted.requests[-1].url) == "https://p.test/api/v1/packages"


async def test_cancelling_is_not_taken_for_an_answer() -> None:
    async def never(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
        asking = asyncio.create_task(VirtFusion("https://p.test", TOKEN, http=http).packages())
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
