"""Opening what was found, closing what is right again, taking note of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from skypanel.findings.errors import FindingClosed, RepairUnderWay
from skypanel.findings.events import (
    ChecksLooked,
    FindingChanged,
    FindingsOpened,
    RepairAsked,
)
from skypanel.findings.models import Finding
from skypanel.findings.queries import OPENED_NOW
from skypanel.findings.rules import FOUND_MAX, SAME_WITHIN, TEXT_CHARACTERS, Area, Found
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.ids import new_id

LOCK = "select pg_advisory_xact_lock(hashtext('findings.' || %(area)s))"
SEEN = """
from unnest(
    %(ids)s::uuid[], %(kinds)s::text[], %(subjects)s::text[], %(accounts)s::uuid[],
    %(texts)s::text[], %(facts)s::jsonb[]
) as seen (id, kind, subject, account_id, text, facts)
"""
# What went away a moment ago and is here again is the same trouble: its row is opened again.
REOPEN = f"""
update findings set closed_at = null {SEEN}
where findings.check_name = %(check)s and findings.closed_at > %(lately)s
    and findings.subject_kind = seen.kind and findings.subject_id = seen.subject
    and findings.id = (
        select last.id from findings last
        where last.check_name = %(check)s and last.subject_kind = seen.kind
            and last.subject_id = seen.subject
        order by last.id desc limit 1
    )
"""  # noqa: S608 - constants only
OPEN = f"""
insert into findings (
    id, area, check_name, subject_kind, subject_id, account_id, text, facts, digest_id,
    opened_at, seen_at
)
select seen.id, %(area)s, %(check)s, seen.kind, seen.subject, seen.account_id, seen.text,
    seen.facts, %(digest)s, %(now)s, %(now)s
{SEEN}
on conflict (check_name, subject_kind, subject_id) where closed_at is null
do update set text = excluded.text, facts = excluded.facts, account_id = excluded.account_id,
    seen_at = excluded.seen_at
"""
CLOSE = f"""
update findings set closed_at = %(now)s
where check_name = %(check)s and closed_at is null
    and subject_id <> all(%(spare)s::text[])
    and (subject_kind, subject_id) not in (select kind, subject {SEEN})
"""  # noqa: S608 - constants only
# By the machine's own time: whether anybody still looks must not depend on the company's clock.
NOTE = """
insert into check_looks (check_name, area, looked_at, tried_at, found, error)
values (%(check)s, %(area)s, %(now)s, clock_timestamp(), coalesce(%(found)s::int, 0), %(error)s)
on conflict (check_name) do update set tried_at = excluded.tried_at, error = excluded.error,
    looked_at = case when %(found)s::int is null then check_looks.looked_at else %(now)s end,
    found = coalesce(%(found)s::int, check_looks.found)
"""


class Look:
    """One look of several checks, written down together: what opened is told in one digest."""

    def __init__(self, db: Db, area: Area) -> None:
        self._db = db
        self._area = area
        self._digest_id = new_id()
        self._changed = 0

    async def begin(self) -> None:
        """One look of an area at a time."""
        await self._db.run(LOCK, area=self._area.value)

    async def record(
        self, check: str, found: Sequence[Found], *, spare: Collection[str] = ()
    ) -> None:
        """What a check found; what it found before and no longer does is closed.

        Findings about the subjects in `spare` stand: it did not look at them.
        """
        db = self._db
        keyed = {(each.subject_kind, each.subject_id): each for each in found}
        rows = list(keyed.values())
        parameters = {
            "ids": [new_id() for _ in rows],
            "kinds": [each.subject_kind for each in rows],
            "subjects": [each.subject_id for each in rows],
            "accounts": [each.account_id for each in rows],
            "texts": [each.text[:TEXT_CHARACTERS] for each in rows],
            "facts": [msgspec.json.encode(dict(each.facts)).decode() for each in rows],
            "check": check,
            "now": db.now,
            "spare": list(spare),
        }
        if rows:
            self._changed += await db.run(REOPEN, **parameters, lately=db.now - SAME_WITHIN)
            await db.run(OPEN, **parameters, area=self._area.value, digest=self._digest_id)
        if len(found) < FOUND_MAX:
            self._changed += await db.run(CLOSE, **parameters)
        await self._note(check, len(rows), None)

    async def record_failure(self, check: str, error: str) -> None:
        """A check could not look: what it found before stands."""
        await self._note(check, None, error)

    async def _note(self, check: str, found: int | None, error: str | None) -> None:
        await self._db.run(
            NOTE,
            check=check,
            area=self._area.value,
            now=self._db.now,
            found=found,
            error=error and error[:TEXT_CHARACTERS],
        )

    async def end(self) -> None:
        """Tell, once, what is new. Publishes FindingsOpened and ChecksLooked."""
        opened = await OPENED_NOW.one(self._db, digest=self._digest_id)
        if opened:
            self._db.publish(FindingsOpened(self._digest_id))
        if opened or self._changed:
            self._db.publish(ChecksLooked(self._area.value))


async def lock_finding(db: Db, finding_id: UUID) -> Finding:
    """The finding as it stands now, locked until this unit of work ends."""
    found = await db.get(Finding, finding_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def acknowledge(db: Db, finding_id: UUID, reason: str) -> None:
    """Staff know of it and say why it may stand. Refuses `finding_closed`.

    It still closes by itself when it is right again. Publishes FindingChanged.
    """
    found = await lock_finding(db, finding_id)
    if found.closed_at is not None:
        raise FindingClosed
    found.acknowledged_at, found.acknowledged_by = db.now, db.actor.name[:200]
    found.reason = reason[:TEXT_CHARACTERS]
    audit(db, "finding.acknowledge", "finding", found.id, account_id=found.account_id,
          check=found.check_name, about=found.text, reason=reason)  # fmt: skip
    db.publish(FindingChanged(found.id))


async def ask_repair(db: Db, finding_id: UUID, verb: str, reason: str) -> None:
    """Let something be done about it; one thing at a time. Publishes RepairAsked.

    Refuses `finding_closed` and `repair_under_way`.
    """
    found = await lock_finding(db, finding_id)
    if found.closed_at is not None:
        raise FindingClosed
    if found.repair_state == "asked":
        raise RepairUnderWay
    found.repair, found.repair_note, found.repair_at = verb, None, db.now
    _repair(found, "asked")
    audit(db, f"finding.{verb}", "finding", found.id, account_id=found.account_id,
          check=found.check_name, about=found.text, reason=reason)  # fmt: skip
    db.publish(RepairAsked(found.id))


async def end_repair(db: Db, finding_id: UUID, *, done: bool, note: str) -> None:
    """What came of it. Publishes FindingChanged."""
    found = await lock_finding(db, finding_id)
    if found.repair_state != "asked":
        return
    _repair(found, "done" if done else "failed")
    found.repair_note, found.repair_at = note[:TEXT_CHARACTERS], db.now
    if done:  # should it not be so after all, the next look opens it again
        found.closed_at = db.now
    audit(db, "finding.repaired" if done else "finding.not_repaired", "finding", found.id,
          account_id=found.account_id, repair=found.repair, note=note)  # fmt: skip
    db.publish(FindingChanged(found.id))


def _repair(found: Finding, state: str) -> None:
    found.repair_state = state
