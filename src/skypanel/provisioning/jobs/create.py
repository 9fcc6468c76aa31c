"""Making servers at the panel: each step is an intent, a call, a record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from skypanel.customers.queries import billing_party
from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.client import VirtFusion
from skypanel.integrations.virtfusion.types import (
    ALLOCATED,
    COMPLETE,
    Installation,
    Missing,
    NewServer,
    NewUser,
    Server,
    Status,
)
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown
from skypanel.provisioning import actions, queries
from skypanel.provisioning.actions import Turn
from skypanel.provisioning.rules import (
    BUILDS_MAX,
    CALL_SECONDS,
    INSTALL_AT_MOST,
    UNKNOWN_WAIT_SECONDS,
    WAIT_SECONDS_MAX,
    may_be_ours,
    no_answer,
    not_reached,
    poll_seconds,
    relation_of,
    wait_seconds,
)
from skypanel.servers.queries import known_refs
from skypanel.servers.rules import panel_name

log = structlog.get_logger()
T = TypeVar("T")
STEPS_MAX: Final = 12
BATCH: Final = 100
FORGOTTEN_AFTER: Final = timedelta(minutes=1)
CONFLICT: Final = 409
# The panel refuses us, not the wish: everything goes on by itself once staff mend the settings.
OURS_TO_MEND: Final = frozenset(
    {
        "unauthorized",
        "forbidden",
        "no_such_path",
        "no_such_route",
        "redirected",
        "method_not_allowed",
    }
)
PASSWORD_LOST: Final = "The root password was lost with an answer: installing once more."  # noqa: S105
FAILED_ONCE: Final = "The installation failed; trying once more."


@job(queue="provisioning")
async def create_server(house: House, order_id: UUID) -> None:
    """Bring an order's server one or more steps further; it calls itself again until it stands."""
    for _ in range(STEPS_MAX):
        async with house.transaction() as db:
            turn = await actions.take_turn(db, order_id)
            if turn is None:
                return
            if not turn.step:
                await _come_back(db, order_id, turn.wait_seconds)
                return
        try:
            panel = await Vendors.of(house).virtfusion()
            wait = await STEPS[turn.step](house, panel, turn)
        except OutsideError as error:
            await _trouble(house, turn, error)
            return
        if wait:
            return
    async with house.transaction() as db:
        await _come_back(db, order_id, 1)


async def _come_back(db: Db, order_id: UUID, after_seconds: float) -> None:
    db.house.queue.enqueue(db, create_server, after_seconds=after_seconds, order_id=order_id)


async def _bounded(call: Awaitable[T]) -> T:
    """A change that ends within our claim on the creation, or whose outcome is not known."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await call
    except TimeoutError:
        raise Unknown("virtfusion", "no answer in time", code="timeout") from None


async def _trouble(house: House, turn: Turn, error: OutsideError) -> None:
    """Decide by the kind of error: wait, or let a person look."""
    refused = isinstance(error, Refused) and error.code not in OURS_TO_MEND
    if refused:
        gone = isinstance(error, Missing) and turn.step in ("build", "poll")
        text = "The server is gone at the panel." if gone else str(error)
        async with house.transaction() as db:
            await actions.give_up(db, turn, text)
        return
    unknown = isinstance(error, Unknown)
    async with house.transaction() as db:
        provision = await actions.lock_provision(db, turn.provision_id)
        if unknown:
            wait: float = UNKNOWN_WAIT_SECONDS
        elif isinstance(error, Refused):
            wait = WAIT_SECONDS_MAX
        else:
            wished = error.retry_after_seconds if isinstance(error, Unavailable) else None
            wait = wait_seconds(provision.attempts, wished)
        text = "The answer was lost; asking what became of it." if unknown else "Not now."
        said = no_answer(db.now) if unknown else not_reached(db.now)
        await actions.note_trouble(db, turn, text, str(error), wait, said)
        await _come_back(db, turn.order_id, wait)


async def _user(house: House, panel: VirtFusion, turn: Turn) -> bool:
    """Find the account's panel user, or make it; looking first makes repeating safe."""
    relation = relation_of(turn.wish.account_id)
    try:
        user = await panel.user(relation)
    except Missing:
        party = await billing_party(house.read(), turn.wish.account_id)
        name = party["company"] or party["name"]
        try:
            user = await _bounded(panel.create_user(NewUser(relation, name, party["email"])))
        except Refused as error:
            if error.status != CONFLICT:
                raise
            # The person owns another account, or is known to the panel: an address of our own.
            host = urlsplit(house.public_url).hostname or "localhost"
            address = f"{relation}@{host if '.' in host else host + '.localdomain'}"
            user = await _bounded(panel.create_user(NewUser(relation, name, address)))
    async with house.transaction() as db:
        await actions.note_user(db, turn, user.id)
    return False


async def _create(house: House, panel: VirtFusion, turn: Turn) -> bool:
    """Look for a server that a lost answer left behind; ask for one only when there is none."""
    assert turn.user_ref is not None
    listed = await panel.servers_of(turn.user_ref)
    known = await known_refs(house.read(), turn.refs.panel_id)
    found = [one for one in listed if one.id not in known and may_be_ours(turn.wish.plan, one)]
    if len(found) > 1:
        ids = ", ".join(str(one.id) for one in found)
        async with house.transaction() as db:
            await actions.give_up(
                db, turn, f"Several panel servers could be this one: {ids}. Delete the others."
            )
        return True
    if found:
        ref, ipv4 = found[0].id, next(iter(found[0].ipv4), None)
    else:
        async with house.transaction() as db:
            await actions.intend_creation(db, turn)
        made = await _bounded(panel.create_server(_new_server(turn)))
        ref, ipv4 = made.id, next(iter(made.ipv4), None)
    async with house.transaction() as db:
        await actions.note_created(db, turn, ref, ipv4, adopted=bool(found))
    return False


def _new_server(turn: Turn) -> NewServer:
    """Sizes are said outright: what was sold counts, not what the package is by now."""
    assert turn.user_ref is not None
    plan = turn.wish.plan
    return NewServer(
        package_id=turn.refs.package_ref,
        user_id=turn.user_ref,
        hypervisor_group_id=turn.refs.group_ref,
        vcpu=plan["vcpu"],
        memory_mib=plan["memory_mib"],
        disk_gib=plan["disk_gib"],
        traffic_gb=plan["traffic_gb"],
        ipv4_count=turn.wish.ipv4_count,
    )


async def _build(house: House, panel: VirtFusion, turn: Turn) -> bool:
    """Install; if it was asked before, the server's state tells whether that was heard."""
    assert turn.virtfusion_ref is not None
    if turn.build_asked_at is not None:
        server = await panel.server(turn.virtfusion_ref)
        if server.busy or (server.commission_status != ALLOCATED and not _failed(server)):
            async with house.transaction() as db:
                await actions.note_building(db, turn, None)
            return False
    keys = await _keys(panel, turn)
    async with house.transaction() as db:
        await actions.intend_build(db, turn)
    wish = turn.wish
    started = await _bounded(
        panel.build(
            turn.virtfusion_ref,
            Installation(
                template_id=turn.refs.template_ref,
                name=panel_name(wish.label),
                hostname=wish.hostname,
                ssh_key_ids=keys,
            ),
        )
    )
    async with house.transaction() as db:
        await actions.note_building(db, turn, started.root_password)
    return False


async def _keys(panel: VirtFusion, turn: Turn) -> tuple[int, ...]:
    """The panel's ids of the order's keys."""
    if not turn.wish.ssh_public_keys:
        return ()
    assert turn.user_ref is not None
    return await _bounded(panel.ssh_key_ids(turn.user_ref, turn.wish.ssh_public_keys))


def _failed(server: Server) -> bool:
    return server.status is Status.FAILED and not server.busy


async def _poll(house: House, panel: VirtFusion, turn: Turn) -> bool:
    """See how far the installation is."""
    assert turn.virtfusion_ref is not None
    server = await panel.server(turn.virtfusion_ref)
    if _failed(server):
        return await _install_failed(house, turn)
    if server.busy or server.commission_status != COMPLETE or server.state != "complete":
        return await _still_installing(house, turn)
    lost = turn.wish.password_login and not turn.password_told
    if lost and turn.builds < BUILDS_MAX:
        async with house.transaction() as db:
            await actions.build_again(db, turn, PASSWORD_LOST)
        return False
    seen = await panel.server(turn.virtfusion_ref, live=True)
    power = "unknown" if seen.live is None else "running" if seen.live.running else "stopped"
    async with house.transaction() as db:
        await actions.finish(
            db,
            turn,
            ipv4=next(iter(seen.ipv4), None),
            ipv6=next(iter(seen.ipv6), None),
            power=power,
        )
    return True


async def _install_failed(house: House, turn: Turn) -> bool:
    async with house.transaction() as db:
        if turn.builds < BUILDS_MAX:
            await actions.build_again(db, turn, FAILED_ONCE)
            return False
        await actions.give_up(db, turn, "The panel's installation failed twice.")
    return True


async def _still_installing(house: House, turn: Turn) -> bool:
    wait = poll_seconds(turn.polls)
    async with house.transaction() as db:
        if turn.installing_at is not None and db.now - turn.installing_at > INSTALL_AT_MOST:
            await actions.give_up(db, turn, "The panel has been installing for an hour.")
            return True
        await actions.note_poll(db, turn, wait)
        await _come_back(db, turn.order_id, wait)
    return True


Step = Callable[[House, VirtFusion, Turn], Awaitable[bool]]
# Each answers whether this visit is over; what is left goes on by itself later.
STEPS: Final[dict[str, Step]] = {
    "user": _user,
    "create": _create,
    "build": _build,
    "poll": _poll,
}


@timer("* * * * * */20")
async def converge(house: House) -> None:
    """Creations that nobody follows any more, and paid orders without one, are taken up again."""
    read = house.read()
    due = await queries.DUE.all(read, now=read.now, limit=BATCH)
    due += await queries.FORGOTTEN.all(read, before=read.now - FORGOTTEN_AFTER, limit=BATCH)
    for order_id in dict.fromkeys(due):
        async with house.transaction() as db:
            await actions.postpone(db, order_id)
            await _come_back(db, order_id, 0)
