"""The kinds of books, their signs and the order in which they are locked.

A credit is positive. What the house owes or has earned (wallet, revenue, tax) therefore stands
above zero, what it is owed or holds (receivable, PayPal and bank clearing, money that PayPal holds
in a dispute) and what it spent (fees, promotions, chargebacks) below. Money of a wallet that is on
its way back to a payer stands in `in_transit`; hours that were paid and not yet invoiced in
`prepaid_usage`. Each transfer sums to zero in every currency.
"""

from __future__ import annotations

from enum import StrEnum


class BookKind(StrEnum):
    """What a book counts; the order of this list is the order in which books are locked."""

    WALLET = "wallet"
    RECEIVABLE = "receivable"
    PROMOTIONAL = "promotional"
    PREPAID_USAGE = "prepaid_usage"
    PAYPAL_CLEARING = "paypal_clearing"
    PAYPAL_FEES = "paypal_fees"
    BANK_CLEARING = "bank_clearing"
    IN_TRANSIT = "in_transit"
    DISPUTED = "disputed"
    CHARGEBACKS = "chargebacks"
    PROMOTIONS = "promotions"
    REVENUE = "revenue"
    TAX = "tax"
    WRITE_OFF = "write_off"


LOCK_ORDER = [kind.value for kind in BookKind]
# Books that one account has; the others belong to the house, one per currency.
PERSONAL = frozenset(
    {BookKind.WALLET, BookKind.RECEIVABLE, BookKind.PROMOTIONAL, BookKind.PREPAID_USAGE}
)
# A customer's money cannot be spent twice.
FLOORS_MINOR = {BookKind.WALLET: 0, BookKind.PROMOTIONAL: 0, BookKind.PREPAID_USAGE: 0}
# What the customer's list of transactions shows.
SHOWN_TO_CUSTOMER = (BookKind.WALLET.value, BookKind.RECEIVABLE.value)
