"""What the services refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class ServiceEnded(Refusal):
    status = 409
    code = "service_ended"
    message = "This service has ended."
