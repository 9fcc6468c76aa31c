"""Saved methods: kept with consent, charged while the payer is away, lost when PayPal says so."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from skypanel.integrations.paypal.client import PayPal
from skypanel.payments.actions import Collected, charge_saved_method, collect
from skypanel.payments.errors import PaymentInProgress
from skypanel.payments.jobs import charges, read_paypal_report, top_up_wallets
from skypanel.platform.outside import Unknown
from tests.payments.checkout import Checkout
from tests.payments.test_crashes import dying_once


async def methods(checkout: Checkout) -> list[dict[str, Any]]:
    answer = await checkout.person.http.get(
        "/api/v1/saved-methods", params={"account_id": str(checkout.account_id)}
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def collected(checkout: Checkout, invoice_id: UUID) -> Collected:
    async with checkout.world.house.transaction() as db:
        return await collect(db, invoice_id)


async def last_payment(checkout: Checkout, invoice_id: UUID) -> dict[str, Any]:
    [(payment_id,)] = await checkout.world.rows(
        "select id from payments where invoice_id = %s order by id desc limit 1", invoice_id
    )
    return await checkout.payment(str(payment_id))


async def state_of(checkout: Checkout, invoice_id: UUID) -> str:
    [(state,)] = await checkout.world.rows("select state from invoices where id = %s", invoice_id)
    return str(state)


async def wait_out(checkout: Checkout) -> None:
    await checkout.world.drain()
    await checkout.world.drain(hurry=True)
    await checkout.poll()
    await checkout.world.drain(hurry=True)


async def test_without_the_consent_nothing_is_kept(checkout: Checkout) -> None:
    await checkout.settled(await checkout.invoice())
    assert await methods(checkout) == []
    assert checkout.world.paypal.book.payment_tokens == {}


async def test_the_first_payment_saves_the_method_with_the_consent(checkout: Checkout) -> None:
    ref = await checkout.saved()
    [method] = await methods(checkout)
    assert method["preferred"] is True
    assert method["label"] == "alex.payer@example.com"
    assert "without asking again" in method["consent"]
    assert "method_ref" not in method
    assert list(checkout.world.paypal.book.payment_tokens) == [ref]
    [created] = checkout.deliveries("VAULT.PAYMENT-TOKEN.CREATED")
    await checkout.deliver(created)
    await checkout.world.drain()
    assert len(await methods(checkout)) == 1


async def test_a_charge_of_an_absent_payer_settles_the_invoice(checkout: Checkout) -> None:
    await checkout.saved()
    invoice_id = await checkout.invoice(1190)
    assert await collected(checkout, invoice_id) == Collected.CHARGING
    await checkout.world.drain()
    payment = await last_payment(checkout, invoice_id)
    assert (payment["state"], payment["automatic"]) == ("settled", True)
    assert await state_of(checkout, invoice_id) == "paid"
    assert len(checkout.world.paypal.book.captures) == 2
    await checkout.assert_books_agree()


@pytest.mark.parametrize(
    ("credit", "wallet", "charged"),
    [(1190, 0, None), (400, 790, None), (100, 200, 890), (0, 0, 1190)],
)
async def test_credit_then_wallet_then_the_saved_method(
    checkout: Checkout, credit: int, wallet: int, charged: int | None
) -> None:
    await checkout.saved()
    if credit:
        await checkout.grant(credit)
    if wallet:
        await checkout.deposit(wallet)
    invoice_id = await checkout.invoice(1190)
    got = await collected(checkout, invoice_id)
    assert got == (Collected.PAID if charged is None else Collected.CHARGING)
    await checkout.world.drain()
    assert await state_of(checkout, invoice_id) == "paid"
    payment = await last_payment(checkout, invoice_id)
    if charged is not None:
        assert payment["amount"]["minor"] == charged
    assert payment["from_credit"]["minor"] == credit
    balances = await checkout.balances()
    assert "wallet" not in balances
    assert "promotional" not in balances
    assert await collected(checkout, invoice_id) == Collected.PAID


async def test_nothing_is_taken_when_the_whole_can_not_be(checkout: Checkout) -> None:
    await checkout.deposit(1000)
    invoice_id = await checkout.invoice(1190)
    assert await collected(checkout, invoice_id) == Collected.SHORT
    assert (await checkout.balances())["wallet"] == 1000


async def test_a_decline_takes_neither_wallet_nor_method(checkout: Checkout) -> None:
    await checkout.saved()
    await checkout.deposit(100)
    invoice_id = await checkout.invoice(1213)
    await collected(checkout, invoice_id)
    await wait_out(checkout)
    payment = await last_payment(checkout, invoice_id)
    assert (payment["state"], payment["can"]) == ("declined", ["cancel"])
    assert (await checkout.balances())["wallet"] == 100
    assert len(await methods(checkout)) == 1
    assert await collected(checkout, invoice_id) == Collected.CHARGING


@pytest.mark.parametrize("issue", ["PAYER_ACCOUNT_LOCKED_OR_CLOSED", "TOKEN_ID_NOT_FOUND"])
async def test_a_hard_decline_loses_the_method(checkout: Checkout, issue: str) -> None:
    ref = await checkout.saved()
    await checkout.sandbox(f"payment-tokens/{ref}/decline", issue=issue)
    invoice_id = await checkout.invoice()
    await collected(checkout, invoice_id)
    await wait_out(checkout)
    assert (await last_payment(checkout, invoice_id))["state"] == "declined"
    assert await methods(checkout) == []
    assert await collected(checkout, invoice_id) == Collected.SHORT


async def test_a_lost_answer_is_asked_again_and_charged_once(checkout: Checkout) -> None:
    await checkout.saved()
    invoice_id = await checkout.invoice(1115)
    await collected(checkout, invoice_id)
    await wait_out(checkout)
    assert await state_of(checkout, invoice_id) == "paid"
    assert len(checkout.world.paypal.book.captures) == 2


async def test_nobody_repeats_a_charge_that_paypal_may_have_forgotten(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    await checkout.saved()
    invoice_id = await checkout.invoice(1190)

    async def dead(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the worker is gone")

    monkeypatch.setattr(charges, "_record_charge", dead)
    await collected(checkout, invoice_id)
    await checkout.world.drain()
    monkeypatch.undo()
    await checkout.poll(hours=6)
    await checkout.world.drain(hurry=True)
    await checkout.log_in_again()
    assert (await last_payment(checkout, invoice_id))["state"] == "failed"
    assert len(checkout.world.paypal.book.captures) == 2
    staff = await checkout.world.staff()
    listed = (await staff.http.get("/api/v1/admin/payments", params={"state": "failed"})).json()
    assert "Nobody knows" in listed["items"][0]["attention"]
    assert await collected(checkout, invoice_id) == Collected.UNDER_WAY
    await checkout.world.house.queue.tick(read_paypal_report)
    await checkout.world.drain()
    assert await state_of(checkout, invoice_id) == "paid"
    assert len(checkout.world.paypal.book.captures) == 2


async def test_what_even_paypals_report_does_not_know_was_not_taken(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    await checkout.saved()
    invoice_id = await checkout.invoice(1190)

    async def lost(*_: Any, **__: Any) -> Any:
        raise Unknown("paypal", "no answer")

    monkeypatch.setattr(PayPal, "charge_saved", lost)
    await collected(checkout, invoice_id)
    await checkout.world.drain()
    await checkout.poll(hours=6)
    monkeypatch.undo()
    await checkout.world.pass_time(days=1)
    await checkout.world.house.queue.tick(read_paypal_report)
    await checkout.world.drain()
    assert await collected(checkout, invoice_id) == Collected.CHARGING
    await checkout.world.drain()
    assert await state_of(checkout, invoice_id) == "paid"
    assert len(checkout.world.paypal.book.captures) == 2


async def test_twenty_at_once_charge_once(checkout: Checkout) -> None:
    await checkout.saved()
    invoice_id = await checkout.invoice(1190)
    await asyncio.gather(*(collected(checkout, invoice_id) for _ in range(20)))
    await checkout.world.drain()
    assert len(checkout.world.paypal.book.captures) == 2
    assert await state_of(checkout, invoice_id) == "paid"


async def test_while_it_is_charged_the_customer_pays_nothing_else(checkout: Checkout) -> None:
    await checkout.saved()
    await checkout.deposit(5000)
    invoice_id = await checkout.invoice(9000)
    async with checkout.world.house.transaction() as db:
        await charge_saved_method(db, invoice_id)
    answer = await checkout.ask_to_pay(invoice_id, "paypal")
    assert answer.json()["code"] == "payment_in_progress"
    with pytest.raises(PaymentInProgress):
        async with checkout.world.house.transaction() as db:
            await charge_saved_method(db, invoice_id)


async def test_a_removed_method_is_never_charged_and_forgotten_at_paypal(
    checkout: Checkout,
) -> None:
    await checkout.saved()
    invoice_id = await checkout.invoice()
    async with checkout.world.house.transaction() as db:
        await charge_saved_method(db, invoice_id)
    [method] = await methods(checkout)
    gone = await checkout.person.http.delete(f"/api/v1/saved-methods/{method['id']}")
    assert gone.json()["items"] == []
    await checkout.world.drain()
    assert (await last_payment(checkout, invoice_id))["state"] == "cancelled"
    assert checkout.world.paypal.book.payment_tokens == {}
    assert len(checkout.world.paypal.book.captures) == 1


async def test_ended_at_paypal_it_is_lost_here(checkout: Checkout) -> None:
    ref = await checkout.saved()
    await checkout.sandbox(f"payment-tokens/{ref}/delete")
    [deleted] = checkout.deliveries("VAULT.PAYMENT-TOKEN.DELETED")
    assert (await checkout.deliver(deleted)).status_code == 200
    await checkout.world.drain()
    assert await methods(checkout) == []


async def test_other_accounts_see_and_touch_nothing(checkout: Checkout) -> None:
    await checkout.saved()
    [method] = await methods(checkout)
    other = await checkout.world.customer("eve@example.com", "Eve")
    url = f"/api/v1/saved-methods/{method['id']}"
    assert (await other.http.delete(url)).status_code == 404
    assert (await other.http.post(f"{url}/prefer")).status_code == 404
    seen = await other.http.get(
        "/api/v1/saved-methods", params={"account_id": str(checkout.account_id)}
    )
    assert seen.status_code == 404


async def set_top_up(checkout: Checkout, **wish: Any) -> Any:
    asked = {
        "account_id": str(checkout.account_id),
        "enabled": True,
        "threshold_minor": 500,
        "amount_minor": 2000,
        "month_max_minor": 4000,
    }
    return await checkout.person.http.put("/api/v1/auto-top-up", json=asked | wish)


async def tick(checkout: Checkout, **span: float) -> None:
    await checkout.world.pass_time(**(span or {"minutes": 11}))
    await checkout.world.house.queue.tick(top_up_wallets)
    await checkout.world.drain()


async def wallet(checkout: Checkout) -> int:
    return (await checkout.balances()).get("wallet", 0)


async def test_a_low_wallet_fills_itself_within_the_months_bound(checkout: Checkout) -> None:
    assert (await set_top_up(checkout)).json()["code"] == "no_saved_method"
    await checkout.saved()
    assert (await set_top_up(checkout)).status_code == 200
    await tick(checkout)
    await tick(checkout)
    assert await wallet(checkout) == 2000
    await checkout.pay(await checkout.invoice(1990), "wallet")
    await tick(checkout)
    assert await wallet(checkout) == 2010
    await checkout.pay(await checkout.invoice(1990), "wallet")
    await tick(checkout)
    assert await wallet(checkout) == 20
    await tick(checkout, days=31)
    await tick(checkout)
    assert await wallet(checkout) == 2020
    await checkout.assert_books_agree()


async def test_declined_top_ups_stop_after_three_and_leave_no_open_invoice(
    checkout: Checkout,
) -> None:
    await checkout.saved()
    assert (await set_top_up(checkout, amount_minor=2013)).status_code == 200
    for _ in range(5):
        await tick(checkout, hours=25)
    rows = await checkout.world.rows("select enabled, failures from auto_top_ups")
    assert rows == [(False, 3)]
    states = await checkout.world.rows(
        "select state, count(*)::int from invoices where becomes = 'receipt' group by state"
    )
    assert states == [("void", 3)]
    assert await wallet(checkout) == 0


BEATS = [
    (charges, "_charge_intent"),
    (charges, "charge_intent"),
    (PayPal, "charge_saved"),
    (charges, "_record_charge"),
    (charges, "record_charge"),
    (charges, "record_reading"),
]


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "beat"), BEATS, ids=[name for _, name in BEATS])
async def test_a_crash_at_any_beat_charges_once(
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    beat: str,
    after: bool,
    nth: int,
) -> None:
    await checkout.saved()
    once, _ = dying_once(getattr(owner, beat), nth, after=after)
    monkeypatch.setattr(owner, beat, once)
    await checkout.deposit(100)
    invoice_id = await checkout.invoice(1215)
    assert await collected(checkout, invoice_id) == Collected.CHARGING
    await wait_out(checkout)
    await wait_out(checkout)
    assert await state_of(checkout, invoice_id) == "paid"
    assert [each.value for each in checkout.world.paypal.book.captures.values()] == [
        "7.00",
        "11.15",
    ]
    assert await wallet(checkout) == 0
    await checkout.assert_books_agree()
