"""Subscriptions at PayPal: each sale fills the wallet once, and never pays some other invoice."""

from __future__ import annotations

from typing import Any

import pytest

from skypanel.integrations.paypal.client import PayPal
from skypanel.payments.jobs import follow_due_subscriptions, read_paypal_report, subscriptions
from skypanel.payments.rules import PaymentSettings
from tests.orders.shop import Shop
from tests.payments import test_ipn as ipn
from tests.payments.checkout import Checkout
from tests.payments.test_crashes import dying_once

PRICE = 499


async def switched_on(checkout: Checkout) -> None:
    house = checkout.world.house
    async with house.transaction() as db:
        wanted = await house.settings.get(PaymentSettings)
        await house.settings.put(db, wanted.model_copy(update={"subscriptions": True}))
    house.cache.clear()


async def service(checkout: Checkout) -> str:
    shop = Shop(checkout.world, await checkout.world.staff(), checkout.person)
    await shop.open()
    await shop.order()
    [(service_id,)] = await checkout.world.rows("select id from services")
    return str(service_id)


async def asked(checkout: Checkout) -> dict[str, Any]:
    await switched_on(checkout)
    wish = {"service_id": await service(checkout)}
    answer = await checkout.person.http.post("/api/v1/subscriptions", json=wish)
    assert answer.status_code == 202, answer.text
    await checkout.world.drain()
    return await shown(checkout)


async def shown(checkout: Checkout) -> dict[str, Any]:
    listed = await checkout.person.http.get(
        "/api/v1/subscriptions", params={"account_id": str(checkout.account_id)}
    )
    [found] = listed.json()["items"]
    return dict(found)


async def told(checkout: Checkout, *kinds: str) -> None:
    for delivery in checkout.deliveries():
        if delivery.event_type.startswith(kinds):
            assert (await checkout.deliver(delivery)).status_code == 200
    await checkout.world.drain()


def ref(checkout: Checkout) -> str:
    [made] = checkout.world.paypal.book.subscriptions
    return made


async def active(checkout: Checkout) -> None:
    assert (await asked(checkout))["state"] == "awaiting_approval"
    await checkout.sandbox(f"subscriptions/{ref(checkout)}/approve")
    await told(checkout, "BILLING.SUBSCRIPTION", "PAYMENT.SALE")
    assert (await shown(checkout))["state"] == "active"


async def change(checkout: Checkout, verb: str) -> None:
    found = await shown(checkout)
    url = f"/api/v1/subscriptions/{found['id']}/{verb}"
    answer = await checkout.person.http.post(url)
    assert answer.status_code == 202, answer.text
    await checkout.world.drain()


async def wallet(checkout: Checkout) -> int:
    return (await checkout.balances()).get("wallet", 0)


async def test_they_are_off_until_the_host_insists(checkout: Checkout) -> None:
    wish = {"service_id": await service(checkout)}
    answer = await checkout.person.http.post("/api/v1/subscriptions", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "subscriptions_off")


async def test_each_sale_fills_the_wallet_once_however_it_is_told(checkout: Checkout) -> None:
    await active(checkout)
    assert await wallet(checkout) == PRICE
    await told(checkout, "PAYMENT.SALE")
    assert await wallet(checkout) == PRICE
    for delivery in checkout.deliveries("PAYMENT.SALE.COMPLETED"):
        # The same sale in another event, as PayPal sometimes sends it.
        delivery.body = delivery.body.replace(delivery.event_id, f"{delivery.event_id}X")
    await told(checkout, "PAYMENT.SALE")
    await checkout.world.house.queue.tick(read_paypal_report)
    await checkout.world.drain()
    assert await wallet(checkout) == PRICE
    assert len(await checkout.transfers("paypal:")) == 1
    receipts = await checkout.world.rows("select 1 from invoices where kind = 'receipt'")
    assert len(receipts) == 1
    await checkout.assert_books_agree()


async def test_a_sale_never_pays_an_invoice_by_itself(checkout: Checkout) -> None:
    await active(checkout)
    other = await checkout.invoice(PRICE)
    await checkout.sandbox(f"subscriptions/{ref(checkout)}/bill")
    await told(checkout, "PAYMENT.SALE")
    [(state,)] = await checkout.world.rows("select state from invoices where id = %s", other)
    assert state == "open"
    assert await wallet(checkout) == 2 * PRICE


async def test_paid_by_hand_and_by_subscription_the_second_stays_the_customers(
    checkout: Checkout,
) -> None:
    await active(checkout)
    invoice_id = await checkout.invoice(PRICE)
    await checkout.settled(invoice_id)
    await checkout.sandbox(f"subscriptions/{ref(checkout)}/bill")
    await told(checkout, "PAYMENT.SALE")
    assert await wallet(checkout) == 2 * PRICE
    assert (await checkout.pay(await checkout.invoice(PRICE), "wallet"))["state"] == "settled"


async def test_suspended_activated_and_cancelled_at_paypal_too(checkout: Checkout) -> None:
    await active(checkout)
    made = checkout.world.paypal.book.subscriptions[ref(checkout)]
    for verb, state in (("suspend", "SUSPENDED"), ("activate", "ACTIVE"), ("cancel", "CANCELLED")):
        await change(checkout, verb)
        assert made.status == state
        assert (await shown(checkout))["state"] == {"ACTIVE": "active"}.get(state, state.lower())
    found = await shown(checkout)
    assert (found["wish"], found["can"]) == (None, [])


async def test_a_cancellation_that_paypal_never_told_is_found_by_asking(
    checkout: Checkout,
) -> None:
    await active(checkout)
    checkout.world.paypal.book.subscriptions[ref(checkout)].status = "CANCELLED"
    await change(checkout, "suspend")
    assert (await shown(checkout))["state"] == "cancelled"


async def test_a_cancellation_is_not_forgotten_while_paypal_is_away(checkout: Checkout) -> None:
    await active(checkout)
    checkout.world.paypal.book.faults.server_error = 100
    await change(checkout, "cancel")
    assert (await shown(checkout))["wish"] == "cancel"
    checkout.world.paypal.book.faults.server_error = 0
    await checkout.world.pass_time(minutes=11)
    await checkout.world.house.queue.tick(follow_due_subscriptions)
    await checkout.world.drain(hurry=True)
    assert (await shown(checkout))["state"] == "cancelled"


async def test_approved_after_it_expired_here_it_is_ended_at_paypal(checkout: Checkout) -> None:
    await asked(checkout)
    await checkout.world.pass_time(days=4)
    await checkout.world.house.queue.tick(follow_due_subscriptions)
    await checkout.world.drain()
    await checkout.log_in_again()
    assert (await shown(checkout))["state"] == "expired"
    await checkout.sandbox(f"subscriptions/{ref(checkout)}/approve")
    await told(checkout, "BILLING.SUBSCRIPTION", "PAYMENT.SALE")
    assert checkout.world.paypal.book.subscriptions[ref(checkout)].status == "CANCELLED"
    assert await wallet(checkout) == PRICE


async def test_a_sale_refunded_at_paypal_leaves_the_wallet(checkout: Checkout) -> None:
    await active(checkout)
    [sale] = checkout.world.paypal.book.sales.values()
    book = checkout.world.desk.app.state.courier
    book.tell(
        "PAYMENT.SALE.REFUNDED",
        "refund",
        {
            "id": "REFUNDOFSALE1",
            "state": "completed",
            "sale_id": sale.id,
            "amount": {"total": sale.value, "currency": "EUR"},
        },
        "A sale was refunded",
    )
    await told(checkout, "PAYMENT.SALE.REFUNDED")
    assert await wallet(checkout) == 0
    await checkout.assert_books_agree()


async def test_an_ipn_of_the_same_sale_is_not_dropped_and_not_booked_twice(
    checkout: Checkout,
) -> None:
    await asked(checkout)
    await checkout.sandbox(f"subscriptions/{ref(checkout)}/approve")
    [sale] = checkout.world.paypal.book.sales.values()
    await ipn.switched_on(checkout)
    raw = ipn.body(
        checkout,
        {"capture_ref": sale.id, "id": ""},
        txn_type="recurring_payment",
        recurring_payment_id=ref(checkout),
        mc_gross=sale.value,
    )
    assert (await ipn.tell(checkout, raw)).status_code == 200
    assert await wallet(checkout) == PRICE
    await told(checkout, "PAYMENT.SALE")
    assert await wallet(checkout) == PRICE


async def test_nobody_else_may(checkout: Checkout) -> None:
    await active(checkout)
    found = await shown(checkout)
    eve = await checkout.world.customer("eve@example.com", "Eve")
    url = f"/api/v1/subscriptions/{found['id']}/cancel"
    assert (await eve.http.post(url)).status_code == 404
    wish = {"service_id": found["service_id"]}
    assert (await eve.http.post("/api/v1/subscriptions", json=wish)).status_code == 404
    again = await checkout.person.http.post("/api/v1/subscriptions", json=wish)
    assert again.json()["code"] == "subscription_exists"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("owner", "beat"),
    [
        (PayPal, "create_product"),
        (PayPal, "create_plan"),
        (PayPal, "create_subscription"),
        (subscriptions, "record_plan"),
        (subscriptions, "record_agreed"),
        (subscriptions, "subscription_intent"),
    ],
)
async def test_a_crash_at_any_beat_opens_one_subscription(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, owner: Any, beat: str, after: bool
) -> None:
    once, _ = dying_once(getattr(owner, beat), 1, after=after)
    monkeypatch.setattr(owner, beat, once)
    await asked(checkout)
    await checkout.world.drain(hurry=True)
    book = checkout.world.paypal.book
    assert [len(each) for each in (book.products, book.plans, book.subscriptions)] == [1, 1, 1]
    assert (await shown(checkout))["state"] == "awaiting_approval"
