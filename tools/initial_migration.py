"""Rewrite the one migration there is before the first release: all models, and migrations/sql/.

`python -m tools.initial_migration` compares the models with an empty database that holds only the
queue's own schema, and writes what is missing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from procrastinate.schema import SchemaManager

from skypanel.app.migrate import configuration
from tools.ground import ROOT, exits, say
from tools.postgres import test_server

VERSIONS = ROOT / "migrations" / "versions"
FIRST = VERSIONS / "0001_initial.py"
SQL = ROOT / "migrations" / "sql"


def main(_arguments: Sequence[str]) -> int:
    """Write migrations/versions/0001_initial.py anew."""
    for old in VERSIONS.glob("*.py"):
        old.unlink()
    folder = Path(tempfile.mkdtemp(prefix="skypanel-migration-"))
    try:
        with test_server(folder) as server:
            dsn = server.create_database("initial_migration")
            try:
                config = configuration(dsn)
                command.revision(config, "Everything there is", autogenerate=True, rev_id="0001")
            finally:
                server.drop_database("initial_migration")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    made = next(VERSIONS.glob("0001_*.py"))
    text = made.read_text()
    made.unlink()
    FIRST.write_text(with_sql(text))
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", str(FIRST)], check=True)
    say(f"wrote {FIRST.relative_to(ROOT)}")
    return 0


def with_sql(text: str) -> str:
    """The generated operations between the queue's schema and our functions and triggers."""
    extra = [path.read_text() for path in sorted(SQL.glob("*.sql"))]
    constants = [f"QUEUE = {literal(SchemaManager.get_schema())}"]
    constants += [f"SQL_{index} = {literal(one)}" for index, one in enumerate(extra)]
    after = "".join(f"    op.execute(SQL_{index})\n" for index in range(len(extra)))
    head, rest = text.split("def upgrade() -> None:\n", 1)
    body, tail = rest.split("def downgrade() -> None:", 1)
    body = f"    op.execute(QUEUE)\n{body.rstrip()}\n{after}"
    return (
        head
        + "\n\n".join(constants)
        + f"\n\n\ndef upgrade() -> None:\n{body}\n\ndef downgrade() -> None:{tail}"
    )


def literal(sql: str) -> str:
    """SQL as a raw Python string; `:name` and `%` are escaped for the driver."""
    escaped = sql.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'"""\n{escaped}"""'


if __name__ == "__main__":
    sys.exit(exits(main))
