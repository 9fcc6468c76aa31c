"""Real guests without a machine: what is wished, how one is started, what is said of it."""

from __future__ import annotations

import itertools
import shlex
from pathlib import Path

import pytest
from pydantic import SecretStr
from tools.ground import CannotGoOn
from tools.guests import guest_kit
from virtfusion_world import World

from skypanel.app.boot import Boot, BootRefused
from skypanel.app.sandbox import engine_of
from skypanel.integrations.virtfusion.simulator import lifecycle
from skypanel.integrations.virtfusion.simulator.qemu.command import Plan, command, own_files
from skypanel.integrations.virtfusion.simulator.qemu.packing import Entry, packed, squeezed
from skypanel.integrations.virtfusion.simulator.qemu.vitals import UNKNOWN, Vitals
from skypanel.integrations.virtfusion.simulator.qemu.wish import OFF, Wish, begins, wish_of


async def test_the_wish_follows_the_panels_tables(world: World) -> None:
    server = (await world.installed()).id
    row = world.state.tables.servers[server]
    row.disk = 7

    async def wished(action: str) -> Wish:
        now = world.now
        job = lifecycle.start_job(world.state, row, action, now, 1)
        wish = wish_of(world.state, row)
        assert begins(job) is (action in ("build_server", "server_boot", "server_restart"))
        del world.state.tables.queue[job.id]
        return wish

    assert wish_of(world.state, row) == Wish(on=True, disk=7)
    assert await wished("server_shutdown") == Wish(gently=True, disk=7)
    assert await wished("server_poweroff") == Wish(disk=7)
    assert await wished("reset_password") == Wish(on=True, disk=7)
    again = await wished("server_restart")
    assert (again.on, again.gently, again.disk, again.anew > 0) == (True, True, 7, True)
    fresh = await wished("build_server")
    assert fresh.on
    assert fresh.disk == fresh.anew != 7, "a fresh system has a disk of its own"
    row.running = False
    assert not wish_of(world.state, row).on
    assert (await wished("server_boot")).on
    job = lifecycle.start_build(world.state, row, world.now, fails=True, ipv6=False)
    assert not begins(job)
    assert wish_of(world.state, row) == OFF


def test_a_machine_listens_nowhere_and_reaches_nothing() -> None:
    plan = Plan(
        "server-1", Path("/kit/vmlinuz"), Path("/g/first"), Path("/a,b/disk.raw"),
        "00:16:3E:00:00:01", 8, 9,
    )  # fmt: skip
    said = command("/usr/bin/qemu", plan)
    pairs = dict(itertools.pairwise(said))
    assert pairs["-vnc"] == "none"
    assert "restrict=on" in pairs["-netdev"]
    assert "file.filename=/a,,b/disk.raw" in pairs["-blockdev"]
    assert pairs["-accel"].startswith("tcg")
    assert not any("hostfwd" in each or "127.0.0.1" in each for each in said)
    helped = Plan(*(getattr(plan, name) for name in plan.__slots__[:-1]), "kvm")
    assert "kvm" in command("/usr/bin/qemu", helped)


def test_files_are_packed_as_a_kernel_reads_them() -> None:
    archive = packed([Entry.of_folder("bin"), Entry("bin/sh", b"hello", runs=True)])
    assert archive.startswith(b"070701")
    assert archive.count(b"070701") == 3, "two entries and the end"
    assert len(archive) % 4 == 0
    at = archive.index(b"bin/sh")
    mode, size = archive[at - 110 + 14 : at - 110 + 22], archive[at - 110 + 54 : at - 110 + 62]
    assert (int(mode, 16), int(size, 16)) == (0o100755, 5)
    assert squeezed(archive) == squeezed(archive)
    name = "x'; touch /owned; '"
    own = own_files(name, "Linux", "192.0.2.1/24").decode()
    assert shlex.split(own[own.index("NAME=") :].split("\n")[0]) == [f"NAME={name}"]


def test_what_is_not_known_yet_is_not_said() -> None:
    vitals = Vitals(actual_kib=98_304)
    vitals.see_processor(1.0, at=100.0)
    vitals.see_processor(1.5, at=102.0)
    vitals.see_balloon({"stat-free-memory": 1 << 20, "stat-total-memory": UNKNOWN})
    said = vitals.remote_state()
    assert said["cpu"] == 25.0
    assert said["memory"]["memfree"] == "1024"
    assert "memtotal" not in said["memory"]
    assert "agent" not in said
    vitals.root_kib = 100, 40
    assert vitals.remote_state()["agent"]["fsinfo"][0]["used-bytes"] == 40_960


def test_a_machine_without_qemu_says_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert guest_kit("auto") is None
    assert guest_kit("simulated") is None
    with pytest.raises(CannotGoOn, match=r"apt-get install .*qemu-system-x86"):
        guest_kit("qemu")
    told = {
        "DATABASE_URL": SecretStr("postgresql://x"),
        "PUBLIC_URL": "http://localhost:1",
        "SKYPANEL_SECRET_KEYS": SecretStr("k1:" + "A" * 43 + "="),
        "SANDBOX_DIR": tmp_path,
    }
    assert engine_of(Boot(**told)) is None, "played unless it is asked for"
    with pytest.raises(BootRefused, match=r"apt-get install .*qemu-system-x86"):
        engine_of(Boot(**told, SANDBOX_ENGINE="qemu"))
