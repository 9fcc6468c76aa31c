"""The laws of the house: each domain's own, and how they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from skypanel.addresses.queries import CHECKS as ADDRESSES
from skypanel.findings import queries as findings
from skypanel.findings.rules import Area, Check
from skypanel.ledger.queries import CHECKS as LEDGER
from skypanel.metrics.queries import CHECKS as METRICS
from skypanel.operations.rules import (
    LOOKED_TOO_LONG_AGO_SECONDS,
    PANEL_CHECKS,
    check_state,
    shown_finding,
)
from skypanel.orders.queries.checks import CHECKS as ORDERS
from skypanel.payments.queries.checks import CHECKS as PAYMENTS
from skypanel.platform.authority import Viewer
from skypanel.platform.db import Read
from skypanel.renewals.queries.checks import CHECKS as RENEWALS
from skypanel.servers.queries import CHECKS as SERVERS
from skypanel.usage.queries.checks import CHECKS as USAGE

QUEUE = (
    Check(
        "no_dead_job",
        "No job has given up",
        """
select 'job', job.id::text, null::uuid, job.name || ' gave up: ' || coalesce(job.error, 'no word')
from job_rows job
where job.status = 'failed' and not exists (
    -- A timer whose later run ended well has missed nothing.
    select from procrastinate_jobs dead
    join procrastinate_jobs later on later.task_name = dead.task_name and later.id > dead.id
        and later.status = 'succeeded'
    where dead.id = job.id and dead.args ? 'timestamp'
)
order by job.id
""",
    ),
    Check(
        "queue_moves",
        "Due jobs run within five minutes",
        """
select 'queue', 'oldest', null::uuid, 'a job has been due for '
    || round(extract(epoch from now() - oldest.at) / 60) || ' minutes: '
    || 'no worker runs, or all are busy'
from (
    select min(coalesce(job.scheduled_at, event.at)) as at
    from procrastinate_jobs job
    join procrastinate_events event on event.job_id = job.id and event.type = 'deferred'
    where job.status = 'todo' and coalesce(job.scheduled_at, now()) <= now()
) oldest
where oldest.at < now() - interval '5 minutes'
""",
    ),
)
PANEL = (
    Check(
        "panel_answers",
        "VirtFusion answers",
        """
select 'panel', gate.vendor, null::uuid, 'the panel has not answered since '
    || to_char(gate.failing_since_at, 'YYYY-MM-DD HH24:MI:SS') || ' UTC, ' || gate.failures
    || ' calls in a row; we look every minute at most. ' || coalesce(gate.error, '')
from vendor_gates gate where gate.vendor = 'virtfusion' and gate.shut_at is not null
""",
    ),
)
CHECKS: tuple[Check, ...] = (
    *LEDGER,
    *PAYMENTS,
    *ORDERS,
    *RENEWALS,
    *USAGE,
    *SERVERS,
    *METRICS,
    *ADDRESSES,
    *QUEUE,
    *PANEL,
)


async def health(read: Read, viewer: Viewer) -> dict[str, Any]:
    """Each law, how it stands and what breaks it: two statements."""
    titles = {check.name: check.title for check in CHECKS}
    return await overview(read, viewer, Area.INVARIANT, titles)


async def reconciliation(read: Read, viewer: Viewer) -> dict[str, Any]:
    """What differs between the panel and the services: two statements."""
    return await overview(read, viewer, Area.PANEL, PANEL_CHECKS)


async def overview(
    read: Read, viewer: Viewer, area: Area, titles: Mapping[str, str]
) -> dict[str, Any]:
    """Every check of an area, when it looked, and what stands: two statements."""
    looks = await findings.looks(read, area.value)
    standing: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in await findings.standing(read, area.value):
        standing[each["check"]].append(shown_finding(each, viewer.staff))
    checks = [
        _check(name, title, looks.get(name), standing[name]) for name, title in titles.items()
    ]
    ages = [float(each["age_seconds"]) for each in looks.values()]
    last = max((each["looked_at"] for each in checks if each["looked_at"]), default=None)
    return {
        "checks": checks,
        "looked_at": last,
        "late": not ages or min(ages) > LOOKED_TOO_LONG_AGO_SECONDS[area],
    }


def _check(
    name: str, title: str, look: Mapping[str, Any] | None, standing: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "state": check_state(look, standing),
        "since": min((each["opened_at"] for each in standing), default=None),
        "looked_at": look["looked_at"] if look else None,
        "error": look["error"] if look else None,
        "findings": standing,
    }
