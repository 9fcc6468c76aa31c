"""Was this webhook signed by PayPal, for our app, over exactly these bytes?

PayPal signs `transmission id | time | webhook id | CRC-32 of the body` with a certificate named
by the request itself, so everything hangs on where that certificate may come from and on who
issued it. Whatever is missing or odd is a rejection.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import (
    Certificate,
    DNSName,
    ExtensionNotFound,
    load_pem_x509_certificates,
    oid,
)
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from skypanel.integrations.paypal.answers import json_object
from skypanel.integrations.paypal.roots import system_roots
from skypanel.integrations.paypal.types import VENDOR, Event, read_amount, read_instant
from skypanel.platform.outside import Unavailable

CERT_HOSTS = (
    "api.paypal.com",
    "api-m.paypal.com",
    "api.sandbox.paypal.com",
    "api-m.sandbox.paypal.com",
)
CERT_PATH = re.compile(r"/v1/notifications/certs/[A-Za-z0-9_-]{1,200}")
SIGNER_SUFFIX = ".paypal.com"
ALGORITHM = "SHA256withRSA"
FETCH_SECONDS = 5.0
MAX_PEM_BYTES = 65_536
KEPT_CERTIFICATES = 32
POSTBACK = {
    "auth_algo": "paypal-auth-algo",
    "cert_url": "paypal-cert-url",
    "transmission_id": "paypal-transmission-id",
    "transmission_sig": "paypal-transmission-sig",
    "transmission_time": "paypal-transmission-time",
}


class Rejected(Exception):
    """A delivery that PayPal did not surely send; `reason` is for the log, not for the sender."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Certificates:
    """The signing certificates we accept: from pinned hosts, issued under a known authority.

    `hosts` are exact names reached by https. An entry `http://127.0.0.1:8123` admits a sandbox on
    a loopback address, and only together with that sandbox's own authority (`ca_pem`).
    """

    def __init__(
        self, http: httpx.AsyncClient, *, hosts: Sequence[str], ca_pem: str | None
    ) -> None:
        self._http = http
        self._origins = frozenset(_origin(host, sandbox=ca_pem is not None) for host in hosts)
        self._ca_pem = ca_pem
        self._store: Store | None = None
        self._kept: OrderedDict[str, list[Certificate]] = OrderedDict()

    async def signer(self, url: str, now: datetime) -> Certificate:
        """The certificate at `url`, trusted at `now`. Unavailable when it cannot be fetched."""
        self._pin(url)
        chain = self._kept.get(url)
        if chain is None:
            chain = await self._fetch(url)
        leaf = self._trusted(chain, now)
        self._kept[url] = chain
        self._kept.move_to_end(url)
        if len(self._kept) > KEPT_CERTIFICATES:
            self._kept.popitem(last=False)
        return leaf

    def _pin(self, url: str) -> None:
        if not url.isascii() or not url.isprintable():
            raise Rejected("the certificate's URL is malformed")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise Rejected("the certificate's URL is malformed") from None
        at = (parts.scheme, parts.hostname or "", port or _default_port(parts))
        if parts.username is not None or parts.password is not None or at not in self._origins:
            raise Rejected("the certificate's host is not PayPal's")
        if parts.query or parts.fragment or not CERT_PATH.fullmatch(parts.path):
            raise Rejected("the certificate's path is not PayPal's")

    async def _fetch(self, url: str) -> list[Certificate]:
        pem = b""
        try:
            async with self._http.stream(
                "GET", url, follow_redirects=False, timeout=FETCH_SECONDS
            ) as answer:
                if answer.status_code != HTTPStatus.OK:
                    self._not_there(answer.status_code)
                async for part in answer.aiter_bytes():
                    pem += part
                    if len(pem) > MAX_PEM_BYTES:
                        raise Rejected("the certificate is too long")
        except httpx.HTTPError as error:
            message = f"certificate not fetched: {type(error).__name__}"
            raise Unavailable(VENDOR, message, code="certificate") from error
        try:
            return load_pem_x509_certificates(pem)
        except ValueError:
            raise Rejected("the certificate is unreadable") from None

    @staticmethod
    def _not_there(status: int) -> None:
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            message = f"certificate not fetched: {status}"
            raise Unavailable(VENDOR, message, code="certificate", status=status)
        raise Rejected(f"the certificate's URL answered {status}")

    def _trusted(self, chain: list[Certificate], now: datetime) -> Certificate:
        leaf = chain[0]
        names = leaf.subject.get_attributes_for_oid(oid.NameOID.COMMON_NAME)
        name = str(names[0].value) if len(names) == 1 else ""
        if not name.endswith(SIGNER_SUFFIX):
            raise Rejected("the certificate is not PayPal's")
        if not leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc:
            raise Rejected("the certificate is not valid at this time")
        if self._store is None:
            roots = load_pem_x509_certificates(self._ca_pem.encode()) if self._ca_pem else None
            self._store = Store(roots or system_roots())
        try:
            verifier = (
                PolicyBuilder().store(self._store).time(now).build_server_verifier(DNSName(name))
            )
            verifier.verify(leaf, chain[1:])
        except (VerificationError, ExtensionNotFound, ValueError):
            raise Rejected("the certificate's issuer is not trusted") from None
        return leaf


async def verify(
    headers: Mapping[str, str],
    raw: bytes,
    *,
    webhook_id: str,
    certificates: Certificates,
    now: datetime,
) -> Event:
    """The event in a delivery that PayPal surely signed for the webhook `webhook_id`.

    Raises Rejected for anything less, Unavailable when the certificate cannot be fetched (then
    PayPal should deliver again).
    """
    if not webhook_id:
        raise Rejected("no webhook id is configured")
    named = {name.lower(): value for name, value in headers.items()}
    said = {field: named.get(header, "") for field, header in POSTBACK.items()}
    missing = sorted(field for field, value in said.items() if not value)
    if missing:
        raise Rejected(f"missing {', '.join(missing)}")
    if said["auth_algo"] != ALGORITHM:
        raise Rejected("the signature's algorithm is not SHA256withRSA")
    leaf = await certificates.signer(said["cert_url"], now)
    key = leaf.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise Rejected("the certificate's key is not RSA")
    signed = f"{said['transmission_id']}|{said['transmission_time']}|{webhook_id}|{zlib.crc32(raw)}"
    try:
        signature = base64.b64decode(said["transmission_sig"], validate=True)
        key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        raise Rejected("the signature does not fit") from None
    return read_event(raw)


def read_event(raw: bytes) -> Event:
    """The event in a delivery's body; Rejected when it is none."""
    found = json_object(raw.decode("utf-8", "replace"))
    resource = found.get("resource")
    ref, kind = found.get("id"), found.get("event_type")
    if not isinstance(ref, str) or not isinstance(kind, str) or not isinstance(resource, dict):
        raise Rejected("the body is not an event")
    if not ref or not kind:
        raise Rejected("the body is not an event")
    try:
        return _event(found, resource)
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Rejected("the event's resource is unreadable") from None


def read_resource(raw: bytes) -> dict[str, Any]:
    """The resource of an event that was verified before, as PayPal wrote it."""
    resource = json_object(raw.decode("utf-8", "replace")).get("resource")
    return resource if isinstance(resource, dict) else {}


def _event(found: dict[str, Any], resource: dict[str, Any]) -> Event:
    resource_type = str(found.get("resource_type") or "")
    resource_ref = str(resource.get("id") or resource.get("dispute_id") or "")
    metadata = resource.get("metadata") or {}
    related = (resource.get("supplementary_data") or {}).get("related_ids") or {}
    is_order = resource_type == "checkout-order"
    about = ((resource.get("purchase_units") or [{}])[0]) if is_order else resource
    amount = about.get("amount") or {}
    return Event(
        ref=str(found["id"]),
        event_type=str(found["event_type"]),
        resource_type=resource_type,
        resource_ref=resource_ref,
        order_ref=resource_ref if is_order else related.get("order_id") or metadata.get("order_id"),
        capture_ref=_capture_ref(resource_type, resource),
        status=resource.get("status"),
        # Events of the first API version write {total, currency}: their amount is not ours to read.
        amount=read_amount(amount) if "currency_code" in amount else None,
        invoice_ref=about.get("invoice_id"),
        custom_id=about.get("custom_id"),
        summary=str(found.get("summary") or ""),
        created_at=read_instant(found.get("create_time")),
    )


def _capture_ref(resource_type: str, resource: dict[str, Any]) -> str | None:
    if resource_type == "capture":
        return str(resource["id"])
    for link in resource.get("links") or ():
        above = str(link.get("href") or "")
        if resource_type == "refund" and link.get("rel") == "up" and "/captures/" in above:
            return above.rsplit("/", 1)[-1]
    return None


def _default_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _origin(host: str, *, sandbox: bool) -> tuple[str, str, int]:
    if "://" not in host:
        host = f"https://{host}"
    parts = urlsplit(host)
    name = parts.hostname or ""
    if not name or parts.path not in {"", "/"} or parts.scheme not in {"https", "http"}:
        raise ValueError(f"{host!r} is not a host for certificates")
    if parts.scheme == "http" and not (sandbox and _loopback(name)):
        raise ValueError(f"{host!r}: http is for a sandbox on loopback with its own authority")
    return (parts.scheme, name, parts.port or _default_port(parts))


def _loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
