"""PayPal behind the gateways' door: its orders, captures and refunds in our words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypanel.integrations.paypal.types import CaptureStatus, OrderStatus, RefundStatus
from skypanel.payments.jobs.gateways.protocol import Opened
from skypanel.payments.rules import Given, GivenState, Reading, SavedAtGateway, Taken, TakenState
from skypanel.platform.outside import Refused

if TYPE_CHECKING:
    from skypanel.integrations.paypal.client import PayPal
    from skypanel.integrations.paypal.types import Capture, Order, Refund
    from skypanel.payments.actions import ChargeIntent, OrderIntent, RefundIntent

NOT_FOUND = 404
GONE = frozenset({"INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND"})
TAKEN_STATES = {
    CaptureStatus.COMPLETED: TakenState.COMPLETED,
    CaptureStatus.PENDING: TakenState.PENDING,
    CaptureStatus.OTHER: TakenState.PENDING,
    CaptureStatus.DECLINED: TakenState.DECLINED,
    CaptureStatus.FAILED: TakenState.DECLINED,
    CaptureStatus.PARTIALLY_REFUNDED: TakenState.REVERSED,
    CaptureStatus.REFUNDED: TakenState.REVERSED,
}
GIVEN_STATES = {
    RefundStatus.COMPLETED: GivenState.COMPLETED,
    RefundStatus.PENDING: GivenState.PENDING,
    RefundStatus.OTHER: GivenState.PENDING,
    RefundStatus.FAILED: GivenState.FAILED,
    RefundStatus.CANCELLED: GivenState.FAILED,
}


class PayPalGateway:
    """One merchant's PayPal."""

    def __init__(self, paypal: PayPal) -> None:
        self._paypal = paypal

    async def open(self, intent: OrderIntent, *, return_url: str, cancel_url: str) -> Opened:
        order = await self._paypal.create_order(
            f"order:{intent.payment_id}",
            amount=intent.amount,
            invoice_ref=intent.invoice_ref,
            custom_id=str(intent.payment_id),
            description=f"Invoice {intent.invoice_number}",
            return_url=return_url,
            cancel_url=cancel_url,
            save=intent.save,
        )
        return Opened(order.ref, order.approve_url)

    async def look(self, ref: str) -> Reading:
        try:
            return reading(await self._paypal.get_order(ref))
        except Refused as refusal:
            if refusal.status == NOT_FOUND or refusal.code in GONE:
                return Reading(ref, approved=False, gone=True)
            raise

    async def capture(self, ref: str, request_id: str) -> Reading:
        return reading(await self._paypal.capture_order(ref, request_id))

    async def charge(self, intent: ChargeIntent) -> Reading:
        order = await self._paypal.charge_saved(
            intent.request_id,
            vault_ref=intent.method_ref,
            amount=intent.amount,
            invoice_ref=intent.invoice_ref,
            custom_id=str(intent.payment_id),
            description=f"Invoice {intent.invoice_number}",
        )
        return reading(order)

    async def refund(self, intent: RefundIntent) -> Given:
        made = await self._paypal.refund_capture(
            intent.capture_ref,
            intent.request_id,
            intent.amount,
            custom_id=str(intent.refund_id),
            note=intent.note,
        )
        return given(made)

    async def forget(self, method_ref: str) -> None:
        await self._paypal.delete_payment_token(method_ref)


def reading(order: Order) -> Reading:
    """An order in our words."""
    saved = None
    if order.vault_ref is not None:
        saved = SavedAtGateway(order.vault_ref, order.payer_email or "PayPal account")
    return Reading(
        order.ref,
        approved=order.status == OrderStatus.APPROVED,
        taken=tuple(taken(each) for each in order.captures),
        given=tuple(given(each) for each in order.refunds),
        saved=saved,
    )


def taken(capture: Capture) -> Taken:
    """A capture in our words."""
    return Taken(
        capture.ref,
        TAKEN_STATES[capture.status],
        capture.amount,
        capture.fee,
        capture.reason,
        capture.custom_id,
    )


def given(refund: Refund) -> Given:
    """A refund in our words."""
    return Given(
        refund.ref, GIVEN_STATES[refund.status], refund.amount, refund.reason, refund.custom_id
    )
