"""What happens to an unpaid invoice and its service, in days; and the steps there are."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from skypanel.platform.settings import Section
from skypanel.platform.states import Table

Days = Annotated[int, Field(ge=0, le=90)]


APPROVED_AHEAD_DAYS_MAX = 92  # as far as the preview sees


class Step(StrEnum):
    """What can be done to a service; at one instant in this order."""

    ISSUE = "issue"
    COLLECT = "collect"
    REMIND = "remind"
    ROLL = "roll"
    SUSPEND = "suspend"
    END = "end"
    TERMINATE = "terminate"
    ERASE = "erase"


RENEWAL_STATES: Table = {
    "open": {"pay": "paid", "void": "void"},
    "paid": {},
    "void": {},
    "free": {},
}
RANK = {step: rank for rank, step in enumerate(Step)}


class Policy(BaseModel):
    """The life of an unpaid invoice in days; `remind` and `collect` count from the due day.

    An invoice is issued `invoice` days before it is due, which is the day its period begins.
    Nothing is suspended or terminated where the number of days is null.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=60)] = "Standard"
    invoice: Days = 7
    remind: Annotated[tuple[Annotated[int, Field(ge=-60, le=90)], ...], Field(max_length=8)] = (
        -3, 1, 3,
    )  # fmt: skip
    collect: Annotated[tuple[Days, ...], Field(max_length=8)] = (0, 1, 3)
    suspend: Days | None = 5
    terminate: Days | None = 14
    erase: Days = 7

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.suspend is None and self.terminate is not None:
            raise ValueError("Nothing is terminated that was not suspended before.")
        if self.terminate is not None and self.suspend is not None:
            if self.terminate < self.suspend:
                raise ValueError("A service is suspended before it is terminated.")
            if self.erase == 0:
                raise ValueError("Keep what is on a terminated server for a day at least.")
        if list(self.remind) != sorted(set(self.remind)):
            raise ValueError("Reminders are different days in their order.")
        if list(self.collect) != sorted(set(self.collect)):
            raise ValueError("Charges are tried on different days in their order.")
        return self


class RenewalSettings(Section):
    """Bounds of the billing run: an account beyond them is parked, the others go on."""

    section: ClassVar[str] = "renewals"
    title: ClassVar[str] = "Billing run"
    invoices_a_day_max: Annotated[int, Field(ge=1)] = 500
    invoices_a_service_day_max: Annotated[int, Field(ge=1)] = 2


def explain(policy: Policy) -> list[dict[str, Any]]:
    """A policy as the timeline that staff read: days counted from the day an invoice is due."""
    rows: list[tuple[int, int, str]] = [(-policy.invoice, 0, "The invoice is issued.")]
    rows += [(day, 1, "A charge is tried: credit, wallet, saved method.") for day in policy.collect]
    rows += [(day, 2, "A reminder is sent.") for day in policy.remind]
    if policy.suspend is not None:
        rows.append((policy.suspend, 3, "The service is suspended."))
    if policy.terminate is not None:
        rows.append((policy.terminate, 4, "The service is terminated; its data is kept."))
        rows.append((policy.terminate + policy.erase, 5, "The data is erased."))
    return [{"day": day, "text": text} for day, _, text in sorted(rows)]
