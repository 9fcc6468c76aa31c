"""Laws of hourly billing, asked for what breaks them."""

from __future__ import annotations

from skypanel.findings.rules import Check

CHECKS = (
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
where s.cycle = 'hourly' and s.state in ('active', 'suspended')
    and s.activated_at < %(now)s - interval '10 minutes'
    and (m.id is null or (m.state = 'open' and m.counted_until < %(now)s - interval '2 hours')
        or (m.state = 'held' and not s.holds @> '["unpaid"]'))
order by s.id
""",
    ),
    Check(
        "prepaid_usage_is_open_months",
        "Prepaid usage is what open months were charged",
        """
select 'account', a.account_id::text, a.account_id,
    'the book of prepaid usage holds ' || a.held || ' ' || a.currency
        || ' (minor units), open months were charged ' || a.charged
from (
    select account_id, currency, sum(held)::bigint as held, sum(charged)::bigint as charged
    from (
        select account_id, currency, balance_minor as held, 0 as charged
        from books where kind = 'prepaid_usage'
        union all
        select account_id, currency, 0, charged_minor
        from usage_months where state in ('open', 'held', 'closing')
    ) sides
    group by account_id, currency
) a
where a.held <> a.charged
order by a.account_id
""",
    ),
)
