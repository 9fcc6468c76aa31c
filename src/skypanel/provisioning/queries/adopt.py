"""What is known here of a server that the panel has: whose it may be, and what it is of ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, or_, select

from skypanel.catalog.queries import images_by_template, list_prices, place_named, plan_sizes
from skypanel.identity.models import Account, Member, User
from skypanel.platform.db import Read
from skypanel.platform.read import Query
from skypanel.provisioning.models import PanelUser
from skypanel.provisioning.rules import PanelSide, not_adoptable, size_differs
from skypanel.servers.models import Server

# Whose it may be: the account that the panel's owner is, or accounts of who has that address.
_linked = exists().where(
    PanelUser.account_id == Account.id, PanelUser.virtfusion_ref == bindparam("owner")
)
_same_address = exists().where(
    Member.account_id == Account.id,
    Member.role == "owner",
    User.id == Member.user_id,
    User.email == bindparam("email"),
)
CANDIDATES: Query[dict[str, Any]] = Query(
    select(Account.id, Account.name, Account.currency, _linked.label("linked"))
    .where(or_(_linked, _same_address))
    .order_by(_linked.desc(), Account.id)
    .limit(20)
)
BOUND: Query[UUID] = Query(
    select(Server.id).where(Server.virtfusion_ref == bindparam("ref")).limit(1),
    lambda server_id: server_id,
)


async def adoption_of(read: Read, seen: PanelSide) -> dict[str, Any]:
    """Everything that staff choose from when they take a server over, with what fits it."""
    known = await BOUND.one(read, ref=seen.ref)
    image = (await images_by_template(read)).get(seen.template_ref or 0)
    plans = [_plan(row, seen) for row in await plan_sizes(read)]
    why = "It is one of ours already." if known else not_adoptable(seen)
    return {
        "panel_server": seen.ref,
        "called": seen.called,
        "hostname": seen.hostname,
        "ipv4": seen.ipv4,
        "ipv6": seen.ipv6,
        "power": seen.power,
        "suspended": seen.suspended,
        "size": seen.size,
        "owner": {"ref": seen.owner_ref, "name": seen.owner_name, "email": seen.owner_email},
        "location": await place_named(read, seen.group_ref),
        "image_id": image and image[0],
        "accounts": await CANDIDATES.all(
            read, owner=seen.owner_ref, email=seen.owner_email.strip().lower()
        ),
        "plans": sorted(plans, key=lambda plan: len(plan["differs"])),
        "prices": await list_prices(read),
        "server_id": known,
        "refused": why or None,
        "can": [] if why else ["adopt"],
    }


def _plan(row: dict[str, Any], seen: PanelSide) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "offered": row["offered"],
        "differs": size_differs(row, seen.size),
    }
