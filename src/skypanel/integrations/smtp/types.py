"""What comes of handing a message to the mail server."""

from __future__ import annotations

from dataclasses import dataclass

VENDOR = "smtp"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the message on: not the same as delivered.

    `reply` is its last word, `provider_ref` the queue id named in it, when it names one.
    """

    reply: str
    provider_ref: str | None
