"""States of servers and tasks, what can be asked when, host names, and public keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from skypanel.platform.settings import Section
from skypanel.platform.states import Table

SERVER_STATES: Table = {
    "allocating": {"install": "installing", "fail": "failed"},
    "installing": {"ready": "ready", "install": "installing", "fail": "failed"},
    "failed": {
        "allocate": "allocating",
        "reinstall": "installing",
        "lose": "failed",
        "delete": "deleting",
    },
    "ready": {"reinstall": "installing", "delete": "deleting", "lose": "failed"},
    "deleting": {"deleted": "deleted"},
    "deleted": {},
}
TASK_STATES: Table = {
    "queued": {"start": "running", "fail": "failed"},
    "running": {"finish": "done", "fail": "failed"},
    "done": {},
    "failed": {},
}
POWER_KINDS = ("start", "restart", "shutdown", "poweroff")
AROUND_KINDS = ("backup", "firewall", "reverse_dns")
ADDRESS_KINDS = ("add_address", "drop_address")
TASK_KINDS = (*POWER_KINDS, "reinstall", "reset_password", *AROUND_KINDS, *ADDRESS_KINDS)
WANTED_POWER = {"start": "running", "restart": "running", "shutdown": "stopped",
                "poweroff": "stopped"}  # fmt: skip
BY_POWER = {
    "running": ("restart", "shutdown", "poweroff"),
    "stopped": ("start",),
    "unknown": POWER_KINDS,
}
SECRET_KEPT = timedelta(hours=24)
PANEL_NAME_CHARACTERS = 63
HOSTNAME_CHARACTERS = 64
_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LOOK_AGAIN = timedelta(seconds=10)
KEYS_MAX = 50
RSA_BITS_MIN = 2048
ED25519_BYTES = 32


# How the panel is to have a server whose service stands like this.
STANDINGS = {
    "active": "free",
    "suspended": "suspended",
    "terminated": "suspended",
    "erased": "gone",
}


def power_verbs(state: str, power: str, service_state: str, *, busy: bool) -> Sequence[str]:
    """What can be asked of a server's power now."""
    if state != "ready" or service_state != "active" or busy:
        return ()
    return BY_POWER[power]


def task_verbs(
    state: str, power: str, service_state: str, *, busy: bool, was_ready: bool
) -> Sequence[str]:
    """What can be asked of a server now: its power, password, system, and what surrounds it."""
    if service_state != "active" or busy:
        return ()
    verbs = list(power_verbs(state, power, service_state, busy=busy))
    if state == "ready" and power != "stopped":
        verbs.append("reset_password")
    if state == "ready":
        verbs += AROUND_KINDS
    if state == "ready" or (state == "failed" and was_ready):
        verbs.append("reinstall")
    return verbs


def askable(
    state: str, power: str, service_state: str, *, busy: bool, was_ready: bool
) -> Sequence[str]:
    """What can be asked of a server now, by people or because an address was bought."""
    verbs = task_verbs(state, power, service_state, busy=busy, was_ready=was_ready)
    if state != "ready" or service_state != "active" or busy:
        return verbs
    return (*verbs, *ADDRESS_KINDS)


def guest_user(default_user: str) -> str:
    """Whose password the panel can reset: the administrator's, whoever logs in usually."""
    return "Administrator" if default_user.lower() == "administrator" else "root"


class ServerSettings(Section):
    """What customers may do with servers beside what the panel says."""

    section: ClassVar[str] = "servers"
    title: ClassVar[str] = "Servers"
    firewall_rulesets: tuple[str, ...] = ()
    """Each the panel's id of a ruleset and its name: `1 Web server`."""

    @property
    def rulesets(self) -> dict[int, str]:
        """The names of the rulesets that are offered, by the panel's ids."""
        parts = [each.strip().partition(" ") for each in self.firewall_rulesets]
        return {int(key): name.strip() or key for key, _, name in parts if key.isdigit()}


def forward_said(name: str, address: str, found: Sequence[str]) -> str:
    """Why a reverse name is no use to most mail servers, and the way out."""
    where = f"leads to {', '.join(found)}" if found else "leads nowhere"
    return (
        f"{name} {where} and not to {address}. Give it an A record with {address} first; "
        "until then most mail servers don't trust the reverse name."
    )


def panel_name(label: str) -> str:
    """How the panel calls a server with this label."""
    return label[:PANEL_NAME_CHARACTERS]


def secret_place(server_id: object) -> str:
    """Where a server's password is sealed for."""
    return f"server_secrets.sealed:{server_id}"


class HostnameWrong(ValueError):
    """The text is no host name; the message says why."""


def read_hostname(text: str) -> str:
    """A host name in lower case (RFC 1123): dotted labels, at most 64 characters in all."""
    name = text.strip().lower().rstrip(".")
    if not name or len(name) > HOSTNAME_CHARACTERS:
        raise HostnameWrong(f"A host name has 1 to {HOSTNAME_CHARACTERS} characters.")
    labels = name.split(".")
    if not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise HostnameWrong(
            "Use letters, digits and hyphens, in parts joined by dots; a part neither begins nor "
            "ends with a hyphen and has at most 63 characters."
        )
    if labels[-1].isdigit():
        raise HostnameWrong("The last part of a host name can't be a number.")
    return name


class KeyUnreadable(ValueError):
    """The text is no public key that we can install; the message says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as one line without its comment, with the fingerprint people compare."""

    kind: str
    line: str
    comment: str
    fingerprint: str


_ECDSA = {
    "ecdsa-sha2-nistp256": (b"nistp256", 65),
    "ecdsa-sha2-nistp384": (b"nistp384", 97),
    "ecdsa-sha2-nistp521": (b"nistp521", 133),
}
_SK_ED25519 = "sk-ssh-ed25519@openssh.com"
_SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
UNREADABLE = "This is not a public key. Paste the one line of your .pub file."


def parse_public_key(text: str) -> PublicKey:
    """Read an OpenSSH public key: Ed25519, ECDSA, RSA of 2048 bits or more, or a security key's.

    Raises KeyUnreadable with a sentence for the customer.
    """
    text = text.strip()
    if "PRIVATE KEY" in text:
        raise KeyUnreadable("This is a private key. Keep it to yourself and paste the .pub file.")
    parts = text.split(None, 2)
    if "\n" in text or "\r" in text or len(parts) < 2:  # noqa: PLR2004
        raise KeyUnreadable(UNREADABLE)
    kind, encoded = parts[0], parts[1]
    try:
        blob = base64.b64decode(encoded, validate=True)
        fields = _fields(blob)
    except (binascii.Error, ValueError):
        raise KeyUnreadable(UNREADABLE) from None
    if not fields or fields[0] != kind.encode():
        raise KeyUnreadable(UNREADABLE)
    _check(kind, fields[1:])
    digest = base64.b64encode(hashlib.sha256(blob).digest()).rstrip(b"=").decode()
    comment = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004
    return PublicKey(kind, f"{kind} {encoded}", comment, f"SHA256:{digest}")


def _fields(blob: bytes) -> list[bytes]:
    """The length-prefixed strings of a key (RFC 4253, 6.6)."""
    fields = []
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + length:
            raise ValueError("cut off")
        fields.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    return fields


def _check(kind: str, fields: list[bytes]) -> None:
    if kind == "ssh-rsa" and len(fields) == 2:  # noqa: PLR2004
        bits = int.from_bytes(fields[1], "big").bit_length()
        if bits < RSA_BITS_MIN:
            raise KeyUnreadable(f"This RSA key has {bits} bits; {RSA_BITS_MIN} are the least.")
        return
    if kind == "ssh-ed25519" and [len(one) for one in fields] == [ED25519_BYTES]:
        return
    if kind == _SK_ED25519 and [len(one) for one in fields[:1]] == [ED25519_BYTES] and fields[1:]:
        return
    if kind in _ECDSA:
        curve, size = _ECDSA[kind]
        if len(fields) == 2 and fields[0] == curve and len(fields[1]) == size:  # noqa: PLR2004
            return
    if kind == _SK_ECDSA and fields[:1] == [b"nistp256"] and len(fields) == 3:  # noqa: PLR2004
        return
    if kind == "ssh-dss":
        raise KeyUnreadable("DSA keys are too weak. Make an Ed25519 key: ssh-keygen -t ed25519")
    known = {"ssh-rsa", "ssh-ed25519", _SK_ED25519, _SK_ECDSA, *_ECDSA}
    if kind not in known:
        raise KeyUnreadable("We take Ed25519, ECDSA, RSA and security-key (sk-) public keys.")
    raise KeyUnreadable(UNREADABLE)
