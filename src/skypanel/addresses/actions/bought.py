"""Buying an extra address and having it given, or taken: once, whatever was lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from skypanel.addresses import queries
from skypanel.addresses.errors import AddressNotSold
from skypanel.addresses.events import ExtraAddressChanged
from skypanel.addresses.models import ExtraAddress
from skypanel.addresses.queries import Found, Offer
from skypanel.addresses.rules import (
    ADDRESS_STATES,
    ENDED,
    HOURLY,
    LATER,
    SOON,
    draft_of,
    settled_until,
)
from skypanel.catalog.queries import ChosenAddon
from skypanel.identity.actions import audit
from skypanel.invoices.actions import issue_invoice, refund_to_wallet, void_invoice
from skypanel.payments.actions import spendable, start_payment
from skypanel.payments.models import Payment
from skypanel.payments.rules import IN_FLIGHT
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.states import advance
from skypanel.renewals.actions import (
    lock_schedule,
    lock_standings,
    price_for_coming,
    replan,
    void_bills,
)
from skypanel.renewals.errors import QuoteChanged
from skypanel.renewals.models import Schedule
from skypanel.renewals.rules import PlanChangeSettings
from skypanel.servers import actions as servers
from skypanel.servers.errors import ServerBusy, TaskNotAllowed
from skypanel.servers.models import Server, ServerTask
from skypanel.services.actions import add_addon, lock_service
from skypanel.services.rules import midnight

ERROR_CHARACTERS = 400
WAIT_FOR_MONEY = timedelta(minutes=15)
BOUGHT = "An address was bought."


async def buy(
    db: Db, server_id: UUID, *, addon_id: UUID, quoted_minor: int, use_wallet: bool = True
) -> ExtraAddress:
    """Buy one more address for a server that runs, for the rest of what is paid of its service.

    It is given when its invoice is paid: at once where credit and wallet hold enough. Publishes
    ExtraAddressChanged. Refuses `quote_changed` and why it is not possible.
    """
    found = await locked(db, server_id)
    if found.refusal is not None:
        raise found.refusal
    offer = next((one for one in found.offers if one.addon.addon_id == addon_id), None)
    if offer is None:
        raise AddressNotSold
    if offer.refusal is not None:
        raise offer.refusal
    if offer.cost.sum.gross.minor != quoted_minor:
        raise QuoteChanged
    row = _row(db, server_id, found, offer)
    db.add(row)
    await db.flush()
    audit(db, "server.buy_address", "server", server_id, account_id=row.account_id,
          about=row.name, total_minor=quoted_minor)  # fmt: skip
    if offer.cost.sum.gross:
        await _bill(db, row, found, offer, use_wallet=use_wallet)
    else:
        advance(db, row, ADDRESS_STATES, "pay")
        await _ask(db, row)
    tell(db, row)
    return row


async def locked(db: Db, server_id: UUID) -> Found:
    """A server's addresses; its service's agenda and the service are locked, in this order."""
    server = await db.get(Server, server_id)
    if server is None:
        raise NotFound
    if await db.get(Schedule, server.service_id) is None:
        raise AddressNotSold(HOURLY)
    await lock_schedule(db, server.service_id)
    await lock_service(db, server.service_id)
    return await queries.found(db.house, db, server_id)


def _row(db: Db, server_id: UUID, found: Found, offer: Offer) -> ExtraAddress:
    return ExtraAddress(
        id=new_id(),
        server_id=server_id,
        service_id=found.row["service_id"],
        account_id=found.row["account_id"],
        addon_id=offer.addon.addon_id,
        price_version=offer.addon.price_version,
        name=offer.addon.name,
        state="awaiting_payment",
        price_minor=offer.addon.price.minor,
        price_exact=offer.addon.price_exact,
        currency=offer.addon.price.currency,
        created_at=db.now,
    )


async def _bill(db: Db, row: ExtraAddress, found: Found, offer: Offer, *, use_wallet: bool) -> None:
    """Ask for its price; the panel is asked when that is paid."""
    standing = found.subject.standing
    assert standing is not None
    draft = draft_of(standing, offer.cost, row.name, found.subject.hostname)
    invoice = await issue_invoice(db, draft)
    settings = await db.house.settings.get(PlanChangeSettings)
    row.invoice_id = invoice.id
    ends_at = midnight(offer.cost.span.ends_on, standing.zone)
    row.expires_at = min(db.now + timedelta(hours=settings.pay_within_hours), ends_at)
    await db.flush()
    if use_wallet and draft.total <= await spendable(db, row.account_id, row.currency):
        await start_payment(db, invoice.id, "wallet")
        await note_paid(db, invoice.id)


def tell(db: Db, row: ExtraAddress) -> None:
    """Publishes ExtraAddressChanged."""
    db.publish(ExtraAddressChanged(row.id, row.server_id, row.account_id, row.state))


async def lock_extra(db: Db, extra_id: UUID) -> ExtraAddress:
    """An extra address as it stands now: the service's agenda is locked first, then the service."""
    seen = await db.get(ExtraAddress, extra_id)
    if seen is None:
        raise NotFound
    await lock_schedule(db, seen.service_id)
    await lock_service(db, seen.service_id)
    return await db.get_one(ExtraAddress, extra_id, with_for_update=True, populate_existing=True)


async def _awaiting(db: Db, invoice_id: UUID) -> ExtraAddress | None:
    """The address that waits for this invoice."""
    found = await db.scalar(select(ExtraAddress.id).where(ExtraAddress.invoice_id == invoice_id))
    if found is None:
        return None
    row = await lock_extra(db, found)
    return row if row.state == "awaiting_payment" else None


async def note_paid(db: Db, invoice_id: UUID) -> None:
    """Its invoice is paid: the server is asked for it. Publishes ExtraAddressChanged."""
    row = await _awaiting(db, invoice_id)
    if row is None:
        return
    advance(db, row, ADDRESS_STATES, "pay")
    row.expires_at = None
    await _ask(db, row)
    tell(db, row)


async def note_void(db: Db, invoice_id: UUID) -> None:
    """Its invoice is asked for no more. Publishes ExtraAddressChanged."""
    row = await _awaiting(db, invoice_id)
    if row is not None:
        _close(db, row, "cancel", "Its invoice was voided.")


async def cancel(db: Db, extra_id: UUID) -> ExtraAddress:
    """Want it no more before it is paid. Refuses `verb_not_allowed`, `invoice_partly_paid`."""
    row = await lock_extra(db, extra_id)
    audit(db, "server.cancel_address", "server", row.server_id, account_id=row.account_id,
          about=row.name)  # fmt: skip
    _close(db, row, "cancel", None)
    if row.invoice_id is not None:
        await void_invoice(db, row.invoice_id, "The address was not wanted any more.")
    return row


def _close(db: Db, row: ExtraAddress, verb: str, error: str | None) -> None:
    """Publishes ExtraAddressChanged."""
    advance(db, row, ADDRESS_STATES, verb, note=error)
    row.closed_at, row.expires_at, row.due_at = db.now, None, None
    row.error = error[:ERROR_CHARACTERS] if error else None
    tell(db, row)


async def _refund(db: Db, row: ExtraAddress, reason: str) -> None:
    """It surely was not given: the whole price goes back to the wallet, and staff hear of it."""
    _close(db, row, "refund", reason)
    if row.invoice_id is not None:
        await refund_to_wallet(db, row.invoice_id, None, "The address could not be given")


async def _ask(db: Db, row: ExtraAddress) -> None:
    """It is paid: ask the server for it, as soon as nothing else is done to it."""
    service = await lock_service(db, row.service_id)
    if service.state in ENDED:
        await _refund(db, row, "The service has ended.")
        return
    try:
        row.task_id = await servers.ask_address(db, row.server_id, known=row.known)
    except (ServerBusy, TaskNotAllowed):
        row.due_at = db.now + SOON
        return
    advance(db, row, ADDRESS_STATES, "ask")
    row.due_at = db.now + SOON


async def follow(db: Db, extra_id: UUID) -> None:
    """Bring an extra address one step further, if its instant has come.

    Publishes ExtraAddressChanged.
    """
    row = await lock_extra(db, extra_id)
    before = row.state
    if row.state == "awaiting_payment":
        await _expire(db, row)
    elif row.state == "paid":
        await _ask(db, row)
    elif row.state == "leaving" and row.due_at is not None and row.due_at <= db.now:
        await _take(db, row)
    elif row.state in ("adding", "taking"):
        await _hear(db, row)
    if row.state != before and row.closed_at is None:
        tell(db, row)


async def _expire(db: Db, row: ExtraAddress) -> None:
    """Give up what was not paid in time; wait on while money is being taken."""
    if row.expires_at is None or row.expires_at > db.now:
        return
    assert row.invoice_id is not None
    comes = select(Payment.id).where(
        Payment.invoice_id == row.invoice_id, Payment.state.in_(IN_FLIGHT)
    )
    if await db.scalar(comes.limit(1)) is not None:
        row.expires_at = db.now + WAIT_FOR_MONEY
        return
    _close(db, row, "expire", "It was not paid in time.")
    await void_invoice(db, row.invoice_id, "The address was not paid in time.")


async def _hear(db: Db, row: ExtraAddress) -> None:
    """What came of the task that the server was given."""
    assert row.task_id is not None
    task = await db.get_one(ServerTask, row.task_id, populate_existing=True)
    if task.state in ("queued", "running"):
        row.due_at = db.now + SOON
    elif row.state == "adding":
        await _hear_added(db, row, task)
    elif task.state == "done":
        _close(db, row, "finish", None)
    else:
        _put_back(db, row, task)


async def _hear_added(db: Db, row: ExtraAddress, task: ServerTask) -> None:
    before = task.before or {}
    if task.state == "done":
        await _give(db, row, before["given"])
    elif before.get("refused"):
        await _refund(db, row, task.error or "The panel refused.")
    else:
        if task.asked_at is not None and row.known is None:
            row.known = before.get("known")  # its answer may be lost: it may be there already
        _put_back(db, row, task)


def _put_back(db: Db, row: ExtraAddress, task: ServerTask) -> None:
    advance(db, row, ADDRESS_STATES, "put_back", note=task.error)
    row.task_id, row.error, row.due_at = None, task.error, db.now + LATER


async def _give(db: Db, row: ExtraAddress, address: str) -> None:
    """The server has it: from the next period on it is billed with its service."""
    service = await lock_service(db, row.service_id)
    chosen = ChosenAddon(
        addon_id=row.addon_id,
        name=row.name,
        kind="ipv4",
        quantity=1,
        price=Money(row.price_minor, row.currency),
        amount=row.price_exact or Money(row.price_minor, row.currency).major,
        price_version=row.price_version,
    )
    sold = await add_addon(db, service, chosen)
    row.service_addon_id, row.address = sold.id, address
    row.given_at, row.due_at, row.known, row.error = db.now, None, None, None
    advance(db, row, ADDRESS_STATES, "give")
    await db.flush()
    await price_for_coming(db, row.service_id, sold.id)
    await bill_anew(db, row.service_id, BOUGHT)


async def bill_anew(db: Db, service_id: UUID, reason: str) -> None:
    """Periods that are billed and not paid yet are billed anew, with what is had from now on."""
    [loaded] = await lock_standings(db, [service_id])
    first = settled_until(loaded.standing) + 1
    await void_bills(db, loaded, first, reason, leave_partly_paid=True)
    await replan(db, [service_id])


async def _take(db: Db, row: ExtraAddress) -> None:
    """What is paid of it is over: have the server give it up."""
    service = await lock_service(db, row.service_id)
    if service.state in ENDED:
        _close(db, row, "finish", None)  # it goes with the server
        return
    assert row.address is not None
    try:
        row.task_id = await servers.ask_drop_address(db, row.server_id, row.address)
    except (ServerBusy, TaskNotAllowed):
        row.due_at = db.now + SOON
        return
    advance(db, row, ADDRESS_STATES, "take")
    row.due_at = db.now + SOON


async def hear_task(db: Db, task_id: UUID) -> None:
    """A server's task about an address has ended. Publishes ExtraAddressChanged."""
    found = await db.scalar(select(ExtraAddress.id).where(ExtraAddress.task_id == task_id))
    if found is not None:
        await follow(db, found)
