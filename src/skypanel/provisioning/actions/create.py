"""Writing down how far a creation is: every verb is one beat before or after a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from skypanel.catalog.actions import use_stock
from skypanel.catalog.queries import BuildRefs, build_refs
from skypanel.identity.actions import audit
from skypanel.orders.actions import fail_order, lock_order, reopen_order, retry_order
from skypanel.orders.queries import build_wish
from skypanel.orders.rules import FAILED, BuildWish
from skypanel.platform.db import Db
from skypanel.platform.errors import NotFound
from skypanel.platform.events import account_topic
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance
from skypanel.provisioning.events import ProvisionResumed
from skypanel.provisioning.models import PanelUser, Provision, ProvisionStep
from skypanel.provisioning.rules import (
    ENDED,
    LEASE,
    LOOK_AFTER,
    PROVISION_STATES,
    PanelEntry,
    relation_of,
)
from skypanel.servers import actions as servers
from skypanel.servers.models import Server


@dataclass(frozen=True, slots=True)
class Turn:
    """One visit to a creation: what to do next, and everything that this needs to know.

    `wait_seconds` without a step: somebody else is at it, come back later.
    """

    step: str
    order_id: UUID
    provision_id: UUID
    wish: BuildWish
    refs: BuildRefs
    server_id: UUID
    user_ref: int | None = None
    virtfusion_ref: int | None = None
    build_asked_at: datetime | None = None
    asked_at: datetime | None = None
    installing_at: datetime | None = None
    builds: int = 0
    polls: int = 0
    password_told: bool = False
    wait_seconds: float = 0


async def _begin(db: Db, wish: BuildWish, refs: BuildRefs) -> Provision:
    """The creation of an order, made when there is none yet; the order is locked."""
    found = await db.scalar(select(Provision).where(Provision.order_id == wish.order_id))
    if found is None:
        server = await servers.allocate(
            db,
            service_id=wish.service_id,
            order_id=wish.order_id,
            account_id=wish.account_id,
            panel_id=refs.panel_id,
            plan=wish.plan,
            location=wish.location,
            image=wish.image,
            hostname=wish.hostname,
            label=wish.label,
        )
        found = Provision(
            id=new_id(),
            order_id=wish.order_id,
            account_id=wish.account_id,
            service_id=wish.service_id,
            server_id=server.id,
            state="waiting",
            builds=0,
            attempts=0,
            polls=0,
            password_told=False,
            created_at=db.now,
        )
        db.add(found)
        await db.flush()
        await log_step(db, found, f"Order paid; {wish.hostname} is to be made.")
    return found


async def take_turn(db: Db, order_id: UUID) -> Turn | None:
    """Claim the next step of an order's creation; nothing when there is nothing to do."""
    order = await lock_order(db, order_id)
    if order.state not in ("paid", "failed"):
        return None
    wish = await build_wish(db, order_id)
    refs = await build_refs(db, wish.plan_id, wish.location_id, wish.image_id)
    found = await _begin(db, wish, refs)
    provision = await lock_provision(db, found.id)
    if provision.state in ENDED:
        return None
    if provision.lease_until_at is not None and provision.lease_until_at > db.now:
        left = (provision.lease_until_at - db.now).total_seconds()
        return _turn("", provision, wish, refs, wait_seconds=left + 1)
    user = await panel_user(db, wish.account_id, refs.panel_id)
    server = await db.get(Server, provision.server_id, populate_existing=True)
    assert server is not None
    step = await _next_step(db, provision, user, server)
    if not step:
        return _turn("", provision, wish, refs, wait_seconds=2)
    provision.lease_until_at = db.now + LEASE
    provision.due_at = provision.lease_until_at + LOOK_AFTER
    return _turn(step, provision, wish, refs, user=user, server=server)


def _turn(
    step: str,
    provision: Provision,
    wish: BuildWish,
    refs: BuildRefs,
    *,
    user: PanelUser | None = None,
    server: Server | None = None,
    wait_seconds: float = 0,
) -> Turn:
    return Turn(
        step=step,
        order_id=provision.order_id,
        provision_id=provision.id,
        wish=wish,
        refs=refs,
        server_id=provision.server_id,
        user_ref=user.virtfusion_ref if user else None,
        virtfusion_ref=server.virtfusion_ref if server else None,
        build_asked_at=provision.build_asked_at,
        asked_at=provision.asked_at,
        installing_at=server.installing_at if server else None,
        builds=provision.builds,
        polls=provision.polls,
        password_told=provision.password_told,
        wait_seconds=wait_seconds,
    )


async def _next_step(db: Db, provision: Provision, user: PanelUser, server: Server) -> str:
    """What comes next; empty while another server of the account is being created."""
    if server.virtfusion_ref is None:
        if user.virtfusion_ref is None:
            return "user"
        if user.creating_id not in (None, provision.id):
            return ""
        user.creating_id = provision.id
        if provision.state == "waiting":
            advance(db, provision, PROVISION_STATES, "create")
        return "create"
    if provision.state in ("waiting", "creating"):
        advance(db, provision, PROVISION_STATES, "build")
    return "build" if provision.state == "building" else "poll"


async def lock_provision(db: Db, provision_id: UUID) -> Provision:
    """The creation as it stands now, locked until this unit of work ends."""
    found = await db.get(Provision, provision_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def panel_user(db: Db, account_id: UUID, panel_id: UUID) -> PanelUser:
    """The account's owner record at the panel, locked; made when there is none yet."""
    made = insert(PanelUser).values(
        id=new_id(),
        account_id=account_id,
        panel_id=panel_id,
        relation=relation_of(account_id),
        created_at=db.now,
    )
    await db.execute(made.on_conflict_do_nothing(index_elements=["panel_id", "account_id"]))
    user = await db.scalar(
        select(PanelUser)
        .where(PanelUser.account_id == account_id, PanelUser.panel_id == panel_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    assert user is not None
    return user


async def log_step(db: Db, provision: Provision, text: str, error: str | None = None) -> None:
    """Write a line for staff; the customer's pages look again."""
    db.add(
        ProvisionStep(
            provision_id=provision.id,
            at=db.now,
            text=text[:300],
            error=error[:400] if error else None,
        )
    )
    for topic in account_topic(provision.account_id, "order", provision.order_id):
        db.announce(topic)


def _went_well(provision: Provision) -> None:
    provision.attempts = 0
    provision.error = None
    provision.lease_until_at = None


async def note_user(db: Db, turn: Turn, user_ref: int) -> None:
    """The panel knows the account."""
    provision = await lock_provision(db, turn.provision_id)
    user = await panel_user(db, turn.wish.account_id, turn.refs.panel_id)
    user.virtfusion_ref = user_ref
    _went_well(provision)
    await log_step(db, provision, f"The account is panel user {user_ref}.")


async def intend_creation(db: Db, turn: Turn) -> None:
    """Write down, before it happens, that the panel is asked for a server."""
    provision = await lock_provision(db, turn.provision_id)
    provision.asked_at = db.now
    provision.lease_until_at = db.now + LEASE
    provision.due_at = provision.lease_until_at + LOOK_AFTER
    await log_step(db, provision, "Asking the panel for a server.")


async def note_created(
    db: Db, turn: Turn, virtfusion_ref: int, ipv4: str | None, *, adopted: bool
) -> None:
    """The panel has the server: from now on its room shows in the panel's own figures."""
    provision = await lock_provision(db, turn.provision_id)
    user = await panel_user(db, turn.wish.account_id, turn.refs.panel_id)
    await servers.bind(db, turn.server_id, virtfusion_ref, ipv4)
    user.creating_id = None
    advance(db, provision, PROVISION_STATES, "build")
    _went_well(provision)
    await use_stock(db, turn.order_id)
    how = "The panel's answer was lost; found again as" if adopted else "Allocated as"
    await log_step(db, provision, f"{how} panel server {virtfusion_ref}.")


async def intend_build(db: Db, turn: Turn) -> None:
    """Write down, before it happens, that the panel is asked to install."""
    provision = await lock_provision(db, turn.provision_id)
    provision.build_asked_at = db.now
    provision.lease_until_at = db.now + LEASE
    provision.due_at = provision.lease_until_at + LOOK_AFTER
    await log_step(db, provision, f"Asking the panel to install {turn.wish.image['name']}.")


async def note_building(db: Db, turn: Turn, password: str | None) -> None:
    """The panel installs; the password it told is sealed if its customer wants one."""
    provision = await lock_provision(db, turn.provision_id)
    advance(db, provision, PROVISION_STATES, "install")
    _went_well(provision)
    provision.builds += 1
    provision.polls = 0
    provision.password_told = password is not None
    wanted = password if turn.wish.password_login else None
    await servers.begin_install(
        db, turn.server_id, wanted, image=turn.wish.image, hostname=turn.wish.hostname
    )
    lost = "" if password else " The answer was lost, the panel's state tells it."
    await log_step(db, provision, f"The installation runs.{lost}")


async def build_again(db: Db, turn: Turn, text: str) -> None:
    """The installation is begun anew."""
    provision = await lock_provision(db, turn.provision_id)
    advance(db, provision, PROVISION_STATES, "rebuild")
    provision.build_asked_at = None
    provision.lease_until_at = None
    await log_step(db, provision, text)


async def note_poll(db: Db, turn: Turn, wait_seconds: float) -> None:
    """Still installing."""
    provision = await lock_provision(db, turn.provision_id)
    _went_well(provision)
    provision.polls += 1
    look_again(db, provision, wait_seconds)


def look_again(db: Db, provision: Provision, wait_seconds: float) -> None:
    """Give up the claim; the timer looks after it if the follow-up is lost."""
    provision.lease_until_at = None
    provision.due_at = db.now + LOOK_AFTER + timedelta(seconds=wait_seconds)


async def finish(db: Db, turn: Turn, *, ipv4: str | None, ipv6: str | None, power: str) -> None:
    """The server is ready for its customer."""
    provision = await lock_provision(db, turn.provision_id)
    advance(db, provision, PROVISION_STATES, "finish")
    _went_well(provision)
    provision.finished_at, provision.due_at = db.now, None
    await servers.mark_ready(db, turn.server_id, ipv4=ipv4, ipv6=ipv6, power=power)
    await log_step(db, provision, "Ready.")


async def note_trouble(
    db: Db, turn: Turn, text: str, error: str, wait_seconds: float, message: str
) -> None:
    """It could not go on now: staff read why, the customer what we do about it."""
    provision = await lock_provision(db, turn.provision_id)
    provision.attempts += 1
    provision.error = error[:400]
    look_again(db, provision, wait_seconds)
    await log_step(db, provision, text, error)
    server = await servers.lock_server(db, turn.server_id)
    servers.say(db, server, message)


async def give_up(db: Db, turn: Turn, error: str) -> None:
    """It can't go on by itself: order and server fail, staff see why."""
    provision = await lock_provision(db, turn.provision_id)
    if provision.state in ENDED:
        return
    advance(db, provision, PROVISION_STATES, "fail", note=error[:400])
    provision.error = error[:400]
    provision.lease_until_at = provision.due_at = None
    user = await panel_user(db, turn.wish.account_id, turn.refs.panel_id)
    if user.creating_id == provision.id:
        user.creating_id = None
    await servers.mark_failed(db, turn.server_id, FAILED)
    await fail_order(db, turn.order_id, error)
    await log_step(db, provision, "Stopped: a person has to look at this.", error)


async def resume(db: Db, provision_id: UUID) -> Provision:
    """Staff let a stopped creation go on. Publishes ProvisionResumed."""
    provision = await lock_provision(db, provision_id)
    advance(db, provision, PROVISION_STATES, "resume")
    provision.attempts = provision.builds = provision.polls = 0
    provision.error = None
    provision.build_asked_at = provision.finished_at = provision.lease_until_at = None
    provision.due_at = db.now + LOOK_AFTER
    await servers.allocate_again(db, provision.server_id)
    await retry_order(db, provision.order_id)
    audit(db, "provision.retry", "provision", provision.id, account_id=provision.account_id)
    await log_step(db, provision, f"Tried again by {db.actor.name}.")
    db.publish(ProvisionResumed(provision.id, provision.order_id, provision.account_id))
    return provision


async def make_again(db: Db, server_id: UUID, reason: str) -> None:
    """A server that the panel lost is made once more, for what was paid already.

    Its data is gone. Publishes ProvisionResumed.
    """
    provision = await db.scalar(select(Provision).where(Provision.server_id == server_id))
    if provision is None:
        raise NotFound
    provision = await lock_provision(db, provision.id)
    advance(db, provision, PROVISION_STATES, "again", note=reason[:400])
    provision.attempts = provision.builds = provision.polls = 0
    provision.error = None
    provision.asked_at = provision.build_asked_at = None
    provision.finished_at = provision.lease_until_at = None
    provision.password_told = False
    provision.due_at = db.now + LOOK_AFTER
    await servers.note_lost(db, server_id, reason)
    await servers.allocate_again(db, server_id)
    await reopen_order(db, provision.order_id, reason)
    audit(db, "provision.again", "provision", provision.id,
          account_id=provision.account_id, reason=reason)  # fmt: skip
    await log_step(db, provision, f"The panel lost it; made again by {db.actor.name}.")
    db.publish(ProvisionResumed(provision.id, provision.order_id, provision.account_id))


async def postpone(db: Db, order_id: UUID) -> None:
    """A timer takes this up now and need not again for a while."""
    provision = await db.scalar(
        select(Provision).where(Provision.order_id == order_id).with_for_update()
    )
    if provision is not None:
        provision.due_at = db.now + LOOK_AFTER


def note_panel_login(db: Db, entry: PanelEntry) -> None:
    """Somebody is let into the panel: who and where to, never with what."""
    audit(db, "server.open_panel", "server", entry.server_id, account_id=entry.account_id)
