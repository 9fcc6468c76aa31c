"""The worker dies at every beat; run again, one capture and one ledger effect are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from skypanel.integrations.paypal.client import PayPal
from skypanel.payments.jobs import checkout as jobs
from tests.payments.checkout import Checkout

BEATS = [
    (jobs, "_intent"),
    (PayPal, "create_order"),
    (jobs, "record_opened"),
    (jobs, "_look"),
    (jobs, "_record"),
    (jobs, "record_reading"),
    (jobs, "begin_capture"),
    (jobs, "_capture"),
    (PayPal, "capture_order"),
]


class Died(RuntimeError):
    """The worker was killed here."""


def dying_once(run: Callable[..., Any], nth: int, *, after: bool) -> tuple[Any, list[int]]:
    calls = [0]

    async def once(*args: Any, **named: Any) -> Any:
        calls[0] += 1
        dies = calls[0] == nth
        if dies and not after:
            raise Died
        found = await run(*args, **named)
        if dies:
            raise Died
        return found

    return once, calls


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "beat"), BEATS, ids=[name for _, name in BEATS])
async def test_a_crash_at_any_beat_leaves_one_effect(
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    beat: str,
    after: bool,
    nth: int,
) -> None:
    once, calls = dying_once(getattr(owner, beat), nth, after=after)
    monkeypatch.setattr(owner, beat, once)
    invoice_id = await checkout.invoice()
    payment = await checkout.pay(invoice_id)
    await checkout.world.drain()
    await checkout.world.drain(hurry=True)
    payment = await checkout.payment(payment["id"])
    assert payment["state"] == "awaiting_approval"
    await checkout.approve(payment)
    await checkout.poll()
    await checkout.world.drain(hurry=True)
    await checkout.poll()
    await checkout.assert_settled_once(payment["id"], invoice_id)
    assert calls[0] >= 1
    assert len(checkout.world.paypal.book.orders) == 1
