"""Who may look at a screen: VNC's log-in, the server's side of RFB 3.8 (RFC 6143)."""

from __future__ import annotations

import secrets

from skypanel.integrations.virtfusion.rfb import (
    CHALLENGE_BYTES,
    OK,
    VERSION,
    VNC,
    NoEntry,
    Words,
    response_to,
)

FAILED = (1).to_bytes(4, "big")


async def admit(viewer: Words, password: str) -> bool:
    """Let a viewer in who knows the password; one that does not is told so."""
    await viewer.send(VERSION)
    if await viewer.exactly(len(VERSION)) != VERSION:
        raise NoEntry("the viewer speaks another version of RFB")
    await viewer.send(bytes([1, VNC]))
    if await viewer.exactly(1) != bytes([VNC]):
        raise NoEntry("the viewer wants a way of logging in that was not offered")
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await viewer.send(challenge)
    given = await viewer.exactly(CHALLENGE_BYTES)
    if secrets.compare_digest(given, response_to(challenge, password)):
        await viewer.send(OK)
        return True
    said = b"Authentication failure"
    await viewer.send(FAILED + len(said).to_bytes(4, "big") + said)
    return False
