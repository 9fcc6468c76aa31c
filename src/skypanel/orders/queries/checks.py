"""Laws of orders, asked for what breaks them."""

from __future__ import annotations

from skypanel.findings.rules import Check

CHECKS = (
    Check(
        "paid_order_served",
        "Every paid order has its server",
        """
select 'order', o.id::text, o.account_id,
    'ORD-' || o.number || ' for ' || o.hostname || ' was paid '
        || to_char(o.paid_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC: '
        || case o.state when 'failed' then coalesce(o.failure, 'it failed')
            when 'closing' then 'it is given up and not refunded yet'
            else 'there is no server yet' end
from orders o
where o.state in ('paid', 'failed', 'closing') and o.paid_at < %(now)s - interval '10 minutes'
order by o.id
""",
    ),
)
