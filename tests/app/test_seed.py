"""The sandbox's company: made once, made anew after an interruption, never over somebody else's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr
from tests.conftest import SERVER_URL, TEMPLATE
from tests.world import KEYS, ORIGIN
from tools.demo import SANDBOX_PORTS
from tools.ports import free_block
from tools.servers import Server

from skypanel.app import company, seed
from skypanel.app.boot import Boot, BootRefused


@pytest.fixture
def settings(tmp_path: Path, worker_id: str) -> Iterator[Boot]:
    """An installation of a sandbox on a database of its own."""
    server = Server(os.environ[SERVER_URL])
    name = f"skypanel_seed_{worker_id}_{os.getpid()}"
    dsn = server.create_database(name, template=TEMPLATE)
    yield Boot(
        DATABASE_URL=SecretStr(dsn),
        PUBLIC_URL=ORIGIN,
        SKYPANEL_SECRET_KEYS=SecretStr(KEYS),
        SANDBOX_PORT_BASE=free_block(26_000, SANDBOX_PORTS),
        SANDBOX_DIR=tmp_path / "sandbox",
    )
    server.drop_database(name)


def ask(settings: Boot, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        return connection.execute(sql.encode()).fetchall()


async def test_an_interrupted_making_is_begun_anew(
    settings: Boot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = company.CUSTOMERS[0]
    monkeypatch.setattr(company, "CUSTOMERS", (ada, company.CUSTOMERS[1]))
    late = seed.late_invoice

    async def interrupted(_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(seed, "late_invoice", interrupted)
    with pytest.raises(KeyboardInterrupt):
        await seed.seed(settings)
    assert ask(settings, "select count(*) from orders") == [(4,)]
    capsys.readouterr()

    monkeypatch.setattr(seed, "late_invoice", late)
    await seed.seed(settings)
    assert "making it anew" in capsys.readouterr().out
    unknown = "select count(*) from findings where check_name = 'panel_unknown_server'"
    assert ask(settings, unknown) == [(3,)], "servers for staff to adopt"
    assert ask(settings, "select state, count(*) from orders group by 1") == [("active", 4)]
    assert ask(settings, "select count(*) from users") == [(4,)]

    await seed.seed(settings)
    assert ask(settings, "select count(*) from users") == [(4,)], "a complete one is left alone"
    assert ada.email in capsys.readouterr().out


async def test_a_company_that_is_not_the_sandboxs_is_left_alone(settings: Boot) -> None:
    house = seed.build_house(settings, "test")
    await house.open()
    async with house.transaction() as db:
        await house.settings.put(db, seed.BrandSettings(name="Somebody's"))
    await house.close()
    with pytest.raises(BootRefused, match="not the sandbox's"):
        await seed.seed(settings)
    assert ask(settings, "select section from settings") == [("brand",)]
