"""Where a process can be killed: each beat of payment and provisioning, and of the doors to them."""

from __future__ import annotations

PAYMENT = (
    "skypanel.payments.jobs.checkout:_intent",
    "skypanel.integrations.paypal.client:PayPal.create_order",
    "skypanel.payments.jobs.checkout:record_opened",
    "skypanel.payments.jobs.checkout:_look",
    "skypanel.payments.jobs.checkout:_record",
    "skypanel.payments.jobs.checkout:record_reading",
    "skypanel.payments.jobs.checkout:begin_capture",
    "skypanel.payments.jobs.checkout:_capture",
    "skypanel.integrations.paypal.client:PayPal.capture_order",
    "skypanel.orders.actions:confirm_order",
)
PROVISIONING = (
    "skypanel.provisioning.actions:take_turn",
    "skypanel.integrations.virtfusion.client:VirtFusion.user",
    "skypanel.integrations.virtfusion.client:VirtFusion.create_user",
    "skypanel.provisioning.actions:note_user",
    "skypanel.integrations.virtfusion.client:VirtFusion.servers_of",
    "skypanel.provisioning.actions:intend_creation",
    "skypanel.integrations.virtfusion.client:VirtFusion.create_server",
    "skypanel.provisioning.actions:note_created",
    "skypanel.integrations.virtfusion.client:VirtFusion.add_ssh_key",
    "skypanel.provisioning.actions:intend_build",
    "skypanel.integrations.virtfusion.client:VirtFusion.build",
    "skypanel.provisioning.actions:note_building",
    "skypanel.integrations.virtfusion.client:VirtFusion.server",
    "skypanel.provisioning.actions:finish",
    "skypanel.orders.actions:complete_order",
)
# Before and after the verb, and around the commit: when the request came, when its answer leaves.
DOORS = (
    "skypanel.orders.actions:place_order",
    "skypanel.payments.api.payments:start_payment",
    "skypanel.payments.api.notices:store_webhook",
    "POST /api/v1/orders",
    "POST /api/v1/payments",
    "POST /api/v1/webhooks/paypal",
)
WORKER = (*PAYMENT, *PROVISIONING)
SIDES = ("before", "after")


def short(beat: str) -> str:
    """A beat as the report names it."""
    return beat.rsplit(":", maxsplit=1)[-1]


def token(beat: str, side: str) -> str:
    """The name of the file that arms a beat."""
    return f"{beat} {side}".replace("/", "|")
