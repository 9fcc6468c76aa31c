"""Money, secrets, states, settings, cache, relay, limits."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from skypanel.platform.crypto import SealBroken, Sealer, parse_keys
from skypanel.platform.errors import FieldRefusal, TooManyAttempts
from skypanel.platform.events import Topic
from skypanel.platform.house import House
from skypanel.platform.ids import new_id
from skypanel.platform.limits import Limit, ReadLimiter, count
from skypanel.platform.money import CurrencyMismatch, Money
from skypanel.platform.read import Page, encode
from skypanel.platform.settings import Section
from tests.platform.conftest import Settled, one

OLD, NEW = "old:" + "A" * 43, "new:" + "B" * 43


def test_money_is_whole_minor_units_of_one_currency() -> None:
    assert str(Money.parse("12.34", "EUR")) == "12.34 EUR"
    assert str(Money.parse("1234", "JPY")) == "1234 JPY"
    assert Money.of(Decimal("0.005"), "EUR") == Money(1, "EUR")
    assert Money.parse("1.234", "KWD").minor == 1234
    with pytest.raises(ValueError, match="finer than a minor unit"):
        Money.parse("1.5", "JPY")
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(TypeError):
        Money(1.0, "EUR")  # type: ignore[arg-type]


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_money_survives_its_text(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(f"{money.major:f}", currency) == money


def test_sealed_fields_open_only_where_they_belong() -> None:
    sealer = Sealer(parse_keys(OLD))
    box = sealer.seal(b"hunter2", "users.secret.1")
    assert b"hunter2" not in box
    assert sealer.open(box, "users.secret.1") == b"hunter2"
    for place, broken in (("users.secret.2", box), ("users.secret.1", box[:-1] + b"x")):
        with pytest.raises(SealBroken):
            sealer.open(broken, place)


def test_keys_rotate() -> None:
    old, both = Sealer(parse_keys(OLD)), Sealer(parse_keys(f"{NEW},{OLD}"))
    assert both.open(old.seal(b"x", "p"), "p") == b"x"
    assert both.mac_matches("m", old.mac("m"))
    assert not both.mac_matches("n", old.mac("m"))
    with pytest.raises(SealBroken):
        old.open(both.seal(b"x", "p"), "p")
    with pytest.raises(ValueError, match="32-bytes"):
        parse_keys("short:AAAA")


class ToySection(Section):
    section: ClassVar[str] = "toy"
    title: ClassVar[str] = "Toy"
    name: str = "default"
    token: SecretStr = SecretStr("")


async def test_settings_are_sealed_and_spread(house: House) -> None:
    assert (await house.settings.get(ToySection)).name == "default"
    async with house.transaction() as db:
        await house.settings.put(db, ToySection(name="set", token=SecretStr("s3cret")))
    sealed = await one(house, "select sealed from settings")
    assert isinstance(sealed, bytes)
    assert b"s3cret" not in sealed
    async with asyncio.timeout(5):
        while (await house.settings.get(ToySection)).name != "set":
            await asyncio.sleep(0.01)
    assert (await house.settings.get(ToySection)).token.get_secret_value() == "s3cret"


async def test_live_topics_arrive_after_the_commit_only(house: House) -> None:
    payment_id = new_id()
    with house.relay.subscribed(["staff"]) as inbox:
        async with house.transaction() as db:
            db.publish(Settled(payment_id))
            db.publish(Settled(payment_id))
            await db.settle()
            assert inbox.inbox.empty()
        message = await asyncio.wait_for(inbox.inbox.get(), 5)
        assert (message.kind, message.id) == ("payment", str(payment_id))
        async with house.transaction() as db:
            db.announce(Topic("staff", "end", 1))
        assert (await asyncio.wait_for(inbox.inbox.get(), 5)).kind == "end"  # told once


async def test_an_inbox_that_overflows_says_look_again(house: House) -> None:
    with house.relay.subscribed(["staff"]) as inbox:
        async with house.transaction() as db:
            for number in range(300):
                db.announce(Topic("staff", "thing", number))
            db.announce(Topic("other", "end", 0))
        with house.relay.subscribed(["other"]) as other:
            async with house.transaction() as db:
                db.announce(Topic("other", "end", 1))
            await asyncio.wait_for(other.inbox.get(), 5)
        seen = [inbox.inbox.get_nowait() for _ in range(inbox.inbox.qsize())]
        assert None in seen
        assert len(seen) <= 200


async def test_askers_of_an_absent_key_share_one_load(house: House) -> None:
    loads = 0

    async def load() -> int:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0)
        return loads

    values = await asyncio.gather(*(house.cache.get("t", "k", load) for _ in range(5)))
    assert values == [1] * 5
    house.cache.drop("t")
    assert await house.cache.get("t", "k", load) == 2


async def test_a_failed_load_is_not_kept(house: House) -> None:
    async def fail() -> int:
        raise RuntimeError

    async def load() -> int:
        return 7

    with pytest.raises(RuntimeError):
        await house.cache.get("t", "k", fail)
    assert await house.cache.get("t", "k", load) == 7


async def test_a_limit_holds_under_concurrency_and_reopens(house: House) -> None:
    limit = Limit("log-in", 5, 60)
    tries = await asyncio.gather(
        *(count(house, limit, "1.2.3.4") for _ in range(20)), return_exceptions=True
    )
    refused = [each for each in tries if isinstance(each, TooManyAttempts)]
    assert len(refused) == 15
    assert refused[0].retry_after_seconds == 60
    await count(house, limit, "5.6.7.8")
    house.clock.turn(__import__("datetime").timedelta(seconds=61))
    await count(house, limit, "1.2.3.4")


def test_reads_are_slowed_per_caller() -> None:
    limiter = ReadLimiter(rate=0.001, burst=2)
    assert [limiter.take(b"a"), limiter.take(b"a")] == [None, None]
    assert (limiter.take(b"a") or 0) > 0
    assert limiter.take(b"b") is None


def test_pages_are_bounded_and_cursors_checked() -> None:
    first = Page(limit=1000)
    assert first.limit == 100
    ids = [new_id() for _ in range(3)]
    answer = Page(limit=2).answer([(one_id,) for one_id in ids], lambda one_id: one_id)
    assert Page(answer["next"]).before == ids[1]
    with pytest.raises(FieldRefusal):
        Page("nonsense")


def test_answers_have_one_wire_form() -> None:
    body = encode({"m": Money(5, "EUR"), "d": Decimal("0.0083")})
    assert body == b'{"m":{"minor":5,"currency":"EUR"},"d":"0.0083"}'
