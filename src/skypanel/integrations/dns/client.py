"""Asking a resolver where a name leads to; asking changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import dns.asyncresolver
import dns.exception
import dns.resolver

from skypanel.platform.outside import Unavailable

VENDOR: Final = "dns"
LIFETIME_SECONDS: Final = 4.0


class Resolver:
    """The machine's resolver, or the ones that are named."""

    def __init__(self, nameservers: Sequence[str] = (), port: int = 53) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=not nameservers)
        if nameservers:
            self._resolver.nameservers = list(nameservers)
            self._resolver.port = port
        self._resolver.lifetime = LIFETIME_SECONDS

    async def addresses(self, name: str) -> list[str]:
        """The IPv4 addresses that a name leads to; none when there is no such name."""
        try:
            found = await self._resolver.resolve(name, "A")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            kind = type(error).__name__
            raise Unavailable(VENDOR, f"{name}: not answered ({kind})", code="no_answer") from None
        return sorted(row.address for row in found)
