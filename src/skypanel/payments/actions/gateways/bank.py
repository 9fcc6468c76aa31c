"""Manual bank transfer: the customer gets a reference, staff say what arrived."""

from __future__ import annotations

from datetime import timedelta

from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import SellerSettings
from skypanel.payments.errors import GatewayNotSetUp
from skypanel.payments.events import TransferAwaited
from skypanel.payments.models import Payment
from skypanel.payments.rules import PAYMENT_STATES, PaymentSettings, transfer_reference
from skypanel.platform.db import Db
from skypanel.platform.states import advance


class BankTransfer:
    """Waits for days; nothing but a member of the staff settles it."""

    async def begin(self, db: Db, payment: Payment, invoice: Invoice) -> None:  # noqa: ARG002 - a gateway's
        seller = await db.house.settings.get(SellerSettings)
        wanted = await db.house.settings.get(PaymentSettings)
        if not seller.iban or not wanted.bank_transfer:
            raise GatewayNotSetUp
        payment.reference = transfer_reference(payment.id.int)
        payment.expires_at = db.now + timedelta(days=wanted.bank_transfer_days)
        payment.ask_at = payment.expires_at
        advance(db, payment, PAYMENT_STATES, "await_transfer")
        db.publish(TransferAwaited(payment.id, payment.account_id))
