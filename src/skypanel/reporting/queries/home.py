"""The staff's home: what needs a person, oldest first, and the last fourteen days."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from skypanel.platform.db import Read
from skypanel.platform.read import money
from skypanel.reporting.queries.queue import queue_figures
from skypanel.reporting.queries.written import Written
from skypanel.reporting.rules import LATE, TITLES, days_from, first_day, whole_series

# Every branch is bounded, so that a bad night neither hides the other branches nor fills a page.
ATTENTION = Written("""
select * from (
    (
        select 'job_dead', job.name, coalesce(job.error, ''), job.finished_at,
            'job', job.id::text, 'look'
        from job_rows job where job.status = 'failed' order by job.id limit 25
    )
    union all
    (
        select 'order_stuck', o.hostname, a.name, o.paid_at, 'order', o.id::text, 'look'
        from orders o join accounts a on a.id = o.account_id
        where o.state = 'paid' and o.paid_at < %(late)s
        order by o.id limit 25
    )
    union all
    (
        select 'provision_failed', o.hostname, coalesce(p.error, ''),
            coalesce(p.finished_at, p.created_at), 'order', o.id::text, 'retry'
        from provisions p join orders o on o.id = p.order_id
        where p.state = 'failed' order by p.id limit 25
    )
    union all
    (
        select 'resize_failed', c.name, coalesce(c.error, ''), coalesce(c.asked_at, c.applied_at),
            'service', c.service_id::text, 'retry'
        from plan_changes c where c.state = 'failed' order by c.id limit 25
    )
    union all
    (
        select 'payment_parked', a.name, coalesce(p.attention, p.message, ''), p.created_at,
            'payment', p.id::text, 'look'
        from payments p join accounts a on a.id = p.account_id
        where p.attention is not null or (p.state = 'failed' and p.created_at > %(since)s)
        order by p.id limit 25
    )
    union all
    (
        select 'webhook_parked', w.event_type, coalesce(w.note, ''), w.received_at,
            case when w.payment_id is null then null else 'payment' end,
            w.payment_id::text, 'look'
        from webhooks w where w.state = 'parked' order by w.id limit 25
    )
    union all
    (
        select 'mail_refused', m.subject, m."to" || ': ' || coalesce(m.last_error, ''),
            m.created_at, 'mail', m.id::text, 'retry'
        from mail_messages m where m.state = 'refused' order by m.id limit 25
    )
    union all
    (
        select 'invoice_overdue', i.number, a.name, i.due_on::timestamp at time zone %(zone)s,
            'invoice', i.id::text, 'look'
        from invoices i join accounts a on a.id = i.account_id
        where i.state = 'open' and i.due_on < %(today)s
            and i.paid_minor + i.credited_minor < i.total_minor
        order by i.due_on, i.id limit 25
    )
    union all
    (
        select 'ledger_difference', coalesce(b.kind, 'all books') || ' ' || d.currency,
            'recorded ' || d.recorded_minor || ', by its entries ' || d.rebuilt_minor
                || ' (minor units)',
            d.found_at, case when b.id is null then null else 'book' end, b.id::text, 'look'
        from ledger_differences d left join books b on b.id = d.book_id
        where d.settled_at is null order by d.id limit 25
    )
) as wanted (kind, name, detail, since, subject_kind, subject_id, action)
order by since, kind
limit 100
""")
# A server was made in so many seconds where nobody had to help: one that failed and was retried
# waited for staff, and a clock that was turned back meanwhile says nothing.
DAYS = Written("""
select 'money', (settled_at at time zone %(zone)s)::date, currency, sum(amount_minor)::bigint
from payments
where state = 'settled' and gateway <> 'wallet' and settled_at >= %(first)s
group by 2, 3
union all
select 'orders', (created_at at time zone %(zone)s)::date, null, count(*)
from orders
where created_at >= %(first)s
group by 2
union all
select 'made', (ready_at at time zone %(zone)s)::date, null,
    percentile_disc(0.5) within group (order by extract(epoch from ready_at - created_at))::bigint
from servers
where ready_at >= %(first)s and ready_at >= created_at and not exists (
    select from state_changes change
    where change.subject_id = servers.id and change.verb = 'fail'
)
group by 2
order by 2
""")
NOW = Written("""
select
    (select count(*) from servers where state = 'ready'),
    (
        select percentile_disc(0.5) within group (
            order by extract(epoch from ready_at - created_at)
        )::bigint
        from servers
        where ready_at >= %(first)s and ready_at >= created_at and not exists (
            select from state_changes change
            where change.subject_id = servers.id and change.verb = 'fail'
        )
    )
""")
# The queue keeps no history of its depth: how long its latest jobs waited stands in for it.
WAITS = Written("""
select date_trunc('hour', started.at) as hour,
    max(extract(epoch from started.at - written.at))::bigint
from (
    select id from procrastinate_jobs
    where scheduled_at is null order by id desc limit 2000
) latest
join procrastinate_events written on written.job_id = latest.id and written.type = 'deferred'
join lateral (
    select min(event.at) as at from procrastinate_events event
    where event.job_id = latest.id and event.type = 'started'
) started on started.at is not null
where started.at > now() - interval '1 day'
group by 1
order by 1
""")


async def attention(read: Read, zone: str) -> list[dict[str, Any]]:
    """What needs a person, oldest first: one statement."""
    first, since = first_day(read.now, zone)
    rows = await ATTENTION.all(
        read,
        late=read.now - LATE,
        since=since,
        today=days_from(first)[-1],
        zone=zone,
    )
    return [
        {
            "kind": kind,
            "title": TITLES[kind].format(name=name),
            "detail": detail,
            "since": at,
            "subject": None if subject_id is None else {"kind": subject, "id": subject_id},
            "action": action,
        }
        for kind, name, detail, at, subject, subject_id, action in rows
    ]


async def figures(read: Read, zone: str, currency: str) -> dict[str, Any]:
    """Today's figures and the series of the last fourteen local days: four statements."""
    first, since = first_day(read.now, zone)
    days = days_from(first)
    found: dict[str, dict[date, Any]] = {"orders": {}, "made": {}}
    taken: dict[str, dict[date, int]] = defaultdict(dict)
    for kind, day, code, count in await DAYS.all(read, zone=zone, first=since):
        if kind == "money":
            taken[code][day] = count
        else:
            found[kind][day] = count
    ready, median = await NOW.one(read, first=since)
    queue = await queue_figures(read)
    taken = taken or {currency: {}}
    today = days[-1]
    return {
        "figures": {
            "revenue_today": [
                money(amounts[today], code) for code, amounts in taken.items() if today in amounts
            ],
            "orders_today": found["orders"].get(today, 0),
            "servers_ready": ready,
            "provisioning_p50_seconds": median,
            "queue_oldest_seconds": queue.oldest_seconds,
            "jobs_dead": queue.dead,
        },
        "series": {
            "revenue": [
                {"on": day, "amount": money(amounts.get(day, 0), code)}
                for code, amounts in taken.items()
                for day in days
            ],
            "orders": whole_series(days, found["orders"], "count", 0),
            "provisioning_seconds": whole_series(days, found["made"], "p50", None),
            "queue": [
                {"at": hour, "oldest_seconds": seconds} for hour, seconds in await WAITS.all(read)
            ],
        },
    }
