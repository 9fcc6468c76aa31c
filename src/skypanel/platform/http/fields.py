"""What the API asks for in more than one place."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=400)]
"""Why somebody did it: some words, kept in the audit log."""
