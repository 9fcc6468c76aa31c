"""The customer's servers and public keys."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from skypanel.catalog.schemas.shop import Images
from skypanel.platform.http.doors import (
    TheDb,
    ThePage,
    TheReader,
    TheViewer,
    answer,
    nothing,
)
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.servers import actions, queries, schemas

router = APIRouter(route_class=DoorRoute, tags=["servers"])
Words = Annotated[str, Query(max_length=80)]


@router.get("/servers", response_model=schemas.Servers)
async def servers(
    read: TheReader,
    viewer: TheViewer,
    page: ThePage,
    account_id: UUID | None = None,
    q: Words = "",
    favourites: bool = False,
) -> Response:
    """The servers of one's accounts, favourites first; `q` looks into names, tags and notes."""
    found = await queries.page(read, viewer, page, account_id, q, favourites=favourites)
    return answer(found)


@router.get("/servers/{server_id}", response_model=schemas.ServerShown)
async def server(server_id: UUID, read: TheReader, viewer: TheViewer) -> Response:
    """One server."""
    return answer(await queries.get_for(read, viewer, server_id))


@router.patch("/servers/{server_id}", response_model=schemas.ServerShown)
async def rename(
    server_id: UUID, change: schemas.ServerChange, db: TheDb, viewer: TheViewer
) -> Response:
    """Give a server another label, tags or notes, or make it a favourite."""
    await queries.account_for(db, viewer, server_id, "servers.operate")
    wanted = change.model_dump(exclude_none=True)
    label = wanted.pop("label", None)
    if label is not None:
        await actions.rename(db, server_id, label)
    if wanted:
        await actions.annotate(db, server_id, **wanted)
    return answer(await queries.get_for(db, viewer, server_id))


@router.post("/servers/{server_id}/tasks", response_model=schemas.Task, status_code=202)
async def ask(server_id: UUID, wish: schemas.TaskWish, db: TheDb, viewer: TheViewer) -> Response:
    """Ask something of a server's power; the task tells how it goes."""
    await queries.account_for(db, viewer, server_id, "servers.operate")
    task_id = await actions.ask(db, server_id, wish.kind)
    return answer(await queries.task(db, task_id), 202)


@router.get("/servers/{server_id}/tasks", response_model=schemas.Tasks)
async def tasks(server_id: UUID, read: TheReader, viewer: TheViewer, page: ThePage) -> Response:
    """What was asked of a server."""
    return answer(await queries.tasks(read, viewer, server_id, page))


@router.get("/servers/{server_id}/images", response_model=Images)
async def server_images(server_id: UUID, read: TheReader, viewer: TheViewer) -> Response:
    """The systems that can be put on a server."""
    return answer(await queries.images(read, viewer, server_id))


@router.post("/servers/{server_id}/reinstall", response_model=schemas.Task, status_code=202)
async def reinstall_server(
    server_id: UUID, wish: schemas.Reinstall, db: TheDb, viewer: TheViewer
) -> Response:
    """Ask for a fresh system: everything on the server's disk is lost."""
    await queries.account_for(db, viewer, server_id, "servers.operate")
    task_id = await actions.ask_reinstall(db, viewer, server_id, wish.wish())
    return answer(await queries.task(db, task_id), 202)


@router.post("/servers/{server_id}/password/reset", response_model=schemas.Task, status_code=202)
async def reset_server_password(server_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Ask for another password of the administrator; it can be revealed once the task is done."""
    await queries.account_for(db, viewer, server_id, "servers.operate")
    task_id = await actions.ask_password_reset(db, server_id)
    return answer(await queries.task(db, task_id), 202)


@router.get("/servers/{server_id}/history", response_model=schemas.History)
async def server_history(
    server_id: UUID, read: TheReader, viewer: TheViewer, page: ThePage
) -> Response:
    """Everything that was done to a server, by whom."""
    return answer(await queries.history(read, viewer, server_id, page))


@router.post("/servers/{server_id}/password/reveal", response_model=schemas.FirstPassword)
async def reveal_password(server_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Show the password that is kept, this one time."""
    await queries.account_for(db, viewer, server_id, "servers.operate")
    shown = await actions.reveal_password(db, server_id)
    return answer(shown, headers={"x-secret-answer": "1"})


@router.get("/ssh-keys", response_model=schemas.Keys)
async def keys(
    read: TheReader, viewer: TheViewer, page: ThePage, account_id: UUID | None = None
) -> Response:
    """The public keys of one's accounts."""
    return answer(await queries.keys(read, viewer, page, account_id))


@router.post("/ssh-keys", response_model=schemas.KeyShown, status_code=201)
async def add_key(wish: schemas.KeyWish, db: TheDb, viewer: TheViewer) -> Response:
    """Keep a public key for orders to come."""
    viewer.require("keys.manage", wish.account_id)
    key = await actions.add_key(db, wish.account_id, wish.name.strip(), wish.public_key)
    body = {
        "id": key.id,
        "name": key.name,
        "fingerprint": key.fingerprint,
        "public_key": key.public_key,
        "created_at": key.created_at,
    }
    return answer(body, 201)


@router.delete("/ssh-keys/{key_id}", status_code=204)
async def drop_key(key_id: UUID, db: TheDb, viewer: TheViewer) -> Response:
    """Forget a public key."""
    await queries.key_for(db, viewer, key_id, "keys.manage")
    await actions.drop_key(db, key_id)
    return nothing()
