"""The nightly look into PayPal's report: what no notice told is booked, the rest is laid open."""

from __future__ import annotations

from skypanel.integrations.paypal.simulator.state import Capture
from skypanel.payments.jobs import read_paypal_report
from tests.payments.checkout import Checkout


async def night(checkout: Checkout) -> None:
    await checkout.world.house.queue.tick(read_paypal_report)
    await checkout.world.drain()


async def unmatched(checkout: Checkout) -> list[tuple[str, str]]:
    rows = await checkout.world.rows(
        "select transaction_ref, state from unmatched_paypal_transactions order by id"
    )
    return [(ref, state) for ref, state in rows]


async def test_a_capture_that_nobody_told_of_is_found(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.approved(invoice_id)
    desk = checkout.world.desk.app.state.desk
    desk.take(desk.order(payment["gateway_ref"]))
    await checkout.world.rows("update payments set ask_at = null")
    await night(checkout)
    await checkout.assert_settled_once(payment["id"], invoice_id)
    assert await unmatched(checkout) == []


async def test_refund_and_reversal_that_nobody_told_of_are_found(checkout: Checkout) -> None:
    first = await checkout.settled(await checkout.invoice(1190))
    second = await checkout.settled(await checkout.invoice(900))
    await checkout.sandbox(f"captures/{first['capture_ref']}/refund", value="1.90")
    await checkout.sandbox(f"captures/{second['capture_ref']}/reverse")
    for _ in range(2):
        await night(checkout)
    assert len(await checkout.transfers("paypal-refund:")) == 2
    balances = await checkout.balances()
    assert (balances["revenue"], balances["chargebacks"]) == (1900, -900)
    assert await unmatched(checkout) == []
    await checkout.assert_books_agree()


async def test_strange_money_is_laid_before_staff_once(checkout: Checkout) -> None:
    now = checkout.world.clock.now()
    checkout.world.paypal.book.captures["STRANGE123"] = Capture(
        id="STRANGE123",
        order_id="NONE",
        status="COMPLETED",
        reason=None,
        value="5.00",
        currency="EUR",
        invoice_id=None,
        custom_id="not-a-payment",
        created_at=now,
        updated_at=now,
    )
    await night(checkout)
    await night(checkout)
    assert await unmatched(checkout) == [("STRANGE123", "open")]
    staff = await checkout.world.staff()
    listed = (await staff.http.get("/api/v1/admin/unmatched-transactions")).json()
    [shown] = listed["items"]
    assert (shown["amount"]["minor"], shown["can"]) == (500, ["dismiss"])
    url = f"/api/v1/admin/unmatched-transactions/{shown['id']}/dismiss"
    done = await staff.http.post(url, json={"reason": "A donation"})
    assert done.json()["items"] == []
    await night(checkout)
    assert await unmatched(checkout) == [("STRANGE123", "dismissed")]
