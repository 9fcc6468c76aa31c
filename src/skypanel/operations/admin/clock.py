"""Staff's doors to the sandbox's clock; anywhere else they do not exist."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from skypanel.operations import actions, queries
from skypanel.operations.schemas import ClockShown, ClockTurns, TurnShown, TurnWhole, TurnWish
from skypanel.platform.authority import Viewer
from skypanel.platform.errors import NotFound
from skypanel.platform.http.doors import TheDb, TheHouse, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute


async def only_in_a_sandbox(house: TheHouse) -> None:
    if not house.is_sandbox:
        raise NotFound


Turns = Annotated[Viewer, Depends(staff("clock.turn"))]
router = APIRouter(
    route_class=DoorRoute, tags=["sandbox"], dependencies=[Depends(only_in_a_sandbox)]
)


@router.get("/admin/clock", response_model=ClockShown)
async def get_clock(_: Turns, house: TheHouse, read: TheReader) -> Response:
    """What time it is for the company, and what comes next."""
    return answer(await queries.clock(read, house.clock.offset))


@router.get("/admin/clock/turns", response_model=ClockTurns)
async def list_turns(_: Turns, read: TheReader, page: ThePage) -> Response:
    """How the clock was turned, latest first."""
    return answer(await queries.turns_page(read, page))


@router.post("/admin/clock/turns", response_model=TurnShown, status_code=202)
async def turn_clock(_: Turns, db: TheDb, wish: TurnWish) -> Response:
    """Turn the company forward by days, or to what the billing run does next."""
    turn_id = await actions.ask_turn(db, wish.days)
    return answer(await queries.get_turn(db, turn_id), 202)


@router.get("/admin/clock/turns/{turn_id}", response_model=TurnWhole)
async def get_turn(_: Turns, read: TheReader, turn_id: UUID) -> Response:
    """One turn and exactly what followed."""
    return answer(await queries.get_turn(read, turn_id))
