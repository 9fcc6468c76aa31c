"""Ports of this machine: which are free."""

import contextlib
import socket

from tools.ground import CannotGoOn


def port_is_free(port: int) -> bool:
    """Whether nobody listens on the port, on loopback or on any address."""
    for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - only asked, never listened on
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def free_port() -> int:
    """A port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_block(first: int, count: int, last: int = 32_000) -> int:
    """The first of `count` free ports in a row, at or after `first` in steps of `count`."""
    for base in range(first, last, count):
        if all(port_is_free(port) for port in range(base, base + count)):
            return base
    raise CannotGoOn(f"No {count} free ports in a row were found from {first} on.")


def accepts(port: int) -> bool:
    """Whether somebody on 127.0.0.1 accepts connections on the port."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
