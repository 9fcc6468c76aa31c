"""The long proofs run under `make prove` only; what they counted is printed at the end."""

from __future__ import annotations

import os

import pytest

from tests.prove.figures import FIGURES

LONG = "SKYPANEL_PROVE" in os.environ
collect_ignore = [] if LONG else ["test_kills.py", "test_guests.py"]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LONG:
        FIGURES.show(terminalreporter)
