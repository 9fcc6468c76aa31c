"""The customer's doors to the ledger."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.ledger import queries
from skypanel.ledger.schemas import TransactionList, WalletBalance
from skypanel.platform.http.doors import ThePage, TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute

router = APIRouter(route_class=DoorRoute, tags=["billing"])


@router.get("/wallet", response_model=WalletBalance)
async def show_wallet(read: TheReader, viewer: TheViewer, account_id: UUID) -> Response:
    """What lies in an account's wallet, in the account's currency."""
    viewer.require("billing.view", account_id)
    currency = viewer.accounts[account_id].currency
    return answer({"balance": await queries.balance(read, account_id, currency)})


@router.get("/transactions", response_model=TransactionList)
async def list_transactions(
    read: TheReader, viewer: TheViewer, page: ThePage, account_id: UUID, folded: bool = False
) -> Response:
    """An account's movements of money, newest first; `folded`: the hours of a day in one row."""
    return answer(await queries.transactions(read, viewer, page, account_id, folded=folded))


@router.get("/transactions/hours", response_model=TransactionList)
async def list_hours(
    read: TheReader, viewer: TheViewer, page: ThePage, account_id: UUID, service_id: UUID, on: date
) -> Response:
    """The movements behind one folded row: what a service's hours cost on a day (UTC)."""
    return answer(await queries.hours_of_day(read, viewer, page, account_id, service_id, on))
