"""Contested payments: what PayPal holds our books hold, and every end is booked once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.payments.checkout import Checkout
from tests.world import Person


async def contested(checkout: Checkout, **asked: Any) -> tuple[dict[str, Any], str]:
    payment = await checkout.settled(await checkout.invoice(1190))
    made = await checkout.sandbox(f"captures/{payment['capture_ref']}/dispute", **asked)
    await told(checkout, "CREATED")
    return payment, made["id"]


async def told(checkout: Checkout, verb: str) -> None:
    for delivery in checkout.deliveries(f"CUSTOMER.DISPUTE.{verb}"):
        assert (await checkout.deliver(delivery)).status_code == 200
    await checkout.world.drain()


async def moved(checkout: Checkout, ref: str, **asked: Any) -> None:
    await checkout.sandbox(f"disputes/{ref}/move", **asked)
    await told(checkout, "RESOLVED" if "outcome" in asked else "UPDATED")


async def only(staff: Person) -> dict[str, Any]:
    [found] = (await staff.http.get("/api/v1/admin/disputes")).json()["items"]
    return dict(found)


async def test_what_paypal_holds_is_held_and_no_refund_is_given_beside(
    checkout: Checkout,
) -> None:
    payment, _ = await contested(checkout)
    balances = await checkout.balances()
    assert balances["disputed"] == -1190
    staff = await checkout.world.staff()
    found = await only(staff)
    assert (found["state"], found["held"]["minor"]) == ("open", 1190)
    assert found["answer_until"] is not None
    refused = await staff.http.post(
        f"/api/v1/admin/payments/{payment['id']}/refunds",
        json={"amount_minor": 100, "destination": "payment", "reason": "Sorry"},
    )
    assert refused.json()["code"] == "payment_disputed"


@pytest.mark.parametrize(
    ("outcome", "state", "lost"),
    [("RESOLVED_SELLER_FAVOUR", "won", 0), ("RESOLVED_BUYER_FAVOUR", "lost", -1190)],
)
async def test_every_end_is_booked_once(
    checkout: Checkout, outcome: str, state: str, lost: int
) -> None:
    _, ref = await contested(checkout)
    before = await checkout.balances()
    await moved(checkout, ref, outcome=outcome)
    await told(checkout, "RESOLVED")
    await told(checkout, "CREATED")
    staff = await checkout.world.staff()
    assert (await only(staff))["state"] == state
    balances = await checkout.balances()
    assert "disputed" not in balances
    assert balances.get("chargebacks", 0) == lost
    moved_minor = balances["paypal_clearing"] - before["paypal_clearing"]
    assert moved_minor == (-1190 if state == "won" else 0)
    await checkout.assert_books_agree()


async def test_an_inquiry_holds_nothing_until_it_becomes_a_claim(checkout: Checkout) -> None:
    _, ref = await contested(checkout, stage="INQUIRY")
    assert "disputed" not in await checkout.balances()
    await moved(checkout, ref, stage="CHARGEBACK")
    assert (await checkout.balances())["disputed"] == -1190


@pytest.mark.parametrize("first", ["dispute", "reversal"])
async def test_a_reversal_and_its_dispute_are_one_loss(checkout: Checkout, first: str) -> None:
    payment = await checkout.settled(await checkout.invoice(1190))
    url = f"captures/{payment['capture_ref']}"
    ref = ""
    for step in (first, "dispute" if first == "reversal" else "reversal"):
        if step == "dispute":
            ref = (await checkout.sandbox(f"{url}/dispute"))["id"]
            await told(checkout, "CREATED")
        else:
            await checkout.sandbox(f"{url}/reverse")
            [reversed_] = checkout.deliveries("PAYMENT.CAPTURE.REVERSED")
            await checkout.deliver(reversed_)
            await checkout.world.drain()
    await moved(checkout, ref, outcome="RESOLVED_BUYER_FAVOUR")
    balances = await checkout.balances()
    assert (balances["chargebacks"], balances.get("disputed", 0)) == (-1190, 0)
    await moved(checkout, ref, outcome="RESOLVED_SELLER_FAVOUR")
    await checkout.assert_books_agree()


async def test_notes_are_kept_and_somebody_elses_dispute_is_not_ours(
    checkout: Checkout,
) -> None:
    await contested(checkout)
    staff = await checkout.world.staff()
    found = await only(staff)
    url = f"/api/v1/admin/disputes/{found['id']}"
    noted = await staff.http.post(f"{url}/notes", json={"text": "Server ran until Friday."})
    assert noted.status_code == 201
    assert [each["text"] for each in (await staff.http.get(url)).json()["notes"]] == [
        "Server ran until Friday."
    ]
    assert (await checkout.person.http.get("/api/v1/admin/disputes")).status_code == 404
