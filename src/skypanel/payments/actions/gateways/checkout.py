"""A gateway of the outside: the worker opens an order there, the payer approves, we capture."""

from __future__ import annotations

from datetime import timedelta

from skypanel.invoices.models import Invoice
from skypanel.payments.events import PaymentStarted
from skypanel.payments.models import Payment
from skypanel.platform.db import Db

FIRST_LOOK_AFTER = timedelta(minutes=1)


class Checkout:
    """Whatever vendor it is: its adapter in `jobs/gateways/` does the asking."""

    async def begin(self, db: Db, payment: Payment, invoice: Invoice) -> None:  # noqa: ARG002 - a gateway's
        payment.ask_at = db.now + FIRST_LOOK_AFTER
        db.publish(PaymentStarted(payment.id, payment.account_id))
