"""What staff have done to one server for its customer: always with a reason."""

from __future__ import annotations

from uuid import UUID

from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.servers.actions.life import ask, lock_server
from skypanel.services import actions as services
from skypanel.services.rules import Hold


async def ask_for(db: Db, server_id: UUID, kind: str, reason: str) -> UUID:
    """Ask something of a server's power as staff; the id of the task.

    Refuses `server_busy` and `verb_not_allowed`. Publishes ServerTaskQueued.
    """
    task_id = await ask(db, server_id, kind)
    server = await lock_server(db, server_id)
    audit(db, "server.ask", "server", server_id, account_id=server.account_id,
          kind=kind, reason=reason, task=str(task_id))  # fmt: skip
    return task_id


async def suspend(db: Db, server_id: UUID, hold: str, reason: str) -> None:
    """Hold the service of a server. Publishes ServiceSuspended with the first hold."""
    server = await lock_server(db, server_id)
    await services.hold(db, server.service_id, Hold(hold), reason)
    audit(db, "server.suspend", "server", server_id, account_id=server.account_id,
          hold=hold, reason=reason)  # fmt: skip


async def resume(db: Db, server_id: UUID, hold: str, reason: str) -> None:
    """Lift a hold of its service. Publishes ServiceResumed with the last one."""
    server = await lock_server(db, server_id)
    await services.release(db, server.service_id, Hold(hold), reason)
    audit(db, "server.resume", "server", server_id, account_id=server.account_id,
          hold=hold, reason=reason)  # fmt: skip
