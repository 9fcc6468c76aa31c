"""One question over customers, servers, invoices and orders: the command palette's."""

from __future__ import annotations

from typing import Any

from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.reporting.queries.written import Written
from skypanel.reporting.rules import pattern

EACH = 6
NUMBER_DIGITS_MAX = 15
PERMISSIONS = {
    "customer": "customers.view",
    "server": "servers.view",
    "invoice": "invoices.view",
    "order": "orders.view",
}
FOUND = Written("""
(
    select 'customer', a.id, a.name, u.email
    from users u join members m on m.user_id = u.id join accounts a on a.id = m.account_id
    where 'customer' = any(%(kinds)s)
        and (u.email ilike %(q)s or u.name ilike %(q)s or a.name ilike %(q)s)
    order by a.id desc limit %(each)s
)
union all
(
    select 'server', s.id, s.hostname, concat_ws(' · ', nullif(s.label, ''), s.ipv4, a.name)
    from servers s join accounts a on a.id = s.account_id
    where 'server' = any(%(kinds)s)
        and (
            s.hostname ilike %(q)s or s.label ilike %(q)s
            or s.ipv4 ilike %(q)s or s.ipv6 ilike %(q)s
        )
    order by s.id desc limit %(each)s
)
union all
(
    select 'invoice', i.id, i.number, a.name || ' · ' || i.state
    from invoices i join accounts a on a.id = i.account_id
    where 'invoice' = any(%(kinds)s)
        and (i.number ilike %(q)s or i.proforma_number ilike %(q)s)
    order by i.id desc limit %(each)s
)
union all
(
    select 'order', o.id, o.number::text, o.hostname || ' · ' || a.name
    from orders o join accounts a on a.id = o.account_id
    where 'order' = any(%(kinds)s)
        and (o.hostname ilike %(q)s or o.number = %(number)s)
    order by o.id desc limit %(each)s
)
""")


async def search(read: Read, viewer: Viewer, q: str) -> list[dict[str, Any]]:
    """What matches, of the kinds this member of staff may see; six of each at most."""
    kinds = [kind for kind, permission in PERMISSIONS.items() if permission in viewer.staff]
    digits = q.strip().lstrip("#")
    number = int(digits) if digits.isdecimal() and len(digits) <= NUMBER_DIGITS_MAX else None
    rows = await FOUND.all(read, kinds=kinds, q=pattern(q), number=number, each=EACH)
    return [
        {"kind": kind, "id": found_id, "title": title, "detail": detail}
        for kind, found_id, title, detail in dict.fromkeys(rows)
    ]
