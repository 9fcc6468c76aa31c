"""Text as pixels. The letters are drawn once, by the PDF engine that carries a fixed-width face."""

from __future__ import annotations

import io
from functools import cache
from typing import Final

import typst
from PIL import Image

from skypanel.integrations.virtfusion.simulator.terminal import COLUMNS, ROWS, Cell

CELL_WIDTH, CELL_HEIGHT = 9, 18
WIDTH, HEIGHT = COLUMNS * CELL_WIDTH, ROWS * CELL_HEIGHT
LETTERS: Final = tuple(chr(code) for code in range(0x20, 0x7F))
PAPER: Final = (12, 14, 18)
INKS: Final = (
    (198, 204, 212), (245, 247, 250), (114, 211, 138), (240, 113, 120), (122, 170, 240),
    (230, 200, 110),
)  # fmt: skip
ESCAPED: Final = {'"': '\\"', "\\": "\\\\"}

Glyph = tuple[bytes, ...]  # one byte a pixel, row by row: how much ink


@cache
def glyphs() -> dict[str, Glyph]:
    """Each letter in its cell."""
    placed = "\n".join(
        f"#place(dx: {at * CELL_WIDTH}pt, box(width: {CELL_WIDTH}pt, height: {CELL_HEIGHT}pt,"
        f' clip: true, align(center + horizon, text("{ESCAPED.get(letter, letter)}"))))'
        for at, letter in enumerate(LETTERS)
    )
    sheet = (
        f"#set page(width: {CELL_WIDTH * len(LETTERS)}pt, height: {CELL_HEIGHT}pt, margin: 0pt,"
        ' fill: black)\n#set text(font: "DejaVu Sans Mono", size: 15pt, fill: white,'
        ' top-edge: "ascender", bottom-edge: "descender", ligatures: false)\n' + placed
    )
    drawn = Image.open(io.BytesIO(typst.compile(sheet.encode(), format="png", ppi=72))).convert("L")
    found = {}
    for at, letter in enumerate(LETTERS):
        left = at * CELL_WIDTH
        box = drawn.crop((left, 0, left + CELL_WIDTH, CELL_HEIGHT)).tobytes()
        found[letter] = tuple(
            box[row * CELL_WIDTH : (row + 1) * CELL_WIDTH] for row in range(CELL_HEIGHT)
        )
    return found


class Painter:
    """Draws rows of text in one viewer's form of pixel: four bytes, each colour at its shift."""

    def __init__(self, red: int, green: int, blue: int, *, big_endian: bool = False) -> None:
        self._shifts = (red, green, blue)
        self._order = "big" if big_endian else "little"
        self._inked: dict[tuple[str, int, bool], Glyph] = {}

    def row(self, cells: list[Cell], cursor: int | None) -> bytes:
        """One row of text, all its lines of pixels."""
        drawn = [
            self._glyph(letter, ink, reversed_=at == cursor)
            for at, (letter, ink) in enumerate(cells)
        ]
        return b"".join(b"".join(line) for line in zip(*drawn, strict=True))

    def _glyph(self, letter: str, ink: int, *, reversed_: bool) -> Glyph:
        key = letter, ink, reversed_
        known = self._inked.get(key)
        if known is None:
            paper, colour = (INKS[ink], PAPER) if reversed_ else (PAPER, INKS[ink])
            tones = [self._pixel(paper, colour, amount) for amount in range(256)]
            known = tuple(b"".join(tones[amount] for amount in line) for line in glyphs()[letter])
            self._inked[key] = known
        return known

    def _pixel(self, paper: tuple[int, ...], colour: tuple[int, ...], amount: int) -> bytes:
        value = 0
        for shift, low, high in zip(self._shifts, paper, colour, strict=True):
            value |= (low + (high - low) * amount // 255) << shift
        return value.to_bytes(4, "big" if self._order == "big" else "little")
