"""What the doors of customers take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from skypanel.customers.rules import check_country
from skypanel.identity.rules.places import Email, Language, Name, Password, Zone

_LINE = r"^[^\x00-\x1f\x7f]*$"
Country = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$"), AfterValidator(check_country)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=160, pattern=_LINE)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120, pattern=_LINE)]
Kind = Literal["consumer", "business"]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=_LINE)]


class Registration(BaseModel):
    """A sign-up; the first account is opened with it."""

    model_config = ConfigDict(extra="forbid")
    name: Name
    email: Email
    password: Password
    country: Country | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    language: Language = "en"
    time_zone: Zone = "UTC"
    company: Short | None = None


class Registered(BaseModel):
    email: str


class ProfileView(BaseModel):
    id: UUID
    name: str
    company: str | None
    line1: str | None
    line2: str | None
    postal_code: str | None
    city: str | None
    state: str | None
    country: str | None
    tax_number: str | None
    kind: Kind
    tax_number_state: Literal["none", "unchecked", "valid", "invalid", "not_checkable"]
    tax_number_checked_at: datetime | None
    currency: str
    time_zone: str
    language: str
    can: list[str]


class EditProfile(BaseModel):
    """What is left out stays; an empty line is taken off."""

    model_config = ConfigDict(extra="forbid")
    name: Name | None = None
    company: Line | None = None
    line1: Line | None = None
    line2: Line | None = None
    postal_code: Code | None = None
    city: Short | None = None
    state: Short | None = None
    country: Country | None = None
    tax_number: (
        Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=_LINE)]
        | None
    ) = None
    kind: Kind | None = None
    time_zone: Zone | None = None
    language: Language | None = None


class CheckShown(BaseModel):
    """What the register said of a number; the consultation number is the proof."""

    id: UUID
    number: str
    valid: bool
    consultation_ref: str
    name: str
    address: str
    checked_at: datetime


class Checks(BaseModel):
    items: list[CheckShown]
    next: str | None


class CheckAsked(BaseModel):
    """The question was put in line."""

    accepted: bool
