"""Every priced line says how it came about, and what an e-invoice calls its tax."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from skypanel.catalog.rules import Discount, Held, Move, Override, PriceBook, TaxTreatment
from skypanel.invoices.rules import LineDraft
from skypanel.platform.money import Money
from skypanel.renewals.rules import Extra, Standing, draft_of

VAT = TaxTreatment(Decimal("0.19"), "local", "")
WITHIN = TaxTreatment(Decimal("0.19"), "local", "", included=Decimal("0.19"))
REVERSED = TaxTreatment(Decimal(0), "reverse_charge", "Reverse charge", included=Decimal("0.19"))


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("treatment", "quantity", "steps", "category"),
    [
        (VAT, 1, ["Price 11.90 EUR", "Tax, 19 % 2.26 EUR"], "S"),
        (
            WITHIN,
            2,
            [
                "Price 11.90 EUR",
                "2 times 11.90 EUR 23.80 EUR",
                "Tax within, 19 % -3.80 EUR",
                "Tax, 19 % 3.80 EUR",
            ],
            "S",
        ),
        (REVERSED, 1, ["Price 11.90 EUR", "Without the 19 % tax within -1.90 EUR"], "AE"),
        (TaxTreatment(Decimal(0), "none", ""), 1, ["Price 11.90 EUR"], "Z"),
        (TaxTreatment(Decimal(0), "none", "Small business"), 1, ["Price 11.90 EUR"], "E"),
        (TaxTreatment(Decimal(0), "outside", "Outside"), 1, ["Price 11.90 EUR"], "O"),
    ],
)
def test_from_a_price_to_net_and_tax(
    treatment: TaxTreatment, quantity: int, steps: list[str], category: str
) -> None:
    line = LineDraft.priced(euro(1190), treatment, quantity=quantity, description="CX 1")
    assert line.explanation is not None
    assert [f"{each['label']} {each['value']}" for each in line.explanation["steps"]] == steps
    assert line.category == category


def test_a_renewal_says_which_price_it_is_of() -> None:
    """Bought at one price, moved to another, or at the account's own; coupon and add-ons too."""
    account, plan, day = uuid4(), uuid4(), date(2026, 4, 1)
    held = Held(account, plan, "EUR", "monthly", Decimal(5), date(2026, 3, 1))
    move = Move(uuid4(), plan, "EUR", "monthly", Decimal(6), day)
    own = Override(uuid4(), account, plan, "EUR", "monthly", Decimal(4), day, None)
    extra = Extra("Extra IPv4", 2, euro(200))
    discount = Discount("SPRING", "percentage", Decimal(10), None, None)

    def told(book: PriceBook) -> tuple[int | None, list[str]]:
        usual = Standing(
            service_id=uuid4(),
            account_id=account,
            name="CX 1",
            state="active",
            cycle="monthly",
            zone="UTC",
            anchor_on=date(2026, 3, 1),
            number=0,
            billed=0,
            price=euro(500),
            tax=VAT,
            held=held,
            book=book,
            discount=discount,
            extras=(extra,),
        )
        draft = draft_of(usual, 1, day)
        assert draft is not None
        assert all(line.explanation for line in draft.lines)
        why = draft.lines[0].explanation
        assert why is not None
        return why["price_version"], [each["label"] for each in why["steps"][:-1]]

    coupon = "Coupon SPRING"
    assert told(PriceBook((), ())) == (1, ["Price of the period", coupon])
    assert told(PriceBook((move,), ())) == (2, ["Price of the period since it changed", coupon])
    assert told(PriceBook((move,), (own,))) == (None, ["Price agreed with this account", coupon])
