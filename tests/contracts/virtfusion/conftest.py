"""A panel in this process, a turned clock, and a client whose every exchange is checked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from virtfusion_contract import Checked
from virtfusion_world import TOKEN, World

from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.simulator import PanelState, create_app


@pytest.fixture
async def world() -> AsyncIterator[World]:
    state = PanelState(token=TOKEN)
    made: list[World] = []
    app = create_app(state, clock=lambda: made[0].now)
    checked = Checked(httpx.ASGITransport(app))

    async def sleep(seconds: float) -> None:
        made[0].slept.append(seconds)

    async with httpx.AsyncClient(transport=checked) as http:
        panel = VirtFusion("https://panel.example.test", TOKEN, http=http, sleep=sleep)
        made.append(World(state, http, panel, checked, datetime(2026, 11, 1, 12, tzinfo=UTC)))
        yield made[0]
