"""Staff's door to trying the panel's address and token before they are saved.

By harmless calls only: reads, and a creation that is tried dry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import SecretStr
from starlette.responses import Response

from skypanel.identity.actions import audit
from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import VirtFusionSettings
from skypanel.integrations.virtfusion.capabilities import Capabilities, look
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import Missing, NewServer
from skypanel.operations.rules.probe import (
    ALLOWED,
    CHANGES,
    CREATION,
    FAILED,
    FORBIDDEN,
    READS,
    UNTRIED,
    is_ready,
    step,
)
from skypanel.operations.schemas import PanelProbe, PanelTry
from skypanel.platform.authority import Viewer
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.http.doors import TheActor, TheHouse, answer, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.outside import OutsideError, Refused, Unavailable

NOBODY: Final = 2_000_000_000
"""An id that no record has; asking for it shows whether asking is allowed."""

NOBODYS: Final = "skypanel-probe-of-permissions"
router = APIRouter(route_class=DoorRoute, tags=["operations"])
PROBE_SECONDS = 40.0
Edits = Annotated[Viewer, Depends(staff("settings.edit"))]


class Probe:
    """One try of one token; what the first reads tell is used by the later ones."""

    def __init__(self, panel: VirtFusion) -> None:
        self._panel = panel
        self._package: int | None = None
        self._group: int | None = None
        self._owner: int | None = None
        self.counts: dict[str, int] = {}

    async def run(self) -> dict[str, Any]:
        """Every right in turn; a panel that can't be reached ends it at the first."""
        steps: list[dict[str, Any]] = []
        for right in READS:
            outcome, said = await self._try(self._calls()[right.name])
            steps.append(step(right, outcome, said))
            if right.name == "connect" and outcome != ALLOWED:
                return self._told(steps, since_7_1=None)
        outcome, said = await self._try_creation()
        steps.append(step(CREATION[0], outcome, said))
        steps += [step(right, UNTRIED) for right in CHANGES]
        try:
            since_7_1, _ = await look(self._panel)
        except OutsideError:
            since_7_1 = None
        return self._told(steps, since_7_1=since_7_1)

    def _told(self, steps: list[dict[str, Any]], *, since_7_1: bool | None) -> dict[str, Any]:
        return {
            "steps": steps,
            "ready": is_ready(steps),
            "version": Capabilities(since_7_1=since_7_1).version,
            "counts": self.counts,
        }

    def _calls(self) -> dict[str, Callable[[], Awaitable[Any]]]:
        panel = self._panel
        return {
            "connect": self._connect,
            "packages": self._packages,
            "groups": self._groups,
            "room": lambda: panel.group_room(self._group or NOBODY),
            "templates": lambda: panel.templates(self._package or NOBODY),
            "user": lambda: panel.user(NOBODYS),
            "servers": self._servers,
            "server": lambda: panel.server(NOBODY),
            "servers_of": lambda: panel.servers_of(self._owner or NOBODY),
            "ssh_keys": lambda: panel.ssh_keys(self._owner or NOBODY),
            "queue_item": lambda: panel.queue_item(NOBODY),
            "hypervisors": panel.hypervisors,
            "ip_blocks": panel.ip_blocks,
            "status": panel.status,
        }

    async def _connect(self) -> None:
        await self._panel.ping()

    async def _packages(self) -> None:
        found = await self._panel.packages()
        self.counts["packages"] = len(found)
        self._package = next((one.id for one in found if one.enabled), None)

    async def _groups(self) -> None:
        found = await self._panel.hypervisor_groups()
        self.counts["groups"] = len(found)
        self._group = next((one.id for one in found if one.enabled), None)

    async def _servers(self) -> None:
        found = await self._panel.servers()
        self.counts["servers"] = len(found)
        self._owner = next((one.user_id for one in found), None)

    async def _try(self, call: Callable[[], Awaitable[Any]]) -> tuple[str, str]:
        """What came of a read. No such record is an answer: asking was allowed."""
        try:
            await call()
        except Missing:
            return ALLOWED, ""
        except Refused as error:
            return _refused(error)
        except OutsideError as error:
            return FAILED, _failed(error)
        return ALLOWED, ""

    async def _try_creation(self) -> tuple[str, str]:
        """Nothing is made: the panel checks and says so. Its owner must exist for that."""
        if self._package is None or self._group is None:
            return UNTRIED, "There is no enabled package or group to try it with."
        if self._owner is None:
            return UNTRIED, (
                "The panel has no server whose owner it could be tried with. Try it again"
                " after the first one."
            )
        try:
            await self._panel.dry_run(NewServer(self._package, self._owner, self._group))
        except Refused as error:
            if error.code in ("unprocessable", "conflict"):
                return ALLOWED, f"Allowed; the panel said of this try: {error.message}"
            return _refused(error)
        except OutsideError as error:
            return FAILED, _failed(error)
        return ALLOWED, "Allowed, and there would be room."


def _refused(error: Refused) -> tuple[str, str]:
    if error.code == "forbidden":
        return FORBIDDEN, ""
    if error.code == "unauthorized":
        return FAILED, (
            "The panel does not know this token: it is wrong, ended, or not allowed from this"
            " address. Make a new one under Configuration > API."
        )
    if error.code == "no_such_route":
        return UNTRIED, "This panel is older and has no such page."
    if error.code in ("no_such_path", "redirected"):
        return FAILED, "There is no panel's API at this address: it wants the panel's own."
    return FAILED, error.message


def _failed(error: OutsideError) -> str:
    if isinstance(error, Unavailable) and error.code == "unreachable":
        return "Nobody answers at this address. Look at its name, port, certificate and firewall."
    return error.message


@router.post("/admin/settings/virtfusion/probe", response_model=PanelProbe)
async def probe_panel(_: Edits, house: TheHouse, actor: TheActor, wish: PanelTry) -> Response:
    """Try an address and a token, right by right; nothing is changed there, nothing saved here."""
    stored = await house.settings.get(VirtFusionSettings)
    token = wish.token or stored.token.get_secret_value()
    tried = VirtFusionSettings(base_url=wish.base_url.strip(), token=SecretStr(token))
    if not token:
        raise FieldRefusal("token", "Enter the token that the panel showed.", "required")
    try:
        panel = Vendors.of(house).panel_at(tried)
    except ValueError as error:
        raise FieldRefusal("base_url", str(error), "address_invalid") from None
    probe = Probe(panel)
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            found: dict[str, Any] = await probe.run()
    except TimeoutError:
        raise FieldRefusal(
            "base_url", "The panel did not answer all questions in time.", "no_answer"
        ) from None
    async with house.transaction(actor) as db:
        audit(db, "settings.probe", "settings", None, section="virtfusion", ready=found["ready"])
    return answer(found)
