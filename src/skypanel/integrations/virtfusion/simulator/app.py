"""The simulated panel as one ASGI application: API, control endpoints and pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.applications import Starlette

from skypanel.integrations.virtfusion.simulator.api import api_routes
from skypanel.integrations.virtfusion.simulator.api_console import screen_routes
from skypanel.integrations.virtfusion.simulator.call import Clock
from skypanel.integrations.virtfusion.simulator.control import control_routes
from skypanel.integrations.virtfusion.simulator.pages import page_routes
from skypanel.integrations.virtfusion.simulator.portal_sign_in import portal_routes
from skypanel.integrations.virtfusion.simulator.sign_in import sign_in_routes
from skypanel.integrations.virtfusion.simulator.state import PanelState


def real_clock() -> datetime:
    """The time of day, for whoever turns no clock."""
    return datetime.now(UTC)


def create_app(
    state: PanelState, *, clock: Clock = real_clock, links: Mapping[str, str] | None = None
) -> Starlette:
    """The panel over `state`; `links` leads from its pages to the other sandbox pages."""
    return Starlette(
        routes=[
            *api_routes(state, clock),
            *control_routes(state, clock),
            *sign_in_routes(state, clock),
            *portal_routes(state, clock),
            *page_routes(state, clock, links or {}),
            *screen_routes(state, clock),
        ]
    )
