"""What can be refused about the machine."""

from __future__ import annotations

from collections.abc import Sequence

from skypanel.platform.errors import FieldRefusal, Refusal


class JobNotDead(Refusal):
    status = 409
    code = "job_not_dead"
    message = "Only a dead job can be retried; this one has not given up."


class TurnUnderWay(Refusal):
    status = 409
    code = "turn_under_way"
    message = "The clock is being turned already; see what follows."


class NothingComes(Refusal):
    status = 409
    code = "nothing_comes"
    message = "Nothing is planned: there is no service that will be billed."


class RepairOvertaken(Refusal):
    """What was found is not so any more."""

    status = 409
    code = "repair_overtaken"


class SettingsInvalid(FieldRefusal):
    """Some settings of a section are not what they must be."""

    def __init__(self, errors: Sequence[dict[str, str]]) -> None:
        super().__init__(errors[0]["field"], self.message, errors[0]["code"])
        self.errors = list(errors)


class NothingToDo(Refusal):
    status = 409
    code = "nothing_to_do"
    message = "None of these servers can have this done to it now; the preview says why."


class HookUnreadable(Refusal):
    status = 422
    code = "hook_unreadable"
    message = "This is not what the panel tells when something happens."
