"""What can be refused about a finding."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class FindingClosed(Refusal):
    status = 409
    code = "finding_closed"
    message = "This is right again; there is nothing left to do about it."


class RepairUnderWay(Refusal):
    status = 409
    code = "repair_under_way"
    message = "Something is being done about this already; see what comes of it."


class RepairNotOffered(Refusal):
    status = 409
    code = "repair_not_offered"
    message = "This cannot be done about what was found."


class NotConfirmed(Refusal):
    status = 422
    code = "not_confirmed"
    message = "Type the server's name as it stands there to confirm."
