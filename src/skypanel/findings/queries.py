"""What stands, what stood, and when somebody last looked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Integer,
    String,
    Uuid,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
)

from skypanel.findings.models import CheckLook, Finding
from skypanel.identity.models import Account, StaffMember, User
from skypanel.identity.rules import STAFF_ROLES
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.read import Page, Query

SHOWN_MAX = 400
_COLUMNS = (
    Finding.id,
    Finding.area,
    Finding.check_name.label("check"),
    Finding.subject_kind,
    Finding.subject_id,
    Finding.account_id,
    Account.name.label("account_name"),
    Finding.text,
    Finding.facts,
    Finding.opened_at,
    Finding.closed_at,
    Finding.acknowledged_at,
    Finding.acknowledged_by,
    Finding.reason,
    Finding.repair,
    Finding.repair_state,
    Finding.repair_note,
)
_FINDINGS = select(*_COLUMNS).outerjoin(Account, Account.id == Finding.account_id)
_area = bindparam("area", type_=String())
_check = bindparam("check", type_=String())
_open = cast(bindparam("is_open", type_=Boolean()), Boolean)
STANDING: Query[dict[str, Any]] = Query(
    _FINDINGS.where(Finding.closed_at.is_(None), Finding.area == _area)
    .order_by(Finding.acknowledged_at.is_not(None), Finding.id)
    .limit(SHOWN_MAX)
)
PAGE: Query[dict[str, Any]] = Query(
    _FINDINGS.where(
        Finding.area == _area,
        or_(_check.is_(None), Finding.check_name == _check),
        or_(_open.is_(None), Finding.closed_at.is_(None) == _open),
        Finding.id < bindparam("before", type_=Uuid()),
    )
    .order_by(Finding.id.desc())
    .limit(bindparam("limit", type_=Integer()))
)
ONE: Query[dict[str, Any]] = Query(_FINDINGS.where(Finding.id == bindparam("id", type_=Uuid())))
LOOKS: Query[dict[str, Any]] = Query(
    select(
        CheckLook.check_name.label("check"),
        CheckLook.looked_at,
        CheckLook.error,
        extract("epoch", func.clock_timestamp() - CheckLook.tried_at).label("age_seconds"),
    ).where(CheckLook.area == _area)
)
OPENED_NOW: Query[bool] = Query(
    select(literal(1)).where(Finding.digest_id == bindparam("digest", type_=Uuid())).limit(1),
    lambda _: True,
)
DIGEST: Query[dict[str, Any]] = Query(
    select(Finding.check_name.label("check"), Finding.text, Finding.area)
    .where(
        Finding.digest_id == bindparam("digest", type_=Uuid()),
        Finding.closed_at.is_(None),
    )
    .order_by(Finding.area, Finding.check_name, Finding.id)
    .limit(50)
)
COUNTS: Query[tuple[str, int, int]] = Query(
    select(
        Finding.check_name,
        func.sum(case((Finding.acknowledged_at.is_(None), 1), else_=0)),
        func.sum(case((Finding.acknowledged_at.is_not(None), 1), else_=0)),
    )
    .where(Finding.closed_at.is_(None))
    .group_by(Finding.check_name),
    lambda check, new, known: (check, int(new), int(known)),
)
OLDEST_LOOK: Query[float | None] = Query(
    select(
        extract("epoch", func.clock_timestamp() - func.max(CheckLook.tried_at)).label("age")
    ).where(CheckLook.area == literal("invariant")),
    lambda age: None if age is None else float(age),
)
_TOLD = "findings.settle"
READERS: Query[tuple[UUID, str]] = Query(
    select(User.id, User.email)
    .join(StaffMember, StaffMember.user_id == User.id)
    .where(
        User.state == "active",
        StaffMember.role.in_([literal(r) for r in sorted(STAFF_ROLES) if _TOLD in STAFF_ROLES[r]]),
    )
    .order_by(User.id)
    .limit(50),
    lambda user_id, email: (user_id, email),
)


async def standing(read: Read, area: str) -> list[dict[str, Any]]:
    """What is wrong now, oldest first, what nobody took note of before the rest."""
    return await STANDING.all(read, area=area)


async def looks(read: Read, area: str) -> dict[str, dict[str, Any]]:
    """When each check last looked."""
    return {each["check"]: each for each in await LOOKS.all(read, area=area)}


async def findings_page(
    read: Read, page: Page, *, area: str, check: str | None, is_open: bool | None
) -> dict[str, Any]:
    """What was found, newest first."""
    return await PAGE.page(read, page, area=area, check=check, is_open=is_open)


async def get_finding(read: Read, finding_id: UUID) -> dict[str, Any]:
    """One finding."""
    found = await ONE.one(read, id=finding_id)
    if found is None:
        raise NotFound
    return found


async def digest(read: Read, digest_id: UUID) -> list[dict[str, Any]]:
    """What of one digest still stands."""
    return await DIGEST.all(read, digest=digest_id)


async def digest_readers(read: Read) -> list[tuple[UUID, str]]:
    """The staff who are told: those who may settle findings."""
    return await READERS.all(read)


async def open_counts(read: Read) -> list[tuple[str, int, int]]:
    """How many findings each check has: new, and taken note of."""
    return await COUNTS.all(read)


async def look_age_seconds(read: Read) -> float | None:
    """How long ago the invariants were last looked at; nothing if never."""
    return await OLDEST_LOOK.one(read)
