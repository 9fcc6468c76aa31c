"""Secrets at rest and keyed hashes, under the keys of `SKYPANEL_SECRET_KEYS`.

The first key seals; the others still open, so a key is rotated by putting a new one in front.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """Sealed bytes that no key opens, or that were moved to another field."""


def parse_keys(text: str) -> dict[str, bytes]:
    """Read `id:base64,id:base64`; each key is 32 bytes."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        key_id, _, encoded = part.partition(":")
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
        if not key_id or len(key) != KEY_BYTES:
            raise ValueError("SKYPANEL_SECRET_KEYS must be id:base64-of-32-bytes, comma separated")
        keys[key_id] = key
    if not keys:
        raise ValueError("SKYPANEL_SECRET_KEYS is empty")
    return keys


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, None, purpose.encode()).derive(key)


class Sealer:
    """Seals fields (AES-256-GCM, bound to their place) and makes keyed hashes (HMAC-SHA256)."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._active = next(iter(keys))
        self._boxes = {key_id: AESGCM(_derive(key, "seal")) for key_id, key in keys.items()}
        self._macs = {key_id: _derive(key, "mac") for key_id, key in keys.items()}

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt for one `place` (table, column and row id); it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        box = self._boxes[self._active].encrypt(nonce, plain, place.encode())
        return self._active.encode() + b":" + nonce + box

    def open(self, sealed: bytes, place: str) -> bytes:
        key_id, _, rest = sealed.partition(b":")
        box = self._boxes.get(key_id.decode())
        if box is None:
            raise SealBroken("sealed under a key that is not configured")
        try:
            return box.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.encode())
        except InvalidTag:
            raise SealBroken("the sealed bytes do not belong here or were changed") from None

    def mac(self, message: str) -> str:
        """A keyed hash, 43 URL-safe characters."""
        return self._mac(self._active, message)

    def mac_matches(self, message: str, given: str) -> bool:
        """Whether `given` is the keyed hash of the message under any configured key."""
        return any(hmac.compare_digest(self._mac(key_id, message), given) for key_id in self._macs)

    def _mac(self, key_id: str, message: str) -> str:
        digest = hmac.new(self._macs[key_id], message.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def new_token() -> str:
    """256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What we keep of a random token: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()
