"""Asking the register about tax numbers: after a change, and again every month."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog

from skypanel.customers import actions, queries
from skypanel.integrations.registry import Vendors
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer
from skypanel.platform.outside import OutsideError, Refused

log = structlog.get_logger()
AGAIN_AFTER = timedelta(days=30)
TRY_AGAIN_AFTER = timedelta(hours=6)
BATCH = 50


@job()
async def check_tax_number(house: House, account_id: UUID) -> None:
    """Ask about an account's number; the register away: what was proved before stays as it is.

    The register is away for hours at times, so the timer asks again and no job dies of it.
    """
    try:
        await _check(house, account_id)
    except OutsideError as error:
        log.warning("the register of VAT numbers did not answer", error=str(error))


@timer("17 * * * *")
async def check_due_tax_numbers(house: House) -> None:
    """Ask again about numbers whose proof is a month old, and those without an answer yet."""
    read = house.read()
    due = await queries.DUE_CHECKS.all(
        read, proved=read.now - AGAIN_AFTER, tried=read.now - TRY_AGAIN_AFTER, limit=BATCH
    )
    for account_id in due:
        try:
            await _check(house, account_id)
        except OutsideError as error:
            log.warning("the register of VAT numbers did not answer", error=str(error))
            async with house.transaction() as db:
                await actions.note_try(db, account_id)


async def _check(house: House, account_id: UUID) -> None:
    number = await queries.checkable_number(house.read(), account_id)
    if number is None:
        return
    vies = await Vendors.of(house).vies()
    try:
        answer = await vies.check(number)
    except Refused as refused:
        if refused.code != "INVALID_INPUT":
            raise
        async with house.transaction() as db:
            await actions.keep_answer(db, account_id, number, valid=False, note=refused.code)
        return
    async with house.transaction() as db:
        await actions.keep_answer(
            db,
            account_id,
            number,
            valid=answer.valid,
            consultation_ref=answer.consultation_ref,
            name=answer.name,
            address=answer.address,
        )
