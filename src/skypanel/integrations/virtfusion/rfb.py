"""The first words of RFB 3.8 (RFC 6143), on both sides of the portal.

Towards the panel the portal is the viewer and knows the password; towards the browser it is the
server and asks for none, because whoever got as far was let in by the portal. So the password
stays here. Everything after these words is carried unread.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

VERSION = b"RFB 003.008\n"
NONE, VNC = 1, 2
OK = bytes(4)
PASSWORD_BYTES, CHALLENGE_BYTES = 8, 16
REASON_BYTES_MAX = 1000
GREETING_BYTES_MAX = 4096

Receive = Callable[[], Awaitable[bytes]]
Send = Callable[[bytes], Awaitable[None]]


class NoEntry(Exception):
    """The other side does not speak as RFB does, or lets nobody in."""


class Words:
    """A conversation in exact numbers of bytes over messages of any length."""

    __slots__ = ("_held", "_most", "_receive", "send")

    def __init__(self, receive: Receive, send: Send, most: int = GREETING_BYTES_MAX) -> None:
        self._receive = receive
        self._most = most
        self._held = b""
        self.send = send

    async def exactly(self, count: int) -> bytes:
        """The next so many bytes."""
        while len(self._held) < count:
            self._held += await self._receive()
            if len(self._held) > self._most:
                raise NoEntry("it says more than was asked")
        taken, self._held = self._held[:count], self._held[count:]
        return taken

    async def some(self) -> bytes:
        """Whatever comes next, for whoever carries on without reading."""
        taken, self._held = self._held, b""
        return taken or await self._receive()

    async def number(self) -> int:
        """The next four bytes as a number."""
        return int.from_bytes(await self.exactly(4), "big")

    @property
    def rest(self) -> bytes:
        """What came already and belongs to whoever carries on."""
        return self._held


def response_to(challenge: bytes, password: str) -> bytes:
    """What proves the password: the challenge under DES, each key byte read backwards."""
    key = password.encode("latin-1", "replace")[:PASSWORD_BYTES].ljust(PASSWORD_BYTES, b"\0")
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)
    # Three times the same key is single DES, which is all that VNC knows; TLS is around it.
    cipher = Cipher(TripleDES(mirrored * 3), modes.ECB()).encryptor()  # noqa: S305
    return cipher.update(challenge) + cipher.finalize()


async def enter(panel: Words, password: str) -> None:
    """Be let in by the panel's server; raises NoEntry with why not, never with the password."""
    version = await panel.exactly(len(VERSION))
    if not version.startswith(b"RFB 003.") or version[8:11] < b"008":
        raise NoEntry("it speaks another version of RFB")
    await panel.send(VERSION)
    offered = await panel.exactly((await panel.exactly(1))[0])
    if not offered:
        raise NoEntry(await _reason(panel))
    if VNC in offered:
        await panel.send(bytes([VNC]))
        challenge = await panel.exactly(CHALLENGE_BYTES)
        await panel.send(response_to(challenge, password))
    elif NONE in offered:
        await panel.send(bytes([NONE]))
    else:
        raise NoEntry("it wants a way of logging in that is not VNC's")
    if await panel.exactly(4) != OK:
        raise NoEntry(await _reason(panel))


async def _reason(panel: Words) -> str:
    """Why the other side said no, as far as it can be printed."""
    told = await panel.exactly(min(await panel.number(), REASON_BYTES_MAX))
    return "".join(c for c in told.decode("utf-8", "replace") if c.isprintable())[:200]


async def admit(browser: Words) -> None:
    """Let the browser's viewer in without a password."""
    await browser.send(VERSION)
    if await browser.exactly(len(VERSION)) != VERSION:
        raise NoEntry("the viewer speaks another version of RFB")
    await browser.send(bytes([1, NONE]))
    if await browser.exactly(1) != bytes([NONE]):
        raise NoEntry("the viewer wants a way of logging in that was not offered")
    await browser.send(OK)
