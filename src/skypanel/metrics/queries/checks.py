"""The laws of sampling: that the round keeps up, and that the panel tells."""

from __future__ import annotations

from skypanel.findings.rules import Check

_RUNS = "exists (select from metric_pace where ran_at > %(now)s - interval '3 minutes')"
CHECKS = (
    Check(
        "samples_on_time",
        "Servers are sampled every five minutes",
        f"""
select 'metrics', 'late', null::uuid, late.count || ' servers wait for their sample, the oldest '
    || 'for ' || round(extract(epoch from %(now)s - late.oldest) / 60) || ' minutes: the rounds '
    || 'do not keep up'
from (
    select count(*) as count, min(s.due_at) as oldest
    from metric_standings s join servers v on v.id = s.server_id
    where s.due_at < %(now)s - interval '10 minutes'
        and v.state = 'ready' and v.standing = 'free' and v.virtfusion_ref is not null
) late
where late.count > 0 and {_RUNS}
""",  # noqa: S608 - a constant of this file
    ),
    Check(
        "bought_blocks_added",
        "Bought traffic is added or paid back within an hour",
        """
select 'server', p.server_id::text, p.account_id, p.gb || ' GB of traffic were bought '
    || round(extract(epoch from %(now)s - p.created_at) / 60)
    || ' minutes ago and are not there: ' || coalesce(p.error, 'no word')
from block_purchases p
where p.state in ('paid', 'adding') and p.created_at < %(now)s - interval '1 hour'
order by p.id
""",
    ),
    Check(
        "panel_tells_load",
        "The panel tells what servers do",
        f"""
select 'metrics', 'silent', null::uuid, silent.count || ' servers told nothing for '
    || round(extract(epoch from %(now)s - silent.since) / 60) || ' minutes: their charts have '
    || 'a gap'
from (
    select count(*) as count, min(s.failing_since) as since
    from metric_standings s join servers v on v.id = s.server_id
    where s.failing_since < %(now)s - interval '15 minutes'
        and v.state = 'ready' and v.standing = 'free'
) silent
where silent.count > 0 and {_RUNS}
""",  # noqa: S608 - a constant of this file
    ),
)
