"""Who is written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, String, Uuid, bindparam, literal, select

from skypanel.identity.models import Confirmation, Invitation, Member, User
from skypanel.invoices.models import Invoice
from skypanel.mail.models import MailMessage
from skypanel.mail.rules import WITH_DOCUMENT, MailKind, MailState
from skypanel.orders.models import Order
from skypanel.platform.db import Read
from skypanel.platform.read import Query
from skypanel.servers.models import Server

# Who looks after an account's bills; the roles that may pay them.
BILL_ROLES = ("owner", "admin", "billing")
# Who looks after its servers; the roles that may operate them.
SERVER_ROLES = ("owner", "admin", "technical")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with an address; `version` tells one link of a row from the next."""

    user_id: UUID | None
    email: str
    account_id: UUID | None = None
    row_id: UUID | None = None
    version: int = 0


_USER = Query(select(User.id, User.email).where(User.id == bindparam("user", type_=Uuid())), Reader)
_CONFIRMATION = Query(
    select(
        Confirmation.user_id,
        Confirmation.email,
        Confirmation.id,
        Confirmation.version,
    ).where(Confirmation.id == bindparam("confirmation", type_=Uuid())),
    lambda user_id, email, row_id, version: Reader(user_id, email, None, row_id, version),
)
_INVITATION = Query(
    select(Invitation.email, Invitation.account_id, Invitation.id, Invitation.version).where(
        Invitation.id == bindparam("invitation", type_=Uuid())
    ),
    lambda email, account_id, row_id, version: Reader(None, email, account_id, row_id, version),
)


def _members(*roles: str) -> Query[Reader]:
    """The members of an account in these roles, twenty at most."""
    return Query(
        select(User.id, User.email, Member.account_id)
        .join(Member, Member.user_id == User.id)
        .where(
            Member.account_id == bindparam("account", type_=Uuid()),
            Member.role.in_([literal(role) for role in roles]),
            User.state == "active",
        )
        .order_by(User.id)
        .limit(20),
        Reader,
    )


_BILLS = _members(*BILL_ROLES)
_SERVERS = _members(*SERVER_ROLES)
_ORDERER = Query(
    select(User.id, User.email, Server.account_id)
    .select_from(Server)
    .join(Order, Order.id == Server.order_id)
    .join(User, User.id == Order.user_id)
    .where(Server.id == bindparam("server", type_=Uuid())),
    Reader,
)
_WAITING = Query(
    select(MailMessage.id)
    .where(
        MailMessage.account_id == bindparam("account", type_=Uuid()),
        MailMessage.kind.in_([literal(kind.value) for kind in sorted(WITH_DOCUMENT)]),
        MailMessage.state == MailState.QUEUED.value,
        MailMessage.waits > 0,
        MailMessage.args["invoice_id"].astext == bindparam("invoice", type_=String()),
    )
    .limit(50),
    lambda message_id: message_id,
)


_ASKED = Query(
    select(MailMessage.user_id, MailMessage.to, MailMessage.account_id).where(
        MailMessage.account_id == bindparam("account", type_=Uuid()),
        MailMessage.kind == MailKind.INVOICE_ISSUED,
        MailMessage.state.in_((MailState.SENDING, MailState.ACCEPTED)),
        MailMessage.args["invoice_id"].astext == bindparam("invoice", type_=String()),
    ),
    Reader,
)

_ACCOUNTS: Query[tuple[UUID, UUID]] = Query(
    select(Invoice.id, Invoice.account_id).where(
        Invoice.id == bindparam("invoices", type_=ARRAY(Uuid)).any_()
    ),
    lambda invoice_id, account_id: (invoice_id, account_id),
)


async def accounts_of(read: Read, invoice_ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Whom many invoices ask to pay."""
    return await _ACCOUNTS.all(read, invoices=list(invoice_ids))


async def user_reader(read: Read, user_id: UUID) -> Reader | None:
    """A user at their present address."""
    return await _USER.one(read, user=user_id)


async def confirmation_reader(read: Read, confirmation_id: UUID) -> Reader | None:
    """Whoever confirms something, at the address that is to be confirmed."""
    return await _CONFIRMATION.one(read, confirmation=confirmation_id)


async def invitation_reader(read: Read, invitation_id: UUID) -> Reader | None:
    """The address that was invited."""
    return await _INVITATION.one(read, invitation=invitation_id)


async def bill_readers(read: Read, account_id: UUID) -> list[Reader]:
    """Those who look after an account's bills, twenty at most."""
    return await _BILLS.all(read, account=account_id)


async def asked_to_pay(read: Read, account_id: UUID, invoice_id: UUID) -> list[Reader]:
    """Those who were sent an invoice."""
    return await _ASKED.all(read, account=account_id, invoice=str(invoice_id))


async def server_readers(read: Read, account_id: UUID) -> list[Reader]:
    """Those who look after an account's servers, twenty at most."""
    return await _SERVERS.all(read, account=account_id)


async def server_reader(read: Read, server_id: UUID) -> Reader | None:
    """Whoever ordered a server."""
    return await _ORDERER.one(read, server=server_id)


async def waiting_for_document(read: Read, account_id: UUID, invoice_id: UUID) -> list[UUID]:
    """The messages that wait for this invoice's PDF."""
    return await _WAITING.all(read, account=account_id, invoice=str(invoice_id))
