"""Writing an invoice's document, away from whoever waits for an answer."""

from __future__ import annotations

import asyncio
from uuid import UUID

from skypanel.invoices.actions import keep_document
from skypanel.invoices.queries import company_look, find
from skypanel.invoices.render import render
from skypanel.platform.house import House
from skypanel.platform.jobs import job


@job(queue="documents")
async def render_invoice(house: House, invoice_id: UUID) -> None:
    """Write the PDF of an invoice as it stands; one for the proforma, one with its number."""
    invoice = await find(house.read(), invoice_id)
    if invoice["pdf_ready"]:
        return
    content = await asyncio.to_thread(render, invoice, await company_look(house))
    async with house.transaction() as db:
        await keep_document(db, invoice_id, kind=invoice["kind"], content=content)
