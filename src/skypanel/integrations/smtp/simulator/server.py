"""The SMTP side of the sandbox's mailbox: takes mail, or refuses it by whom it is for."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from skypanel.integrations.smtp.simulator.mailbox import Mailbox
from skypanel.platform.clock import Clock

REAL_CLOCK = Clock()
START_SECONDS = 5.0
IDENT = "SkyPANEL sandbox mailbox"


class SmtpDesk:
    """A mail server on a port of this machine, in a thread of its own.

    By the address mail is for: `nosuch@` is refused (550), `grey@` put off once (451), `full@`
    put off always (452), `spam@` refused after the message (554), `lost@` taken while the answer
    is lost. `down` cuts every connection. Port 0 takes a free one, see `port` after `start`.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        port: int = 0,
        user: str = "",
        password: str = "",
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        now: Callable[[], datetime] = REAL_CLOCK.now,
    ) -> None:
        self.mailbox = Mailbox(folder)
        self.port = port
        self.down = False
        self._login = (user.encode(), password.encode())
        self._tls = tls
        self._implicit_tls = implicit_tls
        self._now = now
        self._greeted: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None

    def start(self) -> None:
        """Listen; OSError when the port is taken."""
        ready: Future[int] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)), name="smtp sandbox", daemon=True
        )
        self._thread.start()
        self.port = ready.result(START_SECONDS)

    def stop(self) -> None:
        """Stop listening and cut what is connected."""
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread is not None:
            self._thread.join(START_SECONDS)
        self._loop = self._thread = self._stopping = None

    async def _serve(self, ready: Future[int]) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        connected: set[asyncio.BaseTransport] = set()
        try:
            server = await self._loop.create_server(
                lambda: _Line(self, connected),
                "127.0.0.1",
                self.port,
                ssl=self._tls if self._implicit_tls else None,
            )
        except OSError as error:
            ready.set_exception(error)
            return
        ready.set_result(server.sockets[0].getsockname()[1])
        await self._stopping.wait()
        server.close()
        for transport in list(connected):
            transport.close()
        await server.wait_closed()

    def options(self) -> dict[str, Any]:
        """How each connection is spoken to."""
        wants_login = self._login != (b"", b"")
        return {
            "enable_SMTPUTF8": True,
            "hostname": "localhost",
            "ident": IDENT,
            "tls_context": None if self._implicit_tls else self._tls,
            "authenticator": self._authenticate if wants_login else None,
            "auth_require_tls": False,
        }

    def wants_login(self, session: Session) -> bool:
        """Whether this peer must log in first."""
        return self._login != (b"", b"") and not session.authenticated

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == self._login
        # handled=False: the server itself answers 535, else the client waits for ever.
        return AuthResult(success=right, handled=False)

    def recipient_answer(self, address: str) -> str:
        """What the server says to an address."""
        local = address.partition("@")[0].lower()
        if local == "nosuch":
            return "550 5.1.1 No such user"
        if local == "full":
            return "452 4.2.2 Mailbox full"
        if local == "grey" and address not in self._greeted:
            self._greeted.add(address)
            return "451 4.7.1 Greylisted, try again later"
        return "250 OK"

    def take(self, envelope: Envelope) -> str | None:
        """Keep a message; what the server says of it, None when that is to be lost."""
        raw = envelope.original_content or b""
        locals_ = {to.partition("@")[0].lower() for to in envelope.rcpt_tos}
        if "spam" in locals_:
            return "554 5.7.1 Message rejected as spam"
        kept = [
            self.mailbox.keep(envelope.mail_from or "", to, raw, self._now())
            for to in envelope.rcpt_tos
        ]
        if "lost" in locals_:
            return None
        return f"250 2.0.0 Ok: queued as {kept[0].id.replace('-', '')[:12].upper()}"


class _Line(SMTP):
    """One connection."""

    def __init__(self, desk: SmtpDesk, connected: set[asyncio.BaseTransport]) -> None:
        super().__init__(_Answers(desk), **desk.options(), loop=asyncio.get_running_loop())
        self._desk = desk
        self._connected = connected

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connected.add(transport)
        super().connection_made(transport)
        if self._desk.down and isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._connected.discard(self.transport)
        super().connection_lost(error)


class _Answers:
    """What is said to sender, recipient and message."""

    def __init__(self, desk: SmtpDesk) -> None:
        self._desk = desk

    async def _sender(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._desk.wants_login(session):
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def _recipient(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._desk.recipient_answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def _message(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self._desk.take(envelope)
        if answer is None:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 lost"
        return answer

    handle_MAIL = _sender  # noqa: N815 - the names aiosmtpd calls
    handle_RCPT = _recipient  # noqa: N815
    handle_DATA = _message  # noqa: N815
