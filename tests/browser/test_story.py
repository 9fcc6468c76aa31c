"""A visitor becomes a customer with a running server, in a real browser, on the real processes."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.camera import Camera
from tests.browser.conftest import Stack, log_in

EMAIL = "grace@hopper.example"
PASSWORD = "a ship in port is safe"
HOSTNAME = "app.hopper.example"


def test_a_visitor_becomes_a_customer_with_a_running_server(
    page: Page, stack: Stack, camera: Camera
) -> None:
    page.route("**/web-sdk/**", lambda route: route.abort())  # an ad blocker: the redirect remains
    compare_and_choose(page)
    camera.take(page, "story-1-chosen")
    sign_up_and_confirm(page, stack, camera)
    order_and_pay(page, camera)
    watch_it_become_ready(page, camera)
    power(page, camera)
    staff_see_it_all(page, stack)
    camera.take(page, "story-8-staff")


def compare_and_choose(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Compare plans").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("€5.90").first).to_be_visible()
    page.goto("/order")
    page.get_by_role("radio", name=re.compile("Helsinki")).check(force=True)
    page.get_by_role("radio", name="Debian").check(force=True)
    page.get_by_role("radio", name=re.compile("^CX 2 ")).check(force=True)
    page.get_by_role("checkbox", name=re.compile("Log in with a password")).check(force=True)
    page.get_by_label("Hostname").fill(HOSTNAME)
    summary = page.get_by_role("complementary", name="Your order")
    expect(summary.get_by_text("€5.90").first).to_be_visible()


def sign_up_and_confirm(page: Page, stack: Stack, camera: Camera) -> None:
    page.get_by_role("link", name="Create an account to order").click()
    page.wait_for_url("**/signup?**")
    form = page.get_by_role("form", name="Create an account")
    form.get_by_label("Name", exact=True).fill("Grace Hopper")
    form.get_by_label("E-mail").fill(EMAIL)
    form.get_by_label("Password", exact=True).fill(PASSWORD)
    form.get_by_label("Country").select_option("FI")
    form.get_by_role("button", name="Create").click()
    page.wait_for_url("**/signup/check**")
    camera.take(page, "story-2-signed-up")
    page.goto(stack.newest_link(EMAIL))
    page.get_by_role("link", name="Log in and finish the order").click()
    form = page.get_by_role("form", name="Log in")
    form.get_by_label("Password", exact=True).fill(PASSWORD)
    form.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/order?**")


def order_and_pay(page: Page, camera: Camera) -> None:
    expect(page.get_by_label("Hostname")).to_have_value(HOSTNAME)
    page.get_by_role("button", name=re.compile("^Order for €7.40")).click()  # 25.5 % tax
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}"))
    expect(page.get_by_text("Unpaid")).to_be_visible()
    camera.take(page, "story-3-unpaid")
    page.get_by_role("button", name="Pay on PayPal's page").click()
    page.wait_for_url("**/checkoutnow**")
    camera.take(page, "story-4-at-paypal")
    page.get_by_role("button", name="Approve and pay").click()
    page.wait_for_url(re.compile(r"/(payments|orders)/"))


def watch_it_become_ready(page: Page, camera: Camera) -> None:
    """Nothing is reloaded: the page is told."""
    page.wait_for_url(re.compile(r"/orders/"), timeout=30_000)
    page.evaluate("window.notReloaded = true")
    camera.take(page, "story-5-being-built")
    expect(page.get_by_text(re.compile(r"ssh root@198\.51\.100\.\d+"))).to_be_visible(
        timeout=45_000
    )
    assert page.evaluate("window.notReloaded") is True
    camera.take(page, "story-6-ready")


def power(page: Page, camera: Camera) -> None:
    page.get_by_role("link", name=re.compile("server", re.IGNORECASE)).last.click()
    page.wait_for_url(re.compile(r"/servers/"))
    for verb, after in (
        ("Shut down", "Stopped"),
        ("Start", "Running"),
        ("Restart", "Running"),
        ("Power off", "Stopped"),
    ):
        page.get_by_role("button", name="Power").click()
        page.get_by_role("menuitem", name=re.compile(f"^{verb}")).click()
        confirm = page.get_by_role("dialog").or_(page.get_by_role("alertdialog"))
        if verb != "Start":
            typed = confirm.get_by_role("textbox")
            if typed.count():
                typed.fill(HOSTNAME)
            confirm.get_by_role("button", name=re.compile(f"^{verb}")).click()
        expect(page.get_by_text(after, exact=True).first).to_be_visible(timeout=30_000)
        expect(page.get_by_role("button", name="Power")).to_be_enabled()
    camera.take(page, "story-7-server")


def staff_see_it_all(page: Page, stack: Stack) -> None:
    page.context.clear_cookies()
    log_in(page, stack, "owner@nordlicht.example")
    page.goto("/admin/orders")
    page.get_by_role("row", name=re.compile(HOSTNAME)).get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/admin/orders/"))
    for word in ("Invoice", "Payment", "Provisioning", "Server"):
        expect(page.get_by_text(word).first).to_be_visible()
