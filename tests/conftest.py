"""One PostgreSQL for the run, one migrated database per test worker, emptied between tests."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.postgres import test_server
from tools.servers import Server

if TYPE_CHECKING:
    from xdist.remote import Producer

    from tests.workers import Together
    from tests.world import PayPalDesk, World

from skypanel.app.migrate import upgrade
from skypanel.platform import logging as house_logging
from tests.kept import empty

SERVER_URL = "SKYPANEL_TEST_SERVER_URL"
TEMPLATE = "skypanel_template"


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, in the process that hands out the work."""
    house_logging.configure("WARNING")
    if hasattr(config, "workerinput") or os.environ.get(SERVER_URL):
        return
    folder = Path(tempfile.mkdtemp(prefix="skypanel-tests-"))
    server = test_server(folder)
    server.__enter__()
    config.stash[STARTED] = (server, folder)
    server.drop_database(TEMPLATE)
    upgrade(server.create_database(TEMPLATE))
    os.environ[SERVER_URL] = server.dsn()


STARTED = pytest.StashKey[tuple[Server, Path]]()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    started = config.stash.get(STARTED, None)
    if started is not None:
        os.environ.pop(SERVER_URL, None)
        started[0].__exit__(None, None, None)
        shutil.rmtree(started[1], ignore_errors=True)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Who runs what, where there are several workers."""
    from tests.workers import Together

    return Together(config, log)


@pytest.fixture(scope="session")
def database(worker_id: str) -> Iterator[str]:
    """This worker's own migrated database."""
    server = Server(os.environ[SERVER_URL])
    name = f"skypanel_{worker_id}_{os.getpid()}"
    yield server.create_database(name, template=TEMPLATE)
    server.drop_database(name)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    workerinput = getattr(request.config, "workerinput", None)
    return workerinput["workerid"] if workerinput else "only"


@pytest.fixture(scope="session")
def desk() -> Iterator[PayPalDesk]:
    """The simulated PayPal on a port of this worker: its SDK speaks over sockets."""
    from tests.world import PayPalDesk

    with PayPalDesk() as running:
        yield running


@pytest.fixture
def clean_database(database: str) -> str:
    empty(database)
    return database


@pytest.fixture
async def world(clean_database: str, desk: PayPalDesk) -> AsyncIterator[World]:
    """A small hosting company, its vendors simulated, its clock standing still until turned."""
    from tests.world import open_world

    async with open_world(clean_database, desk) as opened:
        yield opened
