"""The control line to one machine: QEMU's machine protocol (QMP) over a pair of sockets."""

from __future__ import annotations

import array
import asyncio
import itertools
import socket
from typing import Any, Final

import msgspec

CHUNK: Final = 65_536
ANSWER_SECONDS: Final = 10.0


class MachineGone(Exception):
    """The machine has ended, or answers no more."""


class Declined(Exception):
    """The machine does not do what it was asked."""


class Monitor:
    """Asks the machine and gives its answers."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._greeted = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    async def greet(self) -> None:
        """Until the machine takes questions."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._greeted.wait()
        except TimeoutError:
            raise MachineGone from None
        await self.ask("qmp_capabilities")

    async def ask(self, what: str, *, given: socket.socket | None = None, **how: Any) -> Any:
        """One question and its answer, perhaps with an open file; raises Declined, MachineGone."""
        number = next(self._numbers)
        question = msgspec.json.encode(
            {"execute": what, "id": number, **({"arguments": how} if how else {})}
        )
        answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            # Small enough that the pair takes it whole, which it must with a file beside it.
            self._line.sendmsg([question + b"\n"], _beside(given))
            async with asyncio.timeout(ANSWER_SECONDS):
                return await answer
        except (OSError, TimeoutError):
            raise MachineGone from None
        finally:
            self._waiting.pop(number, None)

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        held = b""
        try:
            while said := await loop.sock_recv(self._line, CHUNK):
                *lines, held = (held + said).split(b"\n")
                for line in lines:
                    self._hear(line)
        except OSError:
            pass
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(MachineGone())

    def _hear(self, line: bytes) -> None:
        if not line.strip():
            return
        told = msgspec.json.decode(line)
        if "QMP" in told:
            self._greeted.set()
            return
        answer = self._waiting.get(told.get("id", 0))
        if answer is None or answer.done():
            return
        if "error" in told:
            answer.set_exception(Declined(str(told["error"].get("desc", ""))))
        else:
            answer.set_result(told.get("return"))

    async def close(self) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        self._line.close()


def _beside(given: socket.socket | None) -> list[tuple[int, int, array.array[int]]]:
    """The open file that goes with a message, if any."""
    if given is None:
        return []
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [given.fileno()]))]
