"""The panel from inside, as pages: servers, owners, jobs, capacity, calls and fault switches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

import jinja2
import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from skypanel.integrations.virtfusion.simulator import capacity, lifecycle
from skypanel.integrations.virtfusion.simulator.answers import Json
from skypanel.integrations.virtfusion.simulator.api import OPERATION_NAMES
from skypanel.integrations.virtfusion.simulator.call import Clock
from skypanel.integrations.virtfusion.simulator.control import WrongFaultError, checked
from skypanel.integrations.virtfusion.simulator.faults import ANY, CHANGES, EXPLAINED, Fault
from skypanel.integrations.virtfusion.simulator.state import (
    Hypervisor,
    PanelState,
    QueueItem,
    Server,
)

PAGES: Final = {
    "servers": "Servers",
    "users": "Users",
    "queue": "Queue",
    "hypervisors": "Capacity",
    "calls": "Calls",
    "faults": "Faults",
}
ROWS_MAX: Final = 200
_TEMPLATES: Final = jinja2.Environment(
    loader=jinja2.PackageLoader("skypanel.integrations.virtfusion.simulator"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
}


def page_routes(state: PanelState, clock: Clock, links: Mapping[str, str]) -> list[Route]:
    """The pages and the forms on them."""

    def shown(request: Request, page: str, *, error: str = "") -> Response:
        now = clock()
        lifecycle.settle(state, now)
        text = _TEMPLATES.get_template(f"{page}.html").render(
            page=page,
            pages=PAGES,
            base=request.scope.get("root_path", ""),
            links=links,
            now=now,
            error=error,
            faults_on=len(list(state.faults)),
            busy=any(one.finished_at is None for one in state.tables.queue.values()),
            **_content(page, state, now),
        )
        return HTMLResponse(text, status_code=422 if error else 200, headers=_HEADERS)

    async def show(request: Request) -> Response:
        return shown(request, request.url.path.rstrip("/").rsplit("/", 1)[-1] or "servers")

    async def front(request: Request) -> Response:
        return shown(request, "servers")

    async def switch(request: Request) -> Response:
        try:
            state.faults.set(checked(_fault(await _form(request))))
        except (WrongFaultError, msgspec.ValidationError) as wrong:
            return shown(request, "faults", error=str(wrong))
        return _back(request, "faults")

    async def clear(request: Request) -> Response:
        form = await _form(request)
        state.faults.clear(kind=form.get("kind"), operation=form.get("operation"))
        return _back(request, "faults")

    async def end_build(request: Request) -> Response:
        now = clock()
        lifecycle.settle(state, now)
        server = state.tables.servers.get(request.path_params["server_id"])
        if server is not None:
            fails = request.url.path.endswith("/fail")
            lifecycle.end_now(state, server, now, fails=fails)
        return _back(request, "servers")

    async def reset(request: Request) -> Response:
        state.reset()
        return _back(request, "servers")

    return [
        Route("/", front, methods=["GET"]),
        *(Route(f"/{name}", show, methods=["GET"]) for name in PAGES),
        Route("/faults/set", switch, methods=["POST"]),
        Route("/faults/clear", clear, methods=["POST"]),
        Route("/servers/{server_id:int}/finish", end_build, methods=["POST"]),
        Route("/servers/{server_id:int}/fail", end_build, methods=["POST"]),
        Route("/reset", reset, methods=["POST"]),
    ]


def _back(request: Request, page: str) -> Response:
    base = request.scope.get("root_path", "")
    return RedirectResponse(f"{base}/{page}", status_code=303)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


def _fault(form: Mapping[str, str]) -> Fault:
    """The switch as the form describes it; no number of calls means until it is cleared."""
    wanted = {
        key: form[key] for key in ("kind", "operation", "remaining", "seconds") if key in form
    }
    return msgspec.convert(wanted, Fault, strict=False)


def _content(page: str, state: PanelState, now: datetime) -> Json:
    tables = state.tables
    if page == "servers":
        newest = sorted(tables.servers.values(), key=lambda one: -one.id)[:ROWS_MAX]
        return {
            "rows": [_server_row(state, server, now) for server in newest],
            "total": len(tables.servers),
        }
    if page == "users":
        owned = [server.user_id for server in tables.servers.values()]
        keys = [key.user_id for key in tables.ssh_keys.values()]
        users = sorted(tables.users.values(), key=lambda one: -one.id)[:ROWS_MAX]
        return {
            "rows": [(user, owned.count(user.id), keys.count(user.id)) for user in users],
            "total": len(tables.users),
        }
    if page == "queue":
        jobs = sorted(tables.queue.values(), key=lambda one: -one.id)[:ROWS_MAX]
        return {"rows": [(job, _percent(job, now)) for job in jobs], "total": len(tables.queue)}
    if page == "hypervisors":
        return {"groups": _groups(state)}
    if page == "calls":
        return {"rows": list(state.calls)}
    return {
        "faults": list(state.faults),
        "kinds": EXPLAINED,
        "operations": (ANY, CHANGES, *OPERATION_NAMES),
    }


def _server_row(state: PanelState, server: Server, now: datetime) -> Json:
    job = lifecycle.active_job(state, server)
    templates = [one for group in state.tables.template_groups for one in group.templates]
    system = next((one for one in templates if one.id == server.template_id), None)
    return {
        "server": server,
        "owner": state.tables.users[server.user_id],
        "host": state.tables.hypervisors[server.hypervisor_id].name,
        "group": state.tables.groups[server.group_id].name,
        "system": f"{system.name} {system.version}" if system else "",
        "word": _word(server),
        "building": job is not None and job.action == lifecycle.BUILD,
        "percent": _percent(job, now) if job else None,
        "real": server.real and state.engine.name == "qemu",
    }


def _word(server: Server) -> str:
    if server.deletes_at is not None:
        return "deleting"
    if server.suspended:
        return "suspended"
    if server.state == "complete":
        return "running" if server.running else "stopped"
    return {"queued": "installing"}.get(server.state, server.state)


def _percent(job: QueueItem, now: datetime) -> int:
    if job.finished_at is not None:
        return 100
    length = max(0.001, (job.ends_at - job.started_at).total_seconds())
    return min(99, max(0, int((now - job.started_at).total_seconds() / length * 100)))


def _groups(state: PanelState) -> list[Json]:
    tables = state.tables
    return [
        {
            "group": group,
            "free_ipv4": len(capacity.free_ipv4(tables, group)),
            "hosts": [
                (host, _bars(state, host))
                for host in tables.hypervisors.values()
                if host.group_id == group.id
            ],
        }
        for group in tables.groups.values()
    ]


def _bars(state: PanelState, host: Hypervisor) -> list[tuple[str, int, int, str]]:
    """Name, taken, most and unit of each thing a host can run out of; 0 is no limit."""
    now = capacity.used(state.tables, host)
    bars = [
        ("Servers", now.servers, host.max_servers, ""),
        ("Memory", now.memory_mb // 1024, host.max_memory_mb // 1024, "GiB"),
        ("Cores", now.cores, host.max_cores, ""),
        ("Local disk", now.local_gb, host.max_local_gb, "GB"),
    ]
    bars += [(store.name, now.store_gb[store.id], store.max_gb, "GB") for store in host.stores]
    return bars
