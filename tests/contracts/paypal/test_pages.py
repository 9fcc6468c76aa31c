"""The payer's page, the merchant's pages, the button's script and what is kept over a restart."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from skypanel.integrations.paypal.client import PayPal
from skypanel.integrations.paypal.simulator import State, create_app
from skypanel.integrations.paypal.types import OrderStatus
from skypanel.platform.clock import FrozenClock
from skypanel.platform.outside import Refused

from .conftest import NOW, Sandbox, euros, open_order

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def _choose(sandbox: Sandbox, ref: str, choice: str, **other: str) -> httpx.Response:
    form = {"token": ref, "choice": choice} | other
    return await sandbox.http.post(f"{sandbox.url}/checkoutnow", data=form)


async def test_a_payer_sees_what_is_asked_agrees_and_comes_back(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    order = await open_order(paypal, euros(1990))
    assert order.approve_url is not None
    page = (await sandbox.http.get(order.approve_url)).text
    for told in ("SkyPANEL sandbox shop", "19.90 EUR", "VPS S, one month, Zürich", "INV-1-1"):
        assert told in page
    back = await _choose(sandbox, order.ref, "approve")
    assert back.status_code == 303
    assert back.headers["location"] == (
        f"https://shop.test/return?pay=1&token={order.ref}&PayerID=QYR5Z8XDVJNXQ"
    )
    assert (await paypal.get_order(order.ref)).status is OrderStatus.APPROVED
    again = await sandbox.http.get(order.approve_url)
    assert again.headers["location"] == back.headers["location"]


async def test_a_payer_who_declines_comes_back_with_nothing_approved(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    order = await open_order(paypal, euros(1990))
    back = await _choose(sandbox, order.ref, "decline")
    assert back.headers["location"] == f"https://shop.test/cancel?token={order.ref}"
    assert (await paypal.get_order(order.ref)).status is OrderStatus.PAYER_ACTION_REQUIRED


async def test_a_payer_who_closes_the_browser_leaves_the_webhook(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    hook = await paypal.create_webhook("http://shop.test/hook")
    order = await open_order(paypal, euros(1990))
    page = await _choose(sandbox, order.ref, "approve_and_close")
    assert (page.status_code, "You can close this window" in page.text) == (200, True)
    await sandbox.drain()
    (got,) = sandbox.shop.got
    event = await sandbox.client(webhook_id=hook.ref).verify_webhook(*got)
    assert (event.event_type, event.order_ref) == ("CHECKOUT.ORDER.APPROVED", order.ref)


async def test_a_declined_payer_is_offered_another_way_to_pay(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    order = await open_order(paypal, euros(1013))
    await _choose(sandbox, order.ref, "approve")
    with pytest.raises(Refused, match="INSTRUMENT_DECLINED"):
        await paypal.capture_order(order.ref, "c1")
    assert order.approve_url is not None
    assert "was declined" in (await sandbox.http.get(order.approve_url)).text
    await _choose(sandbox, order.ref, "approve", instrument="other")
    assert (await paypal.capture_order(order.ref, "c2")).captures


async def test_a_popup_tells_the_shop_that_opened_it_and_no_other(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    order = await open_order(paypal, euros(1990))
    page = (await _choose(sandbox, order.ref, "approve", popup="1")).text
    assert '"outcome": "approved"' in page
    assert '}, "https://shop.test");' in page


async def test_an_unknown_payment_link(sandbox: Sandbox) -> None:
    page = await sandbox.http.get(f"{sandbox.url}/checkoutnow?token=NOSUCH")
    assert (page.status_code, "not valid" in page.text) == (404, True)
    assert (await _choose(sandbox, "NOSUCH", "approve")).status_code == 404


async def test_the_merchant_sees_and_settles_payments(sandbox: Sandbox, paypal: PayPal) -> None:
    await paypal.create_webhook("http://shop.test/hook")
    order = await open_order(paypal, euros(1014))
    await _choose(sandbox, order.ref, "approve")
    (capture,) = (await paypal.capture_order(order.ref, "c1")).captures
    listed = (await sandbox.http.get(sandbox.url)).text
    assert order.ref in listed
    assert f"/_sandbox/captures/{capture.ref}/complete" in listed
    url = f"{sandbox.url}/_sandbox/captures/{capture.ref}"
    done = await sandbox.http.post(f"{url}/complete", headers=FORM)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    refund = await sandbox.http.post(f"{url}/refund", headers=FORM, content="value=0.14")
    assert refund.status_code == 303
    assert "0.14 refunded" in (await sandbox.http.get(sandbox.url)).text
    await sandbox.drain()
    log = (await sandbox.http.get(f"{sandbox.url}/deliveries")).text
    assert log.count("Send forged") == 4
    assert "PAYMENT.CAPTURE.REFUNDED" in log
    assert "Amount ends in" in (await sandbox.http.get(f"{sandbox.url}/faults")).text
    twice = await sandbox.http.post(f"{url}/deny")
    assert (twice.status_code, twice.json()["details"][0]["issue"]) == (422, "CAPTURE_NOT_PENDING")


async def test_a_control_refuses_nonsense(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/_sandbox/faults"
    assert (await sandbox.http.post(url, json={"slow": "much"})).status_code == 400
    assert (await sandbox.http.post(url, content="{")).status_code == 400
    assert sandbox.state.book.faults.slow == 0


async def test_the_button_s_script_stands_in_for_the_sdk(sandbox: Sandbox) -> None:
    script = await sandbox.http.get(f"{sandbox.url}/web-sdk/v6/core")
    assert script.headers["content-type"].startswith("text/javascript")
    for name in ("createInstance", "findEligibleMethods", "createPayPalOneTimePaymentSession"):
        assert name in script.text


async def test_what_is_on_file_survives_and_what_was_not_delivered_is(tmp_path: Path) -> None:
    got: list[bytes] = []
    open_for_business = False

    def shop(request: httpx.Request) -> httpx.Response:
        got.append(request.content)
        return httpx.Response(200 if open_for_business else 503)

    def simulator() -> tuple[State, httpx.AsyncClient, httpx.AsyncClient, object]:
        state = State(tmp_path / "paypal.json")
        http = httpx.AsyncClient(transport=httpx.MockTransport(shop))
        clock = FrozenClock(NOW)
        app = create_app(state, clock=clock, http=http, retry_after_seconds=(60.0,))
        transport = httpx.ASGITransport(app)
        return state, httpx.AsyncClient(transport=transport, base_url="http://pp.test"), http, app

    state, api, _, app = simulator()
    token = await api.post(
        "/v1/oauth2/token",
        auth=(state.client_id, state.client_secret),
        data={"grant_type": "client_credentials"},
    )
    bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
    hook = {"url": "http://shop.test/hook", "event_types": [{"name": "*"}]}
    await api.post("/v1/notifications/webhooks", headers=bearer, json=hook)
    unit = {"amount": {"currency_code": "EUR", "value": "5.00"}}
    asked = {"intent": "CAPTURE", "purchase_units": [unit]}
    order = (await api.post("/v2/checkout/orders", headers=bearer, json=asked)).json()
    await api.post(f"/_sandbox/orders/{order['id']}/approve", json={})
    await app.state.courier.stop()  # type: ignore[attr-defined]

    open_for_business = True
    again, api, _, app = simulator()
    assert again.ca_pem == state.ca_pem
    assert again.book.orders[order["id"]].status == "APPROVED"
    got.clear()
    async with app.router.lifespan_context(app):  # type: ignore[attr-defined]
        await app.state.courier.drain()  # type: ignore[attr-defined]
    assert len(got) == 1
    assert [each.state for each in again.book.deliveries.values()] == ["delivered"]
    shown = (await api.get(f"/v2/checkout/orders/{order['id']}", headers=bearer)).json()
    assert shown["status"] == "APPROVED"
