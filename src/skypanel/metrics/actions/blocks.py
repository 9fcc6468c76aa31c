"""Buying a block of extra traffic: paid first, given at the panel once, or the money goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from skypanel.identity.actions import audit
from skypanel.invoices.actions import issue_invoice, refund_to_wallet
from skypanel.invoices.rules import InvoiceDraft, LineDraft
from skypanel.metrics.errors import BalanceShort, BlockNotSold, BlockPriceChanged, BlockUnderWay
from skypanel.metrics.events import BlockBought, BlockSettled
from skypanel.metrics.models import BlockPurchase
from skypanel.metrics.queries.blocks import offer
from skypanel.metrics.rules import BLOCK_STATES, CALL_AT_MOST, UNDER_WAY, wait
from skypanel.payments.actions import spendable, start_payment
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance
from skypanel.servers.actions import lock_server
from skypanel.servers.models import Server

ERROR_CHARACTERS = 400
SOON = "update metric_standings set traffic_due_at = %(now)s where server_id = %(server)s"


@dataclass(frozen=True, slots=True)
class ToAdd:
    """What the panel is to be asked, and whether it may have been asked before."""

    virtfusion_ref: int
    number: int
    gb: int
    asked: bool
    known_refs: frozenset[int]
    is_over: bool


async def buy_block(db: Db, server_id: UUID, quoted_minor: int) -> BlockPurchase:
    """Buy a block for the running period, paid at once from credit and wallet, whole or not.

    Publishes BlockBought. Refuses `block_not_sold`, `block_price_changed`, `block_under_way`,
    `balance_short`.
    """
    await lock_server(db, server_id)
    found = await offer(db.house, db, server_id)
    if found is None:
        raise BlockNotSold
    busy = select(BlockPurchase.id).where(
        BlockPurchase.server_id == server_id, BlockPurchase.state.in_(UNDER_WAY)
    )
    if await db.scalar(busy) is not None:
        raise BlockUnderWay
    if found.total.minor != quoted_minor:
        raise BlockPriceChanged
    if await spendable(db, found.account_id, found.price.currency) < found.total:
        raise BalanceShort
    line = LineDraft.priced(
        found.price,
        found.tax,
        told={"steps": [("Price of the block", str(found.price))]},
        description=f"{found.gb} GB of traffic for {found.hostname}",
        period_start=db.now,
        period_end=found.ends_at,
    )
    draft = InvoiceDraft(
        account_id=found.account_id,
        currency=found.price.currency,
        due_on=db.now.date(),
        lines=[line],
        tax_note=found.tax.note,
    )
    invoice = await issue_invoice(db, draft)
    await start_payment(db, invoice.id, "wallet")
    purchase = BlockPurchase(
        id=new_id(),
        server_id=server_id,
        account_id=found.account_id,
        invoice_id=invoice.id,
        number=found.number,
        ends_at=found.ends_at,
        gb=found.gb,
        state="paid",
        known_refs=[],
        tries=0,
        due_at=db.now + wait(0),
        created_at=db.now,
    )
    db.add(purchase)
    await db.flush()
    audit(db, "server.buy_block", "server", server_id, account_id=found.account_id, gb=found.gb,
          total_minor=found.total.minor)  # fmt: skip
    db.publish(BlockBought(purchase.id, server_id, found.account_id))
    return purchase


async def _lock(db: Db, purchase_id: UUID) -> BlockPurchase | None:
    """A purchase whose story is not over, locked until this unit of work ends."""
    row = await db.get(BlockPurchase, purchase_id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.state in UNDER_WAY else None


async def begin_visit(db: Db, purchase_id: UUID) -> ToAdd | None:
    """Take a purchase for one visit to the panel; nothing when another may be on its way."""
    row = await _lock(db, purchase_id)
    if row is None or (row.busy_until is not None and row.busy_until > db.now):
        return None
    server = await db.get_one(Server, row.server_id)
    row.tries += 1
    row.due_at = db.now + wait(row.tries)
    row.busy_until = db.now + CALL_AT_MOST
    if server.virtfusion_ref is None:
        await _refund(db, row, "The server is no longer at the panel.")
        return None
    return ToAdd(
        server.virtfusion_ref,
        row.number,
        row.gb,
        row.asked_at is not None,
        frozenset(row.known_refs),
        row.ends_at <= db.now,
    )


async def note_asking(db: Db, purchase_id: UUID, known_refs: Sequence[int]) -> bool:
    """Write down, before it happens, that the panel is asked, and which blocks there are."""
    row = await _lock(db, purchase_id)
    if row is None:
        return False
    advance(db, row, BLOCK_STATES, "ask")
    row.asked_at, row.known_refs = db.now, list(known_refs)
    row.busy_until = db.now + CALL_AT_MOST
    return True


async def finish_purchase(db: Db, purchase_id: UUID, block_ref: int | None) -> None:
    """The panel gave the block. Publishes BlockSettled."""
    row = await _lock(db, purchase_id)
    if row is None:
        return
    advance(db, row, BLOCK_STATES, "finish")
    row.block_ref, row.finished_at, row.busy_until, row.error = block_ref, db.now, None, None
    await db.run(SOON, now=db.now, server=row.server_id)
    db.publish(BlockSettled(row.id, row.server_id, row.account_id))


async def put_off(db: Db, purchase_id: UUID, error: str, *, unclear: bool) -> None:
    """This visit came to nothing; `unclear` when the panel may have given the block."""
    row = await _lock(db, purchase_id)
    if row is None:
        return
    row.error = error[:ERROR_CHARACTERS]
    if unclear:
        return  # nobody looks before that call has surely ended
    row.busy_until = None
    if row.asked_at is not None:
        advance(db, row, BLOCK_STATES, "put_back")
        row.asked_at = None


async def give_back(db: Db, purchase_id: UUID, reason: str) -> None:
    """The panel surely did not give the block: its whole price goes back to the wallet.

    Publishes BlockSettled.
    """
    row = await _lock(db, purchase_id)
    if row is not None:
        await _refund(db, row, reason)


async def _refund(db: Db, row: BlockPurchase, reason: str) -> None:
    advance(db, row, BLOCK_STATES, "refund", note=reason[:ERROR_CHARACTERS])
    row.error, row.finished_at, row.busy_until = reason[:ERROR_CHARACTERS], db.now, None
    await refund_to_wallet(db, row.invoice_id, None, "The traffic could not be added")
    db.publish(BlockSettled(row.id, row.server_id, row.account_id))
