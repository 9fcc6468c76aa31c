"""The vault, disputes, reports and subscriptions, through the real client, held to the contracts."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from skypanel.integrations.paypal.client import PayPal
from skypanel.integrations.paypal.types import CaptureStatus, OrderStatus, RefundStatus
from skypanel.platform.outside import Refused, Unavailable, Unknown

from .conftest import Sandbox, euros


async def saved(sandbox: Sandbox, paypal: PayPal) -> str:
    order = await paypal.create_order(
        "order:1",
        amount=euros(700),
        invoice_ref="INV-1-1",
        custom_id="payment-1",
        description="VPS S",
        return_url="https://shop.test/return",
        cancel_url="https://shop.test/cancel",
        save=True,
    )
    await sandbox.control(f"/orders/{order.ref}/approve")
    done = await paypal.capture_order(order.ref, "c1")
    assert done.vault_ref is not None
    return done.vault_ref


def charge(paypal: PayPal, ref: str, minor: int, request_id: str = "charge:1") -> Awaitable[Any]:
    return paypal.charge_saved(
        request_id,
        vault_ref=ref,
        amount=euros(minor),
        invoice_ref=f"INV-{request_id}",
        custom_id="payment-2",
        description="VPS S, renewed",
    )


async def test_a_saved_payer_is_charged_once_per_request_id(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    ref = await saved(sandbox, paypal)
    order = await charge(paypal, ref, 1190)
    assert order.status is OrderStatus.COMPLETED
    assert order.captures[0].status is CaptureStatus.COMPLETED
    assert await charge(paypal, ref, 1190) == order
    assert len(sandbox.state.book.captures) == 2


@pytest.mark.parametrize(("minor", "code"), [(1213, "INSTRUMENT_DECLINED")])
async def test_declines_leave_no_order(
    sandbox: Sandbox, paypal: PayPal, minor: int, code: str
) -> None:
    ref = await saved(sandbox, paypal)
    with pytest.raises(Refused) as caught:
        await charge(paypal, ref, minor)
    assert caught.value.code == code
    assert len(sandbox.state.book.orders) == 1


async def test_a_lost_answer_is_unknown_and_the_repeat_tells(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    ref = await saved(sandbox, paypal)
    with pytest.raises(Unknown):
        await charge(paypal, ref, 1215)
    order = await charge(paypal, ref, 1215)
    assert order.captures[0].amount == euros(1215)
    assert len(sandbox.state.book.captures) == 2


async def test_a_forgotten_method_is_not_charged(sandbox: Sandbox, paypal: PayPal) -> None:
    ref = await saved(sandbox, paypal)
    await paypal.delete_payment_token(ref)
    await paypal.delete_payment_token(ref)
    with pytest.raises(Refused) as caught:
        await charge(paypal, ref, 500)
    assert caught.value.code == "TOKEN_EXPIRED"


async def test_refunds_bear_our_id_and_are_seen_in_the_order(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    await saved(sandbox, paypal)
    [capture] = sandbox.state.book.captures.values()
    made = await paypal.refund_capture(
        capture.id, "refund:1", euros(117), custom_id="refund-1", note="Did not work"
    )
    assert (made.status, made.custom_id) == (RefundStatus.PENDING, "refund-1")
    order = await paypal.get_order(capture.order_id)
    assert [each.custom_id for each in order.refunds] == ["refund-1"]


async def test_a_dispute_is_read_whole(sandbox: Sandbox, paypal: PayPal) -> None:
    await saved(sandbox, paypal)
    [capture] = sandbox.state.book.captures
    opened = (await sandbox.control(f"/captures/{capture}/dispute")).json()
    found = await paypal.get_dispute(opened["id"])
    assert (found.capture_ref, found.amount, found.stage) == (capture, euros(700), "CHARGEBACK")
    assert found.outcome is None
    assert found.answer_until is not None
    await sandbox.control(f"/disputes/{found.ref}/move", outcome="RESOLVED_SELLER_FAVOUR")
    ended = await paypal.get_dispute(found.ref)
    assert (ended.status, ended.outcome) == ("RESOLVED", "RESOLVED_SELLER_FAVOUR")


async def test_the_report_tells_what_came_and_went(sandbox: Sandbox, paypal: PayPal) -> None:
    await saved(sandbox, paypal)
    [capture] = sandbox.state.book.captures
    await sandbox.control(f"/captures/{capture}/refund", value="2.00")
    now = sandbox.clock.now()
    since = now - timedelta(days=1)
    lines = [each async for each in paypal.transactions(since, now + timedelta(minutes=1))]
    assert [(each.event_code, each.amount) for each in lines] == [
        ("T0006", euros(700)),
        ("T1107", euros(-200)),
    ]
    assert (lines[1].related_ref, lines[0].custom_id) == (capture, "payment-1")


async def test_a_subscription_from_product_to_cancellation(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    product = await paypal.create_product("product:1", "VPS S")
    assert await paypal.create_product("product:1", "VPS S") == product
    plan, dearer = [
        await paypal.create_plan(
            f"plan:{price}", product_ref=product, name="VPS S", price=euros(price), months=3
        )
        for price in (1190, 2380)
    ]
    made = await paypal.create_subscription(
        "subscription:1",
        plan_ref=plan,
        custom_id="subscription-1",
        return_url="https://shop.test/back",
        cancel_url="https://shop.test/back",
    )
    assert (made.status, made.custom_id) == ("APPROVAL_PENDING", "subscription-1")
    assert made.approve_url
    await sandbox.control(f"/subscriptions/{made.ref}/approve")
    assert (await paypal.get_subscription(made.ref)).status == "ACTIVE"
    await paypal.revise_subscription(made.ref, dearer)
    assert (await paypal.get_subscription(made.ref)).plan_ref == dearer
    await paypal.suspend_subscription(made.ref, "Asked for")
    await paypal.activate_subscription(made.ref, "Asked for")
    await paypal.cancel_subscription(made.ref, "Asked for")
    with pytest.raises(Refused) as caught:
        await paypal.cancel_subscription(made.ref, "Asked for")
    assert caught.value.code == "SUBSCRIPTION_STATUS_INVALID"


async def test_an_ipn_is_ours_or_not_or_nobody_says(sandbox: Sandbox) -> None:
    client = sandbox.client(ipn_url=f"{sandbox.url}/cgi-bin/webscr")
    raw = "txn_id=1&first_name=J%FCrgen&charset=windows-1252"
    await sandbox.control("/notices", raw=raw)
    assert await client.ipn_is_genuine(raw.encode()) is True
    assert await client.ipn_is_genuine(raw.encode() + b"&mc_gross=9") is False
    away = sandbox.client(ipn_url="http://127.0.0.1:9/")
    with pytest.raises(Unavailable):
        await away.ipn_is_genuine(raw.encode())
    client.close()
    away.close()
