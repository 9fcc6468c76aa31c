"""The house page as tests; each rule also shows that it can fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import checks

Rule = Callable[[Path, str], list[str]]


def everywhere(rule: Rule, paths: list[Path]) -> list[str]:
    return [found for path in paths for found in rule(path, path.read_text())]


def in_domains(names: set[str], only: set[str] | None = None) -> list[Path]:
    found = []
    for domain in checks.domains():
        if only is not None and domain.name not in only:
            continue
        for name in names:
            if (domain / f"{name}.py").is_file():
                found.append(domain / f"{name}.py")
            if (domain / name).is_dir():
                found.extend(sorted((domain / name).rglob("*.py")))
    return found


def test_files_and_functions_stay_short() -> None:
    assert everywhere(checks.too_long, list(checks.sources())) == []


def test_names_say_something() -> None:
    assert everywhere(checks.bad_names, list(checks.sources())) == []


def test_verbs_never_commit_open_or_sleep() -> None:
    assert everywhere(checks.commits, in_domains(checks.VERB_FILES)) == []


def test_only_the_clock_tells_time() -> None:
    paths = [p for d in checks.domains() for p in checks.sources(d)]
    assert everywhere(checks.clocks, paths) == []


def test_no_float_near_money() -> None:
    paths = in_domains(checks.VERB_FILES | {"schemas"}, checks.MONEY_DOMAINS)
    assert everywhere(checks.floats, [*paths, checks.SRC / "platform" / "money.py"]) == []


def test_states_move_only_along_their_tables() -> None:
    paths = in_domains({"actions", "jobs", "api", "admin"})
    assert everywhere(checks.assigned_states, paths) == []


def test_no_note_without_a_date() -> None:
    assert everywhere(checks.undated_notes, list(checks.sources())) == []


def test_a_domain_has_ten_files_and_no_other() -> None:
    for domain in checks.domains():
        names = {each.stem for each in domain.iterdir() if each.name != "__pycache__"}
        assert checks.strange_files(names) == set(), domain.name


LONG = "def f():\n" + "    x = 1\n" * 80


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (checks.too_long, LONG),
        (checks.too_long, "x = 1\n" * 401),
        (checks.bad_names, "def handle_order(): ..."),
        (checks.bad_names, "class OrderService: ..."),
        (checks.commits, "async def pay(db):\n    await db.commit()"),
        (checks.clocks, "from datetime import datetime\nx = datetime.now()"),
        (checks.floats, "price = 1.5"),
        (checks.floats, "def f(x): return float(x)"),
        (checks.assigned_states, "def f(row): row.state = 'paid'"),
        (checks.undated_notes, "x = 1  # TODO later"),
    ],
)
def test_each_rule_can_fail(rule: Rule, text: str) -> None:
    assert rule(Path("example.py"), text)


def test_the_file_rule_can_fail() -> None:
    assert checks.strange_files({"actions", "services"}) == {"services"}
