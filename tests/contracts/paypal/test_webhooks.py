"""Webhooks: what PayPal signed gets in, everything else stays out."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import timedelta
from typing import Any

import httpx
import pytest

from skypanel.integrations.paypal import webhooks
from skypanel.integrations.paypal.client import PayPal
from skypanel.integrations.paypal.roots import system_roots
from skypanel.integrations.paypal.simulator.authority import Authority, new_authority
from skypanel.integrations.paypal.types import Event
from skypanel.platform.outside import Unavailable

from .conftest import NOW, Sandbox, euros, open_order

URL = "https://api.paypal.com/v1/notifications/certs/CERT-1"
HOOK = "0EH40505U7160970P"
RAW = json.dumps(
    {
        "id": "WH-1",
        "event_type": "PAYMENT.CAPTURE.COMPLETED",
        "resource_type": "capture",
        "create_time": "2026-02-18T20:01:33.000Z",
        "summary": "Payment completed for € 10.00 EUR",
        "resource": {
            "id": "42311647XV020574X",
            "amount": {"currency_code": "EUR", "value": "10.00"},
        },
    },
    ensure_ascii=False,
).encode()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority(starts_at=NOW - timedelta(days=1), life=timedelta(days=30))


class Host:
    """Serves one text for every URL, and counts."""

    def __init__(self, text: str, status: int = 200) -> None:
        self.text = text
        self.status = status
        self.asked: list[str] = []

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        headers = {"Location": URL + "2"} if self.status == 302 else {}
        return httpx.Response(self.status, text=self.text, headers=headers)


def signed(
    authority: Authority, raw: bytes = RAW, other: dict[str, str] | None = None
) -> dict[str, str]:
    ref, at = "69cd13f0-d67a-11e5-baa3-778b53f4ae55", "2026-02-18T20:01:35Z"
    signature = authority.sign(f"{ref}|{at}|{HOOK}|{zlib.crc32(raw)}")
    headers = {
        "PAYPAL-TRANSMISSION-ID": ref,
        "PAYPAL-TRANSMISSION-TIME": at,
        "PAYPAL-TRANSMISSION-SIG": signature,
        "PAYPAL-CERT-URL": URL,
        "PAYPAL-AUTH-ALGO": "SHA256withRSA",
    }
    return headers | (other or {})


async def check(
    authority: Authority,
    headers: dict[str, str],
    raw: bytes = RAW,
    *,
    webhook_id: str = HOOK,
    ca_pem: str | None = None,
    host: Host | None = None,
    later: timedelta = timedelta(0),
) -> Event:
    host = host or Host(authority.leaf_pem)
    async with host.client() as http:
        certificates = webhooks.Certificates(
            http, hosts=webhooks.CERT_HOSTS, ca_pem=ca_pem or authority.ca_pem
        )
        return await webhooks.verify(
            headers, raw, webhook_id=webhook_id, certificates=certificates, now=NOW + later
        )


async def rejected(*given: Any, **named: Any) -> str:
    with pytest.raises(webhooks.Rejected) as caught:
        await check(*given, **named)
    return caught.value.reason


async def test_a_signed_event_is_read(authority: Authority) -> None:
    event = await check(authority, signed(authority))
    assert (event.ref, event.event_type) == ("WH-1", "PAYMENT.CAPTURE.COMPLETED")
    assert (event.resource_ref, event.capture_ref) == ("42311647XV020574X", "42311647XV020574X")
    assert event.amount == euros(1000)
    assert event.created_at is not None


@pytest.mark.parametrize("raw", [RAW + b" ", RAW.replace(b"10.00", b"90.00"), b""])
async def test_a_body_that_was_touched(authority: Authority, raw: bytes) -> None:
    assert await rejected(authority, signed(authority), raw) == "the signature does not fit"


async def test_a_delivery_for_another_webhook(authority: Authority) -> None:
    reason = await rejected(authority, signed(authority), webhook_id="OTHER")
    assert reason == "the signature does not fit"


async def test_without_a_configured_webhook_nothing_gets_in(authority: Authority) -> None:
    ref, at = "id", "2026-02-18T20:01:35Z"
    forged = {
        "PAYPAL-TRANSMISSION-ID": ref,
        "PAYPAL-TRANSMISSION-TIME": at,
        "PAYPAL-TRANSMISSION-SIG": authority.sign(f"{ref}|{at}||{zlib.crc32(RAW)}"),
    }
    reason = await rejected(authority, signed(authority, other=forged), webhook_id="")
    assert reason == "no webhook id is configured"


@pytest.mark.parametrize("name", sorted(signed(new_authority())))
async def test_every_header_is_needed(authority: Authority, name: str) -> None:
    headers = signed(authority)
    assert (await rejected(authority, headers | {name: ""})).startswith("missing")
    del headers[name]
    assert (await rejected(authority, headers)).startswith("missing")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.paypal.com.evil.test/v1/notifications/certs/CERT-1",
        "https://evil.test/v1/notifications/certs/CERT-1?x=api.paypal.com",
        "https://evilapi.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com@evil.test/v1/notifications/certs/CERT-1",
        "https://evil.test@api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
        "https://api.paypal.com:port/v1/notifications/certs/CERT-1",
        "http://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/../../redirect",
        "https://api.paypal.com/v1/notifications/certs/CERT-1?next=https://evil.test",
        "https://api.paypal.com/v1/notifications/certs/CERT-1#x",
        "https://api.paypal.com/elsewhere/CERT-1",
        "https://api.paypal.com\\@evil.test/v1/notifications/certs/CERT-1",
        "https://api.paypal.com/v1/notifications/certs/CERT-1\n",
        "//api.paypal.com/v1/notifications/certs/CERT-1",
        "file:///etc/passwd",
    ],
)
async def test_a_certificate_from_elsewhere_is_not_even_fetched(
    authority: Authority, url: str
) -> None:
    host = Host(authority.leaf_pem)
    reason = await rejected(authority, signed(authority, other={"PAYPAL-CERT-URL": url}), host=host)
    assert reason.startswith("the certificate's")
    assert host.asked == []


async def test_a_redirect_is_not_followed(authority: Authority) -> None:
    host = Host(authority.leaf_pem, 302)
    assert "302" in await rejected(authority, signed(authority), host=host)
    assert host.asked == [URL]


async def test_a_certificate_is_good_in_its_time_only(authority: Authority) -> None:
    for later in (timedelta(days=40), timedelta(days=-40)):
        reason = await rejected(authority, signed(authority), later=later)
        assert reason == "the certificate is not valid at this time"


async def test_a_certificate_of_another_authority(authority: Authority) -> None:
    other = new_authority(starts_at=NOW - timedelta(days=1))
    reason = await rejected(other, signed(other), ca_pem=authority.ca_pem)
    assert reason == "the certificate's issuer is not trusted"


async def test_the_system_s_authorities_do_not_know_ours(authority: Authority) -> None:
    assert system_roots()
    async with Host(authority.leaf_pem).client() as http:
        certificates = webhooks.Certificates(http, hosts=webhooks.CERT_HOSTS, ca_pem=None)
        with pytest.raises(webhooks.Rejected, match="issuer"):
            await certificates.signer(URL, NOW)


@pytest.mark.parametrize("name", ["evil.test", "notpaypal.com", "paypal.com.evil.test"])
async def test_a_certificate_of_somebody_else(name: str) -> None:
    other = new_authority(common_name=name, starts_at=NOW - timedelta(days=1))
    assert await rejected(other, signed(other)) == "the certificate is not PayPal's"


@pytest.mark.parametrize("algorithm", ["SHA1withRSA", "none", "sha256withrsa"])
async def test_another_algorithm(authority: Authority, algorithm: str) -> None:
    headers = signed(authority, other={"PAYPAL-AUTH-ALGO": algorithm})
    assert "algorithm" in await rejected(authority, headers)


@pytest.mark.parametrize("signature", ["!!!", base64.b64encode(b"x" * 256).decode(), "YQ=="])
async def test_a_made_up_signature(authority: Authority, signature: str) -> None:
    headers = signed(authority, other={"PAYPAL-TRANSMISSION-SIG": signature})
    assert await rejected(authority, headers) == "the signature does not fit"


@pytest.mark.parametrize("text", ["", "<html>", "x" * 70_000])
async def test_what_is_no_certificate(authority: Authority, text: str) -> None:
    assert "certificate" in await rejected(authority, signed(authority), host=Host(text))


@pytest.mark.parametrize(
    "raw", [b"[]", b"{}", b'{"id":"","event_type":"X","resource":{}}', b"\xff", b'{"id":1}']
)
async def test_a_signed_body_that_is_no_event(authority: Authority, raw: bytes) -> None:
    assert await rejected(authority, signed(authority, raw), raw) == "the body is not an event"


async def test_paypal_being_down_is_no_verdict(authority: Authority) -> None:
    with pytest.raises(Unavailable):
        await check(authority, signed(authority), host=Host("", 503))


async def test_a_certificate_is_fetched_once(authority: Authority) -> None:
    host = Host(authority.leaf_pem)
    async with host.client() as http:
        certificates = webhooks.Certificates(
            http, hosts=webhooks.CERT_HOSTS, ca_pem=authority.ca_pem
        )
        for _ in range(3):
            await certificates.signer(URL, NOW)
        assert host.asked == [URL]
        with pytest.raises(webhooks.Rejected):  # kept, yet its dates are looked at each time
            await certificates.signer(URL, NOW + timedelta(days=40))


@pytest.mark.parametrize(
    ("host", "ca_pem"),
    [
        ("http://127.0.0.1:8080", None),
        ("http://api.paypal.com", "x"),
        ("http://10.0.0.1:80", "x"),
        ("ftp://127.0.0.1", "x"),
        ("https://api.paypal.com/path", None),
        ("", None),
    ],
)
def test_hosts_are_pinned_to_https_but_for_a_sandbox(host: str, ca_pem: str | None) -> None:
    with pytest.raises(ValueError, match=r"http|host"):
        webhooks.Certificates(httpx.AsyncClient(), hosts=[host], ca_pem=ca_pem)


async def _hooked(sandbox: Sandbox, paypal: PayPal) -> PayPal:
    hook = await paypal.create_webhook("http://shop.test/hook")
    return sandbox.client(webhook_id=hook.ref)


async def test_a_payment_is_told_from_approval_to_refund(sandbox: Sandbox, paypal: PayPal) -> None:
    paypal = await _hooked(sandbox, paypal)
    order = await open_order(paypal, euros(1000))
    await sandbox.control(f"/orders/{order.ref}/approve")
    await sandbox.drain()
    (capture,) = (await paypal.capture_order(order.ref, "c1")).captures
    await sandbox.drain()
    await paypal.refund_capture(capture.ref, "r1", euros(400))
    await sandbox.drain()
    events = [await paypal.verify_webhook(*got) for got in sandbox.shop.got]
    assert [each.event_type for each in events] == [
        "CHECKOUT.ORDER.APPROVED",
        "PAYMENT.CAPTURE.COMPLETED",
        "PAYMENT.CAPTURE.REFUNDED",
    ]
    approved, captured, refunded = events
    assert (approved.order_ref, approved.status) == (order.ref, "APPROVED")
    assert (captured.order_ref, captured.capture_ref) == (order.ref, capture.ref)
    assert (refunded.capture_ref, refunded.amount) == (capture.ref, euros(400))
    assert {each.custom_id for each in events} == {"payment-1"}
    assert {each.invoice_ref for each in events} == {"INV-1-1"}
    for headers, raw in sandbox.shop.got:
        assert await paypal.verify_by_postback(headers, raw)
        assert not await paypal.verify_by_postback(headers, raw.replace(b"EUR", b"USD"))
        assert not await paypal.verify_by_postback({}, raw)
    assert not await sandbox.client().verify_by_postback(*sandbox.shop.got[0])


@pytest.mark.parametrize(("verdict", "kind"), [("complete", "COMPLETED"), ("deny", "DENIED")])
async def test_the_end_of_a_review_is_told(
    sandbox: Sandbox, paypal: PayPal, verdict: str, kind: str
) -> None:
    paypal = await _hooked(sandbox, paypal)
    order = await open_order(paypal, euros(1014))
    await sandbox.control(f"/orders/{order.ref}/approve")
    (capture,) = (await paypal.capture_order(order.ref, "c1")).captures
    await sandbox.control(f"/captures/{capture.ref}/{verdict}")
    await sandbox.drain()
    kinds = [(await paypal.verify_webhook(*got)).event_type for got in sandbox.shop.got]
    assert kinds[1:] == ["PAYMENT.CAPTURE.PENDING", f"PAYMENT.CAPTURE.{kind}"]


async def _approve(sandbox: Sandbox, paypal: PayPal, ref: str) -> str:
    order = await open_order(paypal, euros(1000), ref)
    await sandbox.control(f"/orders/{order.ref}/approve")
    return str(order.ref)


async def test_what_the_shop_does_not_take_is_sent_until_it_gives_up(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    paypal = await _hooked(sandbox, paypal)
    sandbox.shop.status = 500
    await _approve(sandbox, paypal, "1")
    await sandbox.drain()
    (delivery,) = sandbox.state.book.deliveries.values()
    assert (delivery.state, [each.status for each in delivery.attempts]) == ("failed", [500] * 3)
    assert len({raw for _, raw in sandbox.shop.got}) == 1
    sandbox.shop.status = 200
    await sandbox.control(f"/deliveries/{delivery.id}/send")
    await sandbox.drain()
    assert delivery.state == "delivered"


async def test_a_forged_copy_is_rejected_and_the_true_one_taken(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    paypal = await _hooked(sandbox, paypal)
    await _approve(sandbox, paypal, "1")
    await sandbox.drain()
    (delivery,) = sandbox.state.book.deliveries.values()
    await sandbox.control(f"/deliveries/{delivery.id}/send", forged=True)
    await sandbox.drain()
    true, forged = sandbox.shop.got
    assert (await paypal.verify_webhook(*true)).event_type == "CHECKOUT.ORDER.APPROVED"
    with pytest.raises(webhooks.Rejected, match="signature"):
        await paypal.verify_webhook(*forged)


async def test_deliveries_stop_and_go_on(sandbox: Sandbox, paypal: PayPal) -> None:
    paypal = await _hooked(sandbox, paypal)
    await sandbox.control("/faults", stopped=True)
    await _approve(sandbox, paypal, "1")
    await sandbox.drain()
    assert sandbox.shop.got == []
    await sandbox.control("/faults", stopped=False)
    await sandbox.drain()
    assert len(sandbox.shop.got) == 1


async def test_one_event_overtakes_another(sandbox: Sandbox, paypal: PayPal) -> None:
    paypal = await _hooked(sandbox, paypal)
    await sandbox.control("/faults", out_of_order=True)
    first = await _approve(sandbox, paypal, "1")
    second = await _approve(sandbox, paypal, "2")
    await sandbox.drain()
    events = [await paypal.verify_webhook(*got) for got in sandbox.shop.got]
    assert [each.order_ref for each in events] == [second, first]


async def test_the_certificate_is_named_where_the_api_is_called(
    sandbox: Sandbox, paypal: PayPal
) -> None:
    paypal = await _hooked(sandbox, paypal)
    order = await open_order(paypal, euros(1000))
    seen_as = sandbox.url.replace("127.0.0.1", "localhost")
    await sandbox.http.post(
        f"{seen_as}/checkoutnow", data={"token": order.ref, "choice": "approve"}
    )
    await sandbox.drain()
    (got,) = sandbox.shop.got
    assert (await paypal.verify_webhook(*got)).order_ref == order.ref
