"""Taking over a server that the panel has and nobody here knows: only rows, nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from skypanel.catalog.queries import Kept, kept
from skypanel.customers.queries import billing_party
from skypanel.identity.actions import audit
from skypanel.orders.actions import Adoption, place_adopted
from skypanel.orders.models import Order
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal
from skypanel.platform.ids import new_id
from skypanel.provisioning.actions.create import log_step, panel_user
from skypanel.provisioning.errors import NotAdoptable, OwnedByAnother
from skypanel.provisioning.models import PanelUser, Provision
from skypanel.provisioning.rules import PanelSide, host_called, not_adoptable, wrong_start
from skypanel.renewals.actions import begin_schedule
from skypanel.servers import actions as servers
from skypanel.servers.models import Server
from skypanel.services.actions import hold
from skypanel.services.rules import Hold, local_day

LABEL_CHARACTERS = 60
WAS_SUSPENDED = "It was suspended at the panel when it was taken over."


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionWish:
    """Whose a server of the panel becomes, as what, and from when on it is billed."""

    account_id: UUID
    plan_id: UUID
    image_id: UUID
    cycle: str
    starts_on: date
    reason: str


async def adopt(db: Db, seen: PanelSide, wish: AdoptionWish) -> Server:
    """Make a server of the panel an account's, billed from a day on; the panel is not touched.

    It gets an order and a service of its own (ADR 0016). One that is suspended there stays so, by
    a hold of staff. Refuses `server_known`, `not_adoptable`, `owned_by_another`, `not_sold` and a
    first day that is long over. Publishes ServerAdopted and ServiceActivated.
    """
    why = not_adoptable(seen)
    if why:
        raise NotAdoptable(why)
    party = await billing_party(db, wish.account_id)
    wrong = wrong_start(wish.starts_on, wish.cycle, local_day(db.now, party["time_zone"]))
    if wrong:
        raise FieldRefusal("starts_on", wrong, "starts_on_wrong")
    found = await kept(
        db,
        plan_id=wish.plan_id,
        group_ref=seen.group_ref,
        image_id=wish.image_id,
        cycle=wish.cycle,
        currency=party["currency"],
    )
    await servers.refuse_known(db, found.panel_id, seen.ref)
    await _own(db, found.panel_id, seen, wish.account_id)
    host = host_called(seen)
    order = await place_adopted(
        db,
        found,
        Adoption(
            account_id=wish.account_id,
            cycle=wish.cycle,
            starts_on=wish.starts_on,
            hostname=host,
            label=(seen.called or host)[:LABEL_CHARACTERS],
            reason=wish.reason,
        ),
    )
    server = await servers.take_over(db, _found(seen, found, order))
    await _note(db, seen, server, wish.reason)
    if seen.suspended:
        await hold(db, order.service_id, Hold.STAFF, WAS_SUSPENDED)
    await db.flush()
    await begin_schedule(db, order.service_id, billed=-1)
    return server


async def _own(db: Db, panel_id: UUID, seen: PanelSide, account_id: UUID) -> None:
    """An account that the panel does not know yet is known there as the server's owner.

    One that has a user there already keeps it: that the server has another owner is then a
    finding, which staff mend by giving it over.
    """
    whose = await db.scalar(
        select(PanelUser.account_id).where(
            PanelUser.panel_id == panel_id, PanelUser.virtfusion_ref == seen.owner_ref
        )
    )
    if whose not in (None, account_id):
        raise OwnedByAnother
    user = await panel_user(db, account_id, panel_id)
    if user.virtfusion_ref is not None:
        return
    user.virtfusion_ref = seen.owner_ref
    user.relation = "" if seen.owner_number is None else str(seen.owner_number)
    user.numbered = seen.owner_number is not None
    try:
        await db.flush()
    except IntegrityError:  # somebody adopted another of this owner's servers at this instant
        raise OwnedByAnother from None


def _found(seen: PanelSide, found: Kept, order: Order) -> servers.Found:
    return servers.Found(
        account_id=order.account_id,
        service_id=order.service_id,
        order_id=order.id,
        panel_id=found.panel_id,
        virtfusion_ref=seen.ref,
        called=seen.called,
        hostname=order.hostname,
        label=order.label,
        ipv4=seen.ipv4,
        ipv6=seen.ipv6,
        power=seen.power,
        suspended=seen.suspended,
        plan=found.plan,
        location=found.location,
        image=found.image,
    )


async def _note(db: Db, seen: PanelSide, server: Server, reason: str) -> None:
    """Its creation, which was elsewhere: what staff do about a lost server needs the row."""
    provision = Provision(
        id=new_id(),
        order_id=server.order_id,
        account_id=server.account_id,
        service_id=server.service_id,
        server_id=server.id,
        state="done",
        builds=0,
        attempts=0,
        polls=0,
        password_told=True,
        created_at=db.now,
        finished_at=db.now,
    )
    db.add(provision)
    await db.flush()
    said = f"Panel server {seen.ref} was taken over by {db.actor.name}; nothing was made."
    await log_step(db, provision, said)
    audit(db, "server.adopt", "server", server.id, account_id=server.account_id,
          panel_server=seen.ref, called=seen.called, reason=reason)  # fmt: skip
