"""Only a proxy of ours may say who the client is, and only from the right end."""

from __future__ import annotations

import pytest

from skypanel.platform.http.proxies import client_ip, parse_networks

TRUSTED = parse_networks("10.0.0.0/8, 127.0.0.1 2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # a stranger may claim what it likes
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),  # claimed by the client
        ("10.1.2.3", ["6.6.6.6, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.1.2.3", ["6.6.6.6", "198.51.100.1,10.9.9.9"], "198.51.100.1"),  # two header lines
        ("10.1.2.3", ["10.4.4.4, 10.9.9.9"], "10.4.4.4"),  # only ours: the outermost of them
        ("10.1.2.3", ["198.51.100.1, nonsense"], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1, nonsense, 10.9.9.9"], "10.9.9.9"),
        ("10.1.2.3", ["198.51.100.1,"], "10.1.2.3"),
        ("10.1.2.3", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.1.2.3", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.1.2.3", ["2001:DB8:0::1"], "2001:db8::1"),
        ("::ffff:10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:ffff::1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("2001:db8:eeee::1", ["198.51.100.1"], "2001:db8:eeee::1"),
        ("unix:", ["198.51.100.1"], "unix:"),
        (None, ["198.51.100.1"], None),
    ],
)
def test_the_client_behind_proxies(
    peer: str | None, forwarded: list[str], client: str | None
) -> None:
    headers = [(b"accept", b"*/*"), *((b"x-forwarded-for", one.encode()) for one in forwarded)]
    assert client_ip(peer, headers, TRUSTED) == client


def test_by_default_nobody_is_trusted() -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.1")]
    assert client_ip("127.0.0.1", headers, parse_networks("")) == "127.0.0.1"


def test_an_endless_chain_is_not_walked() -> None:
    chain = ", ".join(["6.6.6.6", *["10.0.0.1"] * 1000])
    assert client_ip("10.1.2.3", [(b"x-forwarded-for", chain.encode())], TRUSTED) == "10.0.0.1"


@pytest.mark.parametrize("listed", ["10.0.0.0/33", "proxy.example", "10.0.0.1/8"])
def test_a_wrong_network_is_named(listed: str) -> None:
    with pytest.raises(ValueError, match=listed.split("/", maxsplit=1)[0]):
        parse_networks(listed)
