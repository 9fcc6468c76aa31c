"""What PayPal tells us: believed only when signed, kept once, acted upon once."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from skypanel.integrations.settings import PayPalSettings
from tests.payments.checkout import Checkout


async def kept(checkout: Checkout) -> list[tuple[str, str]]:
    return [
        tuple(row)
        for row in await checkout.world.rows("select event_type, state from webhooks order by id")
    ]


async def test_browser_closed_after_approving_the_webhook_settles(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice()
    payment = await checkout.approved(invoice_id)
    [approved] = checkout.deliveries()
    assert (await checkout.deliver(approved)).status_code == 200
    await checkout.world.drain()
    await checkout.assert_settled_once(payment["id"], invoice_id)
    assert await kept(checkout) == [("CHECKOUT.ORDER.APPROVED", "done")]


async def test_duplicates_and_disorder_have_one_effect(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice()
    payment = await checkout.approved(invoice_id)
    await checkout.poll()
    approved, completed = checkout.deliveries()
    for delivery in (completed, completed, approved, completed, approved):
        assert (await checkout.deliver(delivery)).status_code == 200
        await checkout.world.drain()
    await checkout.assert_settled_once(payment["id"], invoice_id)
    assert len(await kept(checkout)) == 2


async def test_pending_completed_by_webhook(checkout: Checkout) -> None:
    invoice_id = await checkout.invoice(1014)
    payment = await checkout.approved(invoice_id)
    await checkout.poll()
    pending = await checkout.payment(payment["id"])
    await checkout.sandbox(f"captures/{pending['capture_ref']}/complete")
    [completed] = checkout.deliveries("PAYMENT.CAPTURE.COMPLETED")
    [early] = checkout.deliveries("PAYMENT.CAPTURE.PENDING")
    for delivery in (completed, early):
        assert (await checkout.deliver(delivery)).status_code == 200
        await checkout.world.drain()
    await checkout.assert_settled_once(payment["id"], invoice_id)


async def test_a_forged_delivery_leaves_nothing(checkout: Checkout) -> None:
    payment = await checkout.approved(await checkout.invoice())
    [approved] = checkout.deliveries()
    answer = await checkout.deliver(approved, forged=True)
    assert (answer.status_code, answer.json()["code"]) == (400, "webhook_rejected")
    await checkout.world.drain()
    assert await kept(checkout) == []
    assert (await checkout.payment(payment["id"]))["state"] == "awaiting_approval"


async def test_a_changed_body_leaves_nothing(checkout: Checkout) -> None:
    await checkout.approved(await checkout.invoice())
    [approved] = checkout.deliveries()
    raw = approved.body.encode()
    headers = checkout.world.desk.app.state.courier.headers(approved, raw, forged=False)
    changed = json.dumps(json.loads(raw)).encode()
    assert changed != raw
    assert (await checkout.post_webhook(changed, headers)).status_code == 400
    assert await kept(checkout) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1/notifications/certs/CERT-1",
        "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
        "file:///etc/passwd",
    ],
)
async def test_a_foreign_certificate_leaves_nothing(checkout: Checkout, url: str) -> None:
    await checkout.approved(await checkout.invoice())
    [approved] = checkout.deliveries()
    raw = approved.body.encode()
    headers = checkout.world.desk.app.state.courier.headers(approved, raw, forged=False)
    answer = await checkout.post_webhook(raw, {**headers, "PAYPAL-CERT-URL": url})
    assert answer.status_code == 400
    assert await kept(checkout) == []


async def test_without_a_webhook_id_nothing_is_believed(checkout: Checkout) -> None:
    await checkout.approved(await checkout.invoice())
    [approved] = checkout.deliveries()
    house = checkout.world.house
    async with house.transaction() as db:
        wanted = await house.settings.get(PayPalSettings)
        await house.settings.put(db, wanted.model_copy(update={"webhook_id": ""}))
    house.cache.clear()
    approved.hook_id = ""  # what an attacker who knows of the gap would sign for
    assert (await checkout.deliver(approved)).status_code == 400
    assert await kept(checkout) == []


async def test_without_credentials_paypal_is_asked_to_come_again(checkout: Checkout) -> None:
    await checkout.approved(await checkout.invoice())
    [approved] = checkout.deliveries()
    house = checkout.world.house
    async with house.transaction() as db:
        wanted = await house.settings.get(PayPalSettings)
        await house.settings.put(db, wanted.model_copy(update={"client_secret": SecretStr("")}))
    house.cache.clear()
    assert (await checkout.deliver(approved)).status_code == 503
    assert await kept(checkout) == []


async def test_unsigned_and_oversized_bodies(checkout: Checkout) -> None:
    assert (await checkout.post_webhook(b"{}", {})).status_code == 400
    assert (await checkout.post_webhook(b"x" * 300_000, {})).status_code == 413
    assert await kept(checkout) == []


async def test_what_we_do_not_read_is_parked(checkout: Checkout) -> None:
    payment = await checkout.approved(await checkout.invoice())
    [approved] = checkout.deliveries()
    approved.body = approved.body.replace("CHECKOUT.ORDER.APPROVED", "CUSTOMER.NEW.KIND")
    assert (await checkout.deliver(approved)).status_code == 200
    await checkout.world.drain()
    assert await kept(checkout) == [("CUSTOMER.NEW.KIND", "parked")]
    assert (await checkout.payment(payment["id"]))["state"] == "awaiting_approval"
