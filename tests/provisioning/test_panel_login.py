"""Into the panel with one click: once, for a minute, to the panel and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest

from skypanel.integrations.virtfusion.simulator.app import create_app
from tests.orders.shop import Shop
from tests.servers.owned import Owned
from tests.world import PANEL


@pytest.fixture
async def owned(shop: Shop) -> Owned:
    order = await shop.bought()
    assert (await shop.see_through(order))["state"] == "active"
    return Owned(shop, await shop.server(order))


async def test_a_customer_is_let_in_on_their_server(owned: Owned) -> None:
    answer = await owned.http.post(f"{owned.path}/panel-login")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    url = answer.json()["url"]
    assert url.startswith(f"{PANEL}/token_authenticate/")
    world = owned.shop.world
    transport = httpx.ASGITransport(create_app(world.virtfusion, clock=world.clock.now))
    async with httpx.AsyncClient(transport=transport) as browser:
        landed = await browser.get(url, follow_redirects=True)
        assert "Ada Byron" in landed.text
        assert owned.panel.ipv4[0] in landed.text
        assert (await browser.get(url)).status_code == 403
    trail = await world.rows(
        "select actor_name, detail::text from audit_entries where verb = 'server.open_panel'"
    )
    assert trail == [("Ada Byron", "{}")]


async def test_tokens_are_kept_nowhere(
    owned: Owned, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    key = {"idempotency-key": "open-the-panel-1"}
    answer = await owned.http.post(f"{owned.path}/panel-login", headers=key)
    query = urlsplit(answer.json()["url"]).query
    token = query.split("&")[0].removeprefix("1=")
    assert len(token) == 100
    replayed = await owned.http.post(f"{owned.path}/panel-login", headers=key)
    assert token not in replayed.text
    for table in ("idempotency_keys", "audit_entries", "procrastinate_jobs"):
        rows = await owned.shop.world.rows(
            f"select 1 from {table} t where t::text like %s", f"%{token}%"
        )
        assert rows == [], table
    written = capsys.readouterr()
    assert token not in written.out + written.err + caplog.text


@pytest.mark.parametrize(
    ("fault", "status"), [("unavailable", 503), ("lose_answer", 503), ("refuse", 503)]
)
async def test_a_panel_that_does_not_answer_is_said(owned: Owned, fault: str, status: int) -> None:
    owned.shop.fault(fault, "createServerAuthenticationTokens")
    answer = await owned.http.post(f"{owned.path}/panel-login")
    assert (answer.status_code, answer.json()["code"]) == (status, "outside_unavailable")


async def test_too_many_log_ins_are_slowed(owned: Owned) -> None:
    codes = [(await owned.http.post(f"{owned.path}/panel-login")).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


async def test_a_suspended_service_opens_no_panel(owned: Owned) -> None:
    await owned.shop.world.rows("update services set state = 'suspended', holds = '[\"staff\"]'")
    answer = await owned.http.post(f"{owned.path}/panel-login")
    assert (answer.status_code, answer.json()["code"]) == (409, "panel_closed")
