"""States of an order, and the story its customer reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field

from skypanel.platform.settings import Section
from skypanel.platform.states import Table

ORDER_STATES: Table = {
    "awaiting_payment": {"confirm": "paid", "cancel": "cancelled", "expire": "expired"},
    "paid": {"complete": "active", "fail": "failed"},
    "failed": {"complete": "active", "retry": "paid", "give_up": "closing"},
    "closing": {"refund": "refunded"},
    "refunded": {},
    "active": {"reopen": "paid"},
    "cancelled": {},
    "expired": {},
}
ADOPTED: Final = "adopted"
TAKEN_OVER = "It ran before it was ordered here: it was taken over as it is."
GIVING_BACK = "We could not make your server. The order is being closed; what you paid goes back."
GIVEN_BACK = "We could not make your server. The order is closed and what you paid was given back."
FAILED = "We could not make your server. Our staff have been told and are looking at it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to buy; never its price or size."""

    account_id: UUID
    plan_id: UUID
    location_id: UUID
    image_id: UUID
    cycle: str
    hostname: str
    label: str = ""
    ssh_key_ids: tuple[UUID, ...] = ()
    new_key: tuple[str, str] | None = None
    password_login: bool = False
    addons: tuple[tuple[UUID, int], ...] = ()
    coupon: str = ""


@dataclass(frozen=True, slots=True)
class BuildWish:
    """What provisioning makes of an order."""

    order_id: UUID
    account_id: UUID
    service_id: UUID
    plan_id: UUID
    location_id: UUID
    image_id: UUID
    plan: dict[str, Any]
    location: dict[str, Any]
    image: dict[str, Any]
    hostname: str
    label: str
    ssh_public_keys: list[tuple[str, str]]
    password_login: bool
    state: str
    ipv4_count: int


def order_number(number: int) -> str:
    """How an order's number is written: ORD-1001."""
    return f"ORD-{number}"


def _step(
    step: str, state: str, at: datetime | None = None, message: str | None = None
) -> dict[str, Any]:
    return {"step": step, "state": state, "at": at, "message": message}


def timeline(order: dict[str, Any], server: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The five steps from the click to the running server, as they stand now."""
    if order["state"] in ("closing", "refunded"):
        given = GIVING_BACK if order["state"] == "closing" else GIVEN_BACK
        return [
            _step("ordered", "done", order["created_at"]),
            _paid(order),
            _step("ready", "failed", order["closed_at"], given),
        ]
    if order["kind"] == ADOPTED and order["state"] == "active":
        return [_step("ready", "done", order["created_at"], TAKEN_OVER)]
    return [
        _step("ordered", "done", order["created_at"]),
        _paid(order),
        *_making(order, server),
    ]


def _paid(order: dict[str, Any]) -> dict[str, Any]:
    if order["paid_at"] is not None:
        return _step("paid", "done", order["paid_at"])
    if order["state"] == "awaiting_payment":
        until = f"{order['expires_at']:%H:%M} UTC"
        return _step(
            "paid", "current", None, f"We hold this server for you until {until}; pay to get it."
        )
    said = {
        "cancelled": "The order was cancelled before it was paid.",
        "expired": "No payment came in time, so the order was closed. You were not charged.",
    }
    return _step("paid", "failed", order["closed_at"], said.get(order["state"]))


def _making(order: dict[str, Any], server: dict[str, Any] | None) -> list[dict[str, Any]]:
    names = ("allocating", "installing", "ready")
    if order["paid_at"] is None:
        return [_step(name, "waiting") for name in names]
    if server is None:
        return [
            _step("allocating", "current", order["paid_at"]),
            _step("installing", "waiting"),
            _step("ready", "waiting"),
        ]
    installing_at, ready_at = server["installing_at"], server["ready_at"]
    reached = 2 if ready_at else 1 if installing_at else 0
    if server["state"] == "allocating":
        reached = 0
    begun = (server["created_at"], installing_at, ready_at)
    steps = []
    for index, name in enumerate(names):
        if index < reached or (index == reached and ready_at and reached == len(names) - 1):
            steps.append(_step(name, "done", begun[index]))
        elif index > reached:
            steps.append(_step(name, "waiting"))
        elif server["state"] == "failed":
            steps.append(_step(name, "failed", begun[index], server["message"] or FAILED))
        else:
            steps.append(_step(name, "current", begun[index], server["message"]))
    return steps


class OrderSettings(Section):
    """What becomes of orders whose server can't be made."""

    section: ClassVar[str] = "orders"
    title: ClassVar[str] = "Orders without a server"
    refund_failed_after_hours: Annotated[int, Field(ge=0, le=720)] = Field(
        0,
        title="Refund by itself after, in hours",
        description="Hours after the payment in which no server could be made; then the order is"
        " closed and refunded by itself. 0: staff decide.",
    )
    refund_failed_to: Literal["payment", "wallet"] = Field(
        "payment",
        title="Money goes back to",
        description="Where its money goes: back to the payment it came by, or to the wallet. What"
        " a gateway can't give back goes to the wallet.",
    )


def refund_refused(kind: str, state: str, cycle: str, *, served: bool) -> str:
    """Why an order can't be refunded and closed; nothing where it can."""
    if kind == ADOPTED:
        return "Nothing was paid with this order: its server was taken over."
    if state != "failed":
        return "Only an order whose server could not be made can be refunded and closed."
    if cycle == "hourly":
        return "Hours are not paid before: end its service instead."
    if served:
        return "Its server ran before it was lost. Refund on its invoices what is unused."
    return ""
