"""A capture and a refund, cut off at each of their waits: run again, the money moved once."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from skypanel.payments.jobs import follow_due_refunds, follow_payment, send_refund
from tests.dying import cut_off
from tests.payments.checkout import Checkout, open_checkout
from tests.prove.figures import FIGURES
from tests.world import World

# Each payment is cut off one wait later; eleven later in the short form.
EVERY = 1 if "SKYPANEL_PROVE" in os.environ else 11
PRICE, GIVEN = 1190, 420


@pytest.fixture
async def checkout(world: World) -> AsyncIterator[Checkout]:
    async with open_checkout(world) as opened:
        yield opened


async def recover(checkout: Checkout) -> None:
    """What the timers and the queue do about work that was lost."""
    for _ in range(2):
        await checkout.world.drain(hurry=True)
        await checkout.poll()
        await checkout.world.house.queue.tick(follow_due_refunds)
        await checkout.world.drain()


async def test_a_capture_cut_off_at_any_wait_takes_the_money_once(checkout: Checkout) -> None:
    house, at, cuts, alive = checkout.world.house, 1, 0, True
    while alive:
        payment = await checkout.approved(await checkout.invoice(PRICE))
        alive = await cut_off(follow_payment.run(house, UUID(payment["id"])), at)
        await recover(checkout)
        cuts += alive
        at += EVERY
        assert (await checkout.payment(payment["id"]))["state"] == "settled", f"wait {at - EVERY}"
    assert cuts > 0
    captures = checkout.world.paypal.book.captures
    assert len(captures) == cuts + 1
    assert sorted(await checkout.transfers("paypal:")) == sorted(
        f"paypal:{ref}" for ref in captures
    )
    assert len(await checkout.transfers("paypal-fee:")) == len(captures)
    paid = await checkout.world.rows(
        "select count(*)::int, sum(paid_minor)::int from invoices where state = 'paid'"
    )
    assert paid == [(len(captures), len(captures) * PRICE)]
    await checkout.assert_books_agree()
    FIGURES.note("Captures, cut off", "captures", cuts)
    FIGURES.note("Captures, cut off", "waits", at - EVERY)


async def test_a_refund_cut_off_at_any_wait_gives_back_once(checkout: Checkout) -> None:
    world, at, cuts, alive = checkout.world, 1, 0, True
    staff = await world.staff()
    while alive:
        payment = await checkout.settled(await checkout.invoice(PRICE))
        asked = await staff.http.post(
            f"/api/v1/admin/payments/{payment['id']}/refunds",
            json={"amount_minor": GIVEN, "destination": "payment", "reason": "Did not work"},
        )
        assert asked.status_code == 202, asked.text
        [refund] = asked.json()["items"]
        alive = await cut_off(send_refund.run(world.house, UUID(refund["id"])), at)
        await recover(checkout)
        cuts += alive
        at += EVERY
    assert cuts > 0
    assert await world.rows("select state, count(*)::int from refunds group by state") == [
        ("done", cuts + 1)
    ]
    given = [each.value for taken in world.paypal.book.captures.values() for each in taken.refunds]
    assert given == ["4.20"] * (cuts + 1)
    assert len(await checkout.transfers("paypal-refund:")) == cuts + 1
    await checkout.assert_books_agree()
    FIGURES.note("Refunds, cut off", "refunds", cuts)
    FIGURES.note("Refunds, cut off", "waits", at - EVERY)
