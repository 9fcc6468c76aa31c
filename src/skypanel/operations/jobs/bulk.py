"""Each server of a bulk work is asked by a job of its own."""

from __future__ import annotations

from uuid import UUID

from skypanel.operations import actions
from skypanel.platform.errors import Refusal
from skypanel.platform.house import House
from skypanel.platform.jobs import job


@job(queue="servers")
async def run_bulk_item(house: House, item_id: UUID) -> None:
    """Ask it once; a server that refuses is noted and does not keep the others waiting."""
    try:
        async with house.transaction() as db:
            await actions.do_bulk_item(db, item_id)
    except Refusal as error:
        async with house.transaction() as db:
            await actions.note_bulk_refusal(db, item_id, error.text)
