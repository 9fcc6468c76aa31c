"""The till and the courier together: whatever changes is written down and told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from skypanel.integrations.paypal.simulator import till
from skypanel.integrations.paypal.simulator.courier import Courier
from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.state import (
    Capture,
    Delivery,
    Dispute,
    Order,
    Refund,
    State,
    Token,
)
from skypanel.integrations.paypal.simulator.wire import (
    capture_alone,
    order_json,
    refund_json,
)
from skypanel.integrations.paypal.simulator.wire_more import dispute_json, token_json
from skypanel.platform.clock import Clock


class Desk:
    """All a page, a control or the API may ask of the simulated PayPal."""

    def __init__(
        self,
        state: State,
        clock: Clock,
        courier: Courier,
        *,
        links: Mapping[str, str],
        public_url: str | None,
    ) -> None:
        self.state = state
        self.clock = clock
        self.courier = courier
        self.links = links
        self._public_url = public_url.rstrip("/") if public_url else None

    def base(self, request: Request) -> str:
        """Where the API is called; webhooks name their certificate there too."""
        self.state.book.base_url = _origin(request)
        return self.state.book.base_url

    def seen_at(self, request: Request) -> None:
        """A page was opened: where, matters only while the API was never called."""
        self.state.book.base_url = self.state.book.base_url or _origin(request)

    def pages(self, request: Request) -> str:
        """Where a payer's browser reaches us."""
        return self._public_url or _origin(request)

    def order(self, ref: str) -> Order:
        found = self.state.book.orders.get(ref)
        if found is None:
            raise Problem(404, "INVALID_RESOURCE_ID")
        return found

    def capture(self, ref: str) -> Capture:
        found = self.state.book.captures.get(ref)
        if found is None:
            raise Problem(404, "INVALID_RESOURCE_ID")
        return found

    def delivery(self, ref: str) -> Delivery:
        found = self.state.book.deliveries.get(ref)
        if found is None:
            raise Problem(404, "INVALID_RESOURCE_ID")
        return found

    def approve(self, order: Order, instrument: str) -> None:
        """The payer said yes."""
        if till.approve(order, instrument, self.clock.now()):
            base = self.state.book.base_url
            shown = order_json(order, self.state, base, base)
            self.courier.tell(
                "CHECKOUT.ORDER.APPROVED",
                "checkout-order",
                shown,
                "An order has been approved by buyer",
            )
            self.state.save()

    def take(self, order: Order) -> Capture:
        """Capture an approved order."""
        try:
            taken = till.capture(self.state, order, self.clock.now())
        finally:
            self.state.save()
        self._tell_capture(taken)
        self._keep_token(order)
        return taken

    def _keep_token(self, order: Order) -> None:
        token = till.keep_token(self.state, order, self.clock.now())
        if token is not None:
            self._tell_token("CREATED", token)

    def _tell_token(self, verb: str, token: Token) -> None:
        resource = token_json(token, self.state.book.base_url)
        self.courier.tell(
            f"VAULT.PAYMENT-TOKEN.{verb}", "payment_token", resource, f"A token was {verb.lower()}"
        )
        self.state.save()

    def token(self, ref: str) -> Token:
        found = self.state.book.payment_tokens.get(ref)
        if found is None:
            raise Problem(404, "INVALID_RESOURCE_ID")
        return found

    def drop_token(self, ref: str) -> None:
        """The payer's account is no longer kept."""
        token = self.token(ref)
        del self.state.book.payment_tokens[ref]
        self._tell_token("DELETED", token)

    def dispute(self, ref: str) -> Dispute:
        found = self.state.book.disputes.get(ref)
        if found is None:
            raise Problem(404, "INVALID_RESOURCE_ID")
        return found

    def contest(self, dispute: Dispute, verb: str) -> None:
        """A dispute was opened, moved or decided: tell it."""
        dispute.updated_at = self.clock.now()
        self.state.book.disputes[dispute.id] = dispute
        capture = self.capture(dispute.capture_id)
        resource = dispute_json(dispute, capture, self.state.book.base_url)
        self.courier.tell(
            f"CUSTOMER.DISPUTE.{verb}", "dispute", resource, f"A dispute was {verb.lower()}"
        )
        self.state.save()

    def settle(self, capture: Capture, status: str) -> bool:
        """End the review of a pending capture; False when there was none."""
        due = till.settle(capture, status, self.clock.now())
        if due:
            self._tell_capture(capture)
        return due

    def refund(self, capture: Capture, asked: dict[str, Any] | None, **more: Any) -> Refund:
        """Give money back."""
        made = till.refund(capture, asked, self.clock.now(), **more)
        if made.status == "COMPLETED":
            self._tell_refund(capture, made)
        self.state.save()
        return made

    def finish_refund(self, capture: Capture, made: Refund) -> None:
        """A refund that waited goes through."""
        made.status = "COMPLETED"
        self._tell_refund(capture, made)
        self.state.save()

    def _tell_refund(self, capture: Capture, made: Refund) -> None:
        verb = "REVERSED" if made.reversal else "REFUNDED"
        base = self.state.book.base_url
        said = f"A {made.value} {capture.currency} capture payment was refunded"
        self.courier.tell(
            f"PAYMENT.CAPTURE.{verb}", "refund", refund_json(made, capture, base), said
        )

    def _tell_capture(self, capture: Capture) -> None:
        kind = "DENIED" if capture.status == "DECLINED" else capture.status
        said = f"Payment {kind.lower()} for {capture.value} {capture.currency}"
        resource = capture_alone(capture, self.state.book.base_url)
        self.courier.tell(f"PAYMENT.CAPTURE.{kind}", "capture", resource, said)
        self.state.save()


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")
