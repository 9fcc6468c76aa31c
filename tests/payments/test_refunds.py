"""Money back: never more than was taken, one ledger effect, whoever tells of it first."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from skypanel.integrations.paypal.client import PayPal
from skypanel.payments.jobs import follow_due_refunds, refunds
from tests.payments.checkout import Checkout
from tests.payments.test_crashes import dying_once
from tests.world import Person


async def ask(
    staff: Person, payment_id: str, minor: int, destination: str = "payment"
) -> httpx.Response:
    return await staff.http.post(
        f"/api/v1/admin/payments/{payment_id}/refunds",
        json={"amount_minor": minor, "destination": destination, "reason": "Did not work"},
    )


async def shown(staff: Person, payment_id: str) -> list[dict[str, Any]]:
    answer = await staff.http.get(f"/api/v1/admin/payments/{payment_id}/refunds")
    return list(answer.json()["items"])


async def tell(checkout: Checkout, event_type: str) -> None:
    for delivery in checkout.deliveries(event_type):
        assert (await checkout.deliver(delivery)).status_code == 200
    await checkout.world.drain()


def given_back(checkout: Checkout) -> list[str]:
    return [
        each.value
        for taken in checkout.world.paypal.book.captures.values()
        for each in taken.refunds
    ]


async def follow(checkout: Checkout, **span: float) -> None:
    await checkout.world.drain(hurry=True)
    await checkout.world.pass_time(**(span or {"minutes": 3}))
    await checkout.world.house.queue.tick(follow_due_refunds)
    await checkout.world.drain()
    await checkout.world.drain(hurry=True)


async def test_a_partial_refund_goes_back_once_however_it_is_told(checkout: Checkout) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    staff = await checkout.world.staff()
    assert (await ask(staff, payment["id"], 400)).status_code == 202
    await checkout.world.drain()
    await tell(checkout, "PAYMENT.CAPTURE.REFUNDED")
    await tell(checkout, "PAYMENT.CAPTURE.REFUNDED")
    [refund] = await shown(staff, payment["id"])
    assert (refund["state"], refund["ours"]) == ("done", True)
    assert given_back(checkout) == ["4.00"]
    assert await checkout.transfers("paypal-refund:") == [f"paypal-refund:{refund['refund_ref']}"]
    balances = await checkout.balances()
    assert balances["revenue"] == 790
    assert (await checkout.payment(payment["id"]))["refunded"]["minor"] == 400
    assert "receivable" not in balances
    await checkout.assert_books_agree()


async def test_whole_refund_and_nothing_more(checkout: Checkout) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    staff = await checkout.world.staff()
    await ask(staff, payment["id"], 1190)
    await checkout.world.drain()
    answer = await ask(staff, payment["id"], 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_too_much")
    assert "revenue" not in await checkout.balances()


@pytest.mark.parametrize("destination", ["payment", "wallet"])
async def test_never_more_than_was_captured_whoever_asks_at_once(
    checkout: Checkout, destination: str
) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    staff = await checkout.world.staff()
    answers = await asyncio.gather(
        *(ask(staff, payment["id"], 500, destination) for _ in range(10))
    )
    accepted = [each for each in answers if each.status_code in (201, 202)]
    assert len(accepted) == 2
    assert {each.status_code for each in answers} <= {201, 202, 409}
    await checkout.world.drain()
    assert given_back(checkout) == (["5.00", "5.00"] if destination == "payment" else [])
    await checkout.assert_books_agree()


async def test_to_the_wallet_and_promotional_credit_never_becomes_money(
    checkout: Checkout,
) -> None:
    await checkout.grant(1000)
    await checkout.deposit(500)
    payment = await checkout.pay(await checkout.invoice(1190), "wallet")
    staff = await checkout.world.staff()
    answer = await ask(staff, payment["id"], 191, "wallet")
    assert answer.json()["code"] == "refund_too_much"
    assert (await ask(staff, payment["id"], 190, "wallet")).status_code == 201
    assert (await checkout.balances())["wallet"] == 500
    assert (await ask(staff, payment["id"], 100)).json()["code"] == "refund_not_possible"


async def test_an_answer_lost_is_asked_after_not_repeated(checkout: Checkout) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    staff = await checkout.world.staff()
    await ask(staff, payment["id"], 315)
    await checkout.world.drain()
    assert given_back(checkout) == ["3.15"]
    [refund] = await shown(staff, payment["id"])
    assert refund["state"] == "done"


async def test_the_webhook_may_come_before_our_own_answer(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    staff = await checkout.world.staff()
    once, _ = dying_once(refunds._record_given, 1, after=False)
    monkeypatch.setattr(refunds, "_record_given", once)
    await ask(staff, payment["id"], 400)
    await checkout.world.drain()
    await tell(checkout, "PAYMENT.CAPTURE.REFUNDED")
    [refund] = await shown(staff, payment["id"])
    assert (refund["state"], refund["ours"]) == ("done", True)
    await checkout.world.drain(hurry=True)
    assert len(await checkout.transfers("paypal-refund:")) == 1


async def test_a_refund_under_way_is_done_when_paypal_says_so(checkout: Checkout) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    staff = await checkout.world.staff()
    await ask(staff, payment["id"], 417)
    await checkout.world.drain()
    [refund] = await shown(staff, payment["id"])
    assert refund["state"] == "pending"
    assert await checkout.transfers("paypal-refund:") == []
    [made] = next(iter(checkout.world.paypal.book.captures.values())).refunds
    await checkout.sandbox(f"refunds/{made.id}/complete")
    await follow(checkout)
    [refund] = await shown(staff, payment["id"])
    assert refund["state"] == "done"


async def test_a_refusal_frees_what_was_promised(checkout: Checkout) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    [taken] = checkout.world.paypal.book.captures.values()
    taken.status = "PENDING"  # PayPal itself holds it now: no refund
    staff = await checkout.world.staff()
    await ask(staff, payment["id"], 400)
    await checkout.world.drain()
    [refund] = await shown(staff, payment["id"])
    assert refund["state"] == "failed"
    assert "PENDING_CAPTURE" in refund["message"]
    taken.status = "COMPLETED"
    assert (await ask(staff, payment["id"], 1190)).status_code == 202


async def test_a_refund_made_at_paypal_is_booked_and_shown(checkout: Checkout) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    await checkout.sandbox(f"captures/{payment['capture_ref']}/refund", value="2.00")
    await tell(checkout, "PAYMENT.CAPTURE.REFUNDED")
    staff = await checkout.world.staff()
    [refund] = await shown(staff, payment["id"])
    assert (refund["state"], refund["ours"], refund["reversal"]) == ("done", False, False)
    assert (await checkout.balances())["revenue"] == 990
    found = (await staff.http.get(f"/api/v1/admin/payments/{payment['id']}")).json()
    assert "Refunded at PayPal" in found["attention"]
    await checkout.assert_books_agree()


async def test_a_reversal_is_a_loss_once(checkout: Checkout) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    await checkout.sandbox(f"captures/{payment['capture_ref']}/reverse")
    await tell(checkout, "PAYMENT.CAPTURE.REVERSED")
    await tell(checkout, "PAYMENT.CAPTURE.REVERSED")
    balances = await checkout.balances()
    assert balances["chargebacks"] == -1190
    assert balances["revenue"] == 1190
    staff = await checkout.world.staff()
    assert [each["reversal"] for each in await shown(staff, payment["id"])] == [True]
    assert (await ask(staff, payment["id"], 1)).json()["code"] == "refund_too_much"
    await checkout.assert_books_agree()


async def test_refunded_before_it_was_booked_is_booked_then_given_back(
    checkout: Checkout,
) -> None:
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.approved(invoice_id)
    paypal = checkout.world.desk.app.state.desk
    order = paypal.order(payment["gateway_ref"])
    taken = paypal.take(order)
    await checkout.sandbox(f"captures/{taken.id}/refund")
    await checkout.poll()
    assert (await checkout.payment(payment["id"]))["state"] == "settled"
    balances = await checkout.balances()
    assert "revenue" not in balances
    await checkout.assert_books_agree()


async def test_a_top_up_refunded_takes_the_money_out_of_the_wallet_first(
    checkout: Checkout,
) -> None:
    payment = await checkout.settled(await checkout.top_up(2000))
    staff = await checkout.world.staff()
    assert (await ask(staff, payment["id"], 500, "wallet")).json()["code"] == "refund_not_possible"
    await checkout.pay(await checkout.invoice(600), "wallet")
    assert (await ask(staff, payment["id"], 1500)).json()["code"] == "balance_too_low"
    await ask(staff, payment["id"], 1400)
    assert "wallet" not in await checkout.balances()
    await checkout.world.drain()
    assert given_back(checkout) == ["14.00"]
    assert "in_transit" not in await checkout.balances()
    await checkout.assert_books_agree()


async def test_money_given_to_the_wallet_by_invoice_does_not_go_back_once_more(
    checkout: Checkout,
) -> None:
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.settled(invoice_id)
    staff = await checkout.world.staff()
    given = await staff.http.post(
        f"/api/v1/admin/invoices/{invoice_id}/refund-to-wallet", json={"reason": "Goodwill"}
    )
    assert given.status_code == 201, given.text
    assert (await ask(staff, payment["id"], 1190)).json()["code"] == "refund_too_much"


async def test_what_a_credit_note_owes_can_go_back_without_a_second_note(
    checkout: Checkout,
) -> None:
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.settled(invoice_id)
    staff = await checkout.world.staff()
    note = await staff.http.post(
        f"/api/v1/admin/invoices/{invoice_id}/credit", json={"reason": "Wrong plan"}
    )
    assert note.status_code == 201, note.text
    assert (await ask(staff, payment["id"], 1190)).status_code == 202
    await checkout.world.drain()
    notes = await checkout.world.rows("select 1 from invoices where kind = 'credit_note'")
    assert len(notes) == 1
    assert "receivable" not in await checkout.balances()
    await checkout.assert_books_agree()


async def test_a_payment_of_an_invoice_still_open_is_not_refunded(checkout: Checkout) -> None:
    await checkout.bank()
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.pay(invoice_id, "bank")
    staff = await checkout.world.staff()
    await staff.http.post(
        f"/api/v1/admin/payments/{payment['id']}/confirm-transfer",
        json={"amount_minor": 500, "received_on": "2026-03-02"},
    )
    answer = await ask(staff, payment["id"], 500, "wallet")
    assert answer.json()["code"] == "refund_not_possible"


async def test_the_preview_is_what_then_happens(checkout: Checkout) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    staff = await checkout.world.staff()
    url = f"/api/v1/admin/payments/{payment['id']}/refund-preview"
    asked = {"amount_minor": 400, "destination": "payment"}
    before = await checkout.balances()
    preview = (await staff.http.get(url, params=asked)).json()
    assert preview["refundable"]["minor"] == 1190
    await ask(staff, payment["id"], 400)
    await checkout.world.drain()
    after = await checkout.balances()
    effects = {each["book"]: each["amount"]["minor"] for each in preview["effects"]}
    assert effects == {
        "paypal_clearing": after["paypal_clearing"] - before["paypal_clearing"],
        "revenue and tax": after["revenue"] - before["revenue"],
    }


BEATS = [
    (refunds, "_refund_intent"),
    (PayPal, "refund_capture"),
    (refunds, "_record_given"),
    (refunds, "record_given"),
    (refunds, "_seen"),
    (PayPal, "get_order"),
]


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "beat"), BEATS, ids=[name for _, name in BEATS])
async def test_a_crash_at_any_beat_gives_back_once(
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    beat: str,
    after: bool,
    nth: int,
) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    once, _ = dying_once(getattr(owner, beat), nth, after=after)
    monkeypatch.setattr(owner, beat, once)
    staff = await checkout.world.staff()
    await ask(staff, payment["id"], 415)
    await checkout.world.drain()
    await follow(checkout)
    await follow(checkout, minutes=30)
    [refund] = await shown(staff, payment["id"])
    assert (refund["state"], refund["ours"]) == ("done", True)
    assert given_back(checkout) == ["4.15"]
    assert len(await checkout.transfers("paypal-refund:")) == 1
    await checkout.assert_books_agree()
