"""Reading public keys, compared with what a known implementation makes of them."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from skypanel.servers.rules import KeyUnreadable, parse_public_key


def line(key: object) -> str:
    made: bytes = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)  # type: ignore[attr-defined]
    return made.decode()


def field(text: bytes) -> bytes:
    return len(text).to_bytes(4, "big") + text


def security_key(kind: bytes, *fields: bytes) -> str:
    blob = b"".join(map(field, (kind, *fields)))
    return f"{kind.decode()} {base64.b64encode(blob).decode()}"


GOOD = [
    line(ed25519.Ed25519PrivateKey.generate()),
    line(ec.generate_private_key(ec.SECP256R1())),
    line(ec.generate_private_key(ec.SECP384R1())),
    line(ec.generate_private_key(ec.SECP521R1())),
    line(rsa.generate_private_key(65537, 2048)),
    security_key(b"sk-ssh-ed25519@openssh.com", b"k" * 32, b"ssh:"),
    security_key(b"sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", b"\x04" + b"k" * 64, b"ssh:"),
]


@pytest.mark.parametrize("text", GOOD, ids=[text.split()[0] for text in GOOD])
def test_a_good_key(text: str) -> None:
    key = parse_public_key(f"  {text} ada's laptop\n")
    blob = base64.b64decode(text.split()[1])
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    assert (key.line, key.comment) == (text, "ada's laptop")
    assert key.fingerprint == f"SHA256:{digest}"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_weak_key_says_why() -> None:
    with pytest.raises(KeyUnreadable, match="1024 bits"):
        parse_public_key(line(rsa.generate_private_key(65537, 1024)))
    with pytest.raises(KeyUnreadable, match="DSA"):
        parse_public_key("ssh-dss " + base64.b64encode(field(b"ssh-dss") + field(b"x")).decode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 %%%",
        "ssh-rsa " + GOOD[0].split()[1],
        GOOD[0][:-8],
        GOOD[0] + "\n" + GOOD[1],
        "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----",
        'command="rm -rf /" ' + GOOD[0],
        security_key(b"ssh-ed25519", b"k" * 31),
        security_key(b"ecdsa-sha2-nistp256", b"nistp384", b"k" * 65),
        security_key(b"ssh-unheard-of", b"k"),
    ],
    ids=range(11),
)
def test_no_key(text: str) -> None:
    with pytest.raises(KeyUnreadable):
        parse_public_key(text)
