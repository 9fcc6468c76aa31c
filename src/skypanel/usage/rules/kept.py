"""What of a month is kept on its row as it was: its tax, coupon, add-ons and earlier plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from skypanel.catalog.rules import TaxTreatment
from skypanel.platform.money import Money
from skypanel.usage.rules.rates import Extra, Off, Stretch


def write_tax(tax: TaxTreatment) -> dict[str, Any]:
    """A month's tax as it is kept on its row."""
    return {
        "rate": str(tax.rate),
        "kind": str(tax.kind),
        "note": tax.note,
        "label": tax.label,
        "included": None if tax.included is None else str(tax.included),
    }


def read_tax(kept: dict[str, Any]) -> TaxTreatment:
    """A month's tax as it was kept."""
    included = kept["included"]
    return TaxTreatment(
        rate=Decimal(kept["rate"]),
        kind=kept["kind"],
        note=kept["note"],
        label=kept["label"],
        included=None if included is None else Decimal(included),
    )


def write_off(off: Off | None) -> dict[str, Any] | None:
    """A month's coupon as it is kept on its row."""
    if off is None:
        return None
    until = None if off.until is None else off.until.isoformat()
    return {"code": off.code, "percent": str(off.percent), "until": until}


def read_off(kept: dict[str, Any] | None) -> Off | None:
    """A month's coupon as it was kept."""
    if kept is None:
        return None
    until = kept["until"]
    return Off(
        kept["code"], Decimal(kept["percent"]), None if until is None else date.fromisoformat(until)
    )


def write_extras(extras: Sequence[Extra]) -> list[dict[str, Any]]:
    """A month's add-ons as they are kept on its row."""
    return [
        {
            "name": each.name,
            "quantity": each.quantity,
            "price": str(each.price),
            "cap": None if each.cap is None else each.cap.minor,
        }
        for each in extras
    ]


def read_extras(kept: Sequence[dict[str, Any]], currency: str) -> tuple[Extra, ...]:
    """A month's add-ons as they were kept."""
    return tuple(
        Extra(each["name"], each["quantity"], Decimal(each["price"]), _money(each["cap"], currency))
        for each in kept
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def write_earlier(earlier: Sequence[Stretch]) -> list[dict[str, Any]]:
    """What a month has of plans before, as it is kept on its row."""
    return [
        {
            "name": each.name,
            "price": str(each.price),
            "cap": None if each.plan_cap is None else each.plan_cap.minor,
            "hours": each.hours,
            "whole": each.whole.minor,
            "used": each.used.minor,
            "begins_at": each.begins_at.isoformat(),
            "ends_at": each.ends_at.isoformat(),
        }
        for each in earlier
    ]


def read_earlier(kept: Sequence[dict[str, Any]], currency: str) -> tuple[Stretch, ...]:
    """What a month has of plans before, as it was kept."""
    return tuple(
        Stretch(
            name=each["name"],
            price=Decimal(each["price"]),
            plan_cap=_money(each["cap"], currency),
            hours=each["hours"],
            whole=Money(each["whole"], currency),
            used=Money(each["used"], currency),
            begins_at=datetime.fromisoformat(each["begins_at"]),
            ends_at=datetime.fromisoformat(each["ends_at"]),
        )
        for each in kept
    )
