"""Steps of paying, as the customer, PayPal and the bookkeeper take them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from skypanel.integrations.paypal.simulator.state import Delivery, Hook
from skypanel.invoices.actions import issue_invoice
from skypanel.invoices.rules import InvoiceDraft, LineDraft, SellerSettings
from skypanel.ledger.actions import book, post
from skypanel.payments.actions import grant_credit
from skypanel.platform.money import Money
from tests.world import Person, World

HOOK = "WH-TEST"


class Checkout:
    """One customer who has invoices to pay, and everybody else who has a part in it."""

    def __init__(self, world: World, person: Person, paypal: httpx.AsyncClient) -> None:
        self.world = world
        self.person = person
        self.paypal = paypal

    async def invoice(self, minor: int = 1190, currency: str = "EUR") -> UUID:
        async with self.world.house.transaction() as db:
            made = await issue_invoice(
                db,
                InvoiceDraft(
                    account_id=self.account_id,
                    currency=currency,
                    lines=[LineDraft(description="VPS S", unit_price=Money(minor, currency))],
                    due_on=(db.now + timedelta(days=7)).date(),
                ),
            )
        return made.id

    @property
    def account_id(self) -> UUID:
        assert self.person.account_id is not None
        return self.person.account_id

    async def log_in_again(self) -> None:
        """After days the session is over."""
        browser = self.world.browser()
        self.person = await self.world.log_in(browser, self.person.email)

    async def bank(self, iban: str = "DE02120300000000202051") -> None:
        """The seller has a bank account."""
        house = self.world.house
        async with house.transaction() as db:
            wanted = await house.settings.get(SellerSettings)
            await house.settings.put(
                db, wanted.model_copy(update={"iban": iban, "company": "Host"})
            )
        house.cache.clear()

    async def settled(self, invoice_id: UUID, **wish: Any) -> dict[str, Any]:
        """A PayPal payment, approved and captured."""
        payment = await self.pay(invoice_id, **wish)
        await self.world.drain()
        payment = await self.payment(payment["id"])
        await self.approve(payment)
        await self.poll()
        payment = await self.payment(payment["id"])
        assert payment["state"] == "settled", payment
        return payment

    async def top_up(self, minor: int) -> UUID:
        """An invoice that fills the wallet once it is paid."""
        asked = {
            "account_id": str(self.account_id),
            "amount": {"minor": minor, "currency": "EUR"},
        }
        made = await self.person.http.post("/api/v1/top-ups", json=asked)
        assert made.status_code == 201, made.text
        return UUID(made.json()["id"])

    async def saved(self) -> str:
        """The payer let PayPal keep their account for us; its reference there."""
        await self.settled(await self.invoice(700), save_method=True)
        [(ref,)] = await self.world.rows("select method_ref from saved_methods")
        return str(ref)

    async def grant(self, minor: int, expires_on: date | None = None) -> UUID:
        """Promotional credit for the customer."""
        async with self.world.house.transaction() as db:
            money = Money(minor, "EUR")
            credit = await grant_credit(db, self.account_id, money, "Welcome", expires_on)
        return credit.id

    async def deposit(self, minor: int, currency: str = "EUR") -> None:
        async with self.world.house.transaction() as db:
            wallet = await book(db, "wallet", currency, self.account_id)
            promotional = await book(db, "paypal_clearing", currency)
            money = Money(minor, currency)
            await post(
                db,
                key=f"test:{uuid4()}",
                reason="Deposit",
                entries=[(wallet.id, money), (promotional.id, -money)],
            )

    async def pay(self, invoice_id: UUID, gateway: str = "paypal", **wish: Any) -> dict[str, Any]:
        answer = await self.ask_to_pay(invoice_id, gateway, **wish)
        assert answer.status_code == (201 if gateway == "wallet" else 202), answer.text
        return answer.json()

    async def ask_to_pay(self, invoice_id: UUID, gateway: str, **wish: Any) -> httpx.Response:
        return await self.person.http.post(
            "/api/v1/payments", json={"invoice_id": str(invoice_id), "gateway": gateway, **wish}
        )

    async def payment(self, payment_id: str) -> dict[str, Any]:
        answer = await self.person.http.get(f"/api/v1/payments/{payment_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def started(self, invoice_id: UUID) -> dict[str, Any]:
        """A PayPal payment that waits for approval."""
        payment = await self.pay(invoice_id)
        await self.world.drain()
        payment = await self.payment(payment["id"])
        assert payment["state"] == "awaiting_approval", payment
        return payment

    async def approve(self, payment: dict[str, Any], instrument: str = "first") -> None:
        await self.sandbox(f"orders/{payment['gateway_ref']}/approve", instrument=instrument)

    async def approved(self, invoice_id: UUID) -> dict[str, Any]:
        payment = await self.started(invoice_id)
        await self.approve(payment)
        return payment

    async def sandbox(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = await self.paypal.post(f"/_sandbox/{path}", json=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def poll(self, **span: float) -> None:
        """Time passes and the timer asks after payments that nobody told us about."""
        from skypanel.payments.jobs import follow_due_payments

        await self.world.pass_time(**(span or {"minutes": 2}))
        await self.world.house.queue.tick(follow_due_payments)
        await self.world.drain()

    def deliveries(self, event_type: str | None = None) -> list[Delivery]:
        """What PayPal has to tell, oldest first."""
        found = self.world.paypal.book.deliveries.values()
        return [each for each in found if event_type in (None, each.event_type)]

    async def deliver(self, delivery: Delivery, *, forged: bool = False) -> httpx.Response:
        raw = delivery.body.encode()
        headers = self.world.desk.app.state.courier.headers(delivery, raw, forged=forged)
        return await self.post_webhook(raw, headers)

    async def post_webhook(self, raw: bytes, headers: dict[str, str]) -> httpx.Response:
        """As PayPal posts it: no cookie, no origin."""
        transport = httpx.ASGITransport(self.world.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
            return await http.post("/api/v1/webhooks/paypal", content=raw, headers=headers)

    async def transfers(self, prefix: str) -> list[str]:
        rows = await self.world.rows(
            "select key from transfers where key like %s order by id", f"{prefix}%"
        )
        return [key for (key,) in rows]

    async def balances(self) -> dict[str, int]:
        """Every book's balance by kind; what is empty is left out."""
        rows = await self.world.rows(
            "select kind, sum(balance_minor)::bigint from books group by kind"
        )
        return {kind: minor for kind, minor in rows if minor}

    async def assert_settled_once(self, payment_id: str, invoice_id: UUID) -> None:
        """One capture, one ledger effect, one paid invoice with its number."""
        payment = await self.payment(payment_id)
        assert payment["state"] == "settled", payment
        assert len(self.world.paypal.book.captures) == 1
        assert await self.transfers("paypal:") == [f"paypal:{payment['capture_ref']}"]
        assert len(await self.transfers("paypal-fee:")) == 1
        assert await self.transfers("invoice:") == [f"invoice:{invoice_id}"]
        [(state, kind, paid, total)] = await self.world.rows(
            "select state, kind, paid_minor, total_minor from invoices where id = %s", invoice_id
        )
        assert (state, kind, paid) == ("paid", "tax", total)
        await self.assert_books_agree()

    async def assert_books_agree(self) -> None:
        [(total,)] = await self.world.rows("select coalesce(sum(amount_minor), 0) from entries")
        wrong = await self.world.rows(
            "select b.kind from books b left join entries e on e.book_id = b.id"
            " group by b.id having b.balance_minor <> coalesce(sum(e.amount_minor), 0)"
        )
        assert (total, wrong) == (0, [])


@asynccontextmanager
async def open_checkout(world: World) -> AsyncIterator[Checkout]:
    """A checkout whose PayPal holds its webhooks back until a test delivers them."""
    world.paypal.client_id, world.paypal.client_secret = "client", "secret"
    book = world.paypal.book
    book.hooks[HOOK] = Hook(id=HOOK, url="http://127.0.0.1:9/", event_types=["*"])
    book.faults.stopped = True
    try:
        async with httpx.AsyncClient(base_url=world.desk.url, trust_env=False) as paypal:
            yield Checkout(world, await world.customer(), paypal)
    finally:
        book.hooks.pop(HOOK, None)
