"""The other side of a postback: did we sign this very text?"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

from skypanel.integrations.paypal.simulator.problems import Problem
from skypanel.integrations.paypal.simulator.state import State

EVENT = re.compile(r'"webhook_event"\s*:\s*')
REQUIRED = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time")


def verified(state: State, asked_text: str) -> bool:
    """Whether the event in a postback, byte for byte as it stands there, bears our signature."""
    try:
        asked = json.loads(asked_text)
    except ValueError:
        raise Problem(400, "MALFORMED_REQUEST_JSON") from None
    at = EVENT.search(asked_text)
    if not isinstance(asked, dict) or at is None or not all(asked.get(name) for name in REQUIRED):
        raise Problem(400, "VALIDATION_ERROR")
    _, end = json.JSONDecoder().raw_decode(asked_text, at.end())
    raw = asked_text[at.end() : end].encode()
    if asked.get("webhook_id") not in state.book.hooks:
        return False
    key = load_pem_x509_certificate(state.authority.leaf_pem.encode()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    signed = "|".join(
        (
            str(asked["transmission_id"]),
            str(asked["transmission_time"]),
            str(asked["webhook_id"]),
            str(zlib.crc32(raw)),
        )
    )
    try:
        signature = base64.b64decode(str(asked["transmission_sig"]), validate=True)
        key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return bool(asked["auth_algo"] == "SHA256withRSA")
