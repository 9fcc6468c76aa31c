"""What paying many invoices from wallets writes down, in whatever way their money was taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from skypanel.invoices.actions import Payable
from skypanel.ledger.actions import Posting
from skypanel.payments.models import Payment
from skypanel.payments.rules import EXPIRES_AFTER, PaymentState
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.states import note_changes
from skypanel.platform.write import Insert

PAYMENTS = Insert(Payment)


@dataclass(frozen=True, slots=True)
class Settled:
    """An invoice that a wallet paid whole, `promotional_minor` of it with credit."""

    account_id: UUID
    invoice_id: UUID
    currency: str
    amount_minor: int
    promotional_minor: int = 0
    attempt: int = 1


async def record_settled(db: Db, paid: Sequence[Settled]) -> dict[UUID, UUID]:
    """A settled payment for each; their ids by invoice."""
    ids = {each.invoice_id: new_id() for each in paid}
    await PAYMENTS.many(
        db,
        (
            {
                "id": ids[each.invoice_id],
                "account_id": each.account_id,
                "invoice_id": each.invoice_id,
                "attempt": each.attempt,
                "gateway": "wallet",
                "state": PaymentState.SETTLED.value,
                "amount_minor": each.amount_minor,
                "currency": each.currency,
                "wallet_minor": each.amount_minor,
                "promotional_minor": each.promotional_minor,
                "to_wallet_minor": 0,
                "refunded_minor": 0,
                "returned_minor": 0,
                "automatic": True,
                "save_method": False,
                "declines": 0,
                "created_at": db.now,
                "expires_at": db.now + EXPIRES_AFTER,
                "settled_at": db.now,
            }
            for each in paid
        ),
    )
    await note_changes(db, "payments", ids.values(), "settle", "creating", "settled")
    return ids


def closing(paid: Payable, number: str, owed: UUID, revenue: UUID, tax: UUID) -> Posting:
    """What a paid invoice was owed for: revenue and tax."""
    entries: list[tuple[UUID, UUID | None, int]] = [(owed, paid.account_id, -paid.total_minor)]
    entries += [(revenue, None, paid.net_minor)] if paid.net_minor else []
    entries += [(tax, None, paid.tax_minor)] if paid.tax_minor else []
    return Posting(
        key=f"invoice:{paid.id}",
        reason=f"Invoice {number}",
        currency=paid.currency,
        entries=entries,
        account_id=paid.account_id,
        subject_kind="invoice",
        subject_id=paid.id,
    )
