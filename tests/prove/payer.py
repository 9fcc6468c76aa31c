"""Whoever pays one invoice: every way there is to begin, approve, tell of it or give it up."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx

from skypanel.payments.jobs import follow_payment
from tests.payments.checkout import Checkout


class Payer:
    """An invoice's payments, as its customer and PayPal see them."""

    def __init__(self, checkout: Checkout, invoice_id: str) -> None:
        self._checkout = checkout
        self._world = checkout.world
        self.invoice_id = invoice_id

    async def payments(self) -> list[tuple[UUID, str, str | None]]:
        return await self._world.rows(  # type: ignore[return-value]
            "select id, state, gateway_ref from payments where invoice_id = %s order by id",
            UUID(self.invoice_id),
        )

    async def post(
        self, path: str, *, taken: tuple[int, ...] = (200, 201, 202, 409), **asked: Any
    ) -> httpx.Response:
        """Ask something that may well be refused, but never breaks."""
        answer = await self._checkout.person.http.post(f"/api/v1{path}", **asked)
        assert answer.status_code in taken, f"{path}: {answer.status_code} {answer.text}"
        return answer

    async def pay(self, gateway: str, **how: bool) -> None:
        wish = {"invoice_id": self.invoice_id, "gateway": gateway, **how}
        await self.post("/payments", json=wish)
        await self._world.drain()

    async def pay_twice(self) -> None:
        wishes = [{"invoice_id": self.invoice_id, "gateway": name} for name in ("paypal", "wallet")]
        await asyncio.gather(*(self.post("/payments", json=wish) for wish in wishes * 2))
        await self._world.drain()

    async def approve(self, instrument: str = "first") -> None:
        """Approve whatever stands open at PayPal, even what we have given up."""
        for _, _, ref in await self.payments():
            if ref is not None:
                path = f"/_sandbox/orders/{ref}/approve"
                await self._checkout.paypal.post(path, json={"instrument": instrument})

    async def come_back(self) -> None:
        """What the return page causes: the payment is followed now."""
        queue = self._world.house.queue
        async with self._world.house.transaction() as db:
            for payment_id, _, _ in await self.payments():
                queue.enqueue(db, follow_payment, payment_id=payment_id)
        await self._world.drain()

    async def give_up(self) -> None:
        for payment_id, _, _ in await self.payments():
            await self.post(f"/payments/{payment_id}/cancel")

    async def read_webhooks(self, times: int = 1) -> None:
        """PayPal's notices come, the latest first, each so many times."""
        for delivery in reversed(await self._deliveries()):
            for _ in range(times):
                answer = await self._checkout.deliver(delivery)
                assert answer.status_code == 200, answer.text
        await self._world.drain()

    async def forge(self) -> None:
        for delivery in (await self._deliveries())[:1]:
            answer = await self._checkout.deliver(delivery, forged=True)
            assert answer.status_code == 400, answer.text

    async def _deliveries(self) -> list[Any]:
        refs = {ref for _, _, ref in await self.payments()}
        captures = self._world.paypal.book.captures.values()
        captured = {each.id for each in captures if each.order_id in refs}
        found = self._checkout.deliveries()
        return [each for each in found if each.subject in refs | captured]
