"""Signed webhooks on their way: sent at once, again until taken, late, out of order or forged."""

from __future__ import annotations

import asyncio
import json
import uuid
import zlib
from collections.abc import Sequence
from typing import Any

import httpx

from skypanel.integrations.paypal.simulator.state import Attempt, Delivery, State, new_ref
from skypanel.integrations.paypal.simulator.wire import stamp
from skypanel.platform.clock import Clock

TIMEOUT_SECONDS = 10.0
RETRY_AFTER_SECONDS = (1.0, 3.0, 10.0, 30.0, 60.0, 300.0)


class Courier:
    """Delivers events to the registered URLs, in tasks of the running loop."""

    def __init__(
        self,
        state: State,
        clock: Clock,
        *,
        http: httpx.AsyncClient | None,
        retry_after_seconds: Sequence[float] = RETRY_AFTER_SECONDS,
    ) -> None:
        self._state = state
        self._clock = clock
        self._http = http
        self._own_http: httpx.AsyncClient | None = None
        self._retry_after_seconds = retry_after_seconds
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(
        self, event_type: str, resource_type: str, resource: dict[str, Any], summary: str
    ) -> None:
        """Send an event to every URL that asked for its kind."""
        now = self._clock.now()
        event = {
            "id": f"WH-{new_ref()}-{new_ref()}",
            "event_version": "1.0",
            "create_time": stamp(now),
            "resource_type": resource_type,
            "resource_version": "2.0",
            "event_type": event_type,
            "summary": summary,
            "resource": resource,
        }
        # Spaces and raw UTF-8 on purpose: who writes the event anew gets another checksum.
        body = json.dumps(event, ensure_ascii=False, separators=(", ", ":"))
        for hook in self._state.book.hooks.values():
            if event_type not in hook.event_types and "*" not in hook.event_types:
                continue
            delivery = Delivery(
                id=str(uuid.uuid4()),
                event_id=str(event["id"]),
                event_type=event_type,
                subject=str(resource.get("id", "")),
                hook_id=hook.id,
                url=hook.url,
                body=body,
                created_at=now,
            )
            self._state.book.deliveries[delivery.id] = delivery
            self._launch(delivery)
        self._state.save()

    def _launch(self, delivery: Delivery) -> None:
        faults = self._state.book.faults
        if faults.stopped:
            delivery.state = "withheld"
            return
        batch = [delivery]
        if faults.out_of_order:
            held = self._held()
            if not held:
                delivery.state = "held"
                return
            batch += held
        self._start(batch, faults.delay_seconds)

    def _held(self) -> list[Delivery]:
        return [each for each in self._state.book.deliveries.values() if each.state == "held"]

    def release(self) -> None:
        """Send what was held back or withheld, once the switches are off again."""
        faults = self._state.book.faults
        if faults.stopped or faults.out_of_order:
            return
        waiting = [
            each
            for each in self._state.book.deliveries.values()
            if each.state in {"held", "withheld"}
        ]
        for delivery in waiting:
            self._start([delivery], 0.0)

    def resume(self) -> None:
        """Take up what a stopped process had not delivered."""
        for delivery in list(self._state.book.deliveries.values()):
            if delivery.state == "waiting":
                self._start([delivery], 0.0)

    def send_again(self, delivery: Delivery, *, forged: bool) -> None:
        """Deliver once more, as PayPal's own resend does; a forged one bears a false signature."""
        self._keep(asyncio.create_task(self._once(delivery, forged=forged)))

    def _start(self, batch: list[Delivery], delay_seconds: float) -> None:
        for delivery in batch:
            delivery.state = "waiting"
        self._keep(asyncio.create_task(self._carry(batch, delay_seconds)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, batch: list[Delivery], delay_seconds: float) -> None:
        if delay_seconds:
            await asyncio.sleep(delay_seconds)
        for delivery in batch:
            await self._until_taken(delivery)

    async def _until_taken(self, delivery: Delivery) -> None:
        for pause_seconds in (*self._retry_after_seconds, None):
            faults = self._state.book.faults
            forged = faults.forge > 0
            faults.forge = max(0, faults.forge - 1)
            await self._once(delivery, forged=forged)
            if delivery.state == "delivered" or pause_seconds is None:
                break
            await asyncio.sleep(pause_seconds)
        if delivery.state != "delivered":
            delivery.state = "failed"
        self._state.save()

    async def _once(self, delivery: Delivery, *, forged: bool) -> None:
        raw = delivery.body.encode()
        status, error = 0, None
        try:
            answer = await self._client().post(
                delivery.url,
                content=raw,
                headers=self.headers(delivery, raw, forged=forged),
                timeout=TIMEOUT_SECONDS,
            )
            status = answer.status_code
        except httpx.HTTPError as failure:
            error = f"{type(failure).__name__}: {failure}"
        now = self._clock.now()
        delivery.attempts.append(Attempt(at=now, status=status, error=error, forged=forged))
        if 200 <= status < 300 and not forged:
            delivery.state = "delivered"
        self._state.save()

    def headers(self, delivery: Delivery, raw: bytes, *, forged: bool) -> dict[str, str]:
        """PayPal's transmission headers over these bytes."""
        authority, base = self._state.authority, self._state.book.base_url
        at = stamp(self._clock.now())
        signed = f"{delivery.id}|{at}|{delivery.hook_id}|{zlib.crc32(raw)}"
        if forged:
            signed += "0"
        return {
            "Content-Type": "application/json",
            "User-Agent": "PayPal/AUHR-1.0-1",
            "PAYPAL-TRANSMISSION-ID": delivery.id,
            "PAYPAL-TRANSMISSION-TIME": at,
            "PAYPAL-TRANSMISSION-SIG": authority.sign(signed),
            "PAYPAL-CERT-URL": f"{base}/v1/notifications/certs/{authority.cert_id}",
            "PAYPAL-AUTH-ALGO": "SHA256withRSA",
            "PAYPAL-AUTH-VERSION": "v2",
        }

    def _client(self) -> httpx.AsyncClient:
        if self._http is not None:
            return self._http
        if self._own_http is None:
            self._own_http = httpx.AsyncClient(trust_env=False)
        return self._own_http

    async def drain(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Drop what is on its way; what was not delivered stays on file."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._own_http is not None:
            await self._own_http.aclose()
            self._own_http = None
