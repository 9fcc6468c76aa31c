"""What the metrics refuse."""

from __future__ import annotations

from skypanel.platform.errors import Refusal


class BlockNotSold(Refusal):
    status = 409
    code = "block_not_sold"
    message = "No extra traffic is sold for this server now. It may not be metered, or not run."


class BlockPriceChanged(Refusal):
    status = 409
    code = "block_price_changed"
    message = "The price is another one by now. Look at it and decide again."


class BlockUnderWay(Refusal):
    status = 409
    code = "block_under_way"
    message = "A block for this server is being added. Wait until it is there."


class BalanceShort(Refusal):
    status = 409
    code = "balance_short"
    message = "Blocks are paid from the balance, which is too low. Top up and try again."
