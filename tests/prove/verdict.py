"""What must be true when everybody has been served, however often processes were killed."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import httpx
import psycopg

from tests.prove.shopper import Bought
from tests.prove.stage import LOOK_SECONDS, Stage

QUIET_SECONDS = 120.0

PER_ORDER = """
select o.id, o.state, i.state, i.paid_minor, i.total_minor, s.virtfusion_ref, s.state,
    (select count(*) from payments p where p.invoice_id = i.id and p.state = 'settled'),
    (select count(*) from transfers t where t.key = 'invoice:' || i.id::text),
    (
        select count(*) from transfers t join payments p on t.key = 'paypal:' || p.capture_ref
        where p.invoice_id = i.id
    ),
    (select min(p.capture_ref) from payments p where p.invoice_id = i.id)
from orders o
join invoices i on i.id = o.invoice_id
join servers s on s.order_id = o.id
"""
UNBALANCED = """
select b.kind from books b left join entries e on e.book_id = b.id
group by b.id having b.balance_minor <> coalesce(sum(e.amount_minor), 0)
"""
TRANSITIONAL = """
select 'payment', id::text, state from payments
where state in ('creating', 'awaiting_approval', 'capturing', 'pending')
union all
select 'provision', id::text, state from provisions where state not in ('done', 'failed')
union all
select 'task', id::text, state from server_tasks where state in ('queued', 'running')
union all
select 'webhook', id::text, state from webhooks where state = 'waiting'
"""


async def quiet(stage: Stage) -> None:
    """Until nothing is under way any more: a late notice and the job of a killed worker take time."""
    left: list[Any] = []
    try:
        async with asyncio.timeout(QUIET_SECONDS):
            while True:
                with psycopg.connect(stage.dsn) as connection:
                    left = connection.execute(TRANSITIONAL).fetchall()
                if not left:
                    return
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise AssertionError(f"still under way: {left}") from None


def judge(stage: Stage, bought: list[Bought]) -> dict[str, int]:
    """One capture, one server, one ledger effect per order; the figures that say so."""
    with psycopg.connect(stage.dsn) as connection:
        rows = connection.execute(PER_ORDER).fetchall()
        total = connection.execute("select coalesce(sum(amount_minor), 0) from entries").fetchone()
        assert total == (0,), "the ledger does not sum to zero"
        assert connection.execute(UNBALANCED).fetchall() == []
        dead = connection.execute(
            "select task_name from procrastinate_jobs where status = 'failed'"
        ).fetchall()
    assert {row[0] for row in rows} == {one.order_id for one in bought}, "one order per customer"
    for _, order, invoice, paid, due, ref, server, settled, issued, booked, _ in rows:
        assert (order, invoice, server) == ("active", "paid", "ready")
        assert (paid, settled, issued, booked) == (due, 1, 1, 1)
        assert ref is not None
    captures = _captures(stage)
    assert Counter(row[10] for row in rows) == Counter(one["id"] for one in captures)
    assert all(one["status"] == "COMPLETED" for one in captures)
    standing = _standing(stage)
    assert sorted(row[5] for row in rows) == sorted(standing)
    return {
        "orders active": len(rows),
        "captures at PayPal": len(captures),
        "servers at the panel": len(standing),
        "jobs dead": len(dead),
        **{f"dead: {name}": count for name, count in Counter(name for (name,) in dead).items()},
    }


def _captures(stage: Stage) -> list[dict[str, Any]]:
    found: dict[str, Any] = httpx.get(f"{stage.paypal}/_sandbox/state", trust_env=False).json()
    captures: list[dict[str, Any]] = found["captures"]
    return captures


def _standing(stage: Stage) -> list[int]:
    kept = json.loads((stage.folder / "sandbox" / "panel.json").read_bytes())
    servers = kept.get("tables", kept)["servers"]
    return [int(ref) for ref in servers]
