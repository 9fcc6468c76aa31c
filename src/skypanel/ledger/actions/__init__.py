"""The only ways money moves: one transfer, or many at once."""

from __future__ import annotations

from skypanel.ledger.actions.batch import Posting, lock_books, post_many
from skypanel.ledger.actions.post import book, post

__all__ = ["Posting", "book", "lock_books", "post", "post_many"]
