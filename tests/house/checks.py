"""The house's rules as functions over source text: each gives what it found wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "skypanel"
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
DOMAIN_FILES = {
    "__init__", "api", "admin", "jobs", "schemas", "actions", "queries", "models", "rules",
    "events", "errors", "render", "assets",
}  # fmt: skip
NOT_DOMAINS = {"platform", "integrations", "app", "__pycache__"}
BANNED_WORDS = re.compile(r"^(process|handle|manage|data|util|utils|helper|helpers)(_|$)")
VERB_FILES = {"actions", "queries", "models", "rules", "events"}
MONEY_DOMAINS = {"ledger", "invoices", "payments", "services", "orders"}


def sources(folder: Path = SRC) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.py"))


def too_long(path: Path, text: str) -> list[str]:
    """Files and functions over their limits."""
    found = []
    if text.count("\n") > FILE_LINES_MAX:
        found.append(f"{path.name} has more than {FILE_LINES_MAX} lines")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                found.append(f"{path.name}: {node.name} has {lines} lines")
    return found


def bad_names(path: Path, text: str) -> list[str]:
    """Names that say nothing, and classes called ...Service."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if BANNED_WORDS.match(node.name):
                found.append(f"{path.name}: {node.name}")
        elif isinstance(node, ast.ClassDef) and re.search(r".(Service|Manager|Helper)$", node.name):
            found.append(f"{path.name}: {node.name}")
    return found


def commits(path: Path, text: str) -> list[str]:
    """Verbs that commit, open transactions or sleep."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"commit", "rollback", "transaction", "sleep"}
        ):
            found.append(f"{path}: line {node.lineno} calls {node.func.attr}")
    return found


def clocks(path: Path, text: str) -> list[str]:
    """Time taken from anywhere but the company's clock."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else ""
            if (name, node.func.attr) in {
                ("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"),
            }:  # fmt: skip
                found.append(f"{path}: line {node.lineno}")
    return found


def floats(path: Path, text: str) -> list[str]:
    """Floats near money."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{path}: line {node.lineno} has {node.value}")
        if isinstance(node, ast.Name) and node.id in {"float", "Float"}:
            found.append(f"{path}: line {node.lineno} uses float")
    return found


def assigned_states(path: Path, text: str) -> list[str]:
    """States changed past `advance`."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign):
            found.extend(
                f"{path}: line {node.lineno} assigns .{target.attr}"
                for target in node.targets
                if isinstance(target, ast.Attribute) and target.attr in {"state", "status"}
            )
    return found


def undated_notes(path: Path, text: str) -> list[str]:
    """Work put off without a date."""
    pattern = re.compile(r"#.*\b(TODO|FIXME|XXX)\b(?!\(\d{4}-\d{2}-\d{2}\))")
    return [
        f"{path}: line {n}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)
    ]


def domains() -> list[Path]:
    return sorted(each for each in SRC.iterdir() if each.is_dir() and each.name not in NOT_DOMAINS)


def strange_files(names: set[str]) -> set[str]:
    """Files of a domain beyond the ten names."""
    return names - DOMAIN_FILES
