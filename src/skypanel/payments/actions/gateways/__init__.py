"""Ways to pay, each behind the same small door."""

from skypanel.payments.actions.gateways.bank import BankTransfer
from skypanel.payments.actions.gateways.checkout import Checkout
from skypanel.payments.actions.gateways.protocol import Gateway
from skypanel.payments.actions.gateways.wallet import Wallet

BEGINS: dict[str, Gateway] = {
    "paypal": Checkout(),
    "bank": BankTransfer(),
    "wallet": Wallet(),
}

__all__ = ["BEGINS", "Gateway"]
