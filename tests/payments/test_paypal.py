"""Paying by PayPal: the ordinary way, and everything that goes otherwise."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from skypanel.integrations.settings import PayPalSettings
from skypanel.payments.api import payments as api
from tests.payments.checkout import Checkout


async def test_approved_payment_settles_and_numbers_the_invoice(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.started(invoice_id)
    assert payment["approve_url"].startswith(checkout.world.desk.url)
    assert payment["can"] == ["cancel"]
    await checkout.approve(payment)
    await checkout.poll()
    await checkout.assert_settled_once(payment["id"], invoice_id)
    invoice = (await checkout.person.http.get(f"/api/v1/invoices/{invoice_id}")).json()
    assert invoice["number"] == "INV-2026-000001"
    assert invoice["open"] == {"minor": 0, "currency": "EUR"}
    assert [each["id"] for each in invoice["payments"]] == [payment["id"]]
    assert invoice["payments"][0]["approve_url"] is None
    balances = await checkout.balances()
    fee = -balances["paypal_fees"]
    assert fee > 0
    assert balances == {
        "paypal_clearing": -1190 + fee,
        "paypal_fees": -fee,
        "revenue": 1190,
    }


async def test_verify_asks_paypal_and_answers_what_became_of_it(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice()
    payment = await checkout.approved(invoice_id)

    async def work() -> None:
        while not await checkout.world.rows(
            "select 1 from procrastinate_jobs where task_name = 'payments.verify_payment'"
        ):
            await asyncio.sleep(0.02)
        await checkout.world.drain()

    answer, _ = await asyncio.gather(
        checkout.person.http.post(f"/api/v1/payments/{payment['id']}/verify"), work()
    )
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["payment"]["state"] == "settled"
    assert body["invoice"] == {
        "id": str(invoice_id),
        "state": "paid",
        "number": "INV-2026-000001",
    }


async def test_verify_gives_up_waiting_in_bounded_time(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "VERIFY_SECONDS", 0.3)
    payment = await checkout.approved(await checkout.invoice())
    answer = await checkout.person.http.post(f"/api/v1/payments/{payment['id']}/verify")
    assert answer.status_code == 202
    assert answer.json()["payment"]["state"] == "awaiting_approval"


async def test_paying_twice_goes_on_with_the_same_payment(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice()
    first = await checkout.pay(invoice_id)
    second = await checkout.pay(invoice_id)
    assert first["id"] == second["id"]
    await checkout.world.drain()
    assert len(checkout.world.paypal.book.orders) == 1


async def test_declined_then_another_instrument(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice(1013)
    payment = await checkout.approved(invoice_id)
    await checkout.poll()
    declined = await checkout.payment(payment["id"])
    assert declined["state"] == "declined"
    assert "declined" in declined["message"]
    assert declined["approve_url"]
    assert await checkout.transfers("paypal:") == []
    await checkout.approve(payment, "second")
    await checkout.poll()
    await checkout.assert_settled_once(payment["id"], invoice_id)


async def test_pending_then_completed(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice(1014)
    payment = await checkout.approved(invoice_id)
    await checkout.poll()
    pending = await checkout.payment(payment["id"])
    assert pending["state"] == "pending"
    assert pending["can"] == []
    assert await checkout.transfers("") == []
    refused = await checkout.ask_to_pay(invoice_id, "paypal")
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_in_progress")
    await checkout.sandbox(f"captures/{pending['capture_ref']}/complete")
    await checkout.poll(minutes=11)
    await checkout.assert_settled_once(payment["id"], invoice_id)


async def test_pending_then_denied_may_be_paid_anew(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice(1014)
    payment = await checkout.approved(invoice_id)
    await checkout.poll()
    pending = await checkout.payment(payment["id"])
    await checkout.sandbox(f"captures/{pending['capture_ref']}/deny")
    await checkout.poll(minutes=11)
    denied = await checkout.payment(payment["id"])
    assert (denied["state"], denied["approve_url"]) == ("declined", None)
    again = await checkout.pay(invoice_id)
    assert again["id"] != payment["id"]


@pytest.mark.parametrize("minor", [1015, 1016], ids=["lost answer", "broken once"])
async def test_an_unknown_capture_is_looked_up_before_it_is_repeated(
    checkout: Checkout, minor: int
) -> None:
    invoice_id = await checkout.invoice(minor)
    payment = await checkout.approved(invoice_id)
    await checkout.poll()
    await checkout.world.drain(hurry=True)
    await checkout.assert_settled_once(payment["id"], invoice_id)


async def test_a_lost_answer_to_opening_makes_one_order(checkout: Checkout) -> None:
    payment = await checkout.pay(await checkout.invoice())
    await checkout.sandbox("faults", lose_answer=1)
    await checkout.world.drain()
    await checkout.world.drain(hurry=True)
    assert (await checkout.payment(payment["id"]))["state"] == "awaiting_approval"
    assert len(checkout.world.paypal.book.orders) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("value", "11.89"), ("value", "1190.00"), ("currency", "USD")]
)
async def test_a_wrong_amount_never_settles(checkout: Checkout, field: str, value: str) -> None:
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.approved(invoice_id)
    setattr(checkout.world.paypal.book.orders[payment["gateway_ref"]], field, value)
    await checkout.poll()
    await checkout.poll(minutes=30)
    [(state, attention)] = await checkout.world.rows(
        "select state, attention from payments where id = %s", payment["id"]
    )
    assert state == "failed"
    assert "instead of" in attention
    assert await checkout.transfers("") == []
    audited = await checkout.world.rows("select 1 from audit_entries where verb = 'payment.park'")
    assert len(audited) == 1
    [(open_state,)] = await checkout.world.rows(
        "select state from invoices where id = %s", invoice_id
    )
    assert open_state == "open"


async def test_money_for_an_invoice_paid_meanwhile_goes_to_the_wallet(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice(1014)
    payment = await checkout.approved(invoice_id)
    await checkout.poll()
    pending = await checkout.payment(payment["id"])
    await _pay_by_staff(checkout, invoice_id, 1014)
    await checkout.sandbox(f"captures/{pending['capture_ref']}/complete")
    await checkout.poll(minutes=11)
    settled = await checkout.payment(payment["id"])
    assert settled["state"] == "settled"
    assert "wallet" in settled["message"]
    wallet = await checkout.person.http.get(
        "/api/v1/wallet", params={"account_id": str(checkout.account_id)}
    )
    assert wallet.json() == {"balance": {"minor": 1014, "currency": "EUR"}}
    await checkout.assert_books_agree()


async def test_nothing_is_taken_for_an_invoice_that_was_voided(checkout: Checkout) -> None:
    from skypanel.invoices.actions import void_invoice

    invoice_id = await checkout.invoice()
    payment = await checkout.approved(invoice_id)
    async with checkout.world.house.transaction() as db:
        await void_invoice(db, invoice_id, "The order expired.")
    await checkout.poll()
    assert (await checkout.payment(payment["id"]))["state"] == "cancelled"
    assert checkout.world.paypal.book.captures == {}


async def test_unapproved_payment_expires(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice()
    payment = await checkout.started(invoice_id)
    await checkout.poll(hours=3, minutes=1)
    expired = await checkout.payment(payment["id"])
    assert (expired["state"], expired["can"]) == ("expired", [])
    again = await checkout.pay(invoice_id)
    assert again["id"] != payment["id"]


async def test_cancelled_payment_is_not_captured(checkout: Checkout) -> None:
    payment = await checkout.approved(await checkout.invoice())
    answer = await checkout.person.http.post(f"/api/v1/payments/{payment['id']}/cancel")
    assert answer.json()["state"] == "cancelled"
    await checkout.poll()
    [approved] = checkout.deliveries("CHECKOUT.ORDER.APPROVED")
    assert (await checkout.deliver(approved)).status_code == 200
    await checkout.world.drain()
    assert checkout.world.paypal.book.captures == {}
    assert (await checkout.payment(payment["id"]))["state"] == "cancelled"


async def test_foreign_payments_are_not_found(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice()
    payment = await checkout.started(invoice_id)
    stranger = await checkout.world.customer("eve@example.com", "Eve")

    async def status(method: str, path: str, body: Any = None) -> int:
        answer = await stranger.http.request(method, f"/api/v1{path}", json=body)
        return answer.status_code

    assert await status("GET", f"/payments/{payment['id']}") == 404
    assert await status("POST", f"/payments/{payment['id']}/verify") == 404
    assert await status("POST", f"/payments/{payment['id']}/cancel") == 404
    assert await status("GET", f"/invoices/{invoice_id}") == 404
    assert await status("GET", f"/invoices/{invoice_id}/pdf") == 404
    wish = {"invoice_id": str(invoice_id), "gateway": "paypal"}
    assert await status("POST", "/payments", wish) == 404
    assert await status("GET", f"/wallet?account_id={checkout.account_id}") == 404
    assert await status("GET", f"/transactions?account_id={checkout.account_id}") == 404


async def test_everybody_asking_at_once_captures_once(checkout: Checkout) -> None:
    from skypanel.payments.jobs import follow_payment

    invoice_id = await checkout.invoice()
    payment = await checkout.approved(invoice_id)
    house = checkout.world.house
    async with house.transaction() as db:
        for _ in range(8):
            house.queue.enqueue(db, follow_payment, payment_id=payment["id"])
    await checkout.world.drain()
    await checkout.world.drain(hurry=True)
    await checkout.assert_settled_once(payment["id"], invoice_id)


async def test_starting_twice_at_once_starts_one(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice()
    started = await asyncio.gather(*(checkout.pay(invoice_id) for _ in range(6)))
    assert len({each["id"] for each in started}) == 1


async def test_without_settings_paypal_is_not_offered(checkout: Checkout) -> None:
    house = checkout.world.house
    async with house.transaction() as db:
        await house.settings.put(db, PayPalSettings())
    house.cache.clear()
    answer = await checkout.ask_to_pay(await checkout.invoice(), "paypal")
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway_not_set_up")


async def test_wrong_credentials_wait_for_staff_and_fail_nobody(checkout: Checkout) -> None:
    payment = await checkout.pay(await checkout.invoice())
    checkout.world.paypal.client_secret = "rotated"
    await checkout.world.drain()
    assert (await checkout.payment(payment["id"]))["state"] == "creating"
    checkout.world.paypal.client_secret = "secret"
    await checkout.world.drain(hurry=True)
    assert (await checkout.payment(payment["id"]))["state"] == "awaiting_approval"


async def test_staff_see_every_payment(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice()
    payment = await checkout.approved(invoice_id)
    await checkout.poll()
    staff = await checkout.world.staff()
    [row] = (await staff.http.get("/api/v1/admin/payments?state=settled")).json()["items"]
    assert (row["id"], row["invoice_number"]) == (payment["id"], "INV-2026-000001")
    assert row["fee"]["minor"] > 0
    assert (await staff.http.get(f"/api/v1/admin/payments/{payment['id']}")).json() == row
    whole = (await staff.http.get(f"/api/v1/admin/invoices/{invoice_id}")).json()
    assert [each["id"] for each in whole["payments"]] == [payment["id"]]
    hidden = await checkout.person.http.get("/api/v1/admin/payments")
    assert hidden.status_code == 404


async def _pay_by_staff(checkout: Checkout, invoice_id: Any, minor: int) -> None:
    """The invoice is paid some other way while PayPal still thinks."""
    from skypanel.invoices.actions import apply_payment
    from skypanel.ledger.actions import book, post
    from skypanel.platform.ids import new_id
    from skypanel.platform.money import Money

    async with checkout.world.house.transaction() as db:
        owed = await book(db, "receivable", "EUR", checkout.account_id)
        clearing = await book(db, "paypal_clearing", "EUR")
        money = Money(minor, "EUR")
        await post(
            db, key="test:bank", reason="Bank", entries=[(owed.id, money), (clearing.id, -money)]
        )
        await apply_payment(db, invoice_id, money, payment_id=new_id())
