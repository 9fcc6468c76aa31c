"""A PayPal to run against: its HTTP dialect, its approval page, its signed webhooks, its moods."""

from skypanel.integrations.paypal.simulator.app import create_app
from skypanel.integrations.paypal.simulator.state import State

__all__ = ["State", "create_app"]
