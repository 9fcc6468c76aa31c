"""Words of a mail from facts: pure. One layout, one template per kind as HTML and as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import css_inline
from babel.dates import format_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import format_currency
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from skypanel.platform.money import Money

ASSETS = Path(__file__).with_name("assets")
LOCALE = "en"
ACCENT = "#3b5bdb"
COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
LIGHT = 0.36  # relative luminance from which dark text reads better (WCAG 2.2)
LINEAR_BELOW = 0.04045


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mail it is, as the reader sees it."""

    name: str
    accent: str
    support_email: str
    url: str
    tagline: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that goes with a mail."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom, to whom, and under which id; the same for every try of one message."""

    from_address: str
    from_name: str
    to: str
    reply_to: str
    message_id: str
    at: datetime


def money(amount: Money) -> str:
    """An amount as a person writes it, with its currency."""
    return str(format_currency(amount.major, amount.currency, locale=LOCALE))


def day(value: date | datetime, zone: str = "UTC") -> str:
    """A date in words, of an instant in the reader's zone."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    return str(format_date(value, "d MMMM yyyy", locale=LOCALE))


def instant(value: datetime, zone: str = "UTC") -> str:
    """A date and time in the reader's zone, which is named."""
    return str(
        babel_datetime(value, "d MMMM yyyy 'at' HH:mm (zzz)", tzinfo=ZoneInfo(zone), locale=LOCALE)
    )


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
        for part in channels
    )
    return "#111111" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > LIGHT else "#ffffff"


@cache
def _templates() -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        loader=FileSystemLoader(ASSETS),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(money=money, day=day, instant=instant)
    return made


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False
    )


def render(kind: str, facts: Mapping[str, Any], sender: Sender) -> Letter:
    """Write one mail; a fact that its template needs and does not get is an error."""
    accent = sender.accent if COLOUR.match(sender.accent) else ACCENT
    known = {"zone": "UTC", **facts, "brand": sender, "accent": accent, "ink": ink_on(accent)}
    plain = _templates().get_template(f"{kind}.txt").render(known)
    heading, _, text = plain.partition("\n")
    subject = " ".join(heading.removeprefix("Subject:").split())
    html = _templates().get_template(f"{kind}.html").render({**known, "subject": subject})
    return Letter(subject, _inliner().inline(html), text.strip() + "\n")


def compose(
    letter: Letter, envelope: Envelope, attachments: Sequence[Attachment] = ()
) -> EmailMessage:
    """A mail ready to be sent: plain and HTML words, PDFs, no automatic answers wanted."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_one_line(envelope.from_name), addr_spec=envelope.from_address)
    mail["To"] = Address(addr_spec=envelope.to)
    if envelope.reply_to:
        mail["Reply-To"] = Address(addr_spec=envelope.reply_to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = f"<{envelope.message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, charset="utf-8")
    mail.add_alternative(letter.html, subtype="html", charset="utf-8")
    for each in attachments:
        mail.add_attachment(
            each.content, maintype="application", subtype="pdf", filename=each.filename
        )
    return mail


def _one_line(text: str) -> str:
    return " ".join(text.split())
