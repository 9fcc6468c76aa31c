"""What a message says, asked for when it is sent, so that it is true when it is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, select

from skypanel.catalog.queries import standing_move
from skypanel.catalog.rules import price_money
from skypanel.findings.queries import digest
from skypanel.identity.models import Account, Confirmation, Invitation, User
from skypanel.identity.rules import confirmation_token
from skypanel.invoices import queries as invoices
from skypanel.mail.queries.addresses import ADDRESS_FACTS
from skypanel.mail.queries.alerts import ALERT_FACTS
from skypanel.mail.queries.asking import Asking, Overtaken, user_of
from skypanel.mail.queries.orders import ORDER_FACTS
from skypanel.mail.queries.payments import PAYMENT_FACTS
from skypanel.mail.queries.plans import PLAN_FACTS
from skypanel.mail.queries.servers import SERVER_FACTS
from skypanel.mail.rules import MailKind
from skypanel.orders.queries import moved_services
from skypanel.platform.crypto import Sealer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.money import Money
from skypanel.platform.read import Query
from skypanel.servers.models import Server, ServerSecret
from skypanel.services.models import Service

_CONFIRMATION = Query(
    select(
        Confirmation.purpose, Confirmation.version, Confirmation.expires_at, Confirmation.used_at
    ).where(Confirmation.id == bindparam("confirmation", type_=Uuid()))
)
_INVITATION = Query(
    select(
        Invitation.version,
        Invitation.expires_at,
        Invitation.accepted_at,
        Invitation.role,
        Account.name.label("account"),
        User.name.label("inviter"),
    )
    .join(Account, Account.id == Invitation.account_id)
    .join(User, User.id == Invitation.invited_by)
    .where(Invitation.id == bindparam("invitation", type_=Uuid()))
)
_SERVER = Query(
    select(
        Server.state,
        Server.hostname,
        Server.ipv4,
        Server.ipv6,
        Server.image,
        Server.location,
        Account.name.label("account"),
        exists().where(ServerSecret.server_id == Server.id).label("password_available"),
    )
    .join(Account, Account.id == Server.account_id)
    .where(Server.id == bindparam("server", type_=Uuid()))
)

_ACCOUNT_NAME: Query[str] = Query(
    select(Account.name).where(Account.id == bindparam("account", type_=Uuid())),
    lambda name: name,
)


_SERVICE = Query(
    select(
        Service.name.label("service"),
        Service.state,
        Service.cancels_on,
        Service.terminated_at,
        Service.holds,
        Service.cycle,
        Account.name.label("account"),
    )
    .join(Account, Account.id == Service.account_id)
    .where(Service.id == bindparam("service", type_=Uuid()))
)


def _confirmation(path: str) -> Callable[[Asking], Awaitable[dict[str, Any]]]:
    async def facts(asking: Asking) -> dict[str, Any]:
        row_id = asking.ids["confirmation_id"]
        row = await _CONFIRMATION.one(asking.read, confirmation=row_id)
        if row is None or row["used_at"] is not None:
            raise Overtaken("The link was used already.")
        if row["expires_at"] <= asking.read.now:
            raise Overtaken("The link would have expired.")
        token = confirmation_token(asking.sealer, row_id, row["purpose"], row["version"])
        return {
            **await user_of(asking),
            "expires_at": row["expires_at"],
            "link": asking.link(f"{path}?token={token}"),
        }

    return facts


def _plain(path: str) -> Callable[[Asking], Awaitable[dict[str, Any]]]:
    async def facts(asking: Asking) -> dict[str, Any]:
        user = await user_of(asking)
        return {**user, "link": asking.link(path), "changed_at": asking.written_at}

    return facts


async def _invitation(asking: Asking) -> dict[str, Any]:
    row_id = asking.ids["invitation_id"]
    row = await _INVITATION.one(asking.read, invitation=row_id)
    if row is None or row["accepted_at"] is not None:
        raise Overtaken("The invitation was accepted or taken back.")
    if row["expires_at"] <= asking.read.now:
        raise Overtaken("The invitation would have expired.")
    token = confirmation_token(asking.sealer, row_id, "invitation", row["version"])
    return {
        "account": row["account"],
        "inviter": row["inviter"],
        "role": row["role"].replace("_", " "),
        "expires_at": row["expires_at"],
        "link": asking.link(f"/invitations/accept?token={token}"),
    }


def _money(wire: Mapping[str, Any]) -> Money:
    return Money(wire["minor"], wire["currency"])


async def _invoice(asking: Asking) -> dict[str, Any]:
    invoice_id = asking.ids["invoice_id"]
    try:
        found = await invoices.find(asking.read, invoice_id)
    except NotFound:
        raise Overtaken("The invoice is gone.") from None
    return {
        **await user_of(asking),
        "account": found["account_name"],
        "number": found["number"],
        "state": found["state"],
        "open": _money(found["open"]),
        "tax": _money(found["tax"]),
        "total": _money(found["total"]),
        "due_on": found["due_on"],
        "paid_at": found["paid_at"],
        "issued_on": found["issued_on"],
        "reason": found["reason"],
        "corrects": found["corrects"] and found["corrects"]["number"],
        "lines": [
            {"description": line["description"], "amount": _money(line["net"])}
            for line in found["lines"]
        ],
        "link": asking.link(f"/invoices/{invoice_id}"),
    }


async def _invoice_issued(asking: Asking) -> dict[str, Any]:
    found = await _invoice(asking)
    if not found["open"]:
        raise Overtaken("Nothing is left to pay.")
    return found


async def _invoice_voided(asking: Asking) -> dict[str, Any]:
    found = await _invoice(asking)
    if found["state"] != "void":
        raise Overtaken("The invoice is not void.")
    return found


async def _receipt(asking: Asking) -> dict[str, Any]:
    found = await _invoice(asking)
    if found["paid_at"] is None:
        raise Overtaken("The invoice is not paid.")
    return found


async def _server_ready(asking: Asking) -> dict[str, Any]:
    server_id = asking.ids["server_id"]
    row = await _SERVER.one(asking.read, server=server_id)
    if row is None or row["state"] != "ready":
        raise Overtaken("The server is not ready any more.")
    image, location = row.pop("image"), row.pop("location")
    return {
        **await user_of(asking),
        **row,
        "image": image["name"],
        "user": image["default_user"],
        "location": location["name"],
        "link": asking.link(f"/servers/{server_id}"),
    }


async def _price_change(asking: Asking) -> dict[str, Any]:
    account_id = asking.ids["subject_account_id"]
    move = await standing_move(asking.read, asking.ids["change_id"])
    if move is None:
        raise Overtaken("The change was taken back.")
    account = await _ACCOUNT_NAME.one(asking.read, account=account_id)
    services = await moved_services(asking.read, move, account_id)
    if account is None or not services:
        raise Overtaken("No service moves to the new price any more.")
    return {
        **await user_of(asking),
        "account": account,
        "effective_on": move.effective_on,
        "after": price_money(move.amount, move.currency),
        "services": services,
        "cycle": move.cycle.replace("_", "-"),
        "link": asking.link("/servers"),
    }


async def _service(asking: Asking) -> dict[str, Any]:
    row = await _SERVICE.one(asking.read, service=asking.ids["service_id"])
    if row is None:
        raise Overtaken("The service is gone.")
    return {
        **await user_of(asking),
        **row,
        "link": asking.link(f"/services/{asking.ids['service_id']}"),
    }


def _while(*states: str) -> Callable[[Asking], Awaitable[dict[str, Any]]]:
    async def facts(asking: Asking) -> dict[str, Any]:
        found = await _service(asking)
        if found["state"] not in states:
            raise Overtaken(f"The service is {found['state']} by now.")
        return found

    return facts


async def _findings(asking: Asking) -> dict[str, Any]:
    found = await digest(asking.read, asking.ids["digest_id"])
    if not found:
        raise Overtaken("Everything in it is right again.")
    at_panel = all(each["area"] == "panel" for each in found)
    return {
        **await user_of(asking),
        "findings": found,
        "link": asking.link("/admin/reconciliation" if at_panel else "/admin/health"),
    }


FACTS: dict[str, Callable[[Asking], Awaitable[dict[str, Any]]]] = {
    MailKind.VERIFY_EMAIL: _confirmation("/confirm"),
    MailKind.RESET_PASSWORD: _confirmation("/reset-password"),
    MailKind.WELCOME: _confirmation("/reset-password"),
    MailKind.CONFIRM_NEW_EMAIL: _confirmation("/confirm-email"),
    MailKind.ACCOUNT_EXISTS: _plain("/login"),
    MailKind.PASSWORD_CHANGED: _plain("/forgot-password"),
    MailKind.EMAIL_CHANGED: _plain("/login"),
    MailKind.INVITATION: _invitation,
    MailKind.INVOICE_ISSUED: _invoice_issued,
    MailKind.INVOICE_VOIDED: _invoice_voided,
    MailKind.RECEIPT: _receipt,
    MailKind.CREDIT_NOTE: _invoice,
    MailKind.SERVER_READY: _server_ready,
    MailKind.PRICE_CHANGE: _price_change,
    MailKind.PAYMENT_REMINDER: _invoice_issued,
    MailKind.SERVICE_SUSPENDED: _while("suspended"),
    MailKind.SERVICE_RESUMED: _while("active"),
    MailKind.SERVICE_TERMINATED: _while("terminated"),
    MailKind.SERVICE_END_CHOSEN: _while("active", "suspended"),
    MailKind.FINDINGS: _findings,
    **PAYMENT_FACTS,
    **ORDER_FACTS,
    **SERVER_FACTS,
    **PLAN_FACTS,
    **ALERT_FACTS,
    **ADDRESS_FACTS,
}


async def facts_of(
    read: Read,
    sealer: Sealer,
    url: str,
    *,
    kind: str,
    ids: Mapping[str, UUID],
    user_id: UUID | None,
    written_at: datetime,
) -> dict[str, Any]:
    """The facts of one message, its links minted now; raises `Overtaken`."""
    asking = Asking(read, sealer, url, ids=ids, user_id=user_id, written_at=written_at)
    return await FACTS[kind](asking)
