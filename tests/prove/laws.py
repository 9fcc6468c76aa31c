"""The laws as SQL: each statement finds what breaks it."""

from __future__ import annotations

# What a settled payment gave to its invoice: the gateway's part and the wallet's.
GIVEN = "(coalesce(p.taken_minor, 0) - p.to_wallet_minor + p.wallet_minor)"
LAWS = {
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
# Rows on their way; when the clock was turned far enough there is none.
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
"""
ORDERS = "select state, count(*) from orders where id = %s group by state"
