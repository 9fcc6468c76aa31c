"""Paying many invoices from their accounts' wallets at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from skypanel.invoices.actions import Payable, close_invoices
from skypanel.invoices.models import Invoice
from skypanel.ledger.actions import Posting, book, lock_books, post_many
from skypanel.ledger.rules import BookKind
from skypanel.payments.actions.settled import Settled, closing, record_settled
from skypanel.payments.models import Credit, Payment
from skypanel.payments.rules import UNSETTLED
from skypanel.platform.db import Db
from skypanel.platform.read import Query

_attempts = (
    select(func.count())
    .select_from(Payment)
    .where(Payment.invoice_id == Invoice.id)
    .scalar_subquery()
)
PAYABLE: Query[tuple[Payable, int]] = Query(
    select(
        Invoice.id,
        Invoice.account_id,
        Invoice.becomes,
        Invoice.net_minor,
        Invoice.tax_minor,
        Invoice.total_minor,
        Invoice.currency,
        Invoice.proforma_number,
        _attempts.label("attempts"),
    )
    .where(
        Invoice.id == bindparam("invoices", type_=ARRAY(Uuid)).any_(),
        Invoice.state == "open",
        Invoice.paid_minor == 0,
        Invoice.credited_minor == 0,
        Invoice.total_minor > 0,
        Invoice.becomes == "tax",
        ~exists().where(Credit.account_id == Invoice.account_id, Credit.left_minor > 0),
        ~exists().where(
            Payment.invoice_id == Invoice.id,
            Payment.state.in_([state.value for state in UNSETTLED]),
        ),
    )
    .order_by(Invoice.id)
    .with_for_update(of=Invoice),
    lambda *columns: (Payable(*columns[:-1]), columns[-1]),
)


@dataclass(frozen=True, slots=True)
class FromWallets:
    """What became of a batch: the rest was looked at, and its wallets do not cover it."""

    paid: frozenset[UUID]
    left: frozenset[UUID]


async def pay_from_wallets(db: Db, invoice_ids: Sequence[UUID]) -> FromWallets:
    """Pay those of these open invoices that their wallets cover whole.

    Left to `collect` is what is partly paid or credited, has another payment waiting, or an
    account with promotional credit. Where a wallet covers some of its account's invoices, the
    first in the given order are paid.
    """
    found = await PAYABLE.all(db, invoices=list(invoice_ids))
    place = {invoice_id: number for number, invoice_id in enumerate(invoice_ids)}
    found.sort(key=lambda pair: (pair[0].currency, place[pair[0].id]))
    paid: set[UUID] = set()
    for currency, group in groupby(found, key=lambda pair: pair[0].currency):
        paid |= await _pay(db, currency, list(group))
    left = place.keys() - {each.id for each, _ in found}
    return FromWallets(frozenset(paid), frozenset(left))


async def _pay(db: Db, currency: str, group: list[tuple[Payable, int]]) -> set[UUID]:
    accounts = {each.account_id for each, _ in group}
    wallets = await lock_books(db, BookKind.WALLET, currency, accounts)
    left = {account_id: balance for account_id, (_, balance) in wallets.items()}
    covered = []
    for each, attempts in group:
        if left[each.account_id] >= each.total_minor:
            left[each.account_id] -= each.total_minor
            covered.append((each, attempts))
    if not covered:
        return set()
    owing = {each.account_id for each, _ in covered}
    receivables = await lock_books(db, BookKind.RECEIVABLE, currency, owing)
    revenue = (await book(db, "revenue", currency)).id
    tax = (await book(db, "tax", currency)).id
    numbers = await close_invoices(db, [each for each, _ in covered])
    payments = await record_settled(
        db,
        [
            Settled(each.account_id, each.id, currency, each.total_minor, attempt=attempts + 1)
            for each, attempts in covered
        ],
    )
    postings: list[Posting] = []
    for each, _ in covered:
        wallet, owed = wallets[each.account_id][0], receivables[each.account_id][0]
        postings += _postings(each, payments[each.id], numbers[each.id], wallet, owed, revenue, tax)
    await post_many(db, postings)
    return set(numbers)


def _postings(
    paid: Payable,
    payment_id: UUID,
    number: str,
    wallet: UUID,
    owed: UUID,
    revenue: UUID,
    tax: UUID,
) -> Iterable[Posting]:
    """What `settle_from_wallet` and the closing of an invoice post."""
    who, total = paid.account_id, paid.total_minor
    yield Posting(
        key=f"wallet:{payment_id}",
        reason=f"Paid {paid.proforma_number} from the wallet",
        currency=paid.currency,
        entries=[(wallet, who, -total), (owed, who, total)],
        account_id=who,
        subject_kind="payment",
        subject_id=payment_id,
    )
    yield closing(paid, number, owed, revenue, tax)
