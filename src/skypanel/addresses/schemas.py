"""What the doors of extra addresses take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from skypanel.ledger.schemas import Amount
from skypanel.renewals.schemas import WhyNot


class AddressOffer(BaseModel):
    """An address that can be bought: its price of a period, and with tax for what is left now."""

    addon_id: UUID
    name: str
    description: str
    price: Amount
    days_left: int
    days_whole: int
    periods_ahead: int
    total: Amount
    refusal: WhyNot | None


class ExtraAddress(BaseModel):
    """An address that was bought apart from the order, or given back."""

    id: UUID
    server_id: UUID
    name: str
    state: Literal[
        "awaiting_payment", "paid", "adding", "active", "leaving", "taking", "gone", "refunded",
        "cancelled", "expired",
    ]  # fmt: skip
    address: str | None
    price: Amount
    invoice_id: UUID | None
    error: str | None
    created_at: datetime
    given_at: datetime | None
    ends_at: datetime | None
    closed_at: datetime | None
    can: list[str]


class ExtraAddresses(BaseModel):
    """A server's extra addresses, latest first, what another costs, and which can go."""

    server_id: UUID
    extras: list[ExtraAddress]
    offers: list[AddressOffer]
    refusal: WhyNot | None
    returnable: list[str]
    can: list[str]


class AddressWish(BaseModel):
    """Buy one at the total that was shown."""

    model_config = ConfigDict(extra="forbid")
    addon_id: UUID
    quoted_minor: Annotated[int, Field(ge=0)]
    use_wallet: bool = True


class AddressReturn(BaseModel):
    """Give this address back at the end of what is paid."""

    model_config = ConfigDict(extra="forbid")
    address: Annotated[str, Field(max_length=45)]
