"""Staff's doors to the machine: jobs and settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from skypanel.integrations.registry import Vendors
from skypanel.operations import actions, queries
from skypanel.operations.rules import section_called, show
from skypanel.operations.schemas import (
    Check,
    Job,
    Jobs,
    JobState,
    JobWithFailures,
    SettingChange,
    SettingSection,
    SettingSections,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.errors import NotFound
from skypanel.platform.house import House
from skypanel.platform.http.doors import TheDb, TheHouse, ThePage, TheReader, answer, staff
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.outside import OutsideError
from skypanel.platform.read import LAST_NUMBER
from skypanel.platform.settings import Section

router = APIRouter(route_class=DoorRoute, tags=["operations"])
CHECK_SECONDS = 15.0
JobId = Annotated[int, Path(ge=1, le=LAST_NUMBER)]
JobReader = Annotated[Viewer, Depends(staff("jobs.view"))]
JobRetrier = Annotated[Viewer, Depends(staff("jobs.retry"))]
SettingsReader = Annotated[Viewer, Depends(staff("settings.view"))]
SettingsEditor = Annotated[Viewer, Depends(staff("settings.edit"))]


@router.get("/admin/jobs", response_model=Jobs)
async def list_jobs(
    _: JobReader,
    house: TheHouse,
    read: TheReader,
    page: ThePage,
    state: JobState | None = None,
    name: Annotated[str | None, Query(max_length=128)] = None,
    subject: UUID | None = None,
) -> Response:
    """Jobs, newest first, by state, by name, or all that one thing caused."""
    return answer(
        await queries.job_page(
            read, page, house.queue.jobs, state=state, name=name, subject_id=subject
        )
    )


@router.get("/admin/jobs/{job_id}", response_model=JobWithFailures)
async def get_job(_: JobReader, house: TheHouse, read: TheReader, job_id: JobId) -> Response:
    """One job and what went wrong in each of its tries."""
    return answer(await queries.get_job(read, job_id, house.queue.jobs))


@router.post("/admin/jobs/{job_id}/retry", response_model=Job, status_code=202)
async def retry_job(_: JobRetrier, house: TheHouse, db: TheDb, job_id: JobId) -> Response:
    """Try a dead job again, from its first try."""
    await actions.retry_job(db, job_id)
    return answer(await queries.get_job(db, job_id, house.queue.jobs), 202)


@router.get("/admin/settings", response_model=SettingSections)
async def list_settings(_: SettingsReader, house: TheHouse, read: TheReader) -> Response:
    """Every section; of a secret only whether it is set."""
    sections = await house.settings.all(read, house.sections)
    return answer({"items": [show(each) for each in sections]})


@router.put("/admin/settings/{section}", response_model=SettingSection)
async def change_settings(
    _: SettingsEditor, house: TheHouse, db: TheDb, section: str, change: SettingChange
) -> Response:
    """Change some values of a section; every process works with them at once."""
    kind = _section(house, section)
    return answer(show(await actions.change_settings(db, kind, change.values)))


@router.post("/admin/settings/{section}/check", response_model=Check)
async def check_settings(_: SettingsEditor, house: TheHouse, section: str) -> Response:
    """Ask the vendor whether the settings as stored let us in; nothing is changed there."""
    kind = _section(house, section)
    ask = CHECKS.get(kind.section)
    if ask is None:
        return answer({"ok": True, "message": "There is nothing outside to ask for this section."})
    return answer(await _checked(house, ask))


def _section(house: House, name: str) -> type[Section]:
    kind = section_called(house.sections, name)
    if kind is None:
        raise NotFound
    return kind


async def _checked(house: House, ask: Callable[[Vendors], Awaitable[str]]) -> dict[str, Any]:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return {"ok": True, "message": await ask(Vendors.of(house))}
    except OutsideError as error:
        return {"ok": False, "message": str(error)}
    except TimeoutError:
        return {"ok": False, "message": f"No answer within {CHECK_SECONDS:.0f} seconds."}


async def _check_virtfusion(vendors: Vendors) -> str:
    access = await (await vendors.virtfusion()).connect()
    return (
        f"The panel takes our token: it shows {access.packages} packages and"
        f" {access.hypervisor_groups} hypervisor groups."
    )


async def _check_paypal(vendors: Vendors) -> str:
    await (await vendors.paypal()).check()
    return "PayPal takes our credentials."


async def _check_smtp(vendors: Vendors) -> str:
    await (await vendors.smtp()).check()
    return "The mail server answers and takes our log-in."


CHECKS: dict[str, Callable[[Vendors], Awaitable[str]]] = {
    "virtfusion": _check_virtfusion,
    "paypal": _check_paypal,
    "smtp": _check_smtp,
}
