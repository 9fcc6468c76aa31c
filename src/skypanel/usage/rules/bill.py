"""The invoice of a month of hours."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from skypanel.catalog.rules import exact
from skypanel.invoices.rules import InvoiceDraft, InvoiceKind, LineDraft
from skypanel.platform.money import Money
from skypanel.usage.rules.rates import Extra, Meter, Stretch


def draft_of(meter: Meter, today: date, *, kind: str = InvoiceKind.PROFORMA) -> InvoiceDraft:
    """The invoice of a month: its hours, a line per plan, its add-ons, and once the set-up."""
    rate = meter.rate
    lines = [_earlier_line(meter, each) for each in meter.earlier]
    if meter.hours or not meter.earlier:
        lines.append(_hours_line(meter))
    lines += [_extra_line(meter, each) for each in rate.extras]
    if rate.setup:
        lines.append(LineDraft.priced(rate.setup, rate.tax, description="Set-up, once"))
    return InvoiceDraft(
        account_id=meter.account_id,
        currency=rate.currency,
        due_on=today,
        kind=kind,
        lines=lines,
        tax_note=rate.tax.note,
    )


def _price_words(price: Decimal, currency: str, cap: Money | None) -> str:
    most = "" if cap is None else f", at most {cap} a month"
    return f"{exact(price)} {currency}{most}"


def _told(hours: int, first: datetime, last: datetime) -> list[tuple[str, str]]:
    return [
        ("Hours", str(hours)),
        ("First hour", f"{first:%Y-%m-%d %H:%M} UTC"),
        ("Counted until", f"{last:%Y-%m-%d %H:%M} UTC"),
    ]


def _hours_line(meter: Meter) -> LineDraft:
    rate, hours = meter.rate, meter.hours
    whole = Money.of(rate.price * hours, rate.currency)
    capped, used = rate.whole(hours), rate.used(hours)
    steps = [(f"{hours} hours x {exact(rate.price)} {rate.currency}", exact(rate.price * hours))]
    steps.append(("rounded to the minor unit", str(whole)))
    if capped != whole:
        steps.append(("capped at the month's price", str(capped)))
    if rate.off is not None:
        steps.append((f"{rate.off.code}: {exact(rate.off.percent)} % off", str(used)))
    return _line(
        meter, used, meter.name, _detail(meter, hours, rate.price, rate.cap), steps,
        (hours, meter.rate_since, meter.counted_until),
    )  # fmt: skip


def _earlier_line(meter: Meter, past: Stretch) -> LineDraft:
    currency = meter.rate.currency
    steps = [
        (f"{past.hours} hours x {exact(past.price)} {currency}", exact(past.price * past.hours))
    ]
    steps.append(("rounded, at most what was left of the month's price", str(past.whole)))
    if past.used != past.whole:
        steps.append(("with the coupon", str(past.used)))
    return _line(
        meter, past.used, past.name, _detail(meter, past.hours, past.price, past.plan_cap), steps,
        (past.hours, past.begins_at, past.ends_at),
    )  # fmt: skip


def _extra_line(meter: Meter, extra: Extra) -> LineDraft:
    rate, hours = meter.rate, meter.all_hours
    used = extra.used(hours, rate.currency)
    name = extra.name if extra.quantity == 1 else f"{extra.quantity} x {extra.name}"
    amount = extra.price * hours * extra.quantity
    steps = [(f"{extra.quantity} x {hours} hours x {exact(extra.price)} {rate.currency}",
              exact(amount))]  # fmt: skip
    steps.append(("rounded, at most its month's price", str(used)))
    return _line(
        meter, used, name, _detail(meter, hours, extra.price, extra.cap), steps,
        (hours, meter.begins_at, meter.counted_until),
    )  # fmt: skip


def _detail(meter: Meter, hours: int, price: Decimal, cap: Money | None) -> str:
    words = _price_words(price, meter.rate.currency, cap)
    return f"{meter.month:%B %Y}: {hours} hours x {words}"


def _line(
    meter: Meter,
    amount: Money,
    description: str,
    detail: str,
    steps: list[tuple[str, str]],
    counted: tuple[int, datetime, datetime],
) -> LineDraft:
    hours, first, last = counted
    return LineDraft.priced(
        amount,
        meter.rate.tax,
        description=description,
        detail=detail,
        period_start=first,
        period_end=last,
        told={"steps": steps, "usage": _told(hours, first, last)},
    )
