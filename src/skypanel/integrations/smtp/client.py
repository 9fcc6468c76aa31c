"""The SMTP client: one message to one address, ending accepted or in one of three errors."""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import AsyncIterator

import aiosmtplib

from skypanel.integrations.settings import SmtpSettings
from skypanel.integrations.smtp.types import VENDOR, Accepted
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

PERMANENT = 500
QUIT_SECONDS = 2.0
QUEUED_AS = re.compile(
    r"\b(?:queued(?: mail for delivery)? as|id)[ =:]+<?([\w.@+-]+)", re.IGNORECASE
)
CONTROL = re.compile(r"[\x00-\x1f\x7f<>]")


class Smtp:
    """The host's mail server, reached anew for every message."""

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        timeout_seconds: float = 20.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._timeout_seconds = timeout_seconds
        self._tls = tls

    async def check(self) -> None:
        """Prove that the server is there and takes our log-in, without sending anything."""
        async with self._connected() as smtp:
            try:
                await smtp.noop()
            except (aiosmtplib.SMTPException, OSError) as error:
                raise _not_sent(error) from error

    async def send(self, envelope_from: str, to: str, message: bytes) -> Accepted:
        """Hand one message to the server, unchanged, for one address.

        Refused: the server said no for good (5xx): a bounce. Unavailable: not now (4xx, no
        connection, wrong log-in): try later. Unknown: the connection broke after the message was
        under way, so it may have been taken.
        """
        for address in (envelope_from, to):
            if CONTROL.search(address) or (address == to and "@" not in address):
                raise Refused(VENDOR, f"{address!r} is no address", code="bad_address")
        async with self._connected() as smtp:
            try:
                await self._envelope(smtp, envelope_from, to, message)
            except aiosmtplib.SMTPResponseException as error:
                raise _answered(error) from error
            except (aiosmtplib.SMTPException, OSError) as error:
                raise _not_sent(error) from error
            try:
                reply = await smtp.data(message)
            except aiosmtplib.SMTPResponseException as error:
                raise _answered(error) from error
            except (aiosmtplib.SMTPException, OSError) as error:
                said = f"lost while the message was under way: {type(error).__name__}"
                raise Unknown(VENDOR, said, code="answer_lost") from error
        found = QUEUED_AS.search(reply.message)
        return Accepted(reply=reply.message, provider_ref=found.group(1) if found else None)

    async def _envelope(
        self, smtp: aiosmtplib.SMTP, envelope_from: str, to: str, message: bytes
    ) -> None:
        options = []
        if smtp.supports_extension("size"):
            options.append(f"SIZE={len(message)}")
        if not message.isascii() and smtp.supports_extension("8bitmime"):
            options.append("BODY=8BITMIME")
        encoding = "ascii"
        if not (envelope_from + to).isascii():
            if not smtp.supports_extension("smtputf8"):
                said = "the server takes no addresses beyond ASCII"
                raise Refused(VENDOR, said, code="smtputf8")
            options.append("SMTPUTF8")
            encoding = "utf-8"
        await smtp.mail(envelope_from, options=options, encoding=encoding)
        await smtp.rcpt(to, encoding=encoding)

    @staticmethod
    async def _greet(smtp: aiosmtplib.SMTP) -> None:
        """Learn what the server can do, unless the way to TLS has shown it already."""
        if smtp.last_ehlo_response is None:
            try:
                await smtp.ehlo()
            except aiosmtplib.SMTPHeloError:
                await smtp.helo()

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        settings = self._settings
        smtp = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=self._timeout_seconds,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
        )
        try:
            await smtp.connect()
            await self._greet(smtp)
            if settings.user:
                await smtp.login(settings.user, settings.password.get_secret_value())
        except aiosmtplib.SMTPAuthenticationError as error:
            smtp.close()
            # A wrong log-in is the host's to mend: no reader's address is at fault.
            said = f"the log-in was not taken: {error.code} {error.message}"
            raise Unavailable(VENDOR, said, code="log_in", status=error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            smtp.close()
            raise _not_sent(error) from error
        try:
            yield smtp
        finally:
            # Whatever was decided about the message stands, however the parting goes.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit(timeout=min(QUIT_SECONDS, self._timeout_seconds))
            smtp.close()


def _answered(error: aiosmtplib.SMTPResponseException) -> OutsideError:
    said = f"{error.code} {error.message}"
    kind = Refused if error.code >= PERMANENT else Unavailable
    return kind(VENDOR, said, code=str(error.code), status=error.code)


def _not_sent(error: Exception) -> Unavailable:
    status = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    said = f"{type(error).__name__}: {error}"
    return Unavailable(VENDOR, said, code="unreachable", status=status)
