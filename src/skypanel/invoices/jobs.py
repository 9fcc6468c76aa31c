"""Writing documents, away from whoever waits for an answer."""

from __future__ import annotations

import asyncio
from uuid import UUID

from skypanel.invoices.actions import forget_statements, keep_document, keep_statement
from skypanel.invoices.queries import company_look, find, statement, statement_document
from skypanel.invoices.render import render, render_statement
from skypanel.invoices.rules import SellerSettings
from skypanel.platform.db import Db
from skypanel.platform.house import House
from skypanel.platform.jobs import job, timer


@job(queue="documents")
async def render_invoice(house: House, invoice_id: UUID) -> None:
    """Write the PDF of an invoice as it stands; one for the proforma, one with its number."""
    invoice = await find(house.read(), invoice_id)
    if invoice["pdf_ready"]:
        return
    content = await asyncio.to_thread(render, invoice, await company_look(house))
    async with house.transaction() as db:
        await keep_document(db, invoice_id, kind=invoice["kind"], content=content)


@job(queue="documents")
async def write_statement(house: House, statement_id: UUID) -> None:
    """Write the PDF of a statement of account."""
    asked = await statement_document(house.read(), statement_id)
    if asked["content"] is not None:
        return
    found = await statement(house.read(), asked["account_id"], asked["first_on"], asked["last_on"])
    seller = (await house.settings.get(SellerSettings)).snapshot()
    look = await company_look(house)
    content = await asyncio.to_thread(render_statement, {**found, "seller": seller}, look)
    async with house.transaction() as db:
        await keep_statement(db, statement_id, content)


@timer("52 * * * *")
async def forget_old_statements(db: Db) -> None:
    """Statements are kept for a day."""
    await forget_statements(db)


@job(queue="documents")
async def render_invoices(db: Db, invoice_ids: tuple[UUID, ...]) -> None:
    """Many documents are to be written, each in a job of its own."""
    for invoice_id in invoice_ids:
        db.house.queue.enqueue(db, render_invoice, invoice_id=invoice_id)
