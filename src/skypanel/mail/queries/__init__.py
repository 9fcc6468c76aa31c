"""Questions about mail: the log, who is written to, and what a message says."""

from skypanel.mail.queries.asking import Overtaken
from skypanel.mail.queries.facts import facts_of
from skypanel.mail.queries.log import get_mail, mail_page
from skypanel.mail.queries.readers import (
    Reader,
    accounts_of,
    asked_to_pay,
    bill_readers,
    confirmation_reader,
    invitation_reader,
    server_reader,
    server_readers,
    user_reader,
    waiting_for_document,
)

__all__ = [
    "Overtaken",
    "Reader",
    "accounts_of",
    "asked_to_pay",
    "bill_readers",
    "confirmation_reader",
    "facts_of",
    "get_mail",
    "invitation_reader",
    "mail_page",
    "server_reader",
    "server_readers",
    "user_reader",
    "waiting_for_document",
]
