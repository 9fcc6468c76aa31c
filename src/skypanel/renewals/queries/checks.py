"""Laws of the billing run, asked for what breaks them."""

from __future__ import annotations

from skypanel.findings.rules import Check

CHECKS = (
    Check(
        "one_charge_per_period",
        "One charge per service and period",
        """
with looked as (
    select r.* from renewals r
    where r.state <> 'void' and (
        r.billed_at > %(now)s - interval '45 days'
        or r.service_id::text in (
            select f.subject_id from findings f
            where f.check_name = %(check)s and f.closed_at is null
        )
    )
)
select 'service', s.id::text, s.account_id,
    s.name || ': ' || count(*) || case when count(*) = 1 then ' period was' else ' periods were' end
        || ' billed twice, the last from ' || to_char(max(twice.starts_at), 'YYYY-MM-DD')
from (
    select later.service_id, later.period_starts_at as starts_at
    from looked later
    join renewals earlier on earlier.service_id = later.service_id and earlier.id < later.id
        and earlier.state <> 'void'
        and earlier.period_starts_at < later.period_ends_at
        and later.period_starts_at < earlier.period_ends_at
    union all
    select first.service_id, first.period_starts_at
    from looked first join services bought on bought.id = first.service_id
    where first.number = 0 and bought.trial_days = 0 and first.total_minor > 0
        -- The first period of an adopted server was not paid with its order.
        and not exists (
            select from orders o where o.service_id = bought.id and o.kind = 'adopted'
        )
) twice
join services s on s.id = twice.service_id
group by s.id
order by s.id
""",
    ),
    Check(
        "coming_period",
        "Every active service has a coming period",
        """
select 'service', s.id::text, s.account_id, s.name || ': ' || case
        when plan.service_id is null then 'nothing is planned, it would never be billed'
        when plan.parked_at is not null then 'parked: ' || coalesce(plan.parked_because, '')
        when plan.next_at is null then 'no step is next, it would never be billed'
        when plan.next_at < %(now)s - interval '15 minutes'
            then plan.next_step || ' was due ' || to_char(plan.next_at, 'YYYY-MM-DD HH24:MI')
                || ' UTC and is not done'
        else 'its period ended ' || to_char(s.period_ends_at, 'YYYY-MM-DD HH24:MI') || ' UTC'
    end
from services s
left join schedules plan on plan.service_id = s.id
where s.state = 'active' and s.cycle <> 'hourly'
    and s.activated_at < %(now)s - interval '10 minutes'
    and (
        plan.service_id is null or plan.parked_at is not null or plan.next_at is null
        or plan.next_at < %(now)s - interval '15 minutes'
        or s.period_ends_at < %(now)s - interval '1 hour'
    )
    and not exists (
        select from run_gates gate
        where gate.needed and plan.parked_at is null and plan.next_at <= %(now)s
            and plan.next_at > coalesce(gate.approved_until, '-infinity')
    )
order by s.id
""",
    ),
    Check(
        "hours_are_counted",
        "Every hourly service is counted",
        """
select 'service', s.id::text, s.account_id, s.name || ': ' || case
        when m.id is null then 'nothing counts its hours'
        else 'counted until ' || to_char(m.counted_until at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
            || ' UTC only'
    end
from services s
left join usage_months m on m.service_id = s.id and m.state in ('open', 'held')
left join run_gates gate on gate.needed
where s.cycle = 'hourly' and s.state in ('active', 'suspended')
    and s.activated_at < %(now)s - interval '10 minutes'
    and (m.id is null or (m.state = 'open' and m.counted_until < case
                when gate.id is null then %(now)s
                else least(%(now)s, coalesce(gate.approved_until, '-infinity'))
            end - interval '2 hours')
        or (m.state = 'held' and not s.holds @> '["unpaid"]'))
order by s.id
""",
    ),
    Check(
        "run_is_approved",
        "What is due for the billing run is approved",
        """
select 'run', 'approval', null::uuid, count(*)
    || case when count(*) = 1 then ' service waits' else ' services wait' end
    || ' for an approval of the billing run, the first since '
    || to_char(min(due.at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
from (
    select next_at as at from schedules where parked_at is null and next_at <= %(now)s
    union all
    select counted_until from usage_months where state = 'open' and counted_until <= %(now)s
) due
join run_gates gate on gate.needed
where due.at > coalesce(gate.approved_until, '-infinity')
having count(*) > 0
""",
    ),
    Check(
        "billing_run_runs",
        "The billing run runs",
        """
select 'job', 'renewals.bill_due_services', null::uuid, case
        when run.at is null then 'it never ran to its end'
        else 'it last ended ' || to_char(run.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
    end
from (
    select (
        select event.at
        from procrastinate_jobs job
        join procrastinate_events event on event.job_id = job.id and event.type = 'succeeded'
        where job.task_name = 'renewals.bill_due_services' and job.status = 'succeeded'
        order by job.id desc limit 1
    ) as at
) run
where (run.at is null or run.at < now() - interval '10 minutes')
    and exists (select from schedules)
""",
    ),
)
