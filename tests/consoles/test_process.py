"""A real server process that is told to stop closes its websockets in words."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import pytest
from tools.ground import ROOT
from tools.ports import accepts, free_port
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

GRANIAN = Path(sys.executable).with_name("granian")


async def test_granian_tells_us_before_it_cuts_the_line() -> None:
    port = free_port()
    command = [
        str(GRANIAN), "--interface", "asgi", "--loop", "uvloop", "--workers", "1", "--ws",
        "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "--factory",
        "tests.consoles.farewell_app:create_app",
    ]  # fmt: skip
    server = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    try:
        async with asyncio.timeout(30):
            while not accepts(port):
                await asyncio.sleep(0.02)
        async with connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
            began = time.monotonic()
            server.terminate()
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None, "cut, not closed"
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1012, "restarting")
        assert await asyncio.wait_for(server.wait(), 30) == 0
        assert time.monotonic() - began < 20
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()


async def test_who_looks_at_no_screen_loads_nothing_for_it() -> None:
    asked = "import sys, skypanel.app.web; print([n for n in ('websockets', 'PIL') if n in sys.modules])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", asked, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert said.strip() == b"[]"
