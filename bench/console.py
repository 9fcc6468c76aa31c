"""A screen through the product and through a bare relay: bytes a second, and how much later.

Both stand between the same two ends in the same run. The far end (`python -m bench.console far
PORT`) is a panel with one screen that floods or echoes; the relay (`… relay PORT TO`) copies bytes
between two sockets with asyncio's streams on the product's own loop, uvloop.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvloop
from pydantic import SecretStr
from tools.ground import CannotGoOn
from tools.ports import accepts, free_port

from skypanel.app.boot import boot
from skypanel.app.composition import build_house
from skypanel.integrations.settings import VirtFusionSettings

FRAME = 64 * 1024
FLOOD_BYTES = 512 << 20
ROUNDS, ECHOES = 5, 400
MBPS_GOAL, RATIO_GOAL, LATER_GOAL_MS = 200, 0.5, 2.0
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
SERVER_ID = "00000000-0000-4000-8000-000000000007"
VERSION = b"RFB 003.008\n"


def frame(payload: bytes) -> bytes:
    """A server's frame: not masked."""
    size = len(payload)
    if size < 126:
        return bytes([0x82, size]) + payload
    head = struct.pack(">BBH", 0x82, 126, size) if size < 65536 else b""
    return (head or struct.pack(">BBQ", 0x82, 127, size)) + payload


async def far_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A panel: says where the screen is, and is the screen."""
    try:
        asked = await reader.readuntil(b"\r\n\r\n")
        if asked.startswith(b"POST"):
            url = {"token": "t", "url": "/vnc/?token=t"}
            body = json.dumps({"data": {"vnc": {"password": "p", "wss": url}}}).encode()
            head = (
                f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
            )
            writer.write(head.encode() + b"\r\nconnection: close\r\n\r\n" + body)
            await writer.drain()
            return
        await _screen(reader, writer, asked)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _screen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes) -> None:
    key = asked.lower().split(b"sec-websocket-key:")[0]
    key = asked[len(key) :].split(b":", 1)[1].split(b"\r\n")[0].strip()
    proof = base64.b64encode(hashlib.sha1(key + GUID).digest())
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        b"sec-websocket-accept: " + proof + b"\r\nsec-websocket-protocol: binary\r\n\r\n"
    )
    for said in (VERSION, b"\x01\x01", bytes(4)):
        writer.write(frame(said))
        if said != bytes(4):
            await _heard(reader)
    full = frame(bytes(FRAME))
    while True:
        wish = await _heard(reader)
        if wish != b"flood":
            writer.write(frame(wish))
            await writer.drain()
            continue
        for _ in range(FLOOD_BYTES // FRAME):
            writer.write(full)
            await writer.drain()


async def _heard(reader: asyncio.StreamReader) -> bytes:
    """A client's short frame: masked. Pings and the like are passed over."""
    while True:
        kind, size = await reader.readexactly(2)
        mask = await reader.readexactly(4)
        masked = await reader.readexactly(size & 127)
        if kind & 15 in (1, 2):
            return bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))


async def relay(to: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Bytes from here to there and back."""
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to)

    async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(FRAME):
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass
        sink.close()

    await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))


async def serve(arguments: list[str]) -> None:
    """One of the two processes beside the product."""
    what, port, *rest = arguments
    if what == "far":
        server = await asyncio.start_server(far_end, "127.0.0.1", int(port))
    else:
        to = int(rest[0])
        server = await asyncio.start_server(lambda r, w: relay(to, r, w), "127.0.0.1", int(port))
    async with server:
        await server.serve_forever()


class NearEnd:
    """A browser's end on a plain socket, as cheap as it can be."""

    def __init__(self, port: int, path: str, headers: dict[str, str]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}", "Upgrade: websocket"]
        lines += ["Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        lines += ["Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self._buffer = bytearray(1 << 20)
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += self._exactly(1)
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise CannotGoOn(f"the websocket was not opened: {answer[:200]!r}")
        for said in (VERSION, b"\x01"):
            self._frame()
            self.say(said)
        self._frame()

    def _exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            piece = self._socket.recv(count - len(found))
            if not piece:
                raise CannotGoOn("the screen ended in the middle")
            found += piece
        return found

    def _frame(self) -> bytes:
        kind, size = self._exactly(2)
        if size == 126:
            [size] = struct.unpack(">H", self._exactly(2))
        said = self._exactly(size)
        if kind & 15 == 8:
            raise CannotGoOn(f"the screen was closed: {said!r}")
        return said

    def say(self, payload: bytes) -> None:
        """A masked frame; the mask is nothing."""
        self._socket.sendall(bytes([0x82, 0x80 | len(payload)]) + bytes(4) + payload)

    def echo_milliseconds(self) -> float:
        """There and back, the median."""
        taken = []
        for _ in range(ECHOES):
            began = time.perf_counter()
            self.say(b"\x04 key")
            self._frame()
            taken.append(time.perf_counter() - began)
        return statistics.median(taken) * 1000

    def flood_megabytes_per_second(self) -> float:
        """The whole flood, with its frames' heads."""
        wanted = FLOOD_BYTES // FRAME * (FRAME + 10)
        began = time.perf_counter()
        self.say(b"flood")
        while wanted > 0:
            count = self._socket.recv_into(self._buffer)
            if count == 0:
                raise CannotGoOn("the screen ended in the middle of its flood")
            wanted -= count
        return FLOOD_BYTES / 1e6 / (time.perf_counter() - began)

    def close(self) -> None:
        self._socket.close()


@contextmanager
def beside(*arguments: object) -> Iterator[int]:
    """One of the two processes, on a port of its own."""
    port = free_port()
    what, *rest = map(str, arguments)
    command = [sys.executable, "-m", "bench.console", what, str(port), *rest]
    child = subprocess.Popen(command)
    try:
        while not accepts(port):
            if child.poll() is not None:
                raise CannotGoOn(f"{what} did not start")
            time.sleep(0.02)
        yield port
    finally:
        child.terminate()
        child.wait(30)


async def name_panel(port: int) -> None:
    """Let the product find the far end."""
    house = build_house(boot(), "skypanel bench")
    await house.open(listen=False)
    async with house.transaction() as db:
        address = f"http://127.0.0.1:{port}"
        section = VirtFusionSettings(base_url=address, token=SecretStr("none"))
        await house.settings.put(db, section)
    await house.close()


def lines(port: int, cookie: str, environ: dict[str, str]) -> list[str]:
    """The table's lines on consoles."""
    os.environ |= environ
    with beside("far") as far, beside("relay", far) as bare:
        asyncio.run(name_panel(far))
        headers = {"cookie": cookie, "origin": environ["PUBLIC_URL"]}
        floods: list[tuple[float, float]] = []
        echoes: list[tuple[float, float]] = []
        for _ in range(ROUNDS):
            near = NearEnd(bare, "/vnc/?token=t", {})
            ticket = httpx.post(
                f"http://localhost:{port}/api/v1/servers/{SERVER_ID}/console", headers=headers
            ).json()["ticket"]
            protocols = {"Sec-WebSocket-Protocol": f"binary, ticket.{ticket}"}
            through = NearEnd(port, "/api/v1/console", {**headers, **protocols})
            echoes.append((near.echo_milliseconds(), through.echo_milliseconds()))
            floods.append((near.flood_megabytes_per_second(), through.flood_megabytes_per_second()))
            near.close()
            through.close()
    floor, product = (statistics.median(each) for each in zip(*floods, strict=True))
    ratio = statistics.median(ours / theirs for theirs, ours in floods)
    bare_ms, ours_ms = (statistics.median(each) for each in zip(*echoes, strict=True))
    later = statistics.median(ours - theirs for theirs, ours in echoes)
    goal = f"≥ {MBPS_GOAL} or ≥ {RATIO_GOAL:.2f} of it"
    carried = f"{floor:.0f} | {product:.0f} | {ratio:.2f}"
    echoed = f"{bare_ms:.2f} | {ours_ms:.2f} | +{later:.2f}"
    return [
        f"| a screen carried, MB/s (floor: a bare asyncio relay) | {carried} | {goal} |",
        f"| a key there and its echo back, ms later | {echoed} | ≤ {LATER_GOAL_MS} |",
    ]


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1:]))
