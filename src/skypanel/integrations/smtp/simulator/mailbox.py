"""The mail that came, kept in memory and, where a folder is given, as one .eml file each."""

from __future__ import annotations

import email
import email.policy
import re
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, unquote

LINK = re.compile(r"https?://[^\s<>\"')\]]+")
ENVELOPE = ("X-Sandbox-From", "X-Sandbox-To", "X-Sandbox-At")


@dataclass(frozen=True)
class Attachment:
    """A file in a message."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One message as it arrived: its envelope and its bytes."""

    id: str
    envelope_from: str
    to: str
    at: datetime
    raw: bytes

    @cached_property
    def parsed(self) -> EmailMessage:
        found = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @cached_property
    def subject(self) -> str:
        return str(self.parsed["subject"] or "")

    @cached_property
    def sender(self) -> str:
        return str(self.parsed["from"] or self.envelope_from)

    @cached_property
    def text(self) -> str:
        return self._body("plain")

    @cached_property
    def html(self) -> str:
        return self._body("html")

    @cached_property
    def links(self) -> list[str]:
        """The addresses a reader could follow, in order, each once."""
        return list(dict.fromkeys(LINK.findall(self.text or self.html)))

    @cached_property
    def attachments(self) -> list[Attachment]:
        return [
            Attachment(
                name=part.get_filename() or f"part-{number}",
                kind=part.get_content_type(),
                content=_content(part),
            )
            for number, part in enumerate(self.parsed.iter_attachments(), 1)
        ]

    @cached_property
    def inline_images(self) -> dict[str, Attachment]:
        """The pictures that the HTML names by `cid:`."""
        return {
            str(part["content-id"]).strip("<> "): Attachment(
                part.get_filename() or "", part.get_content_type(), _content(part)
            )
            for part in self.parsed.walk()
            if part["content-id"] and part.get_content_maintype() == "image"
        }

    def _body(self, kind: str) -> str:
        part = self.parsed.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


class Mailbox:
    """All mail of the sandbox; the SMTP server writes and the page reads, from two threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._mails: dict[str, Mail] = {}
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            found = (self._read(path) for path in folder.glob("*.eml"))
            kept = sorted((mail for mail in found if mail is not None), key=lambda mail: mail.at)
            self._mails = {mail.id: mail for mail in kept}

    def keep(self, envelope_from: str, to: str, raw: bytes, at: datetime) -> Mail:
        """Put a message into the box."""
        mail = Mail(str(uuid.uuid4()), envelope_from, to, at, raw)
        with self._lock:
            self._mails[mail.id] = mail
            if self._folder is not None:
                values = (quote(envelope_from, safe="@+"), quote(to, safe="@+"), at.isoformat())
                head = "".join(
                    f"{name}: {value}\r\n" for name, value in zip(ENVELOPE, values, strict=True)
                )
                beside = self._folder / f"{mail.id}.new"
                beside.write_bytes(head.encode() + raw)
                beside.replace(self._folder / f"{mail.id}.eml")
        return mail

    def newest(self, to: str = "") -> list[Mail]:
        """What came, newest first; `to` is any part of an address."""
        with self._lock:
            mails = list(reversed(self._mails.values()))
        return [mail for mail in mails if to.lower() in mail.to.lower()]

    def get(self, mail_id: str) -> Mail | None:
        """One message."""
        with self._lock:
            return self._mails.get(mail_id)

    def clear(self) -> None:
        """Throw all mail away."""
        with self._lock:
            for mail_id in self._mails:
                if self._folder is not None:
                    (self._folder / f"{mail_id}.eml").unlink(missing_ok=True)
            self._mails.clear()

    @staticmethod
    def _read(path: Path) -> Mail | None:
        lines = path.read_bytes().split(b"\r\n", len(ENVELOPE))
        said = [line.decode().partition(": ") for line in lines[: len(ENVELOPE)]]
        if len(lines) <= len(ENVELOPE) or tuple(name for name, _, _ in said) != ENVELOPE:
            return None
        sender, to, at = (unquote(value) for _, _, value in said)
        return Mail(path.stem, sender, to, datetime.fromisoformat(at), lines[-1])


def _content(part: EmailMessage) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else part.as_bytes()
