"""Tax rules and treatments, as doors take and give them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

TaxKindWord = Literal["none", "domestic", "oss", "reverse_charge", "outside", "local"]


class TaxShown(BaseModel):
    """The rate, why it is that, and what the invoice will say of it."""

    rate: str
    kind: TaxKindWord
    label: str
    note: str


class TaxRuleWish(BaseModel):
    """A rate for a place, as a fraction: "0.08875"."""

    model_config = ConfigDict(extra="forbid")
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    state: Annotated[str, Field(max_length=60)] = ""
    customer_kind: Literal["any", "consumer", "business"] = "any"
    rate: Annotated[Decimal, Field(ge=0, le=1, max_digits=6, decimal_places=5)]
    label: Annotated[str, Field(min_length=1, max_length=40)] = "Tax"
    note: Annotated[str, Field(max_length=300)] = ""
    starts_on: date
    ends_on: date | None = None


class TaxRuleEnd(BaseModel):
    """The last day on which a rule holds."""

    model_config = ConfigDict(extra="forbid")
    ends_on: date


class TaxRuleShown(BaseModel):
    """A rate that staff set."""

    id: UUID
    country: str
    state: str
    customer_kind: Literal["any", "consumer", "business"]
    rate: str
    label: str
    note: str
    starts_on: date
    ends_on: date | None


class TaxRules(BaseModel):
    items: list[TaxRuleShown]
    next: str | None


class BuiltinRate(BaseModel):
    country: str
    rate: str


class BuiltinRates(BaseModel):
    """The standard rates that hold today where no rule says otherwise, and whose they are."""

    source: str
    items: list[BuiltinRate]
    next: str | None
