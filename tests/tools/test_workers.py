"""How the suite is shared among its workers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from xdist.remote import Producer

from tests.workers import Together


class Node:
    """A worker, as far as the scheduler knows it."""

    shutting_down = False

    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.gets: list[int] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.gets += indices

    def shutdown(self) -> None:
        self.shutting_down = True


def test_one_worker_has_all_that_runs_in_the_browser(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pytestconfig.option, "tx", ["2*popen"])
    browser = [f"tests/browser/test_{n}.py::test_one[a@b.example]" for n in range(4)]
    tests = [*browser, *(f"tests/ledger/test_laws.py::test_{n}" for n in range(8))]
    log = Producer("test", enabled=False)
    shared = pytestconfig.hook.pytest_xdist_make_scheduler(config=pytestconfig, log=log)
    assert isinstance(shared, Together)
    nodes = [Node("one"), Node("other")]
    for node in nodes:
        shared.add_node(node)
    for node in nodes:
        shared.add_node_collection(node, tests)
    shared.schedule()
    assert sorted(nodes[0].gets) == [0, 1, 2, 3]
    assert nodes[1].gets
    assert min(nodes[1].gets) >= len(browser)
