"""What mail about tasks of servers says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Uuid, bindparam, select

from skypanel.identity.models import Account
from skypanel.mail.queries.asking import Asking, Overtaken, user_of
from skypanel.mail.rules import MailKind
from skypanel.platform.read import Query
from skypanel.servers.models import Server, ServerTask

_TASK: Query[dict[str, Any]] = Query(
    select(
        Account.name.label("account"),
        Server.id.label("server_id"),
        Server.label,
        Server.hostname,
        Server.ipv4,
        ServerTask.about,
        ServerTask.error,
        ServerTask.actor_kind,
        ServerTask.actor_name,
        ServerTask.finished_at,
    )
    .join(Server, Server.id == ServerTask.server_id)
    .join(Account, Account.id == ServerTask.account_id)
    .where(ServerTask.id == bindparam("task", type_=Uuid()))
)


async def _task(asking: Asking) -> dict[str, Any]:
    found = await _TASK.one(asking.read, task=asking.ids["task_id"])
    if found is None:
        raise Overtaken("The task is gone.")
    kind, actor = found.pop("actor_kind"), found.pop("actor_name")
    who = f"{actor} of our staff" if kind == "staff" else actor
    link = asking.link(f"/servers/{found.pop('server_id')}")
    return {**await user_of(asking), **found, "who": who, "link": link}


SERVER_FACTS: dict[str, Callable[[Asking], Awaitable[dict[str, Any]]]] = {
    MailKind.SERVER_REINSTALLED: _task,
    MailKind.REINSTALL_FAILED: _task,
    MailKind.SERVER_PASSWORD_RESET: _task,
}
