"""How long a document takes to be set, and what a hundred thousand invoices do to a list."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from skypanel.invoices.render import Look, render

PDF_SECONDS_MAX, PDF_ROUNDS = 0.150, 30
LIST_RATIO_MAX = 1.3
FEW, MANY = 100, 100_000
ACCOUNTS = {
    FEW: "01900000-0000-7000-8000-000000000100",
    MANY: "01900000-0000-7000-8000-000000100000",
}
LISTS = ("", "&state=open")
INVOICES = """
insert into invoices (id, account_id, kind, becomes, state, currency, proforma_number, number,
    issued_on, due_on, created_at, paid_at, net_minor, tax_minor, total_minor, paid_minor, buyer,
    seller)
select
    ('01900000-0000-7000-8000-' || lpad(to_hex(%(count)s::bigint * 1000000 + n), 12, '0'))::uuid,
    %(account)s, 'tax', 'tax',
    case when n %% 2 = 0 then 'open' else 'paid' end, 'EUR',
    'PRO-' || %(count)s::int || '-' || n,
    'INV-' || %(count)s::int || '-' || n, current_date, current_date,
    now(), case when n %% 2 = 0 then null else now() end, 1000, 190, 1190,
    case when n %% 2 = 0 then 0 else 1190 end, '{}', '{}'
from generate_series(1, %(count)s::int) n
"""


def furnish(dsn: str, user_id: str) -> None:
    """Two accounts of one user: one with a hundred invoices, one with a hundred thousand."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for count, account in ACCOUNTS.items():
            connection.execute(
                "insert into accounts (id, name, currency, state, created_at)"
                " values (%s, 'Bench', 'EUR', 'active', now())",
                (account,),
            )
            connection.execute(
                "insert into members (account_id, user_id, role, joined_at)"
                " values (%s, %s, 'owner', now())",
                (account, user_id),
            )
            connection.execute(INVOICES, {"account": account, "count": count})
        connection.execute("vacuum analyze invoices")


def list_lines(load: Callable[[str], float], rounds: int) -> list[str]:
    """Lines of the table: how much slower the lists of many are than those of few."""
    lines = []
    for more in LISTS:
        paths = {n: f"/api/v1/invoices?account_id={id_}{more}" for n, id_ in ACCOUNTS.items()}
        seen = [{n: load(path) for n, path in paths.items()} for _ in range(rounds)]
        few = statistics.median(each[FEW] for each in seen)
        many = statistics.median(each[MANY] for each in seen)
        ratio = statistics.median(each[FEW] / each[MANY] for each in seen)
        name = f"25 of {MANY:,} invoices{' that are open' if more else ''}, floor: of {FEW}"
        lines.append(f"| {name} | {few:.0f} | {many:.0f} | {ratio:.2f} | ≤ {LIST_RATIO_MAX} |")
    return lines


def pdf_line() -> str:
    """A line of the table: setting one invoice, with its XML, code and metadata."""
    invoice = sample()
    render(invoice, Look())  # the library is loaded once for a worker's life
    took = []
    for _ in range(PDF_ROUNDS):
        began = time.perf_counter()
        render(invoice, Look())
        took.append(time.perf_counter() - began)
    shown = statistics.median(took) * 1000
    return f"| an invoice's PDF, milliseconds | | {shown:.0f} | | ≤ {PDF_SECONDS_MAX * 1000:.0f} |"


def sample() -> dict[str, Any]:
    """An invoice of ten lines, to be paid by transfer."""

    def euro(minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": "EUR"}

    line = {
        "description": "CX 3, Falkenstein", "detail": "web-1.example, 1 month", "quantity": 1,
        "unit_price": euro(1000), "net": euro(1000), "tax_rate": "0.19", "tax": euro(190),
        "period_start": datetime(2026, 11, 1, tzinfo=UTC),
        "period_end": datetime(2026, 12, 1, tzinfo=UTC),
    }  # fmt: skip
    party = {
        "name": "Ada Byron",
        "line1": "Way 1",
        "postal_code": "1",
        "city": "B",
        "country": "DE",
    }
    return {
        "kind": "tax", "becomes": "tax", "state": "open", "number": "INV-2026-000042",
        "proforma_number": None, "currency": "EUR", "issued_on": date(2026, 11, 2),
        "due_on": date(2026, 11, 16), "paid_at": None, "net": euro(10_000), "tax": euro(1900),
        "total": euro(11_900), "open": euro(11_900), "credited": euro(0), "tax_note": "",
        "reason": None, "corrects": None, "lines": [line] * 10, "buyer": party,
        "seller": {**party, "tax_number": "DE811907980", "iban": "DE02120300000000202051"},
    }  # fmt: skip
