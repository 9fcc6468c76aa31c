"""What the register answers, in our terms."""

from __future__ import annotations

from dataclasses import dataclass

VENDOR = "vies"


@dataclass(frozen=True, slots=True)
class VatAnswer:
    """Whether a number is valid; `consultation_ref` is the register's proof that we asked.

    The register gives a consultation number only to who says its own number. Name and address are
    empty where a member state does not tell them.
    """

    valid: bool
    consultation_ref: str
    name: str
    address: str
