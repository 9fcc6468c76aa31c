"""Staff's doors to what was found wrong."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.findings import actions as findings
from skypanel.findings import queries as found
from skypanel.findings.events import InvariantsAsked
from skypanel.identity.actions import audit
from skypanel.operations import queries
from skypanel.operations.rules import shown_finding
from skypanel.operations.schemas import FindingList, FindingReason, FindingShown, HealthShown
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, nothing, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["operations"])
Sees = Annotated[Viewer, Depends(staff("findings.view"))]
Settles = Annotated[Viewer, Depends(staff("findings.settle"))]


@router.get("/admin/health", response_model=HealthShown)
async def get_health(viewer: Sees, read: TheReader) -> Response:
    """Every law of the house and what breaks it."""
    return answer(await queries.health(read, viewer))


@router.post("/admin/health/check", status_code=202, response_class=Response)
async def check_health(_: Settles, db: TheDb) -> Response:
    """Look at every law now."""
    db.publish(InvariantsAsked())
    audit(db, "health.check", "health", None)
    return nothing(202)


@router.get("/admin/findings", response_model=FindingList)
async def list_findings(
    viewer: Sees,
    read: TheReader,
    page: ThePage,
    area: Literal["invariant", "panel"] = "invariant",
    check: Annotated[str | None, Query(max_length=60)] = None,
    state: Literal["open", "closed"] | None = None,
) -> Response:
    """What was found, newest first; what is right again among it."""
    is_open = None if state is None else state == "open"
    rows = await found.findings_page(read, page, area=area, check=check, is_open=is_open)
    shown = [shown_finding(each, viewer.staff) for each in rows["items"]]
    return answer({**rows, "items": shown})


@router.post("/admin/findings/{finding_id}/acknowledge", response_model=FindingShown)
async def acknowledge_finding(
    viewer: Settles, db: TheDb, finding_id: UUID, why: FindingReason
) -> Response:
    """Staff know of it and say why it may stand; it closes by itself when it is right."""
    await findings.acknowledge(db, finding_id, why.reason)
    return answer(shown_finding(await found.get_finding(db, finding_id), viewer.staff))
