"""A panel to test and show against: the HTTP dialect of VirtFusion with state, time and faults."""

from skypanel.integrations.virtfusion.simulator.app import create_app
from skypanel.integrations.virtfusion.simulator.faults import Fault
from skypanel.integrations.virtfusion.simulator.state import PanelState, Tables, Timing

__all__ = ["Fault", "PanelState", "Tables", "Timing", "create_app"]
