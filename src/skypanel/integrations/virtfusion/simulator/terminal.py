"""A text screen: rows of coloured characters, a cursor, and which rows have changed since when."""

from __future__ import annotations

from dataclasses import dataclass, field

COLUMNS, ROWS = 80, 25
GREY, WHITE, GREEN, RED, BLUE, YELLOW = range(6)
Cell = tuple[str, int]
BLANK: Cell = (" ", GREY)


@dataclass(slots=True)
class Terminal:
    """What stands on the screen; `changes` counts up, and each row knows its latest."""

    rows: list[list[Cell]] = field(default_factory=lambda: [[BLANK] * COLUMNS] * ROWS)
    changed: list[int] = field(default_factory=lambda: [0] * ROWS)
    changes: int = 0
    row: int = 0
    column: int = 0
    shows_cursor: bool = True

    def clear(self, *, cursor: bool = True) -> None:
        """An empty screen, written from the top."""
        self.rows = [[BLANK] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.shows_cursor = cursor
        self._touch(range(ROWS))

    def write(self, text: str, colour: int = GREY) -> None:
        """Text as a console writes it: wrapped, scrolled, a newline begins a line."""
        for character in text:
            if character == "\n":
                self._next_line()
            elif character == "\b":
                self._back()
            else:
                if self.column == COLUMNS:
                    self._next_line()
                shown = character if character.isascii() and character.isprintable() else "?"
                self._put(shown, colour)
                self.column += 1
        self._touch([self.row])

    def line(self, text: str = "", colour: int = GREY) -> None:
        """Text and the end of its line."""
        self.write(text + "\n", colour)

    def text(self) -> str:
        """What a person reads."""
        lines = ("".join(cell[0] for cell in row).rstrip() for row in self.rows)
        return "\n".join(lines).rstrip()

    def _put(self, character: str, colour: int) -> None:
        row = list(self.rows[self.row])
        row[self.column] = (character, colour)
        self.rows[self.row] = row

    def _back(self) -> None:
        if self.column > 0:
            self.column -= 1
            self._put(" ", GREY)

    def _next_line(self) -> None:
        self._touch([self.row])
        self.column = 0
        if self.row < ROWS - 1:
            self.row += 1
        else:
            self.rows = [*self.rows[1:], [BLANK] * COLUMNS]
            self._touch(range(ROWS))

    def _touch(self, rows: range | list[int]) -> None:
        self.changes += 1
        for row in rows:
            self.changed[row] = self.changes
