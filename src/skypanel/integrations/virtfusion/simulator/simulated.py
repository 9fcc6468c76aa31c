"""The engine of played guests: at once, the same every time, anywhere."""

from __future__ import annotations

from datetime import datetime

from skypanel.integrations.virtfusion.simulator import lifecycle
from skypanel.integrations.virtfusion.simulator.answers import Json
from skypanel.integrations.virtfusion.simulator.engine import Watcher
from skypanel.integrations.virtfusion.simulator.server_answers import remote_state
from skypanel.integrations.virtfusion.simulator.state import PanelState, QueueItem, Server


class Simulated:
    """Guests that are functions of the server and the clock."""

    name = "simulated"

    def is_over(self, state: PanelState, job: QueueItem) -> bool:  # noqa: ARG002
        """Time does the work."""
        return True

    def remote_state(self, server: Server, now: datetime) -> Json | bool:
        return remote_state(server, now)

    def give_password(self, server: Server, password: str) -> None:
        """Any password is taken at a played log-in."""

    async def show(self, watcher: Watcher) -> None:
        """A text screen."""
        # Drawn with libraries that only somebody who looks at a screen needs.
        from skypanel.integrations.virtfusion.simulator.machine import Machine  # noqa: PLC0415
        from skypanel.integrations.virtfusion.simulator.viewer import Viewer  # noqa: PLC0415

        state, clock, server_id = watcher.state, watcher.clock, watcher.server_id
        new = Machine(state, server_id, clock)
        machine = state.screens.machines.setdefault(server_id, new)
        settle = lambda: lifecycle.settle(state, clock())  # noqa: E731
        await Viewer(machine, watcher.words, settle).run()
