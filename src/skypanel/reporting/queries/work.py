"""What is being done at the panel, or could not be: creations and tasks in one list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.platform.read import Page
from skypanel.reporting.queries.written import Written

FAILED_SHOWN: Final = timedelta(days=7)
WORK = Written("""
select work.id, work.kind, work.state, work.since, work.attempts, work.error, work.asker,
    s.id, s.hostname, work.order_id, a.id, a.name
from (
    select p.id, 'create' as kind, case when p.state = 'failed' then 'failed' else 'running' end
        as state, p.created_at as since, p.attempts, p.error, null as asker, p.server_id, p.order_id
    from provisions p
    where p.state <> 'done' and p.id < %(before)s
    union all
    select t.id, t.kind, t.state, t.created_at, t.asks, t.error, t.actor_name, t.server_id, null
    from server_tasks t
    where t.id < %(before)s and (
        t.state in ('queued', 'running') or (t.state = 'failed' and t.finished_at > %(since)s)
    )
) work
join servers s on s.id = work.server_id
join accounts a on a.id = s.account_id
where %(state)s = '' or (work.state = 'failed') = (%(state)s = 'failed')
order by work.id desc
limit %(limit)s
""")


async def work_page(read: Read, viewer: Viewer, page: Page, *, state: str) -> dict[str, Any]:
    """Newest first; what failed stands for a week."""
    may_retry = "servers.operate" in viewer.staff

    def shape(
        work_id: Any, kind: str, stands: str, since: Any, attempts: int, error: str | None,
        asker: str | None, server_id: Any, hostname: str, order_id: Any, account_id: Any, name: str,
    ) -> dict[str, Any]:  # fmt: skip
        return {
            "id": work_id,
            "kind": kind,
            "state": stands,
            "since": since,
            "attempts": attempts,
            "error": error,
            "asked_by": asker,
            "server_id": server_id,
            "hostname": hostname,
            "order_id": order_id,
            "account_id": account_id,
            "account_name": name,
            "can": ["retry"] if kind == "create" and stands == "failed" and may_retry else [],
        }

    asked = {
        "before": page.before,
        "limit": page.limit + 1,
        "since": read.now - FAILED_SHOWN,
        "state": state,
    }
    return page.answer(await read.rows(WORK, asked), shape)
