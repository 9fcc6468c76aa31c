"""The customer's doors to the ledger."""

from __future__ import annotations

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
    read: TheReader, viewer: TheViewer, page: ThePage, account_id: UUID
) -> Response:
    """An account's movements of money, newest first."""
    return answer(await queries.transactions(read, viewer, page, account_id))
