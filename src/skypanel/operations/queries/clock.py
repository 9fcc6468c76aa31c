"""Where the sandbox's clock stands, and what followed when it was turned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, func, select

from skypanel.operations.models import ClockTurn
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query, money
from skypanel.renewals.models import Schedule
from skypanel.reporting.queries.written import Written

LISTED_MAX = 500
SOON = timedelta(seconds=3)
COLUMNS = (
    ClockTurn.id,
    ClockTurn.state,
    ClockTurn.asked_by,
    ClockTurn.from_at,
    ClockTurn.to_at,
    ClockTurn.reached_at,
    ClockTurn.ended_at,
    ClockTurn.steps,
    ClockTurn.trouble,
)
TURNS: Query[dict[str, Any]] = Query(
    select(*COLUMNS)
    .where(ClockTurn.id < bindparam("before", type_=Uuid()))
    .order_by(ClockTurn.id.desc())
    .limit(bindparam("limit"))
)
ONE: Query[dict[str, Any]] = Query(
    select(*COLUMNS).where(ClockTurn.id == bindparam("id", type_=Uuid()))
)
RUNNING: Query[dict[str, Any]] = Query(select(*COLUMNS).where(ClockTurn.state == "running"))
NEXT_ACT: Query[datetime | None] = Query(
    select(func.min(Schedule.next_at).label("next_at")).where(
        Schedule.parked_at.is_(None), Schedule.next_at > bindparam("now", type_=DateTime(True))
    ),
    lambda next_at: next_at,
)
BUSY = Written("""
select exists (
    select from procrastinate_jobs job
    where job.task_name <> 'operations.follow_turn' and (
        job.status = 'doing'
        or job.status = 'todo' and coalesce(job.scheduled_at, now()) <= now() + interval '3 seconds'
    )
)
""")
FOLLOWED = Written("""
select happened.kind, happened.at, happened.text, happened.subject_kind, happened.subject_id,
    a.id, a.name, happened.minor, happened.currency
from (
    (
        select 'act' as kind, act.done_at as at,
            act.step || case when act.outcome = 'done' then '' else ': ' || act.outcome end
                || ' · ' || s.name as text,
            'service' as subject_kind, s.id::text as subject_id, act.account_id,
            act.amount_minor as minor, act.currency, act.id
        from renewal_acts act join services s on s.id = act.service_id
        where act.done_at > %(from)s and act.done_at <= %(until)s
        order by act.done_at, act.id limit 500
    )
    union all
    (
        select 'invoice', i.created_at, 'invoice ' || i.number, 'invoice', i.id::text,
            i.account_id, i.total_minor, i.currency, i.id
        from invoices i
        where i.created_at > %(from)s and i.created_at <= %(until)s and i.state <> 'draft'
        order by i.created_at, i.id limit 500
    )
    union all
    (
        select 'payment', p.settled_at, 'paid by ' || p.gateway, 'payment', p.id::text,
            p.account_id, p.amount_minor, p.currency, p.id
        from payments p
        where p.state = 'settled' and p.settled_at > %(from)s and p.settled_at <= %(until)s
        order by p.settled_at, p.id limit 500
    )
    union all
    (
        select 'mail', m.created_at, 'mail: ' || m.subject, 'mail', m.id::text, m.account_id,
            null, null, m.id
        from mail_messages m
        where m.created_at > %(from)s and m.created_at <= %(until)s
        order by m.created_at, m.id limit 500
    )
    union all
    (
        select 'server', change.at,
            rtrim(change.subject_kind, 's') || ' ' || change.state_after || ': '
                || coalesce(v.hostname, s.name),
            case when v.id is null then 'service' else 'server' end, change.subject_id::text,
            coalesce(v.account_id, s.account_id), null, null, change.id
        from state_changes change
        left join servers v on v.id = change.subject_id and change.subject_kind = 'servers'
        left join services s on s.id = change.subject_id and change.subject_kind = 'services'
        where change.subject_kind in ('servers', 'services')
            and change.at > %(from)s and change.at <= %(until)s
        order by change.at, change.id limit 500
    )
    union all
    (
        select 'task', t.created_at, t.kind || ': ' || v.hostname, 'server', v.id::text,
            t.account_id, null, null, t.id
        from server_tasks t join servers v on v.id = t.server_id
        where t.created_at > %(from)s and t.created_at <= %(until)s
        order by t.created_at, t.id limit 500
    )
) happened
left join accounts a on a.id = happened.account_id
order by happened.at, happened.id
limit 501
""")


async def is_busy(read: Read) -> bool:
    """Whether jobs run or are due within seconds, the turning of the clock aside."""
    [busy] = await BUSY.one(read)
    return bool(busy)


async def next_act(read: Read) -> datetime | None:
    """When the billing run has something to do next."""
    return await NEXT_ACT.one(read, now=read.now)


async def clock(read: Read, ahead: timedelta) -> dict[str, Any]:
    """Where the company's clock stands and whether it is being turned: two statements."""
    return {
        "now": read.now,
        "ahead_seconds": int(ahead.total_seconds()),
        "next_act_at": await next_act(read),
        "turning": await RUNNING.one(read),
    }


async def turns_page(read: Read, page: Page) -> dict[str, Any]:
    """How it was turned, latest first."""
    return await TURNS.page(read, page)


async def get_turn(read: Read, turn_id: UUID) -> dict[str, Any]:
    """One turn with exactly what followed, in order: two statements."""
    turn = await ONE.one(read, id=turn_id)
    if turn is None:
        raise NotFound
    until = turn["ended_at"] or read.now
    rows = await FOLLOWED.all(read, **{"from": turn["from_at"], "until": until})
    return {
        **turn,
        "more": len(rows) > LISTED_MAX,
        "followed": [
            {
                "kind": kind,
                "at": at,
                "text": text,
                "subject": {"kind": subject_kind, "id": subject_id},
                "account_id": account_id,
                "account_name": account_name,
                "amount": None if currency is None else money(minor, currency),
            }
            for (
                kind, at, text, subject_kind, subject_id, account_id, account_name, minor, currency,
            ) in rows[:LISTED_MAX]
        ],
    }  # fmt: skip
