"""One viewer of a simulated screen: the server's side of RFB 3.8 (RFC 6143) over a websocket."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from skypanel.integrations.virtfusion.rfb import NoEntry, Words
from skypanel.integrations.virtfusion.simulator.machine import Machine
from skypanel.integrations.virtfusion.simulator.paint import (
    CELL_HEIGHT,
    HEIGHT,
    WIDTH,
    Painter,
)
from skypanel.integrations.virtfusion.simulator.terminal import ROWS

TICK_SECONDS = 0.05
SET_PIXELS, SET_ENCODINGS, UPDATE, KEY, POINTER, CUT_TEXT = 0, 2, 3, 4, 5, 6
RAW, ZLIB = 0, 6
PIXELS = struct.Struct(">BBBBHHHBBBxxx")
NATIVE = (32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
TEXT_BYTES_MAX = 100_000
CONTROL_LEFT, CONTROL_RIGHT, ALT_LEFT, ALT_RIGHT = 0xFFE3, 0xFFE4, 0xFFE9, 0xFFEA
BACKSPACE, TAB, RETURN, ENTER, DELETE = 0xFF08, 0xFF09, 0xFF0D, 0xFF8D, 0xFFFF


@dataclass(slots=True)
class Keyboard:
    """Keys as they go down and up, made into what a line discipline does."""

    machine: Machine
    down: set[int] = field(default_factory=set)

    def press(self, key: int, *, down: bool) -> None:
        if not down:
            self.down.discard(key)
            return
        self.down.add(key)
        control = bool(self.down & {CONTROL_LEFT, CONTROL_RIGHT})
        if control and self.down & {ALT_LEFT, ALT_RIGHT} and key == DELETE:
            self.machine.restart()
        elif control:
            self._controlled(key)
        elif key in (RETURN, ENTER):
            self.machine.type("\n")
        elif key == BACKSPACE:
            self.machine.type("\b")
        elif 0x20 <= key < 0x7F:
            self.machine.type(chr(key))

    def _controlled(self, key: int) -> None:
        if key in (ord("c"), ord("C")):
            self.machine.interrupt()
        elif key in (ord("l"), ord("L")):
            self.machine.terminal.clear()


class Viewer:
    """Somebody who watches a machine and types at it."""

    def __init__(self, machine: Machine, words: Words, settle: Callable[[], None]) -> None:
        self._machine = machine
        self._words = words
        self._settle = settle
        self._keyboard = Keyboard(machine)
        self._painter = Painter(16, 8, 0)
        self._packer: zlib._Compress | None = None
        self._seen = -1
        self._wanted = False

    async def run(self) -> None:
        """Greet, then listen and draw until the connection ends."""
        await self._words.exactly(1)  # shared or not: it always is
        name = self._name().encode()
        await self._words.send(
            struct.pack(">HH", WIDTH, HEIGHT) + PIXELS.pack(*NATIVE)
            + len(name).to_bytes(4, "big") + name
        )  # fmt: skip
        drawing = asyncio.create_task(self._draw())
        try:
            while True:
                await self._hear()
        finally:
            drawing.cancel()
            await asyncio.gather(drawing, return_exceptions=True)

    def _name(self) -> str:
        server = self._machine.server
        return (server.hostname or server.name) if server else "gone"

    async def _hear(self) -> None:
        """One message of the viewer."""
        kind = (await self._words.exactly(1))[0]
        hear = {
            SET_PIXELS: self._hear_pixels,
            SET_ENCODINGS: self._hear_encodings,
            UPDATE: self._hear_update,
            KEY: self._hear_key,
            POINTER: self._hear_pointer,
            CUT_TEXT: self._hear_text,
        }.get(kind)
        if hear is None:
            raise NoEntry(f"the viewer says {kind}, which nobody offered")
        await hear()

    async def _hear_pixels(self) -> None:
        told = PIXELS.unpack((await self._words.exactly(19))[3:])
        bits, _, big_endian, true_colour, *most, red, green, blue = told
        if bits != 32 or not true_colour or most != [255, 255, 255]:
            raise NoEntry("the viewer wants other pixels than these of 32 bits")
        self._painter = Painter(red, green, blue, big_endian=bool(big_endian))
        self._seen = -1

    async def _hear_encodings(self) -> None:
        count = int.from_bytes((await self._words.exactly(3))[1:], "big")
        told = struct.unpack(f">{count}i", await self._words.exactly(4 * count))
        if ZLIB in told and self._packer is None:
            self._packer = zlib.compressobj(1)

    async def _hear_update(self) -> None:
        whole = (await self._words.exactly(9))[0] == 0
        if whole:
            self._seen = -1
        self._wanted = True

    async def _hear_key(self) -> None:
        down, key = struct.unpack(">BxxI", await self._words.exactly(7))
        self._keyboard.press(key, down=bool(down))

    async def _hear_pointer(self) -> None:
        await self._words.exactly(5)  # a text screen has no use for it

    async def _hear_text(self) -> None:
        """What was cut elsewhere is typed here, a line at a time."""
        length = abs(struct.unpack(">3xi", await self._words.exactly(7))[0])
        if length > TEXT_BYTES_MAX:
            raise NoEntry("the viewer pastes more than a screen can take")
        text = ""
        while length:
            piece = await self._words.exactly(min(length, 1024))
            text += piece.decode("latin-1")
            length -= len(piece)
        for character in text.replace("\r\n", "\n").replace("\r", "\n"):
            self._machine.type(character)

    async def _draw(self) -> None:
        """Whatever has changed, as soon as the viewer wants it."""
        loop = asyncio.get_running_loop()
        while True:
            self._settle()
            self._machine.tick(loop.time())
            terminal = self._machine.terminal
            if self._wanted and terminal.changes > self._seen:
                self._wanted = False
                await self._words.send(self._update())
            await asyncio.sleep(TICK_SECONDS)

    def _update(self) -> bytes:
        """The rows that changed since this viewer saw them, as one rectangle each."""
        terminal = self._machine.terminal
        rows = [row for row in range(ROWS) if terminal.changed[row] > self._seen]
        self._seen = terminal.changes
        pieces = [struct.pack(">BxH", 0, len(rows))]
        for row in rows:
            cursor = terminal.column if row == terminal.row and terminal.shows_cursor else None
            pixels = self._painter.row(terminal.rows[row], cursor)
            place = (0, row * CELL_HEIGHT, WIDTH, CELL_HEIGHT)
            if self._packer is None:
                pieces += [struct.pack(">HHHHi", *place, RAW), pixels]
            else:
                packed = self._packer.compress(pixels) + self._packer.flush(zlib.Z_SYNC_FLUSH)
                pieces += [struct.pack(">HHHHi", *place, ZLIB), struct.pack(">I", len(packed))]
                pieces.append(packed)
        return b"".join(pieces)
