"""Each check has its section in the runbook, and the client shows it."""

from __future__ import annotations

import re

from skypanel.operations.queries import CHECKS
from skypanel.operations.rules import PANEL_CHECKS
from tests.house.checks import ROOT

RUNBOOK = ROOT / "docs" / "runbook.md"
PAGE = ROOT / "web" / "src" / "admin" / "operations" / "runbook.ts"
PARTS = ("What it means.", "What to look at.", "What to press.")
NAMES = [*(check.name for check in CHECKS), *PANEL_CHECKS]


def sections(text: str) -> dict[str, str]:
    return dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))


def lacking(text: str, names: list[str]) -> list[str]:
    found = sections(text)
    return [
        f"{name}: {part}"
        for name in names
        for part in PARTS
        if f"**{part}**" not in found.get(name, "")
    ]


def test_each_check_has_its_section_and_each_section_its_check() -> None:
    text = RUNBOOK.read_text()
    assert lacking(text, NAMES) == []
    assert sorted(sections(text)) == sorted(NAMES)


def test_checks_have_names_of_their_own() -> None:
    assert len(NAMES) == len(set(NAMES))


def test_the_client_takes_the_runbook_itself() -> None:
    assert "docs/runbook.md?raw" in PAGE.read_text()


def test_the_rule_can_fail() -> None:
    assert lacking("## queue_moves\n\n**What it means.** Much.\n", ["queue_moves", "new"]) == [
        "queue_moves: What to look at.",
        "queue_moves: What to press.",
        *(f"new: {part}" for part in PARTS),
    ]
