"""The staff's doors to the ledger: from a figure to the books, entries and causes behind it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from skypanel.ledger import queries
from skypanel.ledger.events import ProofAsked
from skypanel.ledger.rules import BookKind
from skypanel.ledger.schemas import (
    BookEntryList,
    OneBook,
    OneBookList,
    TransferWhole,
    TrialBalance,
)
from skypanel.platform.authority import Viewer
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, answer, nothing, staff
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["staff: billing"])
Staff = Annotated[Viewer, Depends(staff("ledger.view"))]
Currency = Annotated[str, Query(pattern="^[A-Z]{3}$")]


@router.get("/admin/ledger/trial-balance", response_model=TrialBalance)
async def show_trial_balance(read: TheReader, _viewer: Staff) -> Response:
    """Every kind of book per currency, and when all balances were last proved."""
    items = await queries.trial_balance(read)
    return answer({"items": items, "next": None, "proof": await queries.last_proof(read)})


@router.post("/admin/ledger/proofs", status_code=204)
async def ask_for_proof(db: TheDb, _viewer: Staff) -> Response:
    """Have every balance rebuilt from its entries now."""
    db.publish(ProofAsked())
    return nothing()


@router.get("/admin/ledger/books", response_model=OneBookList)
async def list_books(
    read: TheReader,
    _viewer: Staff,
    page: ThePage,
    kind: BookKind = BookKind.WALLET,
    currency: Currency = "EUR",
) -> Response:
    """The books behind one line of the trial balance."""
    return answer(await queries.books_page(read, page, kind=kind.value, currency=currency))


@router.get("/admin/ledger/books/{book_id}", response_model=OneBook)
async def show_book(read: TheReader, _viewer: Staff, book_id: UUID) -> Response:
    """One book."""
    return answer(await queries.one_book(read, book_id))


@router.get("/admin/ledger/books/{book_id}/entries", response_model=BookEntryList)
async def list_entries(read: TheReader, _viewer: Staff, page: ThePage, book_id: UUID) -> Response:
    """What moved a book, newest first."""
    return answer(await queries.entries_page(read, page, book_id))


@router.get("/admin/ledger/transfers/{transfer_id}", response_model=TransferWhole)
async def show_transfer(read: TheReader, _viewer: Staff, transfer_id: UUID) -> Response:
    """One movement of money, whole."""
    return answer(await queries.transfer(read, transfer_id))
