"""A resolver of one machine: answers where its names lead to, over UDP on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import dns.exception
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Find = Callable[[str], list[str]]
TTL_SECONDS = 60


class _Desk(asyncio.DatagramProtocol):
    def __init__(self, find: Find) -> None:
        self._find = find
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return
        assert self._transport is not None
        self._transport.sendto(_answer(query, self._find).to_wire(), addr)


def _answer(query: dns.message.Message, find: Find) -> dns.message.Message:
    answer = dns.message.make_response(query)
    for asked in query.question:
        found = find(asked.name.to_text(omit_final_dot=True).lower())
        if not found:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif asked.rdtype == dns.rdatatype.A:
            answer.answer.append(
                dns.rrset.from_text_list(asked.name, TTL_SECONDS, "IN", "A", sorted(found))
            )
    return answer


async def serve_names(port: int, find: Find) -> asyncio.DatagramTransport:
    """Answer on a loopback port until the transport is closed."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Desk(find), local_addr=("127.0.0.1", port)
    )
    return transport
