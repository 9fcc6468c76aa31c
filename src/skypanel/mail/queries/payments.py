"""What mail about payments, refunds, methods and credit says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Uuid, bindparam, select

from skypanel.identity.models import Account
from skypanel.invoices.models import Invoice
from skypanel.mail.queries.asking import Asking, Overtaken, user_of
from skypanel.mail.rules import MailKind
from skypanel.payments.models import Credit, Payment, Refund, SavedMethod
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.usage.queries import account_usage

_PAYMENT = Query(
    select(
        Payment.state,
        Payment.amount_minor,
        Payment.currency,
        Payment.reference,
        Payment.message,
        Payment.expires_at,
        Payment.invoice_id,
        Invoice.number,
        Invoice.seller,
        Account.name.label("account"),
    )
    .join(Invoice, Invoice.id == Payment.invoice_id)
    .join(Account, Account.id == Payment.account_id)
    .where(Payment.id == bindparam("payment", type_=Uuid()))
)
_REFUND = Query(
    select(
        Refund.amount_minor,
        Refund.currency,
        Refund.destination,
        Refund.reason,
        Payment.invoice_id,
        Invoice.number,
        Account.name.label("account"),
    )
    .join(Payment, Payment.id == Refund.payment_id)
    .join(Invoice, Invoice.id == Payment.invoice_id)
    .join(Account, Account.id == Refund.account_id)
    .where(Refund.id == bindparam("refund", type_=Uuid()))
)
_METHOD = Query(
    select(SavedMethod.label, SavedMethod.consent, Account.name.label("account"))
    .join(Account, Account.id == SavedMethod.account_id)
    .where(SavedMethod.id == bindparam("method", type_=Uuid()))
)
_CREDIT = Query(
    select(
        Credit.amount_minor,
        Credit.currency,
        Credit.reason,
        Credit.expires_on,
        Account.name.label("account"),
    )
    .join(Account, Account.id == Credit.account_id)
    .where(Credit.id == bindparam("credit", type_=Uuid()))
)


async def _about_payment(asking: Asking) -> dict[str, Any]:
    row = await _PAYMENT.one(asking.read, payment=asking.ids["payment_id"])
    if row is None:
        raise Overtaken("The payment is gone.")
    amount = Money(row.pop("amount_minor"), row.pop("currency"))
    link = asking.link(f"/invoices/{row.pop('invoice_id')}")
    return {**await user_of(asking), **row, "amount": amount, "link": link}


async def _transfer_awaited(asking: Asking) -> dict[str, Any]:
    found = await _about_payment(asking)
    if found["state"] != "awaiting_transfer":
        raise Overtaken("The transfer is no longer waited for.")
    seller = found.pop("seller")
    holder = seller.get("company") or seller.get("name")
    return {**found, "holder": holder, "iban": seller.get("iban"), "bic": seller.get("bic")}


async def _declined(asking: Asking) -> dict[str, Any]:
    found = await _about_payment(asking)
    if found["state"] != "declined":
        raise Overtaken("It was not left at the decline.")
    return {**found, "methods_link": asking.link("/payment-methods")}


async def _refunded(asking: Asking) -> dict[str, Any]:
    row = await _REFUND.one(asking.read, refund=asking.ids["refund_id"])
    if row is None:
        raise Overtaken("The refund is gone.")
    amount = Money(row.pop("amount_minor"), row.pop("currency"))
    link = asking.link(f"/invoices/{row.pop('invoice_id')}")
    return {**await user_of(asking), **row, "amount": amount, "link": link}


async def _method(asking: Asking) -> dict[str, Any]:
    row = await _METHOD.one(asking.read, method=asking.ids["method_id"])
    if row is None:
        raise Overtaken("The payment method is gone.")
    return {**await user_of(asking), **row, "link": asking.link("/payment-methods")}


async def _credit_granted(asking: Asking) -> dict[str, Any]:
    row = await _CREDIT.one(asking.read, credit=asking.ids["credit_id"])
    if row is None:
        raise Overtaken("The credit is gone.")
    amount = Money(row.pop("amount_minor"), row.pop("currency"))
    link = asking.link("/payment-methods")
    return {**await user_of(asking), **row, "amount": amount, "link": link}


_ACCOUNT = Query(
    select(Account.name.label("account"), Account.currency).where(
        Account.id == bindparam("account", type_=Uuid())
    )
)


async def _balance(asking: Asking) -> dict[str, Any]:
    account_id = asking.ids["subject_account_id"]
    row = await _ACCOUNT.one(asking.read, account=account_id)
    if row is None:
        raise Overtaken("The account is gone.")
    found = await account_usage(asking.read, account_id, row["currency"])
    return {
        **await user_of(asking),
        "account": row["account"],
        "spendable": Money(**found["spendable"]),
        "arrears": Money(**found["arrears"]),
        "lasts_until": found["lasts_until"],
        "low": found["low"],
        "link": asking.link("/top-up"),
    }


async def _balance_low(asking: Asking) -> dict[str, Any]:
    found = await _balance(asking)
    if not found["low"] or found["arrears"]:
        raise Overtaken("It is not low any more, or used up by now.")
    return found


async def _balance_empty(asking: Asking) -> dict[str, Any]:
    found = await _balance(asking)
    if not found["arrears"]:
        raise Overtaken("The hours are paid by now.")
    return found


PAYMENT_FACTS: dict[str, Callable[[Asking], Awaitable[dict[str, Any]]]] = {
    MailKind.TRANSFER_AWAITED: _transfer_awaited,
    MailKind.PAYMENT_REFUNDED: _refunded,
    MailKind.CHARGE_DECLINED: _declined,
    MailKind.METHOD_SAVED: _method,
    MailKind.METHOD_LOST: _method,
    MailKind.CREDIT_GRANTED: _credit_granted,
    MailKind.BALANCE_LOW: _balance_low,
    MailKind.BALANCE_EMPTY: _balance_empty,
}
