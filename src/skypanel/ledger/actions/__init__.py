"""The only ways money moves: one transfer, or many at once; and the proof of what is written."""

from __future__ import annotations

from skypanel.ledger.actions.batch import Posting, lock_books, post_many
from skypanel.ledger.actions.post import book, post
from skypanel.ledger.actions.prove import Proved, prove_books, prove_currencies, record_proof

__all__ = [
    "Posting",
    "Proved",
    "book",
    "lock_books",
    "post",
    "post_many",
    "prove_books",
    "prove_currencies",
    "record_proof",
]
