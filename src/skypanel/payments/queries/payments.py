"""Payments as people read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, exists, func, literal, or_, select

from skypanel.identity.models import Account
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceKind
from skypanel.payments.models import Payment
from skypanel.payments.rules import CANCELLABLE, PAYMENT_STATES, UNSETTLED, PaymentState
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query, money

_COLUMNS = (
    Payment.id,
    Payment.account_id,
    Payment.invoice_id,
    Payment.gateway,
    Payment.state,
    Payment.amount_minor,
    Payment.currency,
    Payment.approve_url,
    Payment.gateway_ref,
    Payment.capture_ref,
    Payment.message,
    Payment.created_at,
    Payment.settled_at,
    Payment.wallet_minor,
    Payment.promotional_minor,
    Payment.refunded_minor,
    Payment.returned_minor,
    Payment.automatic,
    Payment.reference,
    Payment.expires_at,
)
_ROW_COLUMNS = len(_COLUMNS)
_STATE = bindparam("state", type_=String())


def _row(
    payment_id: UUID,
    account_id: UUID,
    invoice_id: UUID,
    gateway: str,
    state: str,
    minor: int,
    currency: str,
    approve_url: str | None,
    gateway_ref: str | None,
    capture_ref: str | None,
    message: str | None,
    created_at: datetime,
    settled_at: datetime | None,
    wallet_minor: int,
    promotional_minor: int,
    refunded_minor: int,
    returned_minor: int,
    automatic: bool,
    reference: str | None,
    expires_at: datetime,
) -> dict[str, Any]:
    return {
        "id": payment_id,
        "account_id": account_id,
        "invoice_id": invoice_id,
        "gateway": gateway,
        "state": state,
        "amount": money(minor, currency),
        "approve_url": approve_url if state in CANCELLABLE else None,
        "gateway_ref": gateway_ref,
        "capture_ref": capture_ref,
        "message": message,
        "created_at": created_at,
        "settled_at": settled_at,
        "from_wallet": money(wallet_minor, currency),
        "from_credit": money(promotional_minor, currency),
        "refunded": money(refunded_minor + returned_minor, currency),
        "automatic": automatic,
        "reference": reference,
        "expires_at": expires_at if state in CANCELLABLE else None,
        "can": ["cancel"] if state in CANCELLABLE else [],
    }


def _staff_row(*columns: Any) -> dict[str, Any]:
    (
        name, number, attention, fee_minor, to_wallet_minor, taken_minor, received_on, left_minor,
    ) = columns[_ROW_COLUMNS:]  # fmt: skip
    row = _row(*columns[:_ROW_COLUMNS])
    return {
        **row,
        "can": _staff_can(row, left_minor),
        "taken": money(taken_minor, row["amount"]["currency"]),
        "to_wallet": money(to_wallet_minor, row["amount"]["currency"]),
        "refundable": money(left_minor, row["amount"]["currency"]),
        "received_on": received_on,
        "account_name": name,
        "invoice_number": number,
        "attention": attention,
        "fee": money(fee_minor, row["amount"]["currency"]),
        "credited_to_wallet": to_wallet_minor > 0,
    }


def _staff_can(row: dict[str, Any], left_minor: int) -> list[str]:
    verbs = []
    if row["gateway"] == "bank" and "settle" in PAYMENT_STATES[row["state"]]:
        verbs.append("confirm_transfer")
    if row["state"] == PaymentState.AWAITING_TRANSFER:
        verbs.append("reject_transfer")
    if row["state"] == PaymentState.SETTLED and left_minor > 0:
        verbs.append("refund")
    return verbs


_ONE: Query[dict[str, Any]] = Query(
    select(*_COLUMNS).where(Payment.id == bindparam("payment", type_=Uuid())), _row
)
_OF_INVOICE: Query[dict[str, Any]] = Query(
    select(*_COLUMNS)
    .where(Payment.invoice_id == bindparam("invoice", type_=Uuid()))
    .order_by(Payment.id.desc()),
    _row,
)
_STAFF = (
    select(
        *_COLUMNS,
        Account.name.label("account_name"),
        Invoice.number,
        Payment.attention,
        Payment.fee_minor,
        Payment.to_wallet_minor,
        Payment.taken_minor,
        Payment.received_on,
        (
            func.coalesce(Payment.taken_minor, 0)
            + Payment.wallet_minor
            - Payment.promotional_minor
            - Payment.refunded_minor
            - Payment.returned_minor
        ).label("left_minor"),
    )
    .join(Account, Account.id == Payment.account_id)
    .join(Invoice, Invoice.id == Payment.invoice_id)
)
_STAFF_LIST: Query[dict[str, Any]] = Query(
    _STAFF.where(
        Payment.id < bindparam("before", type_=Uuid()),
        or_(_STATE.is_(None), Payment.state == _STATE),
    )
    .order_by(Payment.id.desc())
    .limit(bindparam("limit")),
    _staff_row,
)
_STAFF_ONE: Query[dict[str, Any]] = Query(
    _STAFF.where(Payment.id == bindparam("payment", type_=Uuid())), _staff_row
)
_UNSETTLED: Query[bool] = Query(
    select(
        exists().where(
            Payment.invoice_id == bindparam("invoice", type_=Uuid()),
            Payment.state.in_([literal(state.value) for state in sorted(UNSETTLED)]),
        )
    ),
    bool,
)


_BECOMES: Query[str] = Query(
    select(Invoice.becomes).where(Invoice.id == bindparam("invoice", type_=Uuid())),
    lambda kind: kind,
)


async def fills_the_wallet(read: Read, invoice_id: UUID) -> bool:
    """Whether an invoice asks for a top-up, which the wallet itself can't pay."""
    return await _BECOMES.one(read, invoice=invoice_id) == InvoiceKind.RECEIPT


async def get_for(read: Read, viewer: Viewer, payment_id: UUID) -> dict[str, Any]:
    """A payment, and what the viewer can do with it."""
    found = await _ONE.one(read, payment=payment_id)
    if found is None:
        raise NotFound
    viewer.require("billing.view", found["account_id"])
    return _for(viewer, found)


async def of_invoice_for(read: Read, viewer: Viewer, invoice_id: UUID) -> list[dict[str, Any]]:
    """The payments of an invoice that the viewer may see, newest first."""
    return [_for(viewer, each) for each in await _OF_INVOICE.all(read, invoice=invoice_id)]


def _for(viewer: Viewer, found: dict[str, Any]) -> dict[str, Any]:
    may_pay = viewer.may("billing.pay", found["account_id"])
    return found if may_pay else {**found, "can": [], "approve_url": None}


async def of_invoice(read: Read, invoice_id: UUID) -> list[dict[str, Any]]:
    """The payments of an invoice, newest first, for whoever may see everything."""
    return await _OF_INVOICE.all(read, invoice=invoice_id)


async def staff_page(read: Read, page: Page, *, state: str | None) -> dict[str, Any]:
    """All payments, newest first, with their accounts and invoices."""
    return await _STAFF_LIST.page(read, page, state=state)


async def find(read: Read, payment_id: UUID) -> dict[str, Any]:
    """A payment with what only staff see of it."""
    found = await _STAFF_ONE.one(read, payment=payment_id)
    if found is None:
        raise NotFound
    return found


async def unsettled(read: Read, invoice_id: UUID) -> bool:
    """Whether money for an invoice may still be on its way."""
    return bool(await _UNSETTLED.one(read, invoice=invoice_id))
