"""Where a name leads to: the real client, against a name server on loopback."""

from __future__ import annotations

import pytest
from tools.ports import free_port

from skypanel.integrations.dns.client import Resolver
from skypanel.integrations.dns.simulator import serve_names
from skypanel.platform.outside import Unavailable

NAMES = {"mail.example.test": ["203.0.113.20", "203.0.113.3"]}


async def test_a_name_leads_to_its_addresses() -> None:
    port = free_port()
    desk = await serve_names(port, lambda name: NAMES.get(name, []))
    try:
        resolver = Resolver(["127.0.0.1"], port)
        assert await resolver.addresses("mail.example.test") == ["203.0.113.20", "203.0.113.3"]
        assert await resolver.addresses("MAIL.Example.test.") == ["203.0.113.20", "203.0.113.3"]
        assert await resolver.addresses("nobody.example.test") == []
    finally:
        desk.close()


async def test_silence_is_not_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skypanel.integrations.dns.client.LIFETIME_SECONDS", 0.3)
    with pytest.raises(Unavailable):
        await Resolver(["127.0.0.1"], free_port()).addresses("mail.example.test")
