"""What the billing run's doors refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class PolicyNameTaken(Refusal):
    status = 409
    code = "policy_name_taken"
    message = "There is a policy of this name already."


class PolicyInUse(Refusal):
    status = 409
    code = "policy_in_use"
    message = "Plans follow this policy; let them follow another first."
