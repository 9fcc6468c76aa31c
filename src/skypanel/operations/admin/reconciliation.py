"""Staff's doors to the panel beside the services, and to mending what differs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.findings import actions as findings
from skypanel.findings import queries as found
from skypanel.findings.errors import NotConfirmed, RepairNotOffered
from skypanel.findings.events import PanelAsked
from skypanel.identity.actions import audit
from skypanel.operations import queries
from skypanel.operations.rules import REPAIRS, TYPED, shown_finding
from skypanel.operations.schemas import FindingShown, HealthShown, RepairWish
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, TheReader, answer, nothing, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["operations"])
Sees = Annotated[Viewer, Depends(staff("findings.view"))]
Settles = Annotated[Viewer, Depends(staff("findings.settle"))]
Repairs = Annotated[Viewer, Depends(staff("findings.repair"))]


@router.get("/admin/reconciliation", response_model=HealthShown)
async def get_reconciliation(viewer: Sees, read: TheReader) -> Response:
    """What differs between the panel and the services, by kind."""
    return answer(await queries.reconciliation(read, viewer))


@router.post("/admin/reconciliation/check", status_code=202, response_class=Response)
async def check_panel(_: Settles, db: TheDb) -> Response:
    """Compare the panel with the services now."""
    db.publish(PanelAsked())
    audit(db, "panel.compare", "panel", None)
    return nothing(202)


@router.post("/admin/findings/{finding_id}/repair", response_model=FindingShown, status_code=202)
async def repair_finding(
    viewer: Repairs, db: TheDb, finding_id: UUID, wish: RepairWish
) -> Response:
    """Have something done about a finding; it is looked at once more before."""
    row = await found.get_finding(db, finding_id)
    if wish.verb not in REPAIRS.get(row["check"], ()):
        raise RepairNotOffered
    if wish.verb in TYPED and wish.confirm != row["facts"].get("name"):
        raise NotConfirmed
    await findings.ask_repair(db, finding_id, wish.verb, wish.reason)
    return answer(shown_finding(await found.get_finding(db, finding_id), viewer.staff), 202)
