"""Who is at the other end: the peer itself, or whom a proxy that we trust names.

X-Forwarded-For is believed only from a peer in SKYPANEL_TRUSTED_PROXIES, and read from its right
end: each proxy adds the address it was asked from, so the first one that is no proxy of ours is the
client, and whatever stands left of it is what that client claims.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FORWARDED_FOR = b"x-forwarded-for"
HOPS_MAX = 20


def parse_networks(listed: str) -> tuple[Network, ...]:
    """The networks of a list of CIDRs or addresses; ValueError names one that is wrong."""
    return tuple(ipaddress.ip_network(one) for one in listed.replace(",", " ").split())


def client_ip(
    peer: str | None, headers: Iterable[tuple[bytes, bytes]], trusted: Sequence[Network]
) -> str | None:
    """The client's address, as audit and limits write it down; the peer's own without proxies.

    What can't be read ends the chain: the last proxy that we know of stands for the client.
    """
    found = _read(peer)
    if not trusted or found is None or not _ours(found, trusted):
        return peer if found is None else str(found)
    chain = b",".join(value for name, value in headers if name == FORWARDED_FOR)
    for hop in reversed(chain.decode("latin-1").split(",")[-HOPS_MAX:]):
        named = _read(hop.strip())
        if named is None:
            break
        found = named
        if not _ours(found, trusted):
            break
    return str(found)


def _read(text: str | None) -> IP | None:
    """An address as proxies write it, with a port or in brackets; IPv4 in IPv6 is IPv4."""
    if not text:
        return None
    bare = text
    if text.startswith("["):
        bare = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        bare = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def _ours(address: IP, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)
