"""What a change of plan costs, to the day: golden figures, and laws that hold for any."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypanel.catalog.rules import Discount, TaxTreatment
from skypanel.platform.money import Money
from skypanel.renewals.rules import Basis, Standing, Sum, draft_of_change, prorate, span_of
from skypanel.services.rules import local_day

NOBODY = UUID(int=0)
NET = TaxTreatment(Decimal("0.19"), "domestic", "")
GROSS = TaxTreatment(Decimal("0.19"), "domestic", "", included=Decimal("0.19"))
FREE = TaxTreatment(Decimal(0), "none", "")


def standing(
    anchor: date, *, currency: str = "EUR", tax: TaxTreatment = NET, cycle: str = "monthly",
    zone: str = "UTC", number: int = 0, discount: Discount | None = None,
) -> Standing:  # fmt: skip
    return Standing(
        service_id=NOBODY,
        account_id=NOBODY,
        name="A server",
        state="active",
        cycle=cycle,
        zone=zone,
        anchor_on=anchor,
        number=number,
        billed=number,
        price=Money(0, currency),
        tax=tax,
        discount=discount,
    )


def paid(net: int, tax: int, rate: str, days: int, currency: str = "EUR") -> Basis:
    return Basis(Sum(Money(net, currency), Money(tax, currency), Decimal(rate)), days)


def figures(
    about: Standing, today: date, basis: Basis, price: int
) -> tuple[int, int, int, int, int, int]:
    """Days left, days of the period; net and tax that come back, net and tax of the rest."""
    money = Money(price, about.price.currency)
    found = prorate(about, span_of(about, today), basis, money, about.tax)
    return (
        found.span.left,
        found.span.whole,
        found.credit.net.minor,
        found.credit.tax.minor,
        found.charge.net.minor,
        found.charge.tax.minor,
    )


D = date
CASES = {
    # 10.00 to 20.00 net with 19 %: what was paid is 10.00 and 1.90.
    "first day of 31": (standing(D(2026, 3, 2)), D(2026, 3, 2), (31, 31, 1000, 190, 2000, 380)),
    "in the middle": (standing(D(2026, 3, 2)), D(2026, 3, 12), (21, 31, 677, 129, 1355, 257)),
    "last day": (standing(D(2026, 3, 2)), D(2026, 4, 1), (1, 31, 32, 6, 65, 12)),
    "28 days": (standing(D(2026, 2, 1)), D(2026, 2, 15), (14, 28, 500, 95, 1000, 190)),
    "29 days": (standing(D(2028, 2, 1)), D(2028, 2, 29), (1, 29, 34, 6, 69, 13)),
    "anchored on the 31st": (
        standing(D(2026, 1, 31), number=1), D(2026, 3, 1), (30, 31, 968, 184, 1935, 368),
    ),
    "a leap year": (
        standing(D(2027, 6, 1), cycle="yearly"), D(2027, 12, 1), (183, 366, 500, 95, 1000, 190),
    ),
    "list with tax": (
        standing(D(2026, 3, 2), tax=GROSS), D(2026, 3, 12), (21, 31, 677, 129, 1139, 216),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_golden_days(case: str) -> None:
    about, today, expected = CASES[case]
    basis = paid(1000, 190, "0.19", span_of(about, today).whole)
    assert figures(about, today, basis, 2000) == expected


@pytest.mark.parametrize(
    ("currency", "was", "then", "back", "rest"),
    [("JPY", 1000, 3000, 677, 2032), ("KWD", 10_001, 30_000, 6775, 20_323)],
)
def test_currencies_without_and_with_three_decimals(
    currency: str, was: int, then: int, back: int, rest: int
) -> None:
    about = standing(D(2026, 3, 2), currency=currency, tax=FREE)
    basis = paid(was, 0, "0", 31, currency)
    assert figures(about, D(2026, 3, 12), basis, then) == (21, 31, back, 0, rest, 0)


@pytest.mark.parametrize(
    ("zone", "at", "left"),
    [
        # The clocks change on 29 March in Berlin; a day is a day.
        ("Europe/Berlin", datetime(2026, 3, 28, 22, 59, tzinfo=UTC), 5),
        ("Europe/Berlin", datetime(2026, 3, 28, 23, 0, tzinfo=UTC), 4),
        ("Europe/Berlin", datetime(2026, 3, 29, 21, 59, tzinfo=UTC), 4),
        ("Europe/Berlin", datetime(2026, 3, 29, 22, 0, tzinfo=UTC), 3),
        ("Pacific/Apia", datetime(2026, 3, 28, 22, 59, tzinfo=UTC), 4),
        ("America/New_York", datetime(2026, 3, 29, 3, 59, tzinfo=UTC), 5),
    ],
)
def test_days_are_those_of_the_services_zone(zone: str, at: datetime, left: int) -> None:
    about = standing(D(2026, 3, 2), zone=zone)
    assert span_of(about, local_day(at, zone)).left == left


def test_a_discount_holds_for_the_new_price_and_for_what_comes_back() -> None:
    """Half off: 5.00 was paid, and the new plan costs 10.00 while the coupon holds."""
    half = Discount("HALF", "percentage", Decimal(50), None, 1)
    about = standing(D(2026, 3, 2), discount=half)
    basis = paid(500, 95, "0.19", 31)
    assert figures(about, D(2026, 3, 12), basis, 2000) == (21, 31, 339, 64, 677, 129)
    later = standing(D(2026, 2, 2), discount=half, number=1)
    assert figures(later, D(2026, 3, 12), basis, 2000)[4] == 1355


def test_an_upgrade_over_a_change_of_tax_has_both_rates_on_its_lines() -> None:
    about = standing(D(2026, 3, 2), tax=FREE)
    basis = paid(1000, 190, "0.19", 31)
    found = prorate(about, span_of(about, D(2026, 3, 2)), basis, Money(3000, "EUR"), FREE)
    draft = draft_of_change(about, found, "Old", "New")
    assert [(line.net.minor, line.tax.minor, line.tax_rate) for line in draft.lines] == [
        (-1000, -190, Decimal("0.19")),
        (3000, 0, Decimal(0)),
    ]
    assert draft.total.minor == 1810
    assert all(line.explanation for line in draft.lines)


prices = st.integers(0, 500_000)
moves = st.lists(st.tuples(st.integers(0, 27), prices), max_size=6)


@given(first=prices, moved=moves, tax=st.sampled_from([NET, GROSS, FREE]))
def test_no_chain_of_changes_costs_more_than_the_dearest_plan(
    first: int, moved: list[tuple[int, int]], tax: TaxTreatment
) -> None:
    """Net of net lists, gross of gross ones; and what comes back is never more than was paid."""
    about = standing(D(2026, 2, 1), tax=tax)
    start = prorate(about, span_of(about, D(2026, 2, 1)), paid(0, 0, "0", 28), Money(first, "EUR"),
                    tax)  # fmt: skip
    total = first
    basis = Basis(start.charge, 28)
    for day, price in sorted(moved, key=lambda move: move[0]):
        today = D(2026, 2, 1 + day)
        found = prorate(about, span_of(about, today), basis, Money(price, "EUR"), tax)
        assert 0 <= found.credit.net.minor <= basis.paid.net.minor
        assert 0 <= found.credit.tax.minor <= basis.paid.tax.minor
        one, other = (
            (found.charge.gross, found.credit.gross)
            if tax is GROSS
            else (found.charge.net, found.credit.net)
        )
        total += one.minor - other.minor
        assert 0 <= total <= max([first, *(each for _, each in moved)])
        basis = Basis(found.charge, found.span.left)
