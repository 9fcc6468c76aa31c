"""What hours cost, to the minor unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypanel.catalog.rules import TaxTreatment
from skypanel.platform.money import Money, exponent
from skypanel.usage.rules import (
    HOUR,
    Extra,
    Meter,
    Off,
    Rate,
    ahead,
    at_rate,
    counts_until,
    draft_of,
    estimate,
    hours_between,
    lasts_hours,
    month_end,
    read_tax,
    write_tax,
)

NONE = TaxTreatment(Decimal(0), "none", "")
VAT = TaxTreatment(Decimal("0.19"), "domestic", "")
GROSS = TaxTreatment(Decimal("0.21"), "oss", "Said.", included=Decimal("0.19"))
ID = UUID(int=1)


def rate(
    price: str,
    currency: str = "EUR",
    cap: int | None = None,
    setup: int = 0,
    tax: TaxTreatment = NONE,
    off: str | None = None,
    extras: tuple[Extra, ...] = (),
) -> Rate:
    return Rate(
        price=Decimal(price),
        currency=currency,
        cap=None if cap is None else Money(cap, currency),
        setup=Money(setup, currency),
        tax=tax,
        off=None if off is None else Off("HALF", Decimal(off)),
        extras=extras,
    )


IPV4 = Extra("IPv4 address", 2, Decimal("0.002"), Money(100, "EUR"))


def meter(of: Rate, begins: datetime, hours: int = 0) -> Meter:
    due = of.due(hours)
    return Meter(
        id=ID,
        service_id=ID,
        account_id=ID,
        name="VPS 1G web-1.example.com",
        state="open",
        month=begins.date().replace(day=1),
        part=0,
        rate=of,
        begins_at=begins,
        counted_until=begins + hours * HOUR,
        hours=hours,
        due=due,
        charged=due,
        promotional=Money.zero(of.currency),
        service_state="active",
        terminated_at=None,
    )


@pytest.mark.parametrize(
    ("of", "hours", "minor"),
    [
        (rate("0.0065", cap=390), 312, 203),  # 2.028
        (rate("0.0065", cap=390), 600, 390),
        (rate("0.0065", cap=390), 601, 390),
        (rate("0.0050"), 1, 1),  # half a cent goes up
        (rate("0.0049"), 1, 0),
        (rate("0.0065", cap=390, tax=VAT), 312, 242),  # 2.03 and 0.39
        (rate("0.0065", cap=390, tax=VAT), 744, 464),
        (rate("0.0065", setup=500, tax=VAT), 1, 596),  # 0.01 and 5.00, 0.95
        (rate("0.0065", setup=500, tax=VAT), 0, 0),
        (rate("0.0065", tax=GROSS), 312, 203),  # the price shown is the price paid
        (rate("0.97", "JPY", cap=600), 1, 1),
        (rate("0.97", "JPY", cap=600), 500, 485),
        (rate("0.97", "JPY", cap=600), 744, 600),
        (rate("0.97", "JPY", tax=VAT), 100, 115),  # 97 and 18.43
        (rate("0.001234", "KWD", cap=800), 1, 1),
        (rate("0.001234", "KWD", cap=800), 100, 123),
        (rate("0.001234", "KWD", cap=800), 744, 800),
        (rate("0"), 744, 0),
        (rate("0.0065", cap=390, off="50"), 312, 101),  # half of 2.028
        (rate("0.0065", cap=390, off="50"), 744, 195),  # the cap is halved, too
        (rate("0.0065", cap=390, extras=(IPV4,)), 312, 203 + 125),  # 2 x 0.624
        (rate("0.0065", cap=390, extras=(IPV4,)), 744, 390 + 200),  # each has its own cap
        (rate("0.0065", cap=390, tax=VAT, off="50", extras=(IPV4,)), 312, 101 + 19 + 125 + 24),
    ],
)
def test_golden_amounts(of: Rate, hours: int, minor: int) -> None:
    assert of.due(hours) == Money(minor, of.currency)


rates = st.builds(
    lambda micro, currency, cap, setup, tax, off: rate(
        str(Decimal(micro).scaleb(-6)), currency, cap, setup, tax, off
    ),
    st.integers(0, 3_000_000),
    st.sampled_from(["EUR", "JPY", "KWD"]),
    st.none() | st.integers(0, 90_000),
    st.sampled_from([0, 0, 1, 499]),
    st.sampled_from([NONE, VAT, GROSS]),
    st.sampled_from([None, None, "10", "33.3"]),
)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
)


@given(rates, instants, st.lists(st.integers(0, 200), max_size=12))
def test_the_invoice_is_the_sum_of_the_charges(
    of: Rate, begins: datetime, silences: list[int]
) -> None:
    """However often one looks, charges are never negative and sum to what the invoice says."""
    now, stands, charges = begins, meter(of, begins), []
    for silence in [0, *silences]:
        now += timedelta(hours=silence)
        until = counts_until(stands, now)
        hours = stands.hours + hours_between(stands.counted_until, until)
        due = of.due(hours)
        charges.append(due.minor - stands.due.minor)
        stands = replace(stands, counted_until=until, hours=hours, due=due)
    assert min(charges) >= 0
    assert until <= month_end(stands.month)
    assert stands.hours == hours_between(begins, until)
    draft = draft_of(stands, until.date())
    assert sum(charges) == draft.total.minor == stands.due.minor
    if of.cap is not None:
        assert draft.net.minor <= of.cap.minor + of.setup.minor
    assert exponent(draft.currency) == exponent(of.currency)


SMALL, LARGE = rate("0.0065", cap=390), rate("0.0130", cap=780)


@pytest.mark.parametrize(
    ("plans", "net"),
    [
        ([(SMALL, 300), (LARGE, 300)], 195 + 390),
        ([(SMALL, 700), (LARGE, 44)], 390 + 57),  # the first is capped by its own cap
        ([(LARGE, 590), (SMALL, 154)], 767 + 13),  # both by that of the dearest: 7.80
        ([(SMALL, 0), (LARGE, 0), (SMALL, 744)], 390),  # what never ran caps nothing
        ([(LARGE, 100), (SMALL, 100), (LARGE, 544)], 130 + 65 + 585),
    ],
)
def test_a_month_costs_at_most_its_dearest_plan(plans: list[tuple[Rate, int]], net: int) -> None:
    """Each plan is a line of the invoice; a change never makes what is due less or more."""
    begins = datetime(2026, 3, 1, tzinfo=UTC)
    stands = meter(plans[0][0], begins)
    for place, (of, hours) in enumerate(plans):
        if place:
            turned = at_rate(stands, of)
            assert turned.due_at(0) == stands.due_at(stands.hours)
            stands = turned
        until = stands.counted_until + hours * HOUR
        stands = replace(stands, hours=stands.hours + hours, counted_until=until)
        stands = replace(stands, due=stands.due_at(stands.hours))
    draft = draft_of(stands, date(2026, 4, 1))
    assert stands.due.minor == draft.net.minor == net
    assert stands.all_hours == sum(hours for _, hours in plans)
    assert len(draft.lines) == max(1, sum(1 for _, hours in plans if hours))


@given(rates, st.lists(st.tuples(rates, st.integers(0, 300)), max_size=4))
def test_no_chain_of_changes_costs_more_than_the_dearest(
    first: Rate, chain: list[tuple[Rate, int]]
) -> None:
    stands = meter(first, datetime(2026, 3, 1, tzinfo=UTC))
    caps = []
    for place, (of, hours) in enumerate([(first, 10), *chain]):
        same = replace(of, currency="EUR", cap=of.cap and Money(of.cap.minor, "EUR"))
        stands = at_rate(stands, same) if place else meter(
            replace(same, setup=Money.zero("EUR"), tax=NONE, off=None), stands.begins_at
        )  # fmt: skip
        before = stands.due
        stands = replace(stands, hours=hours, counted_until=stands.counted_until + hours * HOUR)
        stands = replace(stands, due=stands.due_at(hours))
        assert stands.due.minor >= before.minor
        if hours:
            caps.append(same.cap)
    if None not in caps:
        assert stands.due.minor <= max(each.minor for each in caps if each is not None)
    assert draft_of(stands, date(2026, 4, 1)).total == stands.due


@given(rates, instants, st.integers(0, 3000))
def test_what_lies_ahead_is_what_will_be_due(of: Rate, begins: datetime, hours: int) -> None:
    """Month by month, each with its cap; the set-up only once."""
    stands = meter(of, begins)
    at, left, total, first = begins, hours, 0, True
    while left:
        taken = min(left, hours_between(at, month_end(at.date().replace(day=1))))
        month = of if first else replace(of, setup=Money.zero(of.currency))
        total += month.due(taken).minor
        at, left, first = at + taken * HOUR, left - taken, False
    assert ahead(stands, hours) == total


@given(rates, instants, st.integers(0, 1_000_000))
def test_money_lasts_exactly_so_long(of: Rate, begins: datetime, minor: int) -> None:
    stands = meter(of, begins)
    hours = lasts_hours([stands], Money(minor, of.currency))
    if hours is not None:
        assert ahead(stands, hours + 1) > minor
        assert hours == 0 or ahead(stands, hours) <= minor


@pytest.mark.parametrize(
    ("month", "hours"),
    [
        (date(2028, 2, 1), 29 * 24),  # a leap year
        (date(2027, 2, 1), 28 * 24),
        (date(2026, 3, 1), 31 * 24),  # clocks go forward in Berlin: UTC does not
        (date(2026, 10, 1), 31 * 24),
        (date(2026, 12, 1), 31 * 24),
    ],
)
def test_every_hour_of_a_month_is_one(month: date, hours: int) -> None:
    begins = datetime(month.year, month.month, 1, tzinfo=UTC)
    assert hours_between(begins, month_end(month)) == hours
    assert estimate(meter(rate("1"), begins)).minor == hours * 100


def test_an_hour_counts_when_it_has_begun_and_none_after_the_end() -> None:
    begins = datetime(2026, 3, 5, 10, tzinfo=UTC)
    stands = meter(rate("1"), begins)
    assert counts_until(stands, begins) == begins + HOUR
    assert counts_until(stands, begins + timedelta(minutes=59)) == begins + HOUR
    assert counts_until(stands, begins + HOUR) == begins + 2 * HOUR
    late = begins + timedelta(days=5)
    for minutes, counted in ((0, 3), (1, 4), (59, 4)):
        ended = replace(
            stands,
            service_state="terminated",
            terminated_at=begins + timedelta(hours=3, minutes=minutes),
        )
        assert hours_between(begins, counts_until(ended, late)) == counted


def test_tax_is_kept_as_it_was() -> None:
    for tax in (NONE, VAT, GROSS):
        assert read_tax(write_tax(tax)) == tax
