"""Laws of hourly billing, asked for what breaks them."""

from __future__ import annotations

from skypanel.findings.rules import Check

CHECKS = (
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
