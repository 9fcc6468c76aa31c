"""Which tests stay together when several workers share the suite."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

TOGETHER = "tests/browser/"


class Together(LoadScopeScheduling):
    """Every test goes to whoever is free, but those in the browser share one running product.

    The `xdist_group` mark does not hold them together since pytest 9.2 (pytest-xdist issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else nodeid
