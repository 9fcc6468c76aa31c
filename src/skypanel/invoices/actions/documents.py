"""Filing the documents of invoices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from skypanel.identity.actions import audit
from skypanel.invoices.events import InvoiceRendered
from skypanel.invoices.models import Invoice, InvoiceDocument
from skypanel.invoices.rules import LogoSettings
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id


async def keep_document(db: Db, invoice_id: UUID, *, kind: str, content: bytes) -> None:
    """File the PDF of an invoice, once for each kind it has been. Publishes InvoiceRendered."""
    invoice = await db.get_one(Invoice, invoice_id)
    if invoice.kind != kind:
        return  # it was paid while it was being written; the paid one is written for itself
    filed = insert(InvoiceDocument).values(
        id=new_id(),
        invoice_id=invoice.id,
        account_id=invoice.account_id,
        kind=kind,
        number=invoice.number,
        content=content,
        rendered_at=db.now,
    )
    fresh = await db.scalar(
        filed.on_conflict_do_nothing(index_elements=["invoice_id", "kind"]).returning(
            InvoiceDocument.id
        )
    )
    if fresh is not None:
        db.publish(InvoiceRendered(invoice.id, invoice.account_id))


async def keep_logo(db: Db, svg: str) -> None:
    """Keep the logo that documents are printed with; an empty one drops it."""
    await db.house.settings.put(db, LogoSettings(svg=svg))
    audit(db, "settings.logo", "settings", LogoSettings.section, dropped=not svg, size=len(svg))
