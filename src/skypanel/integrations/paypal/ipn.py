"""IPN, PayPal's oldest way of telling: form fields, believed when PayPal says they are its own."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

import httpx

from skypanel.integrations.paypal.types import VENDOR
from skypanel.platform.money import Money
from skypanel.platform.outside import Unavailable

TIMEOUT_SECONDS = 15.0
USER_AGENT = "SkyPANEL-IPN/1.0"
PREFIX = b"cmd=_notify-validate&"


@dataclass(frozen=True, slots=True)
class Notice:
    """What an IPN says, in the charset it names; `ref` and `status` make it one of a kind."""

    ref: str
    status: str
    kind: str
    parent_ref: str | None
    receivers: frozenset[str]
    custom_id: str | None
    subscription_ref: str | None
    is_test: bool
    amount: Money | None
    payer_name: str


async def is_genuine(http: httpx.AsyncClient, url: str, raw: bytes) -> bool:
    """Ask PayPal whether it sent exactly these bytes; Unavailable when it does not say."""
    try:
        answer = await http.post(
            url,
            content=PREFIX + raw,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": USER_AGENT,
            },
            timeout=TIMEOUT_SECONDS,
        )
    except httpx.HTTPError as error:
        message = f"IPN not checked: {type(error).__name__}"
        raise Unavailable(VENDOR, message, code="ipn") from error
    said = answer.text.strip()
    if answer.status_code != HTTPStatus.OK or said not in {"VERIFIED", "INVALID"}:
        message = f"IPN not checked: PayPal answered {answer.status_code}"
        raise Unavailable(VENDOR, message, code="ipn", status=answer.status_code)
    return said == "VERIFIED"


def _amount(value: str | None, currency: str | None) -> Money | None:
    try:
        return Money.parse((value or "").removeprefix("-"), currency or "")
    except ValueError:
        return None


def read_notice(raw: bytes) -> Notice | None:
    """The notice in a body; None when it names no transaction and no subscription."""
    text = raw.decode("ascii", "replace")
    charset = parse_qs(text, encoding="ascii", errors="replace").get("charset", ["utf-8"])[0]
    try:
        codecs.lookup(charset)
    except LookupError:
        charset = "utf-8"
    fields = {
        name: values[0]
        for name, values in parse_qs(text, encoding=charset, errors="replace").items()
    }
    kind = fields.get("txn_type", "")
    subscription = fields.get("recurring_payment_id") or fields.get("subscr_id")
    ref = fields.get("txn_id") or (f"{subscription}:{kind}" if subscription else "")
    if not ref:
        return None
    named = (fields.get(name, "").lower() for name in ("receiver_email", "business", "receiver_id"))
    return Notice(
        ref=ref[:80],
        status=fields.get("payment_status", kind)[:30],
        kind=kind[:60],
        parent_ref=fields.get("parent_txn_id"),
        receivers=frozenset(name for name in named if name),
        custom_id=fields.get("custom"),
        subscription_ref=subscription,
        amount=_amount(fields.get("mc_gross"), fields.get("mc_currency")),
        is_test=fields.get("test_ipn") == "1",
        payer_name=" ".join(
            filter(None, (fields.get("first_name", ""), fields.get("last_name", "")))
        ),
    )
