"""The customer's own money: settled at once or refused."""

from __future__ import annotations

from skypanel.invoices.models import Invoice
from skypanel.payments.actions.settle import settle_from_wallet
from skypanel.payments.models import Payment
from skypanel.platform.db import Db


class Wallet:
    """Promotional credit first, then the wallet."""

    async def begin(self, db: Db, payment: Payment, invoice: Invoice) -> None:
        await settle_from_wallet(db, payment, invoice)
