"""The words of mail: each kind as text and HTML, safe against what people type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from jinja2 import UndefinedError

from skypanel.mail.render import (
    ASSETS,
    Attachment,
    Envelope,
    Sender,
    compose,
    ink_on,
    instant,
    render,
)
from skypanel.mail.rules import TITLES, MailKind, document_wait_seconds, retry_after_seconds
from skypanel.platform.money import Money

SENDER = Sender("Northbeam", "#ffd43b", "help@northbeam.example", "https://panel.example")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "name": "Ada <script>alert(1)</script>",
    "zone": "Europe/Berlin",
    "link": "https://panel.example/confirm?token=abc",
    "expires_at": AT,
    "changed_at": AT,
    "account": "A & B",
    "inviter": "Grace",
    "role": "billing",
    "number": "INV-2026-000042",
    "open": Money(1190, "EUR"),
    "tax": Money(190, "EUR"),
    "total": Money(1190, "EUR"),
    "due_on": date(2026, 3, 9),
    "paid_at": AT,
    "issued_on": date(2026, 3, 4),
    "reason": "Billed twice",
    "corrects": "INV-2026-000041",
    "lines": [{"description": "VPS S", "amount": Money(1000, "EUR")}],
    "attached": True,
    "about": "Debian 13 as web-1.example",
    "error": "The panel could not install the system.",
    "who": "Ada Byron",
    "finished_at": AT,
    "hostname": "web-1.example",
    "ipv4": "192.0.2.7",
    "ipv6": None,
    "image": "Debian 12",
    "user": "root",
    "location": "Frankfurt",
    "password_available": True,
    "effective_on": date(2026, 5, 1),
    "cycle": "monthly",
    "after": Money(1290, "EUR"),
    "services": [{"name": "VPS S web-1.example", "before": Money(1190, "EUR")}],
    "service": "VPS S web-1.example",
    "cancels_on": date(2026, 6, 1),
    "terminated_at": AT,
    "holds": ["unpaid"],
    "amount": Money(1190, "EUR"),
    "reference": "RF18AB12CD34EF",
    "holder": "Northbeam",
    "iban": "DE02120300000000202051",
    "bic": "BYLADEM1001",
    "message": "PayPal declined the payment.",
    "destination": "payment",
    "methods_link": "https://panel.example/payment-methods",
    "label": "ada@example.com",
    "consent": "I agree",
    "expires_on": None,
    "findings": [{"check": "queue_moves", "text": "a job waits", "area": "invariant"}],
    "new_service": "VPS M web-1.example",
    "plan": "VPS M",
    "vcpu": 2,
    "memory_mib": 2560,
    "price": Money(1290, "EUR"),
    "restarts": True,
    "term": "3 months",
    "plan_stays": False,
    "hourly": None,
    "spendable": Money(120, "EUR"),
    "arrears": Money(12, "EUR"),
    "lasts_until": AT,
    "server": "web-1 <b>",
    "is_down": False,
    "what": "Processor use",
    "value": "97",
    "threshold": 90,
    "minutes": 15,
    "raised_at": AT,
    "cleared_at": AT,
    "lasted_minutes": 40,
    "state": "leaving",
    "address": "203.0.113.9",
    "ends_at": AT,
}


def envelope(**other: Any) -> Envelope:
    return Envelope(
        **{
            "from_address": "billing@northbeam.example",
            "from_name": "Northbeam",
            "to": "ada@example.com",
            "reply_to": "help@northbeam.example",
            "message_id": "01@panel.example",
            "at": AT,
            **other,
        }
    )


def test_a_digest_counts_what_it_tells() -> None:
    one = FACTS["findings"][0]
    for count, said in (
        (1, "1 thing is not as it must be"),
        (3, "3 things are not as they must be"),
    ):
        letter = render(MailKind.FINDINGS, {**FACTS, "findings": [one] * count}, SENDER)
        assert letter.subject == said
        assert said in letter.html


@pytest.mark.parametrize("kind", list(MailKind))
def test_each_kind_says_the_same_as_text_and_html(kind: MailKind) -> None:
    letter = render(kind, FACTS, SENDER)
    assert letter.subject
    assert "\n" not in letter.subject
    assert "{{" not in letter.text + letter.html
    assert "Northbeam" in letter.text
    assert "<script" not in letter.html
    assert 'style="' in letter.html
    if kind is not MailKind.EMAIL_CHANGED:
        assert FACTS["link"] in letter.text
        assert FACTS["link"] in letter.html


def test_every_kind_has_its_templates_and_a_title() -> None:
    for kind in MailKind:
        assert (ASSETS / f"{kind}.html").is_file()
        assert (ASSETS / f"{kind}.txt").is_file()
        assert TITLES[kind]


def test_a_fact_that_is_missing_is_an_error_and_not_an_empty_place() -> None:
    facts = {name: fact for name, fact in FACTS.items() if name != "link"}
    with pytest.raises(UndefinedError):
        render(MailKind.VERIFY_EMAIL, facts, SENDER)


def test_what_people_type_is_escaped_in_html_and_plain_in_text() -> None:
    letter = render(MailKind.INVOICE_ISSUED, FACTS, SENDER)
    assert "A &amp; B" in letter.html
    assert "A & B" in letter.text
    assert "&lt;script&gt;" in letter.html


def test_amounts_and_instants_are_said_in_words() -> None:
    assert "€11.90" in render(MailKind.INVOICE_ISSUED, FACTS, SENDER).subject
    assert instant(AT, "Europe/Berlin").startswith("2 March 2026 at 10:00")


def test_a_subject_never_breaks_the_line() -> None:
    letter = render(MailKind.INVITATION, {**FACTS, "inviter": "Eve\r\nBcc: all@x.example"}, SENDER)
    assert "\n" not in letter.subject
    mail = compose(letter, envelope())
    assert mail["Bcc"] is None


def test_ink_reads_on_the_accent() -> None:
    assert ink_on("#ffd43b") == "#111111"
    assert ink_on("#1b1f24") == "#ffffff"
    assert "color: #111111" in render(MailKind.VERIFY_EMAIL, FACTS, SENDER).html


def test_an_accent_that_is_no_colour_does_not_reach_the_styles() -> None:
    odd = Sender("Northbeam", "red;} body{display:none", "", "https://panel.example")
    assert "display:none" not in render(MailKind.VERIFY_EMAIL, FACTS, odd).html


def test_a_mail_says_who_it_is_from_and_wants_no_automatic_answer() -> None:
    letter = render(MailKind.RECEIPT, FACTS, SENDER)
    raw = compose(letter, envelope(), [Attachment("INV-1.pdf", b"%PDF-1.7")]).as_bytes()
    mail = message_from_bytes(raw, policy=default)
    assert mail["Message-ID"] == "<01@panel.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "help@northbeam.example"
    assert mail["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert mail.get_body(("plain",)) is not None
    assert mail.get_body(("html",)) is not None
    [pdf] = mail.iter_attachments()
    assert pdf.get_filename() == "INV-1.pdf"
    assert pdf.get_content() == b"%PDF-1.7"


def test_a_mail_without_support_address_has_no_reply_to() -> None:
    letter = render(MailKind.RECEIPT, FACTS, SENDER)
    assert compose(letter, envelope(reply_to=""))["Reply-To"] is None


def test_tries_grow_apart_and_end_after_three_days() -> None:
    waits = [retry_after_seconds(attempts) for attempts in range(1, 15)]
    assert waits[:3] == [60, 300, 900]
    assert waits[-1] is None
    total = sum(wait for wait in waits if wait)
    assert 2.5 * 86400 < total < 3.5 * 86400
    assert [document_wait_seconds(count) for count in (0, 4, 5)] == [2, 60, None]
