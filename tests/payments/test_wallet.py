"""Paying out of the wallet: at once, and never more than lies in it."""

from __future__ import annotations

import asyncio

import pytest

from tests.payments.checkout import Checkout


async def test_wallet_payment_settles_at_once(checkout: Checkout) -> None:
    await checkout.deposit(2000)
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.pay(invoice_id, "wallet")
    assert payment["state"] == "settled"
    balances = await checkout.balances()
    assert balances == {"wallet": 810, "revenue": 1190, "paypal_clearing": -2000}
    listed = await checkout.person.http.get(
        "/api/v1/transactions", params={"account_id": str(checkout.account_id), "limit": 2}
    )
    page = listed.json()
    assert len(page["items"]) == 2
    rest = await checkout.person.http.get(
        "/api/v1/transactions",
        params={"account_id": str(checkout.account_id), "cursor": page["next"]},
    )
    shown = page["items"] + rest.json()["items"]
    assert rest.json()["next"] is None
    assert sorted((each["kind"], each["amount"]["minor"]) for each in shown) == [
        ("invoice", -1190),
        ("wallet", -1190),
        ("wallet", 1190),
        ("wallet", 2000),
    ]


async def test_too_little_money_changes_nothing(checkout: Checkout) -> None:
    await checkout.deposit(1189)
    invoice_id = await checkout.invoice(1190)
    answer = await checkout.ask_to_pay(invoice_id, "wallet")
    assert (answer.status_code, answer.json()["code"]) == (409, "balance_too_low")
    assert await checkout.world.rows("select 1 from payments") == []


async def test_choosing_the_wallet_gives_up_the_waiting_paypal_payment(
    checkout: Checkout,
) -> None:
    await checkout.deposit(2000)
    invoice_id = await checkout.invoice(1190)
    waiting = await checkout.started(invoice_id)
    await checkout.pay(invoice_id, "wallet")
    assert (await checkout.payment(waiting["id"]))["state"] == "cancelled"


@pytest.mark.parametrize("invoices", [1, 2])
async def test_fifty_at_once_pay_once(checkout: Checkout, invoices: int) -> None:
    await checkout.deposit(1190)
    wanted = [await checkout.invoice(1190) for _ in range(invoices)]
    answers = await asyncio.gather(
        *(checkout.ask_to_pay(wanted[turn % invoices], "wallet") for turn in range(50))
    )
    codes = [answer.status_code for answer in answers]
    assert codes.count(201) == 1, codes
    assert set(codes) == {201, 409}
    balances = await checkout.balances()
    assert balances == {"revenue": 1190, "paypal_clearing": -1190}
    paid = await checkout.world.rows("select 1 from invoices where state = 'paid'")
    assert len(paid) == 1
    await checkout.assert_books_agree()
