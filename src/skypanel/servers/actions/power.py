"""What power servers were seen in, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from skypanel.platform.db import Db
from skypanel.servers.events import ServerChanged

# Whoever asks something of a server right now knows better, and so does whoever looked later.
NOTE = """
update servers v set power = w.power, power_checked_at = w.at
from unnest(%(ids)s::uuid[], %(powers)s::text[], %(at)s::timestamptz[]) as w (id, power, at)
join servers before on before.id = w.id
where v.id = w.id and v.state = 'ready' and v.standing = 'free'
    and (v.power_checked_at is null or v.power_checked_at < w.at)
    and (v.power <> w.power or v.power_checked_at is null
        or v.power_checked_at < w.at - interval '1 hour')
    and not exists (
        select from server_tasks t where t.server_id = v.id and t.state in ('queued', 'running')
    )
returning v.id, v.account_id, before.power <> v.power
"""


async def note_powers(db: Db, seen: Sequence[tuple[UUID, bool, datetime]]) -> None:
    """Write down which of these servers ran when. Publishes ServerChanged for those that differ."""
    connection = await db.driver()
    changed = await connection.execute(
        NOTE.encode(),
        {
            "ids": [server_id for server_id, _, _ in seen],
            "powers": ["running" if runs else "stopped" for _, runs, _ in seen],
            "at": [at for _, _, at in seen],
        },
    )
    for server_id, account_id, differs in await changed.fetchall():
        if differs:
            db.publish(ServerChanged(server_id, account_id))
