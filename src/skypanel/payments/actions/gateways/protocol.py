"""What a way to pay must be able to do inside the unit of work that begins a payment."""

from __future__ import annotations

from typing import Protocol

from skypanel.invoices.models import Invoice
from skypanel.payments.models import Payment
from skypanel.platform.db import Db


class Gateway(Protocol):
    """A way to pay."""

    async def begin(self, db: Db, payment: Payment, invoice: Invoice) -> None:
        """Settle at once, say how to pay, or publish that the outside is to be asked."""
        ...
