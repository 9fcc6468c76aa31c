"""Bank transfers: the customer sees where to send money, staff say what came."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.payments.checkout import Checkout


async def confirm(
    checkout: Checkout, payment_id: str, minor: int, on: str = "2026-03-02"
) -> httpx.Response:
    staff = await checkout.world.staff(f"s{minor}@host.example", "billing")
    return await staff.http.post(
        f"/api/v1/admin/payments/{payment_id}/confirm-transfer",
        json={"amount_minor": minor, "received_on": on},
    )


async def awaited(checkout: Checkout, minor: int = 1190) -> tuple[Any, dict[str, Any]]:
    await checkout.bank()
    invoice_id = await checkout.invoice(minor)
    payment = await checkout.pay(invoice_id, "bank")
    assert payment["state"] == "awaiting_transfer"
    return invoice_id, payment


async def invoice_row(checkout: Checkout, invoice_id: Any) -> tuple[str, int]:
    [(state, paid)] = await checkout.world.rows(
        "select state, paid_minor from invoices where id = %s", invoice_id
    )
    return state, paid


async def test_the_customer_sees_where_to_send_the_money(checkout: Checkout) -> None:
    _, payment = await awaited(checkout)
    answer = await checkout.person.http.get(f"/api/v1/payments/{payment['id']}/transfer")
    shown = answer.json()
    assert shown["iban"] == "DE02120300000000202051"
    assert shown["amount"] == {"minor": 1190, "currency": "EUR"}
    reference = shown["reference"]
    digits = "".join(str(int(each, 36)) for each in reference[4:] + reference[:4])
    assert reference.startswith("RF")
    assert int(digits) % 97 == 1


async def test_without_an_iban_there_is_no_bank_transfer(checkout: Checkout) -> None:
    answer = await checkout.ask_to_pay(await checkout.invoice(), "bank")
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway_not_set_up")
    assert await checkout.world.rows("select 1 from payments") == []


@pytest.mark.parametrize(
    ("minor", "invoice", "wallet"),
    [(1190, ("paid", 1190), 0), (1000, ("open", 1000), 0), (1500, ("paid", 1190), 310)],
    ids=["exact", "partial", "over"],
)
async def test_what_came_pays_what_is_due_and_the_rest_is_the_wallets(
    checkout: Checkout, minor: int, invoice: tuple[str, int], wallet: int
) -> None:
    invoice_id, payment = await awaited(checkout)
    answer = await confirm(checkout, payment["id"], minor)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "settled"
    assert await invoice_row(checkout, invoice_id) == invoice
    balances = await checkout.balances()
    assert balances["bank_clearing"] == -minor
    assert balances.get("wallet", 0) == wallet
    await checkout.assert_books_agree()


async def test_the_rest_after_a_partial_transfer_can_be_paid(checkout: Checkout) -> None:
    invoice_id, payment = await awaited(checkout)
    await confirm(checkout, payment["id"], 1000)
    await checkout.deposit(190)
    assert (await checkout.pay(invoice_id, "wallet"))["amount"]["minor"] == 190
    assert await invoice_row(checkout, invoice_id) == ("paid", 1190)


async def test_two_staff_confirm_at_once_and_one_is_booked(checkout: Checkout) -> None:
    _, payment = await awaited(checkout)
    staff = await checkout.world.staff()
    asked = {"amount_minor": 1190, "received_on": "2026-03-02"}
    answers = await asyncio.gather(
        *(
            staff.http.post(f"/api/v1/admin/payments/{payment['id']}/confirm-transfer", json=asked)
            for _ in range(8)
        )
    )
    assert sorted(each.status_code for each in answers) == [200] + [409] * 7
    assert (await checkout.balances())["bank_clearing"] == -1190


async def test_rejected_then_it_came_after_all(checkout: Checkout) -> None:
    invoice_id, payment = await awaited(checkout)
    staff = await checkout.world.staff()
    url = f"/api/v1/admin/payments/{payment['id']}"
    gone = await staff.http.post(f"{url}/reject-transfer", json={"reason": "Sent back by the bank"})
    assert gone.json()["state"] == "cancelled"
    assert (await checkout.payment(payment["id"]))["message"] == "Sent back by the bank"
    assert (await confirm(checkout, payment["id"], 1190)).status_code == 200
    assert await invoice_row(checkout, invoice_id) == ("paid", 1190)


async def test_customers_and_viewers_confirm_nothing(checkout: Checkout) -> None:
    _, payment = await awaited(checkout)
    url = f"/api/v1/admin/payments/{payment['id']}/confirm-transfer"
    asked = {"amount_minor": 1190, "received_on": "2026-03-02"}
    assert (await checkout.person.http.post(url, json=asked)).status_code == 404
    support = await checkout.world.staff("sup@host.example", "support")
    assert (await support.http.post(url, json=asked)).status_code == 403


async def test_money_of_tomorrow_is_refused(checkout: Checkout) -> None:
    _, payment = await awaited(checkout)
    answer = await confirm(checkout, payment["id"], 1190, "2026-03-03")
    assert (answer.status_code, answer.json()["code"]) == (422, "received_in_future")


async def test_nobody_waits_for_ever(checkout: Checkout) -> None:
    _, payment = await awaited(checkout)
    await checkout.poll(days=15)
    await checkout.log_in_again()
    assert (await checkout.payment(payment["id"]))["state"] == "expired"
