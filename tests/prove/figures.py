"""What the proofs counted, printed as tables when they are through."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest


@dataclass
class Figures:
    """Rows under titles, in the order in which they came."""

    tables: dict[str, dict[str, str]] = field(default_factory=dict)

    def note(self, table: str, row: str, value: object) -> None:
        self.tables.setdefault(table, {})[row] = str(value)

    def show(self, terminal: pytest.TerminalReporter) -> None:
        for title, rows in self.tables.items():
            terminal.section(title)
            width = max(len(row) for row in rows)
            for row, value in rows.items():
                terminal.write_line(f"  {row:<{width}}  {value:>10}")


FIGURES = Figures()
