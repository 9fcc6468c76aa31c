"""Customers as staff see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from skypanel.invoices import queries as invoices
from skypanel.orders import queries as orders
from skypanel.payments.models import Payment
from skypanel.platform.authority import Membership, Viewer
from skypanel.platform.db import Read
from skypanel.platform.errors import NotFound
from skypanel.platform.money import Money
from skypanel.platform.read import LIMIT_MAX, Page, Query, money
from skypanel.reporting.queries.written import Written
from skypanel.reporting.rules import moment_text, pattern, subject_kind
from skypanel.servers import queries as servers

LIST = Written("""
select a.id, a.name, coalesce(owner.email, ''), p.country, a.currency, a.state, a.created_at,
    coalesce(wallet.balance_minor, 0), coalesce(held.servers, 0), coalesce(due.minor, 0)::bigint
from accounts a
left join profiles p on p.account_id = a.id
left join lateral (
    select u.email from members m join users u on u.id = m.user_id
    where m.account_id = a.id order by (m.role = 'owner') desc, m.joined_at limit 1
) owner on true
left join books wallet
    on wallet.account_id = a.id and wallet.kind = 'wallet' and wallet.currency = a.currency
left join lateral (
    select count(*) as servers from servers s
    where s.account_id = a.id and s.state not in ('deleted', 'failed')
) held on true
left join lateral (
    select sum(i.total_minor - i.paid_minor - i.credited_minor) as minor from invoices i
    where i.account_id = a.id and i.state = 'open' and i.currency = a.currency
) due on true
where a.id < %(before)s
    and (%(account)s::uuid is null or a.id = %(account)s::uuid)
    and (
        %(q)s::text is null
        or a.name ilike %(q)s::text
        or p.company ilike %(q)s::text
        or exists (
            select from members m join users u on u.id = m.user_id
            where m.account_id = a.id
                and (u.email ilike %(q)s::text or u.name ilike %(q)s::text)
        )
    )
order by a.id desc
limit %(limit)s
""")
PROFILE = Written("""
select p.company, p.line1, p.line2, p.postal_code, p.city, p.state, p.country, p.tax_number,
    p.time_zone, p.language
from accounts a left join profiles p on p.account_id = a.id
where a.id = %(account)s
""")
PROFILE_NAMES = (
    "company",
    "line1",
    "line2",
    "postal_code",
    "city",
    "state",
    "country",
    "tax_number",
    "time_zone",
    "language",
)
MEMBERS = Written("""
select u.id, u.name, u.email, m.role, m.joined_at, u.state
from members m join users u on u.id = m.user_id
where m.account_id = %(account)s
order by m.joined_at, u.id
limit 100
""")
TIMELINE = Written("""
select * from (
    (
        select c.at, c.subject_kind, c.subject_id::text, c.verb, c.state_after, c.note,
            c.actor_name, 'state'
        from state_changes c
        where c.subject_id in (
            select id from orders where account_id = %(account)s
            union all select id from invoices where account_id = %(account)s
            union all select id from payments where account_id = %(account)s
            union all select id from servers where account_id = %(account)s
            union all select id from services where account_id = %(account)s
        )
        order by c.id desc limit 150
    )
    union all
    (
        select e.at, e.subject_kind, e.subject_id, e.verb, '', null, e.actor_name, 'audit'
        from audit_entries e where e.account_id = %(account)s order by e.id desc limit 150
    )
    union all
    (
        select p.created_at, 'payments', p.id::text, p.gateway,
            p.amount_minor || ' ' || p.currency, null, null, 'payment'
        from payments p where p.account_id = %(account)s order by p.id desc limit 150
    )
    union all
    (
        select m.created_at, 'mail_messages', m.id::text, m."to", m.state, m.subject, null, 'mail'
        from mail_messages m
        where m.account_id = %(account)s or (m.account_id is null and m.user_id in (
            select user_id from members where account_id = %(account)s
        ))
        order by m.id desc limit 150
    )
) as told (at, subject, subject_id, verb, state, note, actor, source)
order by at desc, subject_id desc
limit 150
""")


def _payment(minor: int, currency: str, *columns: Any) -> dict[str, Any]:
    row = dict(zip((column.key for column in PAYMENT_COLUMNS), columns, strict=True))
    return {**row, "amount": money(minor, currency), "approve_url": None, "can": []}


PAYMENT_COLUMNS = (
    Payment.id,
    Payment.account_id,
    Payment.invoice_id,
    Payment.gateway,
    Payment.state,
    Payment.gateway_ref,
    Payment.capture_ref,
    Payment.message,
    Payment.created_at,
    Payment.settled_at,
)
PAYMENTS: Query[dict[str, Any]] = Query(
    select(Payment.amount_minor, Payment.currency, *PAYMENT_COLUMNS)
    .where(Payment.account_id == bindparam("account", type_=Uuid()))
    .order_by(Payment.id.desc())
    .limit(LIMIT_MAX),
    _payment,
)
GATEWAYS = {"paypal": "PayPal", "wallet": "wallet"}


def _row(
    account_id: UUID,
    name: str,
    email: str,
    country: str | None,
    currency: str,
    state: str,
    created_at: datetime,
    balance: int,
    held: int,
    due: int,
) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "name": name,
        "email": email,
        "country": country,
        "currency": currency,
        "balance": money(balance, currency),
        "servers": held,
        "unpaid": money(due, currency),
        "created_at": created_at,
        "state": state,
    }


async def customer_page(read: Read, page: Page, q: str | None) -> dict[str, Any]:
    """Customers, newest first, by name, company or a member's address: one statement."""
    rows = await LIST.all(
        read,
        before=page.before,
        limit=page.limit + 1,
        account=None,
        q=pattern(q) if q and q.strip() else None,
    )
    return page.answer(rows, _row)


def seen_as_member(viewer: Viewer, account_id: UUID, name: str, currency: str) -> Viewer:
    """The viewer, seeing one account's things as a member would who may change none of them."""
    seat = Membership(
        account_id, name, currency, "read_only", frozenset({"billing.view", "servers.view"})
    )
    return Viewer(viewer.user_id, viewer.session_id, viewer.name, viewer.email, {account_id: seat})


async def get_customer(read: Read, viewer: Viewer, account_id: UUID) -> dict[str, Any]:
    """Everything about one customer on a page, with one timeline of what happened."""
    listed = await LIST.all(read, before=UUID(int=2**128 - 1), limit=1, account=account_id, q=None)
    if not listed:
        raise NotFound
    row = _row(*listed[0])
    member = seen_as_member(viewer, account_id, row["name"], row["currency"])
    page = Page(limit=LIMIT_MAX)
    [stated] = await PROFILE.all(read, account=account_id)
    return {
        **row,
        "profile": {
            "id": account_id,
            "name": row["name"],
            "currency": row["currency"],
            **dict(zip(PROFILE_NAMES, stated, strict=True)),
            "can": [],
        },
        "members": [_member(viewer, *each) for each in await MEMBERS.all(read, account=account_id)],
        "servers": (await servers.page(read, member, page, account_id=account_id, q=""))["items"],
        "orders": (await orders.page(read, member, page, account_id=account_id))["items"],
        "invoices": (await invoices.page(read, member, page, account_id=account_id, state=None))[
            "items"
        ],
        "payments": await PAYMENTS.all(read, account=account_id),
        "timeline": await timeline(read, account_id),
    }


def _member(
    viewer: Viewer,
    user_id: UUID,
    name: str,
    email: str,
    role: str,
    joined_at: datetime,
    state: str,
) -> dict[str, Any]:
    verb = "suspend" if state == "active" else "resume"
    return {
        "user_id": user_id,
        "name": name,
        "email": email,
        "role": role,
        "state": state,
        "joined_at": joined_at,
        "can": [verb] if "customers.edit" in viewer.staff else [],
    }


async def timeline(read: Read, account_id: UUID) -> list[dict[str, Any]]:
    """What happened to a customer's things, who did it, and what they were told; newest first."""
    columns = ("at", "subject", "subject_id", "verb", "state", "note", "actor", "source")
    return [
        _moment(dict(zip(columns, row, strict=True)))
        for row in await TIMELINE.all(read, account=account_id)
    ]


def _moment(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = subject_kind(row["subject"])
    match row["source"]:
        case "state":
            text = moment_text(kind, row["verb"], row["state"], row["note"])
        case "audit":
            text = f"{row['verb'].replace('_', ' ').capitalize()}: {kind.replace('_', ' ')}"
        case "payment":
            minor, currency = row["state"].split(" ")
            amount = Money(int(minor), currency)
            text = f"Payment of {amount} by {GATEWAYS.get(row['verb'], row['verb'])} started"
        case _:
            text = f"Mail to {row['verb']}: {row['note']} ({row['state']})"
    return {
        "at": row["at"],
        "kind": "audit" if row["source"] == "audit" else kind,
        "text": text,
        "actor": row["actor"],
        "subject": {"kind": kind, "id": row["subject_id"]} if row["subject_id"] else None,
    }
