"""Every way a call can fail becomes one of our three outcomes."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from apimatic_core.exceptions.auth_validation_exception import AuthValidationException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from skypanel.integrations.paypal.answers import refusal
from skypanel.integrations.paypal.client import PayPal
from skypanel.integrations.paypal.sdk import outcome
from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

from .conftest import Sandbox, Stage, euros, open_order

Ask = Callable[[PayPal], Awaitable[Any]]
READS: list[Ask] = [lambda p: p.get_order("X"), lambda p: p.list_webhooks()]
CHANGES: list[Ask] = [
    lambda p: open_order(p, euros(100)),
    lambda p: p.capture_order("X", "c1"),
    lambda p: p.refund_capture("X", "r1"),
    lambda p: p.create_webhook("https://shop.test/hook"),
]


async def _error(call: Awaitable[Any]) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        await call
    assert str(caught.value)
    return caught.value


async def test_wrong_credentials_are_refused_and_an_outage_is_not(sandbox: Sandbox) -> None:
    wrong = await _error(sandbox.client(client_secret="mistyped").get_order("X"))
    assert (type(wrong), wrong.code, wrong.status) == (Refused, "invalid_client", 401)
    with pytest.raises(Refused):
        await sandbox.client(client_secret="mistyped").check()
    sandbox.state.book.faults.server_error = 1
    down = await _error(sandbox.client().get_order("X"))
    assert (type(down), down.status) == (Unavailable, 503)
    await sandbox.client().check()


async def test_without_a_token_even_a_change_is_merely_unavailable(sandbox: Sandbox) -> None:
    sandbox.state.book.faults.server_error = 1
    assert type(await _error(open_order(sandbox.client(), euros(100)))) is Unavailable
    assert sandbox.state.book.orders == {}


async def test_a_revoked_token_is_renewed_once_unseen(sandbox: Sandbox, paypal: PayPal) -> None:
    order = await open_order(paypal, euros(100))
    (first,) = sandbox.state.book.tokens
    await sandbox.control("/tokens/expire")
    assert (await paypal.get_order(order.ref)).ref == order.ref
    await sandbox.control("/tokens/expire")
    assert await paypal.list_webhooks() == ()
    assert first not in sandbox.state.book.tokens


async def test_a_token_is_fetched_once_for_many_who_ask_at_once(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    await asyncio.gather(*(paypal.list_webhooks() for _ in range(8)))
    assert len(sandbox.state.book.tokens) == 1


class Answers:
    """A PayPal that gives tokens and answers everything else alike."""

    def __init__(self, response: Response) -> None:
        self.response = response
        self.tokens = 0
        self.calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/v1/oauth2/token":
            self.tokens += 1
            token = {"access_token": f"T{self.tokens}", "token_type": "Bearer", "expires_in": 900}
            await JSONResponse(token)(scope, receive, send)
            return
        self.calls += 1
        await self.response(scope, receive, send)


async def _against(
    stage: tuple[str, Stage], sandbox: Sandbox, response: Response, ask: Ask
) -> tuple[OutsideError, Answers]:
    app = Answers(response)
    stage[1].app = app
    return await _error(ask(sandbox.client())), app


@pytest.mark.parametrize("ask", [*READS, *CHANGES])
async def test_a_token_that_stays_unwanted_is_tried_twice_and_no_more(
    stage: tuple[str, Stage], sandbox: Sandbox, ask: Ask
) -> None:
    refused = JSONResponse({"error": "invalid_token", "error_description": "revoked"}, 401)
    error, app = await _against(stage, sandbox, refused, ask)
    assert (type(error), error.code, error.status) == (Refused, "invalid_token", 401)
    assert (app.tokens, app.calls) == (2, 2)


@pytest.mark.parametrize(
    "response",
    [HTMLResponse("<html>Akamai</html>", 503), JSONResponse(Problem(500).body(), 500)],
    ids=["html", "json"],
)
async def test_a_server_error_leaves_a_change_unknown_and_a_question_open(
    stage: tuple[str, Stage], sandbox: Sandbox, response: Response
) -> None:
    for ask in READS:
        error, app = await _against(stage, sandbox, response, ask)
        assert (type(error), app.calls) == (Unavailable, 1)
    for ask in CHANGES:
        error, app = await _against(stage, sandbox, response, ask)
        assert (type(error), app.calls) == (Unknown, 1)


@pytest.mark.parametrize(
    "response",
    [
        HTMLResponse("<html>hello</html>"),
        JSONResponse([]),
        JSONResponse(
            {"id": "X"} | {"purchase_units": [{"amount": {"value": 1.5, "currency_code": "EUR"}}]}
        ),
    ],
    ids=["html", "list", "number for an amount"],
)
async def test_an_unreadable_success_is_never_taken_for_one(
    stage: tuple[str, Stage], sandbox: Sandbox, response: Response
) -> None:
    for ask in CHANGES:
        error, _ = await _against(stage, sandbox, response, ask)
        assert type(error) is Unknown
    error, _ = await _against(stage, sandbox, response, READS[0])
    assert type(error) is Unavailable


async def test_too_many_requests_may_be_repeated_later(
    stage: tuple[str, Stage], sandbox: Sandbox
) -> None:
    slow_down = JSONResponse({"name": "RATE_LIMIT_REACHED"}, 429, {"Retry-After": "7"})
    for ask in (READS[0], *CHANGES):
        error, _ = await _against(stage, sandbox, slow_down, ask)
        assert isinstance(error, Unavailable)
        assert error.retry_after_seconds == 7.0


async def test_an_answer_lost_after_the_deed_is_unknown(sandbox: Sandbox, paypal: PayPal) -> None:
    await paypal.check()
    sandbox.state.book.faults.lose_answer = 1
    assert type(await _error(open_order(paypal, euros(100)))) is Unknown
    assert len(sandbox.state.book.orders) == 1
    sandbox.state.book.faults.lose_answer = 1
    assert type(await _error(paypal.create_webhook("https://shop.test/hook"))) is Unknown
    sandbox.state.book.faults.lose_answer = 2
    assert type(await _error(paypal.list_webhooks())) is Unavailable
    assert type(await _error(paypal.get_order("X"))) is Unavailable


async def test_an_answer_that_does_not_come_in_time_is_lost(sandbox: Sandbox) -> None:
    paypal = sandbox.client(timeout_seconds=0.15)
    await paypal.check()
    sandbox.state.book.faults.slow_seconds = 0.5
    sandbox.state.book.faults.slow = 3
    assert type(await _error(open_order(paypal, euros(100)))) is Unknown
    assert type(await _error(paypal.create_webhook("https://shop.test/hook"))) is Unknown
    assert type(await _error(paypal.list_webhooks())) is Unavailable


async def test_where_nobody_listens_nothing_was_done(sandbox: Sandbox) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
    for ask in (*READS, *CHANGES):
        assert type(await _error(ask(sandbox.client(base_url=nowhere)))) is Unavailable

    paypal = sandbox.client()
    await paypal.check()
    paypal._sdk._base_url = nowhere  # the token is there already: now the SDK itself must fail
    for ask in (READS[0], *CHANGES[:3]):
        error = await _error(ask(paypal))
        assert (type(error), error.code) == (Unavailable, "unreachable")


async def test_the_sdk_s_own_errors_are_ours_too() -> None:
    for mutates in (True, False):
        assert type(outcome(AuthValidationException("no token"), mutates=mutates)) is Unavailable
    assert type(outcome(ValueError("odd"), mutates=True)) is Unknown
    assert type(outcome(ValueError("odd"), mutates=False)) is Unavailable


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (422, Problem(422, "INSTRUMENT_DECLINED").body(), Refused, "INSTRUMENT_DECLINED"),
        (403, {"name": "NOT_AUTHORIZED", "message": "no"}, Refused, "NOT_AUTHORIZED"),
        (
            409,
            Problem(422, "PREVIOUS_REQUEST_IN_PROGRESS").body(),
            Unavailable,
            "PREVIOUS_REQUEST_IN_PROGRESS",
        ),
        (403, "<html>Access Denied</html>", Unavailable, ""),
        (408, {"name": "TIMEOUT"}, Unknown, "TIMEOUT"),
        (422, {"name": "X", "details": "odd"}, Refused, "X"),
    ],
)
def test_what_an_error_body_means(
    status: int, body: Any, kind: type[OutsideError], code: str
) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    error = refusal(status, text, {}, mutates=True)
    assert (type(error), error.code, error.status) == (kind, code, status)


async def test_paypal_s_own_negative_testing_is_understood(sandbox: Sandbox) -> None:
    token = await sandbox.client()._tokens.get()
    answer = await sandbox.http.post(
        f"{sandbox.url}/v2/checkout/orders",
        headers={
            "Authorization": f"Bearer {token}",
            "PayPal-Mock-Response": '{"mock_application_codes": "DUPLICATE_INVOICE_ID"}',
        },
        json={},
    )
    assert (answer.status_code, answer.json()["details"][0]["issue"]) == (
        422,
        "DUPLICATE_INVOICE_ID",
    )


async def test_netrc_does_not_replace_our_token(
    sandbox: Sandbox, paypal: PayPal, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert (await open_order(paypal, euros(100))).amount == euros(100)
