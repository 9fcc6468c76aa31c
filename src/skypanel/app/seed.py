"""A believable hosting company for the sandbox, made by living through its last weeks.

Everything goes through the real doors: customers sign up, order, pay at the simulated PayPal; jobs
run; the clock is turned from day to day. A company that is complete is left alone, one whose making
was interrupted is cleared away and made anew, and a database that is not the sandbox's is refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any, ClassVar

import psycopg
import typer
from pydantic import SecretStr
from sqlalchemy import select

from skypanel.app import company
from skypanel.app.before import stand_before
from skypanel.app.boot import Boot, BootRefused
from skypanel.app.composition import build_house
from skypanel.app.migrate import upgrade
from skypanel.app.past import remember_load
from skypanel.app.sandbox import (
    NAMES,
    PANEL,
    PAYPAL,
    SMTP,
    VIES,
    Simulators,
    folder_of,
    panel_issuer,
    panel_token,
    port_of,
)
from skypanel.app.visitors import Street, Visitor
from skypanel.catalog.jobs import sample_capacity
from skypanel.catalog.rules import BrandSettings, TaxSettings
from skypanel.identity.actions import create_staff
from skypanel.identity.rules import hash_password
from skypanel.identity.rules.sso import PanelSignInSettings
from skypanel.integrations.registry import Vendors
from skypanel.integrations.settings import (
    DnsSettings,
    PayPalSettings,
    SmtpSettings,
    ViesSettings,
    VirtFusionSettings,
)
from skypanel.integrations.virtfusion.simulator.portal_sign_in import public_text
from skypanel.invoices.actions import issue_invoice
from skypanel.invoices.rules import SellerSettings
from skypanel.metrics.jobs import sample_servers
from skypanel.metrics.rules import TrafficBlockSettings
from skypanel.operations.jobs import compare_panel, detect_panel
from skypanel.platform.clock import FrozenClock
from skypanel.platform.house import House
from skypanel.platform.settings import Section, StoredSection

HISTORY = timedelta(days=21)
PAYING = timedelta(seconds=70)  # no notice reaches the seed: PayPal is asked after a minute


class SandboxSettings(Section):
    """Whether the sandbox's company is complete."""

    section: ClassVar[str] = "sandbox"
    title: ClassVar[str] = "Sandbox"
    seeded: bool = False


STAFF = (("Olga Brandt", "owner@nordlicht.example", "owner"),
         ("Samir Haddad", "support@nordlicht.example", "support"))  # fmt: skip


async def seed(settings: Boot) -> None:
    """Fill an empty database, or only say who can log in."""
    standing = await look(settings)
    if standing is Standing.BEGUN:
        typer.echo("The company's making was interrupted at an earlier start: making it anew.")
        await clear_away(settings)
    if standing is not Standing.COMPLETE:
        await make(settings)
    typer.echo(logins())


class Standing(Enum):
    """How far an earlier start came."""

    EMPTY = auto()
    BEGUN = auto()
    COMPLETE = auto()


async def look(settings: Boot) -> Standing:
    """How far the company is; refuses a database that some other company lives in."""
    house = build_house(settings, "skypanel seed")
    await house.open(listen=False)
    try:
        async with house.transaction() as db:
            sections = set(await db.scalars(select(StoredSection.section)))
        if not sections:
            return Standing.EMPTY
        if SandboxSettings.section not in sections:
            raise BootRefused(
                "This database holds a company that is not the sandbox's: name an empty one."
            )
        complete = (await house.settings.get(SandboxSettings)).seeded
        return Standing.COMPLETE if complete else Standing.BEGUN
    finally:
        await house.close()


async def clear_away(settings: Boot) -> None:
    """Empty the database and forget what the vendors remember of the half-made company."""
    dsn = settings.database_url.get_secret_value()
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute("drop schema public cascade")
        await connection.execute("create schema public")
    await asyncio.to_thread(upgrade, dsn)
    await asyncio.to_thread(shutil.rmtree, folder_of(settings))


async def make(settings: Boot) -> None:
    """Make the company; that it was begun is known before anything else is."""
    clock = FrozenClock(datetime.now(UTC) - HISTORY)  # the company's past begins here
    house = build_house(settings, "skypanel seed", clock=clock, gated=False)
    await house.open()
    try:
        async with house.transaction() as db:
            await house.settings.put(db, SandboxSettings(seeded=False))
        async with simulators(settings, house) as vendors:
            await furnish(settings, house, vendors)
            await live(settings, house, clock)
            stand_before(vendors.panel, company.CUSTOMERS[0].email, clock.now())
            await house.queue.tick(compare_panel)
        async with house.transaction() as db:
            await house.settings.put(db, SandboxSettings(seeded=True))
    finally:
        await house.close()


def logins() -> str:
    """Who can log in to the sandbox, and with what."""
    people = [(email, role) for _, email, role in STAFF]
    people += [(who.email, who.story) for who in company.CUSTOMERS]
    width = max(len(email) for email, _ in people)
    lines = [f"  {email:<{width}}  {what}" for email, what in people]
    return "\n".join([f"Log in with the password “{company.PASSWORD}”:", *lines])


@asynccontextmanager
async def simulators(settings: Boot, house: House) -> AsyncIterator[Simulators]:
    """The vendors, while the past is lived through; later they run in a process of their own."""
    vendors = Simulators(settings, house)
    running = asyncio.create_task(vendors.serve())
    try:
        await vendors.ready()
        yield vendors
    finally:
        vendors.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def live(settings: Boot, house: House, clock: FrozenClock) -> None:
    """The company's last weeks."""
    async with contextlib.AsyncExitStack() as stack:
        street = await stack.enter_async_context(Street(house, settings))
        owner = await stack.enter_async_context(street.visitor())
        await owner.log_in(STAFF[0][1], company.PASSWORD)
        await open_shop(owner)
        settled = [who for who in company.CUSTOMERS if who.is_settled]
        for who in settled:
            visitor = await stack.enter_async_context(street.visitor())
            await one_customer(house, visitor, who)
            await house.queue.tick(sample_capacity)
            clock.turn(HISTORY / (len(settled) + 1))
        going_on = [who for who in company.CUSTOMERS if not who.is_settled]
        for number, who in enumerate(going_on):
            payments = sum(one.pays for later in going_on[number:] for one in later.servers)
            # What is still going on happens now, and the company's clock never runs ahead.
            clock.at = max(clock.at, datetime.now(UTC) - PAYING * payments)
            visitor = await stack.enter_async_context(street.visitor())
            await one_customer(house, visitor, who)
        await late_invoice(house)
        await watched(street, settled[0])
    await house.queue.tick(detect_panel)
    await house.queue.tick(sample_capacity)
    now = datetime.now(UTC)
    clock.at = max(clock.at, now)
    await house.queue.drain()
    await remember_load(house)
    await house.queue.tick(sample_servers)


async def watched(street: Street, who: company.Customer) -> None:
    """Somebody wants to be told when one of their servers is in trouble."""
    async with street.visitor() as visitor:
        await visitor.log_in(who.email, company.PASSWORD)
        for server in (await visitor.ask("/servers"))["items"]:
            path = f"/servers/{server['id']}/alert-rules"
            await visitor.send("PUT", path, {"rules": company.ALERT_RULES})


async def furnish(settings: Boot, house: House, vendors: Simulators) -> None:
    """The company's settings, its vendors' addresses and its staff."""
    paypal = f"http://127.0.0.1:{port_of(settings, PAYPAL)}"
    public = f"http://localhost:{port_of(settings, PAYPAL)}"
    secrets = [await hash_password(company.PASSWORD) for _ in STAFF]
    async with house.transaction() as db:
        for section in (
            BrandSettings(**company.BRAND),
            TaxSettings(**company.TAX),
            SellerSettings(**company.SELLER),
            TrafficBlockSettings(**company.TRAFFIC_BLOCKS),
            VirtFusionSettings(
                base_url=f"http://127.0.0.1:{port_of(settings, PANEL)}",
                token=SecretStr(panel_token(house)),
                calls_per_minute=6000,  # a loopback panel is not worn out
            ),
            PanelSignInSettings(
                enabled=True,
                endpoint=f"{panel_issuer(settings)}/sign-in",
                issuer=panel_issuer(settings),
                public_key=public_text(vendors.panel),
            ),
            PayPalSettings(
                base_url=paypal,
                client_id="sandbox-client",
                client_secret=SecretStr("sandbox-secret"),
                environment="sandbox",
                cert_hosts=(paypal,),
                ca_pem=vendors.paypal_authority,
                sdk_url=f"{public}/web-sdk/v6/core",
            ),
            ViesSettings(
                base_url=f"http://127.0.0.1:{port_of(settings, VIES)}",
                own_number=company.SELLER["tax_number"],
            ),
            DnsSettings(nameservers=("127.0.0.1",), port=port_of(settings, NAMES)),
            SmtpSettings(
                host="127.0.0.1",
                port=port_of(settings, SMTP),
                security="none",
                from_address="hello@nordlicht.example",
                from_name=company.BRAND["name"],
            ),
        ):
            await house.settings.put(db, section)
        for (name, email, role), secret in zip(STAFF, secrets, strict=True):
            await create_staff(db, name=name, email=email, password_hash=secret, role=role)
    house.cache.clear()
    hook = await (await Vendors.of(house).paypal()).create_webhook(
        f"{settings.public_url}/api/v1/webhooks/paypal"
    )
    stored = await house.settings.get(PayPalSettings)
    async with house.transaction() as db:
        await house.settings.put(db, stored.model_copy(update={"webhook_id": hook.ref}))
    house.cache.clear()


async def open_shop(owner: Visitor) -> None:
    """Compare the catalog with the panel, name the places, put plans and prices on sale."""
    await owner.send("POST", "/admin/catalog/sync")
    await owner.street.settle()
    packages = (await owner.ask("/admin/packages"))["items"]
    locations = (await owner.ask("/admin/locations"))["items"]
    for location in locations:
        change = company.place(location["group_name"])
        await owner.send("PATCH", f"/admin/locations/{location['id']}", change)
    for position, package in enumerate(sorted(packages, key=lambda one: one["memory_mib"])):
        wish: dict[str, Any] = {
            **company.plan(position),
            "package_id": package["id"],
            "location_ids": [one["id"] for one in locations],
            "position": position,
        }
        await owner.send("POST", "/admin/plans", wish)
    for addon in company.ADDONS:
        await owner.send("POST", "/admin/addons", company.addon(addon))
    for coupon in company.COUPONS:
        await owner.send("POST", "/admin/coupons", coupon)
    for rule in company.TAX_RULES:
        await owner.send("POST", "/admin/tax-rules", rule)


async def one_customer(house: House, visitor: Visitor, who: company.Customer) -> None:
    """Somebody signs up, says who they are, orders, and pays or does not."""
    await visitor.sign_up(who)
    for server in who.servers:
        order = await visitor.order(server)
        if server.pays:
            await visitor.pay(order["invoice_id"])
        await house.queue.drain(hurry=True)
        await visitor.wait_for(order["id"], server.ends)


async def late_invoice(house: House) -> None:
    """Work done by hand for a customer who has not paid for it in time."""
    async with house.transaction() as db:
        draft = await company.late_draft(db)
        await issue_invoice(db, draft)
    await house.queue.drain()
