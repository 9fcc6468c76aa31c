"""Handing mail over, and every way the server can fail to take it."""

from __future__ import annotations

import asyncio
import datetime as dt
import email.policy
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from skypanel.integrations.settings import SmtpSettings
from skypanel.integrations.smtp.client import Smtp
from skypanel.integrations.smtp.simulator.app import create_app
from skypanel.integrations.smtp.simulator.server import SmtpDesk
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown


def settings(port: int, **other: Any) -> SmtpSettings:
    known = {"host": "127.0.0.1", "port": port, "security": "none", "from_address": "b@host.test"}
    return SmtpSettings(**known | other)


def letter(to: str = "ada@example.test", *, text: str = "Hello\n.\nBye") -> bytes:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = "Billing <billing@host.test>"
    message["To"] = to
    message["Subject"] = "Rechnung Nº 1 ist fällig"
    message.set_content(text + "\nhttps://portal.test/pay/1?a=b\n")
    message.add_alternative('<p>Hello <img src="cid:logo@x"> <b>Ada</b></p>', subtype="html")
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(b"\x89PNG", "image", "png", cid="<logo@x>")  # type: ignore[union-attr]
    message.add_attachment(
        b"%PDF-1.7", maintype="application", subtype="pdf", filename="Rechnung Ä.pdf"
    )
    return message.as_bytes()


@pytest.fixture
def desk() -> Iterator[SmtpDesk]:
    desk = SmtpDesk()
    desk.start()
    yield desk
    desk.stop()


async def _error(call: Awaitable[Any]) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        await call
    return caught.value


async def test_a_message_is_taken_unchanged(desk: SmtpDesk) -> None:
    smtp, sent = Smtp(settings(desk.port)), letter()
    done = await smtp.send("bounce+1@host.test", "ada@example.test", sent)
    (mail,) = desk.mailbox.newest()
    assert done.reply == f"2.0.0 Ok: queued as {done.provider_ref}"
    assert done.provider_ref == mail.id.replace("-", "")[:12].upper()
    assert (mail.envelope_from, mail.to, mail.raw) == (
        "bounce+1@host.test",
        "ada@example.test",
        sent,
    )
    assert mail.subject == "Rechnung Nº 1 ist fällig"
    assert mail.text.startswith("Hello\n.\nBye")
    assert mail.links == ["https://portal.test/pay/1?a=b"]
    await smtp.check()
    assert len(desk.mailbox.newest()) == 1


@pytest.mark.parametrize(
    ("to", "kind", "code"),
    [
        ("nosuch@example.test", Refused, "550"),
        ("spam@example.test", Refused, "554"),
        ("full@example.test", Unavailable, "452"),
        ("grey@example.test", Unavailable, "451"),
        ("lost@example.test", Unknown, "answer_lost"),
        ("ada@example.test>\r\nRCPT TO:<eve@example.test", Refused, "bad_address"),
        ("ada", Refused, "bad_address"),
    ],
)
async def test_a_no_is_for_good_or_for_now_or_not_known(
    desk: SmtpDesk, to: str, kind: type[OutsideError], code: str
) -> None:
    error = await _error(Smtp(settings(desk.port)).send("b@host.test", to, letter()))
    assert (type(error), error.code) == (kind, code)
    assert len(desk.mailbox.newest()) == (1 if kind is Unknown else 0)


async def test_who_was_put_off_is_let_in_the_second_time(desk: SmtpDesk) -> None:
    smtp = Smtp(settings(desk.port))
    await _error(smtp.send("b@host.test", "grey@example.test", letter()))
    await smtp.send("b@host.test", "grey@example.test", letter())
    assert len(desk.mailbox.newest()) == 1


async def test_a_server_that_is_down_or_absent_is_unavailable(desk: SmtpDesk) -> None:
    smtp = Smtp(settings(desk.port))
    desk.down = True
    assert type(await _error(smtp.send("b@h.test", "ada@example.test", letter()))) is Unavailable
    assert type(await _error(smtp.check())) is Unavailable
    desk.down = False
    await smtp.send("b@host.test", "ada@example.test", letter())
    assert len(desk.mailbox.newest()) == 1
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = Smtp(settings(closed.getsockname()[1]))
    assert type(await _error(nowhere.send("b@h.test", "a@example.test", letter()))) is Unavailable


async def _scripted(*answers: str | None) -> tuple[asyncio.Server, Smtp]:
    """A server that says these lines, one per command; None leaves the caller waiting."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        in_message = False
        for answer in answers:
            line = await reader.readline()
            while in_message and line not in {b".\r\n", b""}:
                line = await reader.readline()
            if answer is None:
                await reader.read()
                break
            in_message = answer.startswith("354")
            writer.write(answer.encode() + b"\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    return server, Smtp(settings(port), timeout_seconds=0.3)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        (["250 hi", "250 ok", "421 going away"], Unavailable),
        (["250 hi", "550 we do not know you"], Refused),
        (["250 hi", "250 ok"], Unavailable),
        (["250 hi", "250 ok", None], Unavailable),
        (["250 hi", "250 ok", "250 ok", "451 disk"], Unavailable),
        (["250 hi", "250 ok", "250 ok", "354 go", "451 disk"], Unavailable),
        (["250 hi", "250 ok", "250 ok", "354 go", "552 too large"], Refused),
        (["250 hi", "250 ok", "250 ok", "354 go"], Unknown),
        (["250 hi", "250 ok", "250 ok", "354 go", None], Unknown),
        (["554 no service", "554 no service"], Unavailable),
    ],
)
async def test_wherever_the_talk_breaks_off(
    answers: list[str | None], kind: type[OutsideError]
) -> None:
    server, smtp = await _scripted(*answers)
    async with server:
        error = await _error(smtp.send("b@host.test", "ada@example.test", letter()))
    assert type(error) is kind


async def test_once_taken_a_rude_goodbye_changes_nothing() -> None:
    said = "250 2.0.0 OK id=1tF-0001 queued mail"
    server, smtp = await _scripted("250 hi", "250 ok", "250 ok", "354 go", said, None)
    async with server:
        done = await smtp.send("b@host.test", "ada@example.test", letter())
    assert done.provider_ref == "1tF-0001"


async def test_a_log_in() -> None:
    desk = SmtpDesk(user="portal", password="secret")
    desk.start()
    try:
        right = settings(desk.port, user="portal", password=SecretStr("secret"))
        await Smtp(right).send("b@host.test", "ada@example.test", letter())
        wrong = settings(desk.port, user="portal", password=SecretStr("mistyped"))
        error = await _error(Smtp(wrong).send("b@host.test", "ada@example.test", letter()))
        assert (type(error), error.code, error.status) == (Unavailable, "log_in", 535)
        assert type(await _error(Smtp(wrong).check())) is Unavailable
        none = await _error(Smtp(settings(desk.port)).send("b@h.test", "a@example.test", letter()))
        assert (type(none), none.code) == (Refused, "530")
        assert len(desk.mailbox.newest()) == 1
    finally:
        desk.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    no_password = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, no_password)
        + made.public_bytes(pem)
    )
    return path


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encrypted_to_a_server_we_trust_and_to_no_other(
    certificate: Path, security: str
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    desk = SmtpDesk(tls=context, implicit_tls=security == "tls")
    desk.start()
    try:
        wanted = settings(desk.port, security=security)
        trusting = ssl.create_default_context(cafile=str(certificate))
        await Smtp(wanted, tls=trusting).send("b@h.test", "ada@example.test", letter())
        error = await _error(Smtp(wanted).send("b@h.test", "ada@example.test", letter()))
        assert type(error) is Unavailable
        assert len(desk.mailbox.newest()) == 1
    finally:
        desk.stop()


async def test_a_server_without_starttls_gets_nothing(desk: SmtpDesk) -> None:
    wanted = settings(desk.port, security="starttls")
    assert type(await _error(Smtp(wanted).send("b@h.test", "a@e.test", letter()))) is Unavailable
    assert desk.mailbox.newest() == []


async def test_addresses_beyond_ascii(desk: SmtpDesk) -> None:
    await Smtp(settings(desk.port)).send("b@host.test", "jürgen@example.test", letter())
    assert desk.mailbox.newest()[0].to == "jürgen@example.test"
    server, smtp = await _scripted("250 hi", "221 bye")
    async with server:
        error = await _error(smtp.send("b@host.test", "jürgen@example.test", letter()))
    assert (type(error), error.code) == (Refused, "smtputf8")


async def test_mail_outlives_the_server(tmp_path: Path) -> None:
    desk = SmtpDesk(tmp_path / "mail")
    desk.start()
    smtp = Smtp(settings(desk.port))
    await smtp.send("", "zoë@example.test", letter())
    await smtp.send("b@host.test", "ada@example.test", letter())
    desk.stop()
    again = SmtpDesk(tmp_path / "mail").mailbox
    assert again.newest() == desk.mailbox.newest()
    assert [mail.to for mail in again.newest()] == ["ada@example.test", "zoë@example.test"]
    (tmp_path / "mail" / "foreign.eml").write_bytes(b"Subject: x\r\n\r\nnot ours")
    assert len(SmtpDesk(tmp_path / "mail").mailbox.newest()) == 2
    again.clear()
    assert SmtpDesk(tmp_path / "mail").mailbox.newest() == []


def test_a_port_that_is_taken_is_told(desk: SmtpDesk) -> None:
    with pytest.raises(OSError, match="address already in use"):
        SmtpDesk(port=desk.port).start()


@pytest.fixture
async def page(desk: SmtpDesk) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(desk, links={"Portal": "http://localhost:1/"})
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://mail.test") as page:
        yield page


async def test_the_mailbox_for_tests(desk: SmtpDesk, page: httpx.AsyncClient) -> None:
    smtp = Smtp(settings(desk.port))
    for to in ("ada@example.test", "bob@example.test"):
        await smtp.send("b@host.test", to, letter(to))
    everything = (await page.get("/_sandbox/messages")).json()["items"]
    assert [mail["to"] for mail in everything] == ["bob@example.test", "ada@example.test"]
    (mail,) = (await page.get("/_sandbox/messages", params={"to": "ADA@"})).json()["items"]
    assert mail["subject"] == "Rechnung Nº 1 ist fällig"
    assert mail["links"] == ["https://portal.test/pay/1?a=b"]
    assert mail["attachments"] == [
        {"name": "Rechnung Ä.pdf", "type": "application/pdf", "size_bytes": 8}
    ]
    assert (await page.delete("/_sandbox/messages")).status_code == 200
    assert (await page.get("/_sandbox/messages")).json() == {"items": []}


async def test_the_mailbox_for_people(desk: SmtpDesk, page: httpx.AsyncClient) -> None:
    empty = (await page.get("/")).text
    assert "No mail yet" in empty
    assert "http://localhost:1/" in empty
    nasty = letter(text="<script>alert(1)</script>")
    await Smtp(settings(desk.port)).send("b@host.test", "ada@example.test", nasty)
    (mail,) = desk.mailbox.newest()
    assert mail.subject in (await page.get("/", params={"to": "ada"})).text
    assert "No mail to" in (await page.get("/", params={"to": "eve"})).text

    shown = (await page.get(f"/messages/{mail.id}")).text
    frame = shown[shown.index("<iframe") : shown.index("</iframe>")]
    assert "allow-scripts" not in frame
    assert "allow-same-origin" not in frame
    assert "default-src &#39;none&#39;" in frame
    assert "data:image/png;base64,iVBORw==" in frame
    assert "&lt;b&gt;Ada&lt;/b&gt;" in frame
    for view in ("text", "headers", "raw"):
        text = (await page.get(f"/messages/{mail.id}", params={"view": view})).text
        assert "<script>" not in text
    assert (await page.get(f"/messages/{mail.id}/raw")).content == mail.raw
    file = await page.get(f"/messages/{mail.id}/attachments/0")
    assert file.content == b"%PDF-1.7"
    assert file.headers["content-disposition"].startswith("attachment;")
    for absent in ("/messages/none", "/messages/none/raw", f"/messages/{mail.id}/attachments/1"):
        assert (await page.get(absent)).status_code == 404

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await page.post("/_sandbox/down", content="down=true", headers=form)
    assert answer.status_code == 303
    assert "The server is down" in (await page.get("/")).text
    await page.post("/_sandbox/down", json={"down": False})
    assert "The server is down" not in (await page.get("/")).text
    await page.post("/_sandbox/clear", headers=form)
    assert desk.mailbox.newest() == []
