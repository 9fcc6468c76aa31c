"""The laws as SQL: each statement finds what breaks it, and all are asked at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skypanel.operations.queries import CHECKS
from tests.world import World

# What a settled payment gave to its invoice: the gateway's part and the wallet's.
GIVEN = "(coalesce(p.taken_minor, 0) - p.to_wallet_minor + p.wallet_minor)"
MONEY = {
    "the ledger sums to zero": """
        select currency, sum(amount_minor) from entries group by 1 having sum(amount_minor) <> 0
    """,
    "every balance is the sum of its entries": """
        select b.kind from books b left join entries e on e.book_id = b.id
        group by b.id having b.balance_minor <> coalesce(sum(e.amount_minor), 0)
    """,
    "no wallet is below zero": """
        select id from books where kind = 'wallet' and balance_minor < 0
    """,
    "paid is never more than the total": """
        select id from invoices where paid_minor < 0 or paid_minor > total_minor
    """,
    "an invoice is paid by what was settled for it": f"""
        select i.id, i.paid_minor from invoices i
        left join payments p on p.invoice_id = i.id and p.state = 'settled'
        group by i.id having i.paid_minor <> coalesce(sum({GIVEN}), 0)
    """,
}
LAWS = {
    **MONEY,
    "one charge per order": f"""
        select p.invoice_id from payments p where p.state = 'settled' and {GIVEN} > 0
        group by 1 having count(*) > 1
    """,
    "what is paid is an active order, and what is not is none": """
        select o.id, o.state, i.state from orders o join invoices i on i.id = o.invoice_id
        where (o.state = 'active') <> (i.state = 'paid')
    """,
    "an active order has one ready server and an active service": """
        select o.id, v.state, s.state from orders o
        join services v on v.id = o.service_id
        left join servers s on s.order_id = o.id
        where o.state = 'active'
            and (v.state <> 'active' or s.state is distinct from 'ready')
    """,
    "nothing else is active": """
        select o.id from orders o join services v on v.id = o.service_id
        where o.state <> 'active' and v.state = 'active'
    """,
}
# What holds at any moment of a service's months, whatever was bought, changed and given back.
MONTHS = {
    **MONEY,
    "never more goes back than was paid": """
        select p.id from payments p left join refunds r on r.payment_id = p.id
            and r.state <> 'failed'
        group by p.id
        having coalesce(sum(r.amount_minor), 0) > coalesce(p.taken_minor, 0) + p.wallet_minor
            or coalesce(sum(r.amount_minor), 0) <> p.refunded_minor + p.returned_minor
    """,
    "never more is credited than was invoiced": """
        select i.id from invoices i left join invoices n on n.credits_id = i.id
        group by i.id
        having i.credited_minor > i.total_minor
            or i.credited_minor <> coalesce(sum(n.total_minor), 0)
    """,
    "nobody has more than they brought": """
        select a.id from accounts a
        join lateral (
            select coalesce(sum(e.amount_minor), 0) as minor from transfers t
            join entries e on e.transfer_id = t.id
            join books b on b.id = e.book_id and b.kind = 'wallet' and b.account_id = a.id
            where t.key like 'test:%'
        ) gift on true
        join lateral (
            select coalesce(sum(p.taken_minor), 0) as minor from payments p
            where p.account_id = a.id and p.state = 'settled'
        ) taken on true
        join lateral (
            select coalesce(sum(r.amount_minor), 0) as minor from refunds r
            where r.account_id = a.id and r.destination = 'payment' and r.state <> 'failed'
        ) back on true
        join lateral (
            select coalesce(sum(b.balance_minor), 0) as minor from books b
            where b.account_id = a.id and b.kind = 'wallet'
        ) wallet on true
        where wallet.minor + back.minor > gift.minor + taken.minor
    """,
    "one charge per service and period": """
        select service_id, number from renewals where state <> 'void'
        group by 1, 2 having count(*) > 1
        union all
        select a.service_id, a.number from renewals a join renewals b using (service_id)
        where a.number < b.number and a.period_ends_at > b.period_starts_at
            and a.state <> 'void' and b.state <> 'void'
    """,
    "no active service without a coming period": """
        select s.id from services s left join schedules n on n.service_id = s.id
        where s.state = 'active' and (s.period_ends_at <= :now or n.next_at is null
            or n.next_at <= :now or n.parked_at is not null)
    """,
    "one change of plan at a time": """
        select service_id from plan_changes
        where state in ('asked', 'awaiting_payment', 'scheduled', 'applying', 'failed')
        group by 1 having count(*) > 1
    """,
    "what is kept for a period is at most the dearest plan's price": """
        with paid as (
            select c.service_id, c.number, i.total_minor - i.credited_minor as kept
            from plan_changes c join invoices i on i.id = c.invoice_id and i.state = 'paid'
            union all
            select r.service_id, r.number, i.total_minor - i.credited_minor
            from renewals r join invoices i on i.id = r.invoice_id and i.state = 'paid'
            union all
            select o.service_id, 0, i.total_minor - i.credited_minor
            from orders o join invoices i on i.id = o.invoice_id and i.state = 'paid'
        )
        select service_id, number, sum(kept)::int from paid group by 1, 2
        having sum(kept) > 4000 or sum(kept) < 0
    """,
    "a change of plan gives its credit once": """
        select c.id from plan_changes c where c.state in ('applying', 'done', 'failed')
            and c.timing = 'now' and c.invoice_id is null
            and c.credit_net_minor + c.credit_tax_minor - c.charge_net_minor - c.charge_tax_minor
            <> (
                select coalesce(sum(n.total_minor), 0) from invoices n
                where c.notes @> to_jsonb(n.id::text)
            )
    """,
}
# The product's own alarms stay silent; this one goes by the machine's time.
ALARMS = {
    each.title: each.sql.decode()
    .replace("%(now)s", ":now")
    .replace("%(check)s", f"'{each.name}'")
    .replace("%%", "%")
    for each in CHECKS
    if each.name != "billing_run_runs"
}
# Rows on their way; when the clock was turned far enough there is none. Mails wait for a mail
# server, which a town does not have.
OPEN = """
select 'order', id::text, state from orders where state in ('awaiting_payment', 'paid', 'failed')
union all
select 'payment', id::text, state from payments
where state in ('creating', 'awaiting_approval', 'capturing', 'pending')
    or (state = 'declined' and approve_url is not null)
union all
select 'creation', id::text, state from provisions where state <> 'done'
union all
select 'task', id::text, state from server_tasks where state in ('queued', 'running')
union all
select 'webhook', id::text, state from webhooks where state = 'waiting'
union all
select 'job', id::text, task_name from procrastinate_jobs where status in ('todo', 'doing')
    and queue_name <> 'mail'
"""
ORDERS = "select state, count(*) from orders where id = %s group by state"


async def broken(world: World, laws: Mapping[str, str]) -> dict[str, list[Any]]:
    """Which of these laws do not hold, with what breaks them."""
    now = f"'{world.clock.now().isoformat()}'::timestamptz"
    asked = " union all ".join(
        f"select {number}, row_to_json(b)::text from ({sql}) b"
        for number, sql in enumerate(laws.values())
    )
    names, found = [*laws], dict[str, list[Any]]()
    for number, row in await world.rows(asked.replace(":now", now)):
        found.setdefault(names[number], []).append(row)
    return found
