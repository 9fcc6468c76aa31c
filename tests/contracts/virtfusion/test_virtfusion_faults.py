"""The simulated panel's faults, its own endpoints, its pages and its memory."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import httpx
import pytest
import uvicorn
from virtfusion_world import TOKEN, World, installation

from skypanel.integrations.virtfusion import types
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.simulator import Fault, PanelState, Timing, create_app
from skypanel.integrations.virtfusion.simulator.faults import KINDS
from skypanel.integrations.virtfusion.types import Missing, Status
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

SANDBOX = "https://panel.example.test"


async def test_a_lost_creation_was_done_and_is_found_again(world: World) -> None:
    user = await world.user()
    world.fault("lose_answer", "createServer")
    with pytest.raises(Unknown):
        await world.panel.create_server(types.NewServer(1, user.id, 1))
    (found,) = await world.panel.servers_of(user.id)
    assert found.state == "allocated"
    assert world.state.calls[1].note == "answer lost"


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [
        ("refuse", Refused, "unprocessable"),
        ("unavailable", Unknown, "server_error"),
        ("rate_limit", Unavailable, "rate_limited"),
        ("revoked_token", Refused, "unauthorized"),
    ],
)
async def test_these_faults_do_nothing_and_say_so(
    world: World, kind: str, error: type[OutsideError], code: str
) -> None:
    user = await world.user()
    world.fault(kind, "createServer", seconds=9)
    with pytest.raises(error) as raised:
        await world.panel.create_server(types.NewServer(1, user.id, 1))
    assert raised.value.code == code
    if isinstance(raised.value, Unavailable):
        assert raised.value.retry_after_seconds == 9
    assert await world.panel.servers_of(user.id) == []
    await world.panel.create_server(types.NewServer(1, user.id, 1))


async def test_a_lock_holds_until_it_is_cleared_and_only_changes_of_servers(world: World) -> None:
    server = await world.installed()
    world.fault("lock", remaining=None)
    for _ in range(3):
        with pytest.raises(Unavailable, match="locked"):
            await world.panel.suspend(server.id)
    await world.panel.server(server.id)
    world.state.faults.clear(kind="lock")
    await world.panel.suspend(server.id)


async def test_a_fault_hits_the_number_of_calls_it_was_set_for(world: World) -> None:
    world.fault("unavailable", remaining=2)
    assert len(await world.panel.packages()) == 6
    assert [status for _, status in world.checked.seen] == [503, 503, 200]


async def test_changes_can_fail_while_reads_go_on(world: World) -> None:
    world.fault("unavailable", "changes", remaining=None)
    await world.panel.packages()
    with pytest.raises(Unknown):
        await world.user()


async def test_slowness_passes(world: World) -> None:
    world.fault("slow", "listPackages", seconds=0.02)
    began = asyncio.get_running_loop().time()
    await world.panel.packages()
    assert asyncio.get_running_loop().time() - began >= 0.02


@pytest.mark.parametrize("by_name", [True, False])
async def test_an_installation_can_fail_and_be_repeated(world: World, by_name: bool) -> None:
    server = await world.allocated()
    if not by_name:
        world.fault("fail_build")
    await world.panel.build(
        server.id, installation("fail-build.example.test" if by_name else "a.test")
    )
    assert (await world.panel.server(server.id)).status is Status.PROVISIONING
    world.turn(6)
    failed = await world.panel.server(server.id, live=True)
    assert (failed.status, failed.build_failed, failed.live) == (Status.FAILED, True, None)
    await world.panel.build(server.id, installation("good.example.test"))
    world.turn(6)
    assert (await world.panel.server(server.id, live=True)).status is Status.RUNNING


async def test_names_make_an_installation_slow_or_lose_its_answer_once(world: World) -> None:
    server = await world.allocated()
    with pytest.raises(Unknown):
        await world.panel.build(server.id, installation("slow-build.lose-answer.example.test"))
    world.turn(59)
    assert (await world.panel.server(server.id)).busy
    world.turn(1)
    assert not (await world.panel.server(server.id)).busy
    await world.panel.build(server.id, installation("lose-answer.example.test"))


async def test_a_users_name_loses_one_creation(world: World) -> None:
    user = await world.user("Lose-Answer Ltd")
    with pytest.raises(Unknown):
        await world.panel.create_server(types.NewServer(1, user.id, 1))
    await world.panel.create_server(types.NewServer(1, user.id, 1))
    assert len(await world.panel.servers_of(user.id)) == 2


async def test_a_wrong_token_is_refused_without_a_body(world: World) -> None:
    panel = VirtFusion(SANDBOX, "wrong", http=world.http)
    with pytest.raises(Refused) as refused:
        await panel.connect()
    assert refused.value.status == 401


async def test_an_unknown_path_is_not_a_missing_record(world: World) -> None:
    app = create_app(world.state)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SANDBOX) as http:
        answer = await http.get("/api/v1/nothing", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 404
    assert "could not be found" in answer.json()["message"]


@pytest.fixture
async def sandbox(world: World) -> httpx.AsyncClient:
    app = create_app(world.state, clock=lambda: world.now, links={"Mailbox": "http://mail.test/"})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SANDBOX)


async def test_faults_are_switched_over_http(world: World, sandbox: httpx.AsyncClient) -> None:
    answer = await sandbox.post(
        "/_sandbox/faults", json={"kind": "rate_limit", "operation": "listPackages", "remaining": 1}
    )
    assert answer.status_code == 201
    assert answer.json()["faults"][0]["kind"] == "rate_limit"
    with pytest.raises(Unavailable):
        await world.panel.packages()
    await sandbox.post("/_sandbox/faults", json={"kind": "slow"})
    assert (await sandbox.delete("/_sandbox/faults")).json()["faults"] == []
    assert set((await sandbox.get("/_sandbox/faults")).json()["kinds"]) == set(KINDS)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "explode"},
        {"kind": "slow", "operation": "nothing"},
        {"kind": "lock", "operation": "getServer"},
        {"kind": "slow", "remaining": 0},
        {"kind": "slow", "seconds": -1},
    ],
)
async def test_a_fault_that_could_not_work_is_not_taken(
    sandbox: httpx.AsyncClient, fault: dict[str, object]
) -> None:
    answer = await sandbox.post("/_sandbox/faults", json=fault)
    assert answer.status_code == 422
    assert answer.json()["error"]


async def test_an_installation_is_ended_at_once(world: World, sandbox: httpx.AsyncClient) -> None:
    server = await world.allocated()
    path = f"/_sandbox/servers/{server.id}/build"
    assert (await sandbox.post(f"{path}/finish")).status_code == 409
    await world.panel.build(server.id, installation())
    assert (await sandbox.post(f"{path}/fail")).json() == {"state": "failed"}
    await world.panel.build(server.id, installation())
    assert (await sandbox.post(f"{path}/finish")).json() == {"state": "complete"}
    assert (await world.panel.server(server.id, live=True)).status is Status.RUNNING
    assert (await sandbox.post("/_sandbox/servers/9/build/finish")).status_code == 404


async def test_the_state_is_told_timed_and_reset(world: World, sandbox: httpx.AsyncClient) -> None:
    server = await world.allocated()
    assert (await sandbox.put("/_sandbox/timing", json={"build_seconds": 1})).status_code == 200
    await world.panel.build(server.id, installation())
    world.turn(1)
    told = (await sandbox.get("/_sandbox/state")).json()
    assert (told["users"], told["servers_by_state"], told["jobs_running"]) == (
        1,
        {"complete": 1},
        0,
    )
    assert (await sandbox.post("/_sandbox/reset")).json()["servers"] == 0
    with pytest.raises(Missing):
        await world.panel.server(server.id)


@pytest.mark.parametrize(
    "page", ["", "servers", "users", "queue", "hypervisors", "calls", "faults"]
)
async def test_pages_show_what_happened_and_escape_it(
    world: World, sandbox: httpx.AsyncClient, page: str
) -> None:
    assert (await sandbox.get(f"/{page}")).status_code == 200
    user = await world.user("<script>alert(1)</script>")
    server = await world.panel.create_server(types.NewServer(1, user.id, 1))
    await world.panel.build(server.id, installation())
    world.fault("slow", "getPackage")
    answer = await sandbox.get(f"/{page}")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "http://mail.test/" in answer.text
    assert TOKEN not in answer.text
    wanted = {
        "users": "&lt;script&gt;",
        "queue": "build_server",
        "hypervisors": "fsn-hv1",
        "calls": "createServer",
        "faults": "getPackage",
    }.get(page, "203.0.113.2")
    assert wanted in answer.text


async def test_the_pages_switches_work(world: World, sandbox: httpx.AsyncClient) -> None:
    form = {"kind": "fail_build", "operation": "any", "remaining": "", "seconds": "5"}
    assert (await sandbox.post("/faults/set", data=form)).headers["location"] == "/faults"
    (fault,) = world.state.faults
    assert fault == Fault("fail_build", "any", None, 5.0)
    assert (await sandbox.post("/faults/set", data=form | {"kind": "nothing"})).status_code == 422
    await sandbox.post("/faults/clear", data={"kind": "fail_build", "operation": "any"})
    assert list(world.state.faults) == []
    server = await world.allocated()
    await world.panel.build(server.id, installation())
    await sandbox.post(f"/servers/{server.id}/fail")
    assert (await world.panel.server(server.id)).status is Status.FAILED
    await sandbox.post("/reset")
    assert world.state.tables.servers == {}


def own_panel(state: PanelState, world: World) -> VirtFusion:
    app = create_app(state, clock=lambda: world.now)
    return VirtFusion(SANDBOX, TOKEN, http=httpx.AsyncClient(transport=httpx.ASGITransport(app)))


def files_in(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


async def test_a_restart_forgets_nothing_but_faults(world: World, tmp_path: Path) -> None:
    file = tmp_path / "sandbox" / "panel.json"
    panel = own_panel(PanelState(token=TOKEN, path=file, timing=Timing(build_seconds=30)), world)
    user = await panel.create_user(types.NewUser("sky-1", "Ada", "ada@example.test"))
    server = await panel.create_server(types.NewServer(2, user.id, 2))
    started = await panel.build(server.id, installation())
    assert started.root_password
    assert started.root_password not in file.read_text("utf-8")
    assert TOKEN not in file.read_text("utf-8")

    again = PanelState(token=TOKEN, path=file)
    panel = own_panel(again, world)
    assert (await panel.server(server.id)).busy
    world.turn(30)
    assert (await panel.server(server.id, live=True)).status is Status.RUNNING
    assert (await panel.user("sky-1")) == user
    assert (await panel.create_server(types.NewServer(1, user.id, 2))).id == server.id + 1
    assert files_in(file.parent) == ["panel.json"]


async def test_over_a_socket_a_lost_answer_is_a_gateways_504(world: World) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(world.state, clock=lambda: world.now), log_config=None, lifespan="off"
            )
        )
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                panel = VirtFusion(f"http://127.0.0.1:{port}", TOKEN, http=http)
                user = await panel.create_user(types.NewUser("sky-1", "Ada", "ada@example.test"))
                world.fault("lose_answer", "createServer")
                with pytest.raises(Unknown) as unknown:
                    await panel.create_server(types.NewServer(1, user.id, 1))
                assert unknown.value.status == 504
                assert len(await panel.servers_of(user.id)) == 1
        finally:
            server.should_exit = True
            await running
