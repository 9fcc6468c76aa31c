"""Which tax who pays: golden tables of country, kind of customer and what is known of the number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypanel.catalog.rules import (
    EU,
    Buyer,
    TaxRule,
    TaxSettings,
    TaxTreatment,
    buyer_of,
    standard_rate,
    taxed,
    treat,
    vat_country,
)
from skypanel.invoices.rules import LineDraft
from skypanel.platform.money import Money
from tests.orders.shop import Shop

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ON = NOW.date()
DE = TaxSettings(country="DE")


def rule(country: str, rate: str, **more: Any) -> TaxRule:
    facts = {
        "country": country,
        "state": "",
        "customer_kind": "any",
        "rate": Decimal(rate),
        "label": "Sales tax",
        "note": "",
        "starts_on": date(2020, 1, 1),
        "ends_on": None,
    }
    return TaxRule(**{**facts, **more})


def told(treatment: TaxTreatment) -> tuple[str, str]:
    return f"{treatment.rate.normalize():f}", treatment.kind


# A German seller; buyer's country, kind, what is known of the number → rate and why.
GOLDEN = [
    ("DE", "consumer", "none", "0.19", "domestic"),
    ("DE", "business", "none", "0.19", "domestic"),
    ("DE", "business", "valid", "0.19", "domestic"),
    ("AT", "consumer", "none", "0.2", "oss"),
    ("AT", "consumer", "valid", "0.2", "oss"),
    ("AT", "business", "none", "0.2", "oss"),
    ("AT", "business", "unchecked", "0.2", "oss"),
    ("AT", "business", "invalid", "0.2", "oss"),
    ("AT", "business", "valid", "0", "reverse_charge"),
    ("FI", "consumer", "none", "0.255", "oss"),
    ("HU", "consumer", "none", "0.27", "oss"),
    ("LU", "consumer", "none", "0.17", "oss"),
    ("EE", "consumer", "none", "0.24", "oss"),
    ("SK", "consumer", "none", "0.23", "oss"),
    ("RO", "consumer", "none", "0.21", "oss"),
    ("GR", "business", "valid", "0", "reverse_charge"),
    ("MC", "consumer", "none", "0.2", "oss"),
    ("US", "consumer", "none", "0", "outside"),
    ("US", "business", "not_checkable", "0", "outside"),
    ("CH", "business", "not_checkable", "0", "outside"),
    ("GB", "consumer", "none", "0", "outside"),
    ("", "consumer", "none", "0.19", "domestic"),
    ("", "business", "valid", "0.19", "domestic"),
]


@pytest.mark.parametrize(("country", "kind", "number_state", "rate", "why"), GOLDEN)
def test_a_german_seller(country: str, kind: str, number_state: str, rate: str, why: str) -> None:
    number = "" if number_state == "none" else "X1"
    buyer = Buyer(country=country, kind=kind, number=number, number_state=number_state)
    treatment = treat(DE, [], buyer, NOW, ON)
    assert told(treatment) == (rate, why)
    said = {
        "reverse_charge": "Reverse charge",
        "outside": "Not subject to EU VAT",
        "oss": "One Stop Shop",
        "domestic": "",
    }[why]
    assert said in treatment.note
    assert bool(treatment.note) == bool(said)


def test_without_oss_consumers_of_the_union_pay_the_rate_at_home() -> None:
    small = TaxSettings(country="DE", oss=False)
    assert told(treat(small, [], Buyer(country="FI"), NOW, ON)) == ("0.19", "domestic")
    valid = Buyer(country="FI", kind="business", number="FI1", number_state="valid")
    assert told(treat(small, [], valid, NOW, ON)) == ("0", "reverse_charge")


def test_a_number_nobody_confirmed_counts_as_settings_say() -> None:
    trusting = TaxSettings(country="DE", unchecked_numbers="business")
    waits = Buyer(country="AT", kind="business", number="ATU1", number_state="unchecked")
    assert treat(trusting, [], waits, NOW, ON).kind == "reverse_charge"
    assert treat(DE, [], waits, NOW, ON).kind == "oss"
    wrong = Buyer(country="AT", kind="business", number="ATU1", number_state="invalid")
    assert treat(trusting, [], wrong, NOW, ON).kind == "oss"


def test_an_old_proof_holds_as_long_as_settings_say() -> None:
    old = Buyer(
        country="AT",
        kind="business",
        number="ATU1",
        number_state="valid",
        number_checked_at=NOW - timedelta(days=45),
    )
    assert treat(DE, [], old, NOW, ON).kind == "reverse_charge"
    strict = TaxSettings(country="DE", proof_days=40)
    assert treat(strict, [], old, NOW, ON).kind == "oss"
    assert treat(TaxSettings(country="DE", proof_days=50), [], old, NOW, ON).rate == 0


@pytest.mark.parametrize(
    ("country", "postal_code", "rate", "why"),
    [
        ("ES", "28001", "0.21", "oss"),
        ("ES", "35001", "0", "outside"),  # Canary Islands
        ("DE", "78266", "0", "outside"),  # Büsingen, though the country is ours
        ("FI", "22100", "0", "outside"),  # Åland
        ("PT", "9000-001", "0.22", "oss"),  # Madeira
        ("PT", "9500-321", "0.16", "oss"),  # Azores
        ("AT", "6991", "0.19", "oss"),  # Kleinwalsertal
        ("IT", "23041", "0", "outside"),  # Livigno
    ],
)
def test_parts_of_member_states(country: str, postal_code: str, rate: str, why: str) -> None:
    buyer = Buyer(country=country, postal_code=postal_code)
    assert told(treat(DE, [], buyer, NOW, ON)) == (rate, why)


@pytest.mark.parametrize(
    ("country", "on", "rate"),
    [
        ("FI", date(2024, 8, 31), "0.24"),
        ("FI", date(2024, 9, 1), "0.255"),
        ("LU", date(2023, 6, 1), "0.16"),
        ("DE", date(2020, 12, 31), "0.16"),
        ("EE", date(2025, 6, 30), "0.22"),
        ("EE", date(2025, 7, 1), "0.24"),
        ("RO", date(2025, 7, 31), "0.19"),
        ("SK", date(2025, 1, 1), "0.23"),
    ],
)
def test_rates_begin_on_their_day(country: str, on: date, rate: str) -> None:
    assert standard_rate(country, on) == Decimal(rate)


# Standard rates in November 2026, by the public lists named in `vat.SOURCE`, not by our own table.
IN_2026 = (
    "AT20 BE21 BG20 CY19 CZ21 DE19 DK25 EE24 ES21 FI25.5 FR20 GR24 HR25 HU27 IE23 IT22 LT21 LU17"
    " LV21 MT18 NL21 PL23 PT23 RO21 SE25 SI22 SK23"
)


def test_every_member_state_has_the_rate_that_holds() -> None:
    today = date(2026, 11, 25)
    ours = {country: f"{standard_rate(country, today) * 100:f}" for country in EU}
    assert " ".join(f"{c}{Decimal(ours[c]).normalize():f}" for c in sorted(ours)) == IN_2026
    assert len(EU) == 27
    assert standard_rate("MC", today) == Decimal("0.2")
    for postal_code in ("97110", "97400", "98800"):  # France, and not of the Union's VAT area
        assert vat_country("FR", postal_code) is None
    assert vat_country("MC", "98000") == "FR"


def test_a_rule_of_staff_wins_over_the_built_in_rate() -> None:
    rules = [rule("FI", "0.30", starts_on=date(2026, 4, 1), label="ALV")]
    assert told(treat(DE, rules, Buyer(country="FI"), NOW, ON)) == ("0.255", "oss")
    later = treat(DE, rules, Buyer(country="FI"), NOW, date(2026, 4, 1))
    assert (told(later), later.label) == (("0.3", "oss"), "ALV")
    ended = [rule("DE", "0.16", ends_on=date(2026, 2, 28))]
    assert told(treat(DE, ended, Buyer(country="DE"), NOW, ON)) == ("0.19", "domestic")


US = TaxSettings(country="US", state="TX")
STATES = [
    rule("US", "0.0825", state="TX"),
    rule("US", "0.08875", state="NY"),
    rule("US", "0.04", state="NY", customer_kind="business", note="Exempt in part."),
]


@pytest.mark.parametrize(
    ("country", "state", "kind", "rate", "why"),
    [
        ("US", "TX", "consumer", "0.0825", "domestic"),
        ("US", "us-tx", "business", "0.0825", "domestic"),
        ("US", "NY", "consumer", "0.08875", "domestic"),
        ("US", "ny", "business", "0.04", "domestic"),
        ("US", "OR", "consumer", "0", "none"),
        ("CA", "ON", "consumer", "0", "none"),
        ("DE", "", "consumer", "0", "none"),
    ],
)
def test_states(country: str, state: str, kind: str, rate: str, why: str) -> None:
    buyer = buyer_of({"country": country, "state": state, "kind": kind})
    assert told(treat(US, STATES, buyer, NOW, ON)) == (rate, why)


def test_a_rule_abroad_is_charged_there() -> None:
    rules = [rule("GB", "0.2", customer_kind="consumer", note="UK VAT GB123")]
    consumer = treat(DE, rules, Buyer(country="GB"), NOW, ON)
    assert (told(consumer), consumer.note) == (("0.2", "local"), "UK VAT GB123")
    assert treat(DE, rules, Buyer(country="GB", kind="business"), NOW, ON).kind == "outside"


def test_nobody_established_charges_nothing() -> None:
    assert told(treat(TaxSettings(), [], Buyer(country="DE"), NOW, ON)) == ("0", "none")


# Price of the list, rate of the buyer, rate in the list → net, tax.
INCLUSIVE = [
    (100, "0.19", "0.19", 84, 16),
    (1190, "0.19", "0.19", 1000, 190),
    (3, "0.2", "0.2", 2, 1),  # no net and half-up tax on it add up to 3: the tax is what is inside
    (1190, "0.255", "0.19", 948, 242),
    (1190, "0", "0.19", 1000, 0),
    (999, "0.2", "0.2", 832, 167),
    (-1190, "0.19", "0.19", -1000, -190),
]


@pytest.mark.parametrize(("price", "rate", "inside", "net", "tax"), INCLUSIVE)
def test_prices_with_tax_in_them(price: int, rate: str, inside: str, net: int, tax: int) -> None:
    treatment = TaxTreatment(Decimal(rate), "domestic", "", included=Decimal(inside))
    parts = taxed(Money(price, "EUR"), treatment)
    assert (parts.net.minor, parts.tax.minor) == (net, tax)


def test_an_inclusive_list_shows_the_same_price_to_every_consumer() -> None:
    gross = TaxSettings(country="DE", prices="inclusive")
    price = Money(1190, "EUR")
    for country in ("DE", "FI", "HU"):
        assert taxed(price, treat(gross, [], Buyer(country=country), NOW, ON)).gross == price
    abroad = taxed(price, treat(gross, [], Buyer(country="US"), NOW, ON))
    assert (abroad.net.minor, abroad.tax.minor) == (1000, 0)


@given(
    minor=st.integers(-(10**9), 10**9),
    rate=st.decimals("0", "0.5", places=5),
    quantity=st.integers(1, 9),
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_a_line_always_adds_up(minor: int, rate: Decimal, quantity: int, currency: str) -> None:
    price = Money(minor, currency)
    for included in (None, Decimal("0.19")):
        treatment = TaxTreatment(rate, "domestic", "", included=included)
        line = LineDraft.priced(price, treatment, quantity=quantity, description="x")
        assert line.net.minor == line.unit_price.minor * line.quantity
        if included is None:
            assert line.net == price * quantity
            assert (
                line.tax
                == LineDraft(
                    description="x", unit_price=price, quantity=quantity, tax_rate=rate
                ).tax
            )
        elif rate:
            assert line.net + line.tax == price * quantity


async def test_staff_set_rules_and_they_reach_the_quote(shop: Shop) -> None:
    http, url = shop.staff.http, "/api/v1/admin/tax-rules"
    wish = {
        "country": "US", "state": "us-ny", "rate": "0.08875", "label": "Sales tax",
        "starts_on": "2026-01-01",
    }  # fmt: skip
    made = await http.post(url, json=wish)
    assert (made.status_code, made.json()["state"], made.json()["rate"]) == (201, "NY", "0.08875")
    again = await http.post(url, json=wish)
    assert (again.status_code, again.json()["code"]) == (409, "tax_rule_taken")
    for wrong in ({"rate": "8.875"}, {"rate": "0.088755"}, {"country": "USA"}, {"minor": 1}):
        assert (await http.post(url, json={**wish, **wrong})).status_code == 422
    quote = {
        "plan_id": shop.plans["VPS 1G"], "location_id": shop.places["Falkenstein"],
        "cycle": "yearly", "country": "US",
    }  # fmt: skip
    there = (await shop.world.http.post("/api/v1/quotes", json={**quote, "state": "NY"})).json()
    assert there["tax"]["minor"] == 443 + 44  # two lines, each rounded half up
    assert there["tax_treatment"]["label"] == "Sales tax"
    elsewhere = (await shop.world.http.post("/api/v1/quotes", json=quote)).json()
    assert elsewhere["tax"]["minor"] == 0
    ended = await http.post(f"{url}/{made.json()['id']}/end", json={"ends_on": "2026-02-28"})
    assert ended.json()["ends_on"] == "2026-02-28"
    past = (await shop.world.http.post("/api/v1/quotes", json={**quote, "state": "NY"})).json()
    assert past["tax"]["minor"] == 0
    assert [each["id"] for each in (await http.get(url)).json()["items"]] == [made.json()["id"]]
    rates = (await http.get("/api/v1/admin/tax-rates")).json()
    assert (len(rates["items"]), "Commission" in rates["source"]) == (27, True)


async def test_who_may_set_tax(shop: Shop) -> None:
    wish = {"country": "US", "rate": "0.05", "starts_on": "2026-01-01"}
    support = await shop.world.staff("help@host.example", role="support")
    assert (await support.http.post("/api/v1/admin/tax-rules", json=wish)).status_code == 403
    billing = await shop.world.staff("bills@host.example", role="billing")
    assert (await billing.http.post("/api/v1/admin/tax-rules", json=wish)).status_code == 201
    assert (await shop.person.http.get("/api/v1/admin/tax-rules")).status_code == 404
