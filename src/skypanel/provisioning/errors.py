"""What provisioning refuses."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class PanelClosed(Refusal):
    status = 409
    code = "panel_closed"
    message = "The panel opens once the server is installed, and while its service is active."
