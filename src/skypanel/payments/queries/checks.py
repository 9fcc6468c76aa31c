"""Laws of payments, asked for what breaks them."""

from __future__ import annotations

from skypanel.findings.rules import Check

CHECKS = (
    Check(
        "money_has_its_place",
        "Money that was taken is booked and pays its invoice",
        """
with looked as (
    select p.* from payments p
    where p.state = 'settled' and p.settled_at > %(now)s - interval '3 days'
    union
    select p.* from payments p
    where p.id::text in (
        select f.subject_id from findings f
        where f.check_name = %(check)s and f.closed_at is null
    )
    union
    select p.* from payments p where p.state = 'failed' and p.capture_ref is not null
)
select 'payment', p.id::text, p.account_id, i.number || ': ' || case
        when p.state = 'failed' then 'the gateway took money that is not booked. '
            || coalesce(p.attention, '')
        when moved.id is null then 'settled, but no transfer of the ledger belongs to it'
        else 'settled, but its invoice is still open and nothing of it was paid'
    end
from looked p
join invoices i on i.id = p.invoice_id
left join lateral (
    select t.id from transfers t
    where t.account_id = p.account_id and t.subject_id = p.id limit 1
) moved on true
where p.state = 'failed' and p.capture_ref is not null and p.attention is not null
    or p.state = 'settled' and (
        moved.id is null
        or i.state = 'open' and i.paid_minor = 0 and i.credited_minor = 0
            and p.refunded_minor + p.returned_minor = 0
            and coalesce(p.taken_minor, 0) + p.wallet_minor > p.to_wallet_minor
    )
order by p.id
""",
    ),
)
