"""Wallet and gateway in one go: their parts meet in one transfer, or nothing is half done."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

import pytest

from skypanel.payments.actions import expire_credit
from skypanel.payments.jobs import expire_credits
from tests.payments.checkout import Checkout


async def test_wallet_and_paypal_pay_together(checkout: Checkout) -> None:
    await checkout.deposit(500)
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.pay(invoice_id, use_wallet=True)
    assert (payment["amount"]["minor"], payment["from_wallet"]["minor"]) == (690, 500)
    assert (await checkout.balances())["wallet"] == 500
    await checkout.world.drain()
    await checkout.approve(await checkout.payment(payment["id"]))
    await checkout.poll()
    await checkout.assert_settled_once(payment["id"], invoice_id)
    assert "wallet" not in await checkout.balances()


async def test_a_wallet_spent_meanwhile_leaves_the_invoice_open_over_the_rest(
    checkout: Checkout,
) -> None:
    await checkout.deposit(500)
    invoice_id = await checkout.invoice(1190)
    payment = await checkout.pay(invoice_id, use_wallet=True)
    await checkout.pay(await checkout.invoice(400), "wallet")
    await checkout.world.drain()
    await checkout.approve(await checkout.payment(payment["id"]))
    await checkout.poll()
    payment = await checkout.payment(payment["id"])
    assert payment["state"] == "settled"
    assert "4.00 EUR less" in payment["message"]
    [row] = await checkout.world.rows(
        "select state, paid_minor from invoices where id = %s", invoice_id
    )
    assert row == ("open", 790)
    await checkout.assert_books_agree()


async def test_a_wallet_that_holds_enough_pays_all(checkout: Checkout) -> None:
    await checkout.deposit(5000)
    answer = await checkout.ask_to_pay(await checkout.invoice(1190), "paypal", use_wallet=True)
    assert answer.status_code == 201
    assert answer.json()["gateway"] == "wallet"


async def test_giving_up_leaves_the_wallet_alone(checkout: Checkout) -> None:
    await checkout.deposit(500)
    payment = await checkout.pay(await checkout.invoice(1190), use_wallet=True)
    await checkout.person.http.post(f"/api/v1/payments/{payment['id']}/cancel")
    assert (await checkout.balances())["wallet"] == 500


async def test_credit_that_expires_first_is_spent_first(checkout: Checkout) -> None:
    await checkout.deposit(1000)
    later = await checkout.grant(300, date(2026, 6, 1))
    never = await checkout.grant(300)
    soon = await checkout.grant(300, date(2026, 3, 2))
    await checkout.pay(await checkout.invoice(400), "wallet")
    rows = dict(await checkout.world.rows("select id, left_minor from credits"))
    assert rows == {soon: 0, later: 200, never: 300}
    assert (await checkout.balances())["wallet"] == 1000
    await checkout.pay(await checkout.invoice(700), "wallet")
    assert (await checkout.balances())["wallet"] == 800


async def test_expired_credit_is_gone_and_not_spent(checkout: Checkout) -> None:
    await checkout.grant(1190, date(2026, 3, 2))
    await checkout.world.pass_time(days=1)
    await checkout.log_in_again()
    answer = await checkout.ask_to_pay(await checkout.invoice(1190), "wallet")
    assert answer.json()["code"] == "balance_too_low"
    await checkout.world.house.queue.tick(expire_credits)
    await checkout.world.drain()
    [(left, expired)] = await checkout.world.rows("select left_minor, expired_minor from credits")
    assert (left, expired) == (0, 1190)
    assert await checkout.balances() == {}


async def test_expiring_and_spending_at_once_moves_it_once(checkout: Checkout) -> None:
    credit_id: UUID = await checkout.grant(1190, date(2026, 3, 2))
    invoices = [await checkout.invoice(1190) for _ in range(4)]

    async def expire() -> None:
        async with checkout.world.house.transaction() as db:
            await expire_credit(db, credit_id)

    await asyncio.gather(
        *(checkout.ask_to_pay(each, "wallet") for each in invoices), *(expire() for _ in range(4))
    )
    [(left, expired)] = await checkout.world.rows("select left_minor, expired_minor from credits")
    paid = await checkout.world.rows("select 1 from invoices where state = 'paid'")
    assert (left, expired, len(paid)) in {(0, 0, 1), (1190, 0, 0), (0, 1190, 0)}
    await checkout.assert_books_agree()


async def test_fifty_at_once_spend_promotional_credit_once(checkout: Checkout) -> None:
    await checkout.grant(700)
    await checkout.grant(490, date(2026, 4, 1))
    invoices = [await checkout.invoice(1190) for _ in range(5)]
    answers = await asyncio.gather(
        *(checkout.ask_to_pay(invoices[turn % 5], "wallet") for turn in range(50))
    )
    assert [each.status_code for each in answers].count(201) == 1
    assert await checkout.balances() == {"promotions": -1190, "revenue": 1190}
    assert await checkout.world.rows("select sum(left_minor) from credits") == [(0,)]
    await checkout.assert_books_agree()


@pytest.mark.parametrize("promotional", [False, True])
async def test_a_top_up_is_not_paid_by_what_it_fills(checkout: Checkout, promotional: bool) -> None:
    await (checkout.grant(9000) if promotional else checkout.deposit(9000))
    invoice_id = await checkout.top_up(2000)
    answer = await checkout.ask_to_pay(invoice_id, "wallet")
    assert (answer.status_code, answer.json()["code"]) == (409, "top_up_from_wallet")
    mixed = await checkout.pay(invoice_id, use_wallet=True)
    assert (mixed["amount"]["minor"], mixed["from_wallet"]["minor"]) == (2000, 0)


async def test_a_top_up_fills_the_wallet_with_what_paypal_took(checkout: Checkout) -> None:
    await checkout.settled(await checkout.top_up(2000))
    standing = await checkout.person.http.get(
        "/api/v1/wallet/standing", params={"account_id": str(checkout.account_id)}
    )
    assert standing.json()["balance"] == {"minor": 2000, "currency": "EUR"}
