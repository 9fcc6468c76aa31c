"""Reading the panel's servers one by one, and taking over those that staff chose.

Only reads: whatever the panel does not answer changes nothing and is asked again.
"""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID

from skypanel.identity.rules import hash_password
from skypanel.integrations.registry import Vendors
from skypanel.integrations.virtfusion.types import Missing
from skypanel.platform.errors import Refusal
from skypanel.platform.house import House
from skypanel.platform.jobs import job
from skypanel.platform.outside import OutsideError
from skypanel.provisioning import actions, queries
from skypanel.provisioning.rules import side_of

AT_ONCE: Final = 100  # servers of one visit; the next one goes on behind them
GONE: Final = "The panel has no such server any more."


@job(queue="provisioning")
async def read_panel(house: House, import_id: UUID) -> None:
    """Ask for each server that nobody here knows; a panel that stops answering stops it."""
    after = await queries.reading(house.read(), import_id)
    if after is None:
        return
    try:
        more = await _read_some(house, import_id, after)
    except OutsideError as error:
        async with house.transaction() as db:
            await actions.end_reading(db, import_id, str(error))
        return
    async with house.transaction() as db:
        if more:
            house.queue.enqueue(db, read_panel, import_id=import_id)
        else:
            await actions.end_reading(db, import_id)


async def _read_some(house: House, import_id: UUID, after: int) -> bool:
    panel = await Vendors.of(house).virtfusion(patient=True)
    listed = {one.id for one in await panel.servers()}
    known = await queries.bound_refs(house.read())
    async with house.transaction() as db:
        await actions.note_counts(db, import_id, total=len(listed), known=len(listed & known))
    left = sorted(ref for ref in listed - known if ref > after)
    for ref in left[:AT_ONCE]:
        seen = fits = None
        try:
            found = await panel.owned_server(ref)
        except Missing:
            pass  # it was deleted since the list was read
        else:
            seen = side_of(found.server, found.owner)
            fits = await queries.adoption_of(house.read(), seen)
        async with house.transaction() as db:
            await actions.note_server(db, import_id, seen, ref, fits)
    return len(left) > AT_ONCE


@job(queue="provisioning")
async def import_row(house: House, row_id: UUID) -> None:
    """Look at a chosen server once more, then take it over; what refuses is noted in its row."""
    ref = await queries.queued_ref(house.read(), row_id)
    if ref is None:
        return
    try:
        panel = await Vendors.of(house).virtfusion(patient=True)
        found = await panel.owned_server(ref, live=True)
    except Missing:
        async with house.transaction() as db:
            await actions.refuse_row(db, row_id, GONE)
        return
    except OutsideError as error:
        async with house.transaction() as db:
            await actions.note_wait(db, row_id, f"Not yet: {error}")
        raise
    # Nobody has this password: its owner sets one of their own by a link.
    unusable = await hash_password(secrets.token_urlsafe(32))
    try:
        async with house.transaction() as db:
            await actions.import_row(db, row_id, side_of(found.server, found.owner), unusable)
    except Refusal as error:
        async with house.transaction() as db:
            await actions.refuse_row(db, row_id, error.text)
