"""What PayPal told us: kept as it came, read once."""

from __future__ import annotations

import contextlib
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from skypanel.payments.events import WebhookStored
from skypanel.payments.models import Payment, Webhook
from skypanel.payments.rules import WEBHOOK_STATES
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance


async def store_webhook(
    db: Db, *, event_ref: str, event_type: str, raw: bytes, provider: str = "paypal"
) -> None:
    """Keep a verified delivery, once per event. Publishes WebhookStored."""
    kept = insert(Webhook).values(
        id=new_id(),
        provider=provider,
        event_ref=event_ref[:120],
        event_type=event_type[:80],
        raw=raw,
        received_at=db.now,
        state="waiting",
    )
    webhook_id = await db.scalar(
        kept.on_conflict_do_nothing(index_elements=["provider", "event_ref"]).returning(Webhook.id)
    )
    if webhook_id is not None:
        db.publish(WebhookStored(webhook_id))


async def payment_of(
    db: Db, *, order_ref: str | None, capture_ref: str | None, custom_id: str | None
) -> UUID | None:
    """The PayPal payment an event is about."""
    about = []
    if order_ref:
        about.append(Payment.gateway_ref == order_ref)
    if capture_ref:
        about.append(Payment.capture_ref == capture_ref)
    with contextlib.suppress(ValueError):
        about.append(Payment.id == UUID(custom_id or ""))
    if not about:
        return None
    found = await db.scalars(
        select(Payment.id).where(Payment.gateway == "paypal", or_(*about)).limit(1)
    )
    return found.first()


async def close_webhook(
    db: Db, webhook_id: UUID, verb: str, *, note: str | None = None, payment_id: UUID | None = None
) -> None:
    """Say what became of a delivery: `close` it, or `park` it for staff to read."""
    webhook = await db.get_one(Webhook, webhook_id, with_for_update=True)
    advance(db, webhook, WEBHOOK_STATES, verb, note=note)
    webhook.note = note
    webhook.payment_id = payment_id
