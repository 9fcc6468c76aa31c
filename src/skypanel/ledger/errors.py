"""What the ledger refuses."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class BalanceTooLow(Refusal):
    status = 409
    code = "balance_too_low"
    message = "There is not enough money in the wallet for this."


class TransferUnbalanced(ValueError):
    """The entries of a transfer do not sum to zero in each currency: a bug of the caller."""
