"""Orders, captures and refunds through the real client, SDK and all."""

from __future__ import annotations

import asyncio

import pytest

from skypanel.integrations.paypal.client import PayPal
from skypanel.integrations.paypal.types import CaptureStatus, OrderStatus, RefundStatus
from skypanel.platform.money import Money
from skypanel.platform.outside import Refused, Unknown

from .conftest import Sandbox, euros, open_order


async def _approved(sandbox: Sandbox, paypal: PayPal, amount: Money, ref: str = "1") -> str:
    order = await open_order(paypal, amount, ref)
    await sandbox.control(f"/orders/{order.ref}/approve")
    return str(order.ref)


async def _refusal(call: object) -> str:
    with pytest.raises(Refused) as caught:
        await call  # type: ignore[misc]
    return caught.value.code


async def test_an_order_waits_for_its_payer_and_is_then_captured(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    order = await open_order(paypal, euros(1234))
    assert order.status is OrderStatus.PAYER_ACTION_REQUIRED
    assert order.amount == euros(1234)
    assert order.approve_url == f"{sandbox.url}/checkoutnow?token={order.ref}"
    assert (order.invoice_ref, order.custom_id, order.captures) == ("INV-1-1", "payment-1", ())
    assert await _refusal(paypal.capture_order(order.ref, "c1")) == "PAYER_ACTION_REQUIRED"

    await sandbox.control(f"/orders/{order.ref}/approve")
    assert (await paypal.get_order(order.ref)).status is OrderStatus.APPROVED
    done = await paypal.capture_order(order.ref, "c2")
    assert done.status is OrderStatus.COMPLETED
    assert done.payer_email == "alex.payer@example.com"
    (capture,) = done.captures
    assert capture.status is CaptureStatus.COMPLETED
    assert (capture.amount, capture.fee) == (euros(1234), euros(66))
    alone = await paypal.get_capture(capture.ref)
    assert alone == capture
    assert alone.order_ref == order.ref


async def test_the_sdk_is_not_loaded_by_loading_the_client() -> None:
    script = (
        "import sys; import skypanel.integrations.paypal.client, "
        "skypanel.integrations.paypal.webhooks; "
        "print(sorted({'requests','paypalserversdk','apimatic_core'} & set(sys.modules)))"
    )
    import sys

    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()
    assert said.decode().strip() == "[]"


async def test_the_same_request_id_makes_one_order_and_one_capture(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    first = await open_order(paypal, euros(500))
    again = await open_order(paypal, euros(500))
    assert again == first
    assert len(sandbox.state.book.orders) == 1
    await sandbox.control(f"/orders/{first.ref}/approve")
    taken = await paypal.capture_order(first.ref, "capture:1")
    assert await paypal.capture_order(first.ref, "capture:1") == taken
    assert len(sandbox.state.book.captures) == 1


async def test_the_same_request_id_with_another_body_is_refused(paypal: PayPal) -> None:
    await open_order(paypal, euros(500))
    assert await _refusal(open_order(paypal, euros(600))) == "INVALID_PARAMETER_SYNTAX"


async def test_captured_twice_is_told_so_that_the_order_is_asked(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    ref = await _approved(sandbox, paypal, euros(500))
    taken = await paypal.capture_order(ref, "capture:1")
    assert await _refusal(paypal.capture_order(ref, "capture:2")) == "ORDER_ALREADY_CAPTURED"
    assert (await paypal.get_order(ref)).captures == taken.captures


async def test_a_declined_instrument_sends_the_payer_back_to_the_same_order(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    ref = await _approved(sandbox, paypal, euros(1013))
    assert await _refusal(paypal.capture_order(ref, "c1")) == "INSTRUMENT_DECLINED"
    order = await paypal.get_order(ref)
    assert order.status is OrderStatus.PAYER_ACTION_REQUIRED
    assert order.approve_url
    await sandbox.control(f"/orders/{ref}/approve", instrument="other")
    assert (await paypal.capture_order(ref, "c2")).captures[0].status is CaptureStatus.COMPLETED


@pytest.mark.parametrize(
    ("verdict", "status"), [("complete", CaptureStatus.COMPLETED), ("deny", CaptureStatus.DECLINED)]
)
async def test_a_capture_under_review_is_no_money_until_it_is(
    sandbox: Sandbox, paypal: PayPal, verdict: str, status: CaptureStatus
) -> None:
    ref = await _approved(sandbox, paypal, euros(1014))
    (capture,) = (await paypal.capture_order(ref, "c1")).captures
    assert capture.status is CaptureStatus.PENDING
    assert (capture.reason, capture.fee) == ("PENDING_REVIEW", None)
    assert await _refusal(paypal.refund_capture(capture.ref, "r1")) == "PENDING_CAPTURE"
    await sandbox.control(f"/captures/{capture.ref}/{verdict}")
    after = await paypal.get_capture(capture.ref)
    assert after.status is status
    assert (after.fee is not None) == (status is CaptureStatus.COMPLETED)


async def test_money_taken_while_the_answer_was_lost_is_found_again(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    ref = await _approved(sandbox, paypal, euros(1015))
    with pytest.raises(Unknown):
        await paypal.capture_order(ref, "c1")
    found = await paypal.get_order(ref)
    assert found.captures[0].status is CaptureStatus.COMPLETED
    assert (await paypal.capture_order(ref, "c1")).captures == found.captures
    assert len(sandbox.state.book.captures) == 1


async def test_a_503_before_the_capture_is_unknown_to_us_and_took_nothing(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    ref = await _approved(sandbox, paypal, euros(1016))
    with pytest.raises(Unknown) as caught:
        await paypal.capture_order(ref, "c1")
    assert (caught.value.status, caught.value.code) == (503, "SERVICE_UNAVAILABLE")
    assert (await paypal.get_order(ref)).captures == ()
    assert (await paypal.capture_order(ref, "c1")).captures[0].amount == euros(1016)


async def test_an_invoice_is_paid_once(sandbox: Sandbox, paypal: PayPal) -> None:
    ref = await _approved(sandbox, paypal, euros(700))
    await paypal.capture_order(ref, "c1")
    with pytest.raises(Refused) as caught:
        await paypal.create_order(
            "order:other",
            amount=euros(700),
            invoice_ref="INV-1-1",
            custom_id="x",
            description="x",
            return_url="https://shop.test/r",
            cancel_url="https://shop.test/c",
        )
    assert caught.value.code == "DUPLICATE_INVOICE_ID"


async def test_refunds_in_part_and_of_the_rest(sandbox: Sandbox, paypal: PayPal) -> None:
    ref = await _approved(sandbox, paypal, euros(1000))
    (capture,) = (await paypal.capture_order(ref, "c1")).captures
    part = await paypal.refund_capture(capture.ref, "r1", euros(400))
    assert (part.status, part.amount) == (RefundStatus.COMPLETED, euros(400))
    assert await paypal.refund_capture(capture.ref, "r1", euros(400)) == part
    assert (await paypal.get_capture(capture.ref)).status is CaptureStatus.PARTIALLY_REFUNDED
    too_much = paypal.refund_capture(capture.ref, "r2", euros(601))
    assert await _refusal(too_much) == "REFUND_AMOUNT_EXCEEDED"
    rest = await paypal.refund_capture(capture.ref, "r3")
    assert rest.amount == euros(600)
    assert (await paypal.get_capture(capture.ref)).status is CaptureStatus.REFUNDED
    assert await _refusal(paypal.refund_capture(capture.ref, "r4")) == "CAPTURE_FULLY_REFUNDED"


@pytest.mark.parametrize(
    ("amount", "wire"),
    [(Money(1250, "JPY"), "1250"), (Money(125_000, "HUF"), "1250"), (Money(5, "USD"), "0.05")],
)
async def test_amounts_have_the_decimals_paypal_wants(
    sandbox: Sandbox, paypal: PayPal, amount: Money, wire: str
) -> None:
    ref = await _approved(sandbox, paypal, amount)
    assert sandbox.state.book.orders[ref].value == wire
    (capture,) = (await paypal.capture_order(ref, "c1")).captures
    assert capture.amount == amount


async def test_a_fraction_of_a_forint_is_refused_before_the_call(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    refused = await _refusal(open_order(paypal, Money(125_050, "HUF")))
    assert refused == "DECIMALS_NOT_SUPPORTED"
    assert sandbox.state.book.orders == {}


@pytest.mark.parametrize("field", ["invoice_ref", "custom_id", "description"])
@pytest.mark.parametrize("text", ["", "x" * 128])
async def test_texts_out_of_bounds_are_refused_before_the_call(
    sandbox: Sandbox, paypal: PayPal, field: str, text: str
) -> None:
    texts = {"invoice_ref": "INV-1", "custom_id": "p", "description": "d"} | {field: text}
    call = paypal.create_order(
        "order:1",
        amount=euros(100),
        return_url="https://shop.test/r",
        cancel_url="https://shop.test/c",
        **texts,
    )
    assert await _refusal(call) == "INVALID_STRING_LENGTH"
    assert sandbox.state.book.tokens == {}


async def test_what_does_not_exist_is_refused(paypal: PayPal) -> None:
    assert await _refusal(paypal.get_order("NOSUCHORDER")) == "INVALID_RESOURCE_ID"
    assert await _refusal(paypal.get_capture("NOSUCHCAPTURE")) == "INVALID_RESOURCE_ID"


async def test_webhooks_are_registered_once_per_url(sandbox: Sandbox, paypal: PayPal) -> None:
    made = await paypal.create_webhook("https://shop.test/hook")
    assert await paypal.list_webhooks() == (made,)
    assert "PAYMENT.CAPTURE.COMPLETED" in made.event_types
    again = await _refusal(paypal.create_webhook("https://shop.test/hook"))
    assert again == "WEBHOOK_URL_ALREADY_EXISTS"


async def test_the_contract_was_really_checked(sandbox: Sandbox, paypal: PayPal) -> None:
    if sandbox.contract is None:
        pytest.skip("PayPal's OpenAPI files are not at SKYPANEL_CONTRACTS: answers go unchecked")
    before = sum(sandbox.contract.checked.values())
    order = await open_order(paypal, euros(100))
    await _refusal(paypal.capture_order(order.ref, "c1"))
    assert sum(sandbox.contract.checked.values()) == before + 2
    path = f"/v2/checkout/orders/{order.ref}"
    wrong = b'{"status": "PAID"}'
    sandbox.contract.check("GET", path, headers={}, asked=b"", status=200, body=wrong)
    assert len(sandbox.contract.take_breaches()) == 1
