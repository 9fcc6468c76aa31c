"""Every page of the client, and of the sandbox: who looks at it and what stands on it then.

A path of `web/src/app/routes.tsx` that is missing here fails tests/house/test_pages.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Stack, log_in

VISITOR = ""
ADA, JONAS, PRIYA, MIKKO, CLARA, TOMAS = (
    "ada@lindqvist.example", "jonas@weber.example", "priya@raman.example",
    "mikko@salo.example", "clara@nowak.example", "tomas@herrera.example",
)  # fmt: skip
OWNER = "owner@nordlicht.example"
NOBODY = "0199f000-0000-7000-8000-000000000000"


@dataclass
class Looker:
    """Somebody who looks for things by the API, to know their addresses."""

    page: Page
    stack: Stack

    def ask(self, path: str) -> Any:
        answer = self.page.request.get(f"{self.stack.url}/api/v1/{path}")
        assert answer.ok, answer.text()
        return answer.json()

    def send(self, path: str, body: dict[str, Any]) -> Any:
        url = f"{self.stack.url}/api/v1/{path}"
        answer = self.page.request.post(url, data=body, headers={"origin": self.stack.url})
        assert answer.ok, answer.text()
        return answer.json() if answer.body() else None

    @property
    def account(self) -> str:
        return str(self.ask("me")["accounts"][0]["id"])

    def mine(self, kind: str, **known: str) -> dict[str, Any]:
        """A thing of one's own account."""
        return _that(self.ask(f"{kind}?account_id={self.account}")["items"], known)

    def staff(self, kind: str, **known: str) -> dict[str, Any]:
        """A thing of the company."""
        return _that(self.ask(f"admin/{kind}")["items"], known)

    def order(self, hostname: str, plan: str = "cx-2", cycle: str = "monthly") -> dict[str, Any]:
        """Order a server without the order page."""
        wish = {
            "account_id": self.account,
            "plan_id": _that(self.ask("plans")["items"], {"slug": plan})["id"],
            "location_id": _that(self.ask("locations")["items"], {"slug": "helsinki"})["id"],
            "image_id": _that(self.ask("images")["items"], {"family": "Debian"})["id"],
            "cycle": cycle,
            "hostname": hostname,
            "password_login": True,
        }
        return dict(self.send("orders", wish))


def _that(items: list[dict[str, Any]], known: dict[str, str]) -> dict[str, Any]:
    for one in items:
        if all(one.get(key) == value for key, value in known.items()):
            return one
    raise AssertionError(f"nothing like {known} among {[one.get('id') for one in items]}")


Place = str | Callable[[Looker], str]
Deed = Callable[[Page], None]


@dataclass(frozen=True)
class Shown:
    """One page as somebody sees it."""

    name: str
    route: str  # as routes.tsx writes it; empty for a page that is not the client's
    who: str
    place: Place
    deed: Deed | None = None

    def address(self, looker: Looker) -> str:
        return self.place if isinstance(self.place, str) else self.place(looker)


def _press(name: str) -> Deed:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def _choose(menu: str, item: str) -> Deed:
    def deed(page: Page) -> None:
        page.get_by_role("button", name=menu).first.click()
        page.get_by_role("menuitem", name=item).click()
        page.get_by_role("dialog").wait_for()

    return deed


def _seen(page: Page) -> None:
    """Once the panel has told of the server."""
    page.get_by_text("Seen at the panel").wait_for()


def _buy_address(page: Page) -> None:
    """What another address costs, before it is bought."""
    _seen(page)
    page.get_by_role("button", name="Buy for").first.click()
    page.get_by_role("dialog").wait_for()


def _rebuild_unsaid(page: Page) -> None:
    """A wish without a way to log in."""
    page.get_by_role("radio", name="Debian").check(force=True)
    page.get_by_role("button", name="Reinstall", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def _rebuild(page: Page) -> None:
    page.get_by_role("radio", name="Debian").check(force=True)
    page.get_by_role("checkbox", name="Log in with a password").check(force=True)
    page.get_by_role("button", name="Reinstall", exact=True).click()
    page.get_by_role("dialog").wait_for()


def _runbook(page: Page) -> None:
    page.get_by_role("button", name="Runbook of").first.click()
    page.get_by_role("dialog").wait_for()


def _hooks_on(page: Page) -> None:
    """Once on, it stays on for the next who looks."""
    switch = page.get_by_role("button", name="Switch on")
    page.get_by_role("heading", name="What the panel tells us").wait_for()
    if switch.count():
        switch.click()
        page.get_by_text("Shown this once").wait_for()


def _tried(page: Page) -> None:
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("list", name="Rights of the token").wait_for()


def _watch(page: Page) -> None:
    """Until the screen is drawn."""
    page.get_by_text("Connected", exact=True).wait_for()
    page.locator("canvas").wait_for()


def _watch_as_staff(page: Page) -> None:
    page.get_by_label("Why do you look?").fill("The customer asked us to, ticket 12")
    page.get_by_role("button", name="Open the console").click()
    _watch(page)


def _wrong_password(page: Page) -> None:
    page.get_by_label("E-mail").fill("ada@lindqvist.example")
    page.get_by_label("Password", exact=True).fill("not the one")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()


def _empty_fields(page: Page) -> None:
    page.get_by_role("main").locator("button[type=submit]").click()


def _fill_order(page: Page) -> None:
    page.get_by_role("radio", name="Helsinki").check(force=True)
    page.get_by_role("radio", name="Debian").check(force=True)
    page.get_by_role("radio", name="CX 4 ").check(force=True)
    page.get_by_role("checkbox", name="Log in with a password").check(force=True)
    page.get_by_label("Hostname").fill(
        "a-rather-long-name-for-a-machine.donaudampfschiffahrt.example"
    )
    page.get_by_text("Total today").first.wait_for()


def _fill_hourly(page: Page) -> None:
    page.get_by_role("radio", name="Helsinki").check(force=True)
    page.get_by_role("radio", name="Debian").check(force=True)
    page.get_by_role("radio", name="CX 4 ").check(force=True)
    page.get_by_text("Balance needed to start").first.wait_for()


def _hourly(looker: Looker) -> str:
    """A server by the hour, on credit that staff gave."""
    services = looker.ask(f"services?account_id={looker.account}")["items"]
    for one in services:
        if one["cycle"] == "hourly":
            return f"/services/{one['id']}"
    browser = looker.page.context.browser
    assert browser is not None
    with browser.new_context(base_url=looker.stack.url) as context:
        page = context.new_page()
        log_in(page, looker.stack, OWNER)
        credit = {"amount_minor": 150, "reason": "To try servers by the hour"}
        Looker(page, looker.stack).send(f"admin/accounts/{looker.account}/credits", credit)
    order = looker.order("by-the-hour.raman.example", cycle="hourly")
    return f"/services/{order['service_id']}"


def _other_plan(page: Page) -> None:
    """The first plan that can be chosen, with its quote."""
    page.get_by_role("radiogroup", name="Plan").get_by_role("radio", disabled=False).first.check(
        force=True
    )
    page.get_by_text("Next invoice for the period").first.wait_for()


def _order_nothing(page: Page) -> None:
    page.get_by_role("button", name="Order", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").wait_for()


def _confirmable(looker: Looker) -> str:
    """The link in a newcomer's mail."""
    email = "nobody.yet@lindqvist.example"
    newcomer = {"name": "Nova Nobody", "email": email, "password": "a ship in port is safe"}
    looker.send("registrations", {**newcomer, "country": "FI", "currency": "EUR"})
    return looker.stack.newest_link(email).removeprefix(looker.stack.url)


def _return(looker: Looker) -> str:
    """Back from PayPal without having paid."""
    invoice = looker.order("leaves-paypal.raman.example")["invoice_id"]
    payment = looker.send("payments", {"invoice_id": invoice, "gateway": "paypal"})
    return f"/payments/{payment['id']}/return?cancelled=1"


# Hers is being built for the first two minutes.
BUILDING = (
    Shown("home-building", "/home", CLARA, "/home"),
    Shown("order-building", "/orders/:id", CLARA,
          lambda who: f"/orders/{who.mine('orders')['id']}"),
    Shown("server-building", "/servers/:id", CLARA,
          lambda who: f"/servers/{who.mine('servers')['id']}"),
)  # fmt: skip
VISITORS = (
    Shown("landing", "/", VISITOR, "/"),
    Shown("plans", "/plans", VISITOR, "/plans"),
    Shown("order-visitor", "/order", VISITOR, "/order"),
    Shown("signup", "/signup", VISITOR, "/signup"),
    Shown("signup-errors", "/signup", VISITOR, "/signup", _empty_fields),
    Shown("signup-check", "/signup/check", VISITOR, "/signup/check?email=grace%40hopper.example"),
    Shown("confirm", "/confirm", VISITOR, _confirmable),
    Shown("confirm-wrong", "/confirm", VISITOR, "/confirm?token=mistyped"),
    Shown("confirm-email-wrong", "/confirm-email", VISITOR, "/confirm-email?token=mistyped"),
    Shown("login", "/login", VISITOR, "/login"),
    Shown("login-wrong", "/login", VISITOR, "/login", _wrong_password),
    Shown("login-empty", "/login", VISITOR, "/login", _empty_fields),
    Shown("forgot-password", "/forgot-password", VISITOR, "/forgot-password"),
    Shown("reset-password", "/reset-password", VISITOR, "/reset-password?token=some"),
    Shown("invitation", "/invitations/accept", VISITOR, "/invitations/accept?token=some"),
    Shown("not-found", "", VISITOR, "/no/such/page"),
)
SERVER = "web-01.lindqvist.example"
UNPAID = "runner-2.raman.example"
CUSTOMERS = (
    Shown("home", "/home", ADA, "/home"),
    Shown("palette", "/home", ADA, "/home", _palette),
    Shown("servers", "/servers", ADA, "/servers"),
    Shown("server", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}"),
    Shown("server-history", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=history"),
    Shown("server-console", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=console", _watch),
    Shown("console", "/servers/:id/console", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}/console", _watch),
    Shown("server-billing", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=billing"),
    Shown("server-metrics", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=metrics"),
    Shown("server-metrics-7d", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=metrics&range=7d"),
    Shown("server-alerts", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=metrics",
          _press("Set alerts")),
    Shown("server-power-off", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}",
          _choose("Power", "Power off")),
    Shown("server-rename", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}",
          _choose("More", "Rename")),
    Shown("server-password", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}",
          _choose("More", "Reset password")),
    Shown("server-network", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=network", _seen),
    Shown("server-address-buy", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=network",
          _buy_address),
    Shown("server-end", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=billing",
          _press("End it now")),
    Shown("server-storage", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=storage", _seen),
    Shown("server-rebuild", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=rebuild",
          _rebuild_unsaid),
    Shown("server-rebuild-confirm", "/servers/:id", ADA,
          lambda who: f"/servers/{who.mine('servers', hostname=SERVER)['id']}?tab=rebuild",
          _rebuild),
    Shown("server-not-mine", "/servers/:id", ADA, f"/servers/{NOBODY}"),
    Shown("orders", "/orders", ADA, "/orders"),
    Shown("order-ready", "/orders/:id", ADA,
          lambda who: f"/orders/{who.mine('orders', state='active')['id']}"),
    Shown("order-errors", "/order", ADA, "/order", _order_nothing),
    Shown("order-filled", "/order", ADA, "/order", _fill_order),
    Shown("order-hourly", "/order", ADA, "/order?cycle=hourly", _fill_hourly),
    Shown("invoices", "/invoices", ADA, "/invoices"),
    Shown("invoice-paid", "/invoices/:id", ADA,
          lambda who: f"/invoices/{who.mine('invoices', state='paid')['id']}"),
    Shown("transactions", "/transactions", ADA, "/transactions"),
    Shown("services", "/services", ADA, "/services"),
    Shown("service", "/services/:id", ADA,
          lambda who: f"/services/{who.mine('services', state='active')['id']}"),
    Shown("service-plan", "/services/:id/plan", ADA,
          lambda who: f"/services/{who.mine('services', state='active')['id']}/plan", _other_plan),
    Shown("payment-methods", "/payment-methods", ADA, "/payment-methods"),
    Shown("account", "/account", ADA, "/account"),
    Shown("team", "/account/team", ADA, "/account/team"),
    Shown("team-invite", "/account/team", ADA, "/account/team", _press("Invite someone")),
    Shown("security", "/account/security", ADA, "/account/security"),
    Shown("account-alerts", "/account/alerts", ADA, "/account/alerts"),
    Shown("ssh-keys-make", "/account/ssh-keys", ADA, "/account/ssh-keys", _press("Make a key")),
    Shown("ssh-keys-add", "/account/ssh-keys", ADA, "/account/ssh-keys", _press("Add a key")),
    Shown("home-overdue", "/home", JONAS, "/home"),
    Shown("invoice-overdue", "/invoices/:id", JONAS,
          lambda who: f"/invoices/{who.mine('invoices', state='open')['id']}"),
    Shown("home-unpaid", "/home", PRIYA, "/home"),
    Shown("order-unpaid", "/orders/:id", PRIYA,
          lambda who: f"/orders/{who.mine('orders', hostname=UNPAID)['id']}"),
    Shown("order-cancel", "/orders/:id", PRIYA,
          lambda who: f"/orders/{who.mine('orders', hostname=UNPAID)['id']}",
          _press("Cancel order")),
    Shown("invoice-open", "/invoices/:id", PRIYA,
          lambda who: f"/invoices/{who.mine('invoices', state='open')['id']}"),
    Shown("payment-return", "/payments/:id/return", PRIYA, _return),
    Shown("service-hourly", "/services/:id", PRIYA, _hourly),
    Shown("home-failed", "/home", MIKKO, "/home"),
    Shown("order-failed", "/orders/:id", MIKKO,
          lambda who: f"/orders/{who.mine('orders')['id']}"),
    Shown("home-new", "/home", TOMAS, "/home"),
    Shown("servers-none", "/servers", TOMAS, "/servers"),
    Shown("orders-none", "/orders", TOMAS, "/orders"),
    Shown("invoices-none", "/invoices", TOMAS, "/invoices"),
    Shown("top-up", "/top-up", ADA, "/top-up"),
    Shown("statement", "/statement", ADA, "/statement?first=2020-01-01"),
    Shown("transactions-none", "/transactions", TOMAS, "/transactions"),
    Shown("ssh-keys-none", "/account/ssh-keys", TOMAS, "/account/ssh-keys"),
)  # fmt: skip


def _of_ada(kind: str, root: str, **known: str) -> Callable[[Looker], str]:
    return lambda who: f"/admin/{root}/{who.staff(kind, **known)['id']}"


def _console_of_ada(looker: Looker) -> str:
    return f"/admin/servers/{looker.staff('servers', hostname=SERVER)['id']}/console"


def _ada(looker: Looker) -> str:
    return str(looker.staff("customers", name="Ada Lindqvist")["account_id"])


def _bulk_choose(page: Page) -> None:
    page.get_by_role("checkbox", name="Select row").first.check()


def _bulk_preview(page: Page) -> None:
    page.get_by_role("checkbox", name="Select all rows").first.check()
    page.get_by_role("button", name="Shut down", exact=True).click()
    page.get_by_role("list", name="What will happen").wait_for()


def _bulk_work(looker: Looker) -> str:
    ids = [each["id"] for each in looker.ask("admin/servers")["items"]]
    wish = {"verb": "restart", "server_ids": ids, "reason": "Maintenance of the host"}
    return f"/admin/bulk/{looker.send('admin/bulk-works', wish)['id']}"


def _import(looker: Looker) -> str:
    """The panel read for servers that nobody here knows."""
    found = looker.ask("admin/imports")["items"]
    begun = found[0] if found else looker.send("admin/imports", {})
    return f"/admin/imports/{begun['id']}"


def _draft(looker: Looker) -> str:
    """An invoice by hand that is not issued yet."""
    found = looker.ask("admin/invoices?state=draft")["items"]
    if found:
        return str(found[0]["id"])
    lines = [{"description": "Migration, two hours", "unit_price_minor": 16000}]
    wish = {"account_id": _ada(looker), "due_on": "2030-01-31", "lines": lines}
    return str(looker.send("admin/invoices", wish)["id"])


def _revenue(looker: Looker) -> str:
    return str(looker.ask("admin/ledger/books?kind=revenue&currency=EUR")["items"][0]["id"])


def _movement(looker: Looker) -> str:
    entries = looker.ask(f"admin/ledger/books/{_revenue(looker)}/entries")["items"]
    return str(entries[0]["transfer_id"])


STAFF = (
    Shown("admin-home", "/admin", OWNER, "/admin"),
    Shown("admin-palette", "/admin", OWNER, "/admin", _palette),
    Shown("admin-customers", "/admin/customers", OWNER, "/admin/customers"),
    Shown("admin-customers-none", "/admin/customers", OWNER, "/admin/customers?q=nobodyatall"),
    Shown("admin-customer", "/admin/customers/:id", OWNER,
          lambda who: f"/admin/customers/{who.staff('customers', name='Ada Lindqvist')['account_id']}"),
    Shown("admin-customer-credit", "/admin/customers/:id", OWNER,
          lambda who: f"/admin/customers/{who.staff('customers', name='Ada Lindqvist')['account_id']}",
          _press("Give credit")),
    Shown("admin-customer-suspend", "/admin/customers/:id", OWNER,
          lambda who: f"/admin/customers/{who.staff('customers', name='Ada Lindqvist')['account_id']}",
          _choose("Actions for Ada", "Suspend user")),
    Shown("admin-orders", "/admin/orders", OWNER, "/admin/orders"),
    Shown("admin-order", "/admin/orders/:id", OWNER,
          _of_ada("orders", "orders", state="active")),
    Shown("admin-order-failed", "/admin/orders/:id", OWNER,
          _of_ada("orders", "orders", state="failed")),
    Shown("admin-invoices", "/admin/invoices", OWNER, "/admin/invoices"),
    Shown("admin-invoice", "/admin/invoices/:id", OWNER,
          _of_ada("invoices", "invoices", state="paid")),
    Shown("admin-payments", "/admin/payments", OWNER, "/admin/payments"),
    Shown("admin-payment", "/admin/payments/:id", OWNER,
          _of_ada("payments", "payments", state="settled")),
    Shown("admin-payment-refund", "/admin/payments/:id", OWNER,
          _of_ada("payments", "payments", state="settled"), _press("Refund")),
    Shown("admin-disputes", "/admin/disputes", OWNER, "/admin/disputes"),
    Shown("admin-dispute", "/admin/disputes/:id", OWNER, f"/admin/disputes/{NOBODY}"),
    Shown("admin-unmatched", "/admin/unmatched", OWNER, "/admin/unmatched"),
    Shown("admin-billing-run", "/admin/billing-run", OWNER, "/admin/billing-run"),
    Shown("admin-billing-run-done", "/admin/billing-run", OWNER,
          "/admin/billing-run?tab=happened"),
    Shown("admin-services", "/admin/services", OWNER, "/admin/services"),
    Shown("admin-service", "/admin/services/:id", OWNER, _of_ada("services", "services")),
    Shown("admin-service-plan", "/admin/services/:id/plan", OWNER,
          lambda who: "/admin/services/"
          f"{who.staff('services', state='active', account_name='Ada Lindqvist')['id']}/plan",
          _other_plan),
    Shown("admin-policies", "/admin/policies", OWNER, "/admin/policies"),
    Shown("admin-policy-new", "/admin/policies", OWNER, "/admin/policies", _press("New policy")),
    Shown("admin-books", "/admin/books", OWNER, "/admin/books"),
    Shown("admin-invoice-credit", "/admin/invoices/:id", OWNER,
          _of_ada("invoices", "invoices", state="paid"),
          _choose("Actions for INV", "Refund to the wallet")),
    Shown("admin-invoice-draft", "/admin/invoices/:id", OWNER,
          lambda who: f"/admin/invoices/{_draft(who)}"),
    Shown("admin-invoice-edit", "/admin/invoices/:id/edit", OWNER,
          lambda who: f"/admin/invoices/{_draft(who)}/edit"),
    Shown("admin-invoice-new", "/admin/customers/:id/invoice", OWNER,
          lambda who: f"/admin/customers/{_ada(who)}/invoice"),
    Shown("admin-statement", "/admin/customers/:id/statement", OWNER,
          lambda who: f"/admin/customers/{_ada(who)}/statement?first=2020-01-01"),
    Shown("admin-books-of", "/admin/books/of/:kind/:currency", OWNER,
          "/admin/books/of/receivable/EUR"),
    Shown("admin-book", "/admin/books/:id", OWNER, lambda who: f"/admin/books/{_revenue(who)}"),
    Shown("admin-transfer", "/admin/transfers/:id", OWNER,
          lambda who: f"/admin/transfers/{_movement(who)}"),
    Shown("admin-servers", "/admin/servers", OWNER, "/admin/servers"),
    Shown("admin-server", "/admin/servers/:id", OWNER,
          _of_ada("servers", "servers", hostname=SERVER)),
    Shown("admin-console-why", "/admin/servers/:id/console", OWNER, _console_of_ada),
    Shown("admin-console", "/admin/servers/:id/console", OWNER, _console_of_ada, _watch_as_staff),
    Shown("admin-jobs", "/admin/jobs", OWNER, "/admin/jobs"),
    Shown("admin-job", "/admin/jobs/:id", OWNER, _of_ada("jobs", "jobs")),
    Shown("admin-work", "/admin/work", OWNER, "/admin/work"),
    Shown("admin-bulk-choose", "/admin/servers", OWNER, "/admin/servers", _bulk_choose),
    Shown("admin-bulk-preview", "/admin/servers", OWNER, "/admin/servers", _bulk_preview),
    Shown("admin-bulk-work", "/admin/bulk/:id", OWNER, _bulk_work),
    Shown("admin-bulk", "/admin/bulk", OWNER, "/admin/bulk"),
    Shown("admin-imports", "/admin/imports", OWNER, "/admin/imports"),
    Shown("admin-import", "/admin/imports/:id", OWNER, _import),
    Shown("admin-server-suspend", "/admin/servers/:id", OWNER,
          _of_ada("servers", "servers", hostname=SERVER), _press("Suspend")),
    Shown("admin-hypervisors", "/admin/hypervisors", OWNER, "/admin/hypervisors"),
    Shown("admin-health", "/admin/health", OWNER, "/admin/health"),
    Shown("admin-health-runbook", "/admin/health", OWNER, "/admin/health", _runbook),
    Shown("admin-health-history", "/admin/health", OWNER, "/admin/health?tab=history"),
    Shown("admin-reconciliation", "/admin/reconciliation", OWNER, "/admin/reconciliation"),
    Shown("admin-reconciliation-paypal", "/admin/reconciliation", OWNER,
          "/admin/reconciliation?tab=paypal"),
    Shown("admin-reconciliation-books", "/admin/reconciliation", OWNER,
          "/admin/reconciliation?tab=books"),
    Shown("admin-clock", "/admin/clock", OWNER, "/admin/clock"),
    Shown("admin-mail", "/admin/mail", OWNER, "/admin/mail"),
    Shown("admin-audit", "/admin/audit", OWNER, "/admin/audit"),
    Shown("admin-settings", "/admin/settings", OWNER, "/admin/settings"),
    Shown("admin-panel-setup", "/admin/settings/panel", OWNER, "/admin/settings/panel"),
    Shown("admin-panel-hooks", "/admin/settings/panel", OWNER, "/admin/settings/panel", _hooks_on),
    Shown("admin-panel-tried", "/admin/settings/panel", OWNER, "/admin/settings/panel", _tried),
    Shown("admin-settings-seller", "/admin/settings", OWNER, "/admin/settings?section=seller"),
    Shown("admin-plans", "/admin/plans", OWNER, "/admin/plans"),
    Shown("admin-plan-new", "/admin/plans", OWNER, "/admin/plans", _press("New plan")),
    Shown("admin-plan-prices", "/admin/plans", OWNER, "/admin/plans", _press("Prices of CX 1")),
    Shown("admin-locations", "/admin/locations", OWNER, "/admin/locations"),
    Shown("admin-addons", "/admin/addons", OWNER, "/admin/addons"),
    Shown("admin-addon-new", "/admin/addons", OWNER, "/admin/addons", _press("New add-on")),
    Shown("admin-coupons", "/admin/coupons", OWNER, "/admin/coupons"),
    Shown("admin-coupon-new", "/admin/coupons", OWNER, "/admin/coupons", _press("New coupon")),
    Shown("admin-coupon", "/admin/coupons/:id", OWNER,
          lambda who: f"/admin/coupons/{who.staff('coupons')['id']}"),
    Shown("admin-prices", "/admin/prices", OWNER, "/admin/prices"),
    Shown("admin-price-change", "/admin/prices", OWNER, "/admin/prices", _press("Change a price")),
    Shown("admin-own-prices", "/admin/own-prices", OWNER, "/admin/own-prices"),
    Shown("admin-tax", "/admin/tax", OWNER, "/admin/tax"),
    Shown("admin-tax-new", "/admin/tax", OWNER, "/admin/tax", _press("New rule")),
    Shown("admin-images", "/admin/images", OWNER, "/admin/images"),
    Shown("admin-not-found", "", OWNER, "/admin/nothing"),
)  # fmt: skip
CLIENT = (*BUILDING, *VISITORS, *CUSTOMERS, *STAFF)


def _newest_mail(looker: Looker) -> str:
    found = looker.page.request.get(f"{looker.stack.mailbox}/_sandbox/messages").json()
    items = found["items"] if isinstance(found, dict) else found
    return f"{looker.stack.mailbox}/messages/{items[0]['id']}"


def _checkout(looker: Looker) -> str:
    """PayPal's page for what she has not yet paid."""
    invoice = looker.order("at-paypal.raman.example")["invoice_id"]
    payment = looker.send("payments", {"invoice_id": invoice, "gateway": "paypal"})
    return str(payment["approve_url"])


def _panel(tab: str) -> Callable[[Looker], str]:
    return lambda who: f"{who.stack.panel}/{tab}"


SANDBOX = (
    *(Shown(f"sandbox-panel-{tab}", "", OWNER, _panel(tab))
      for tab in ("servers", "users", "queue", "hypervisors", "calls", "faults")),
    Shown("sandbox-paypal", "", OWNER, lambda who: f"{who.stack.paypal}/"),
    Shown("sandbox-paypal-checkout", "", PRIYA, _checkout),
    Shown("sandbox-paypal-gone", "", OWNER, lambda who: f"{who.stack.paypal}/checkoutnow?token=no"),
    Shown("sandbox-paypal-deliveries", "", OWNER, lambda who: f"{who.stack.paypal}/deliveries"),
    Shown("sandbox-paypal-faults", "", OWNER, lambda who: f"{who.stack.paypal}/faults"),
    Shown("sandbox-mailbox", "", OWNER, lambda who: f"{who.stack.mailbox}/"),
    Shown("sandbox-mail", "", OWNER, _newest_mail),
)  # fmt: skip
