"""IPN and the postback check: believed only when PayPal owns up, one ledger key with the webhook."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from skypanel.integrations.paypal.ipn import read_notice
from skypanel.integrations.settings import PayPalSettings
from tests.payments.checkout import Checkout

RECEIVER = "shop@example.com"


async def settings(checkout: Checkout, **change: Any) -> None:
    house = checkout.world.house
    async with house.transaction() as db:
        wanted = await house.settings.get(PayPalSettings)
        await house.settings.put(db, wanted.model_copy(update=change))
    house.cache.clear()


async def switched_on(checkout: Checkout) -> None:
    url = f"{checkout.world.desk.url}/cgi-bin/webscr"
    await settings(checkout, ipn=True, ipn_receiver=RECEIVER, ipn_url=url)


def body(checkout: Checkout, payment: dict[str, Any], **change: str) -> bytes:
    """In windows-1252, as PayPal often writes; the umlaut must survive the way there and back."""
    fields = {
        "txn_type": "web_accept",
        "txn_id": payment["capture_ref"] or "0AB",
        "payment_status": "Completed",
        "mc_gross": "11.90",
        "mc_currency": "EUR",
        "receiver_email": RECEIVER,
        "custom": payment["id"],
        "first_name": "Jürgen",
        "charset": "windows-1252",
        "test_ipn": "1",
        "item_name": "",
    } | change
    return urlencode(fields, encoding="windows-1252").encode()


async def tell(checkout: Checkout, raw: bytes, *, genuine: bool = True) -> httpx.Response:
    if genuine:
        await checkout.sandbox("notices", raw=raw.decode("latin-1"))
    transport = httpx.ASGITransport(checkout.world.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        answer = await http.post("/api/v1/webhooks/paypal/ipn", content=raw)
    await checkout.world.drain()
    return answer


async def kept(checkout: Checkout) -> list[str]:
    return [ref for (ref,) in await checkout.world.rows("select event_ref from webhooks")]


async def test_ipn_and_webhook_and_poll_book_one_capture_once(checkout: Checkout) -> None:
    await switched_on(checkout)
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.approved(invoice_id)
    answer = await tell(checkout, body(checkout, payment))
    assert (answer.status_code, answer.content) == (200, b"")
    await checkout.assert_settled_once(payment["id"], invoice_id)
    payment = await checkout.payment(payment["id"])
    for _ in range(2):
        await tell(checkout, body(checkout, payment))
    for delivery in checkout.deliveries("PAYMENT.CAPTURE.COMPLETED"):
        await checkout.deliver(delivery)
    await checkout.world.drain()
    await checkout.poll()
    await checkout.assert_settled_once(payment["id"], invoice_id)


async def test_pending_then_completed_are_two_notices_of_one_transaction(
    checkout: Checkout,
) -> None:
    await switched_on(checkout)
    payment = await checkout.settled(await checkout.invoice(1190))
    for status in ("Pending", "Completed", "Completed"):
        raw = body(checkout, payment, payment_status=status)
        assert (await tell(checkout, raw)).status_code == 200
    ref = payment["capture_ref"]
    assert await kept(checkout) == [f"{ref}:Pending", f"{ref}:Completed"]


async def test_what_paypal_did_not_send_leaves_nothing(checkout: Checkout) -> None:
    await switched_on(checkout)
    payment = await checkout.approved(await checkout.invoice(1190))
    assert (await tell(checkout, body(checkout, payment), genuine=False)).status_code == 400
    assert await kept(checkout) == []
    assert (await checkout.payment(payment["id"]))["state"] == "awaiting_approval"


@pytest.mark.parametrize(
    "change", [{"receiver_email": "thief@example.com"}, {"test_ipn": "0"}], ids=["other", "world"]
)
async def test_money_of_another_receiver_or_world_is_not_ours(
    checkout: Checkout, change: dict[str, str]
) -> None:
    await switched_on(checkout)
    payment = await checkout.approved(await checkout.invoice(1190))
    assert (await tell(checkout, body(checkout, payment, **change))).status_code == 400
    assert await kept(checkout) == []


async def test_it_is_off_until_it_is_wanted_and_waits_when_paypal_is_away(
    checkout: Checkout,
) -> None:
    payment = await checkout.approved(await checkout.invoice(1190))
    assert (await tell(checkout, body(checkout, payment))).status_code == 404
    await settings(checkout, ipn=True, ipn_receiver=RECEIVER, ipn_url="http://127.0.0.1:9/x")
    assert (await tell(checkout, body(checkout, payment))).status_code == 503
    assert await kept(checkout) == []


async def test_a_reversal_by_ipn_and_by_webhook_is_one_loss(checkout: Checkout) -> None:
    await switched_on(checkout)
    payment = await checkout.settled(await checkout.invoice(1190))
    made = await checkout.sandbox(f"captures/{payment['capture_ref']}/reverse")
    raw = body(
        checkout,
        payment,
        txn_id=made["id"],
        parent_txn_id=payment["capture_ref"],
        payment_status="Reversed",
        mc_gross="-11.90",
    )
    assert (await tell(checkout, raw)).status_code == 200
    [reversed_] = checkout.deliveries("PAYMENT.CAPTURE.REVERSED")
    await checkout.deliver(reversed_)
    await checkout.world.drain()
    assert (await checkout.balances())["chargebacks"] == -1190
    await checkout.assert_books_agree()


def test_the_charset_it_names_is_the_charset_it_is_read_in() -> None:
    raw = urlencode({"txn_id": "1", "first_name": "Zoë", "charset": "windows-1252"},
                    encoding="windows-1252").encode()  # fmt: skip
    notice = read_notice(raw)
    assert notice is not None
    assert notice.payer_name == "Zoë"
    odd = read_notice(b"txn_id=1&first_name=A&charset=klingon")
    assert odd is not None
    assert odd.payer_name == "A"
    assert read_notice(b"payer_email=a%40b.c") is None


async def test_webhooks_can_be_checked_by_asking_paypal(checkout: Checkout) -> None:
    await settings(checkout, webhook_check="postback", webhook_id="WH-TEST")
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.approved(invoice_id)
    [approved] = checkout.deliveries()
    assert (await checkout.deliver(approved, forged=True)).status_code == 400
    assert (await checkout.deliver(approved)).status_code == 200
    await checkout.world.drain()
    await checkout.assert_settled_once(payment["id"], invoice_id)
