"""What a test of the panel turns and looks at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from virtfusion_contract import Checked

from skypanel.integrations.virtfusion import types
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.simulator import Fault, PanelState

TOKEN = "tok_Zq8LrX2vN4sYh6Wd1Kc9Pb3M"


@dataclass
class World:
    """Everything a test turns and looks at."""

    state: PanelState
    http: httpx.AsyncClient
    panel: VirtFusion
    checked: Checked
    now: datetime
    slept: list[float] = field(default_factory=list)

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def fault(
        self, kind: str, operation: str = "any", *, remaining: int | None = 1, seconds: float = 5
    ) -> None:
        self.state.faults.set(
            Fault(kind=kind, operation=operation, remaining=remaining, seconds=seconds)
        )

    async def user(
        self, name: str = "Ada Example", relation: str = "sky-0192/ä 7"
    ) -> types.PanelUser:
        email = f"{relation.encode().hex()}@example.test"
        return await self.panel.create_user(
            types.NewUser(relation=relation, name=name, email=email)
        )

    async def allocated(self, **sizes: int) -> types.Server:
        user = await self.user()
        wish = {"package_id": 1, "hypervisor_group_id": 1} | sizes
        return await self.panel.create_server(types.NewServer(user_id=user.id, **wish))

    async def installed(self) -> types.Server:
        server = await self.allocated()
        await self.panel.build(server.id, installation())
        self.turn(6)
        return await self.panel.server(server.id, live=True)


def installation(hostname: str = "web-1.example.test", **more: object) -> types.Installation:
    return types.Installation(template_id=41, name="web-1", hostname=hostname, **more)
