"""Staff's door to how the panel stands: whether it answers, and which one it is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import PanelFound, VirtFusionSettings
from skypanel.operations.rules import panel_word
from skypanel.operations.schemas import PanelStanding
from skypanel.platform import gates
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheHouse, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["operations"])
Sees = Annotated[Viewer, Depends(staff("findings.view"))]


@router.get("/admin/panel", response_model=PanelStanding)
async def get_panel(_: Sees, house: TheHouse, read: TheReader) -> Response:
    """Whether the panel answers, since when not, and which version it is. It is not asked."""
    settings = await house.settings.get(VirtFusionSettings)
    found = await house.settings.get(PanelFound)
    same = found.fingerprint == settings.fingerprint
    can_do = await Vendors.of(house).capabilities()
    gate: dict[str, Any] = await gates.STANDING.one(read, vendor="virtfusion") or {}
    return answer(
        {
            "state": panel_word(gate, set_up=settings.ready),
            "since": gate.get("shut_at") or gate.get("failing_since_at"),
            "failures": gate.get("failures", 0),
            "error": gate.get("error"),
            "asked_again_at": gate.get("probe_at"),
            "limited_until_at": gate.get("limited_until_at") if gate.get("is_limited") else None,
            "version": can_do.version,
            "version_by_hand": settings.panel_version != "detect",
            "healthy": found.healthy if same else None,
            "looked_at": found.looked_at if same and found.looked_at else None,
            "calls_per_minute": settings.calls_per_minute,
        }
    )
