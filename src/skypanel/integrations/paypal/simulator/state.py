"""What the simulated PayPal remembers, and the one JSON file it may keep it in."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from skypanel.integrations.paypal.simulator.authority import Authority, shared_authority

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REF_LENGTH = 17


def new_ref(length: int = REF_LENGTH) -> str:
    """A reference in PayPal's alphabet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


class Refund(msgspec.Struct):
    id: str
    status: str
    value: str
    created_at: datetime
    custom_id: str | None = None
    note: str | None = None
    reversal: bool = False


class Token(msgspec.Struct):
    """A payer's account kept for a merchant."""

    id: str
    customer_id: str
    order_id: str
    created_at: datetime
    declines: str = ""  # the issue that every charge is refused with


class Plan(msgspec.Struct):
    id: str
    product_id: str
    name: str
    value: str
    currency: str
    months: int
    asked: dict[str, Any] = {}


class Subscription(msgspec.Struct):
    id: str
    plan_id: str
    status: str
    custom_id: str | None
    return_url: str
    cancel_url: str
    created_at: datetime
    updated_at: datetime
    sales: list[str] = []


class Sale(msgspec.Struct):
    """A payment of a subscription, as PayPal's first API shows it."""

    id: str
    subscription_id: str
    value: str
    currency: str
    created_at: datetime
    state: str = "completed"


class Dispute(msgspec.Struct):
    id: str
    capture_id: str
    value: str
    currency: str
    reason: str
    status: str
    stage: str
    created_at: datetime
    updated_at: datetime
    answer_until: datetime | None = None
    outcome: str | None = None


class Capture(msgspec.Struct):
    id: str
    order_id: str
    status: str
    reason: str | None
    value: str
    currency: str
    invoice_id: str | None
    custom_id: str | None
    created_at: datetime
    updated_at: datetime
    refunds: list[Refund] = []


class Order(msgspec.Struct):
    id: str
    status: str
    value: str
    currency: str
    invoice_id: str | None
    custom_id: str | None
    description: str | None
    return_url: str | None
    cancel_url: str | None
    has_source: bool
    created_at: datetime
    updated_at: datetime
    capture_id: str | None = None
    instrument: str = "first"
    declines: int = 0
    faults_spent: list[str] = []
    saves: bool = False
    token_id: str | None = None
    charged_token: str | None = None

    @property
    def ending(self) -> str:
        """The last two digits of the amount: they choose a fault."""
        return self.value.replace(".", "")[-2:]


class Hook(msgspec.Struct):
    id: str
    url: str
    event_types: list[str]


class Attempt(msgspec.Struct):
    at: datetime
    status: int
    error: str | None
    forged: bool


class Delivery(msgspec.Struct):
    """One event for one URL: waiting, held (for a later one to overtake), withheld, delivered
    or failed."""

    id: str
    event_id: str
    event_type: str
    subject: str
    hook_id: str
    url: str
    body: str
    created_at: datetime
    state: str = "waiting"
    attempts: list[Attempt] = []


class Answer(msgspec.Struct):
    """What a request id was answered with, for whoever repeats it."""

    asked_sha256: str
    body: str


class Faults(msgspec.Struct):
    """Switches: whole numbers count the calls still to be spoilt."""

    lose_answer: int = 0
    server_error: int = 0
    html_error: int = 0
    slow: int = 0
    slow_seconds: float = 5.0
    forge: int = 0
    delay_seconds: float = 0.0
    stopped: bool = False
    out_of_order: bool = False


class Book(msgspec.Struct):
    """All that survives a restart."""

    orders: dict[str, Order] = {}
    captures: dict[str, Capture] = {}
    payment_tokens: dict[str, Token] = {}
    disputes: dict[str, Dispute] = {}
    products: dict[str, dict[str, Any]] = {}
    plans: dict[str, Plan] = {}
    subscriptions: dict[str, Subscription] = {}
    sales: dict[str, Sale] = {}
    notices: list[str] = []
    hooks: dict[str, Hook] = {}
    deliveries: dict[str, Delivery] = {}
    answers: dict[str, Answer] = {}
    tokens: dict[str, datetime] = {}
    faults: Faults = msgspec.field(default_factory=Faults)
    authority: Authority | None = None
    base_url: str = ""


class State:
    """The simulator's memory; with a `path` it is written there after every change."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        client_id: str = "sandbox-client",
        client_secret: str = "sandbox-secret",  # noqa: S107 - it guards nothing
        merchant: str = "SkyPANEL sandbox shop",
    ) -> None:
        self.path = path
        self.client_id = client_id
        self.client_secret = client_secret
        self.merchant = merchant
        self.book = Book()
        if path is not None and path.exists():
            self.book = msgspec.json.decode(path.read_bytes(), type=Book)
        if self.book.authority is None:
            self.book.authority = shared_authority()

    @property
    def authority(self) -> Authority:
        assert self.book.authority is not None
        return self.book.authority

    @property
    def ca_pem(self) -> str:
        """The authority a client must trust for the webhooks signed here."""
        return self.authority.ca_pem

    def save(self) -> None:
        """Write the file anew, whole or not at all."""
        if self.path is None:
            return
        beside = self.path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(self.book))
        beside.replace(self.path)

    def clear(self) -> None:
        """Forget orders, webhooks sent and faults; keep the authority and who is to be called."""
        self.book = Book(
            hooks=self.book.hooks,
            authority=self.book.authority,
            base_url=self.book.base_url,
        )
        self.save()
