"""The customer's doors to the wallet: top-ups, by hand and by themselves, and credit."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from skypanel.payments.actions import set_auto_top_up
from skypanel.payments.queries import wallet
from skypanel.payments.schemas import (
    AutoTopUpAnswer,
    AutoTopUpWish,
    CreditList,
    WalletStanding,
)
from skypanel.platform.http.doors import TheDb, ThePage, TheReader, TheViewer, answer
from skypanel.platform.http.idempotency import DoorRoute
from skypanel.platform.money import Money

router = APIRouter(route_class=DoorRoute, tags=["billing"])


@router.get("/wallet/standing", response_model=WalletStanding)
async def show_wallet_standing(read: TheReader, viewer: TheViewer, account_id: UUID) -> Response:
    """What an account can spend: its money and its promotional credit."""
    viewer.require("billing.view", account_id)
    currency = viewer.accounts[account_id].currency
    return answer(await wallet.standing(read, account_id, currency))


@router.get("/credits", response_model=CreditList)
async def list_credits(
    read: TheReader, viewer: TheViewer, page: ThePage, account_id: UUID
) -> Response:
    """An account's promotional credit, newest first."""
    viewer.require("billing.view", account_id)
    return answer(await wallet.credits_page(read, page, account_id))


@router.get("/auto-top-up", response_model=AutoTopUpAnswer)
async def show_auto_top_up(read: TheReader, viewer: TheViewer, account_id: UUID) -> Response:
    """When and how the wallet fills itself."""
    viewer.require("billing.view", account_id)
    found = await wallet.auto_top_up(read, account_id)
    return answer({"settings": found, "currency": viewer.accounts[account_id].currency})


@router.put("/auto-top-up", response_model=AutoTopUpAnswer)
async def change_auto_top_up(db: TheDb, viewer: TheViewer, wish: AutoTopUpWish) -> Response:
    """Have the saved method fill the wallet when it runs low."""
    viewer.require("billing.pay", wish.account_id)
    currency = viewer.accounts[wish.account_id].currency
    await set_auto_top_up(
        db,
        wish.account_id,
        enabled=wish.enabled,
        threshold=Money(wish.threshold_minor, currency),
        amount=Money(wish.amount_minor, currency),
        month_max=Money(wish.month_max_minor, currency),
    )
    found = await wallet.auto_top_up(db, wish.account_id)
    return answer({"settings": found, "currency": currency})
