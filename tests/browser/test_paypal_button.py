"""PayPal's own button: its script, its window, and back without leaving the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.camera import Camera
from tests.browser.conftest import Stack, log_in
from tests.browser.pages import ADA, Looker


def unpaid_order(page: Page, stack: Stack, hostname: str) -> Locator:
    """Order without the form and open the order; gives PayPal's button."""
    log_in(page, stack, ADA)
    order = Looker(page, stack).order(hostname)
    page.goto(f"/orders/{order['id']}")
    return page.get_by_role("button", name="Pay with PayPal")


def test_paying_in_paypal_s_window(page: Page, stack: Stack, camera: Camera) -> None:
    button = unpaid_order(page, stack, "by-button.lindqvist.example")
    expect(button).to_be_visible()
    camera.take(page, "paypal-button")
    with page.expect_popup() as opened:
        button.click()
    window = opened.value
    window.get_by_role("button", name="Approve and pay").wait_for()
    camera.take(window, "paypal-window")
    assert "/orders/" in page.url
    with window.expect_event("close"):
        window.get_by_role("button", name="Approve and pay").click()
    # The way back leads over the payment's own page, which may be left before it is looked at.
    progress = page.get_by_role("list", name="Progress of the order")
    expect(progress).to_contain_text("Paid: done", timeout=90_000)
    assert "/orders/" in page.url
    expect(page.get_by_text("Unpaid")).to_have_count(0)


@pytest.mark.parametrize("how", ["cancels", "closes"])
def test_leaving_paypal_s_window_costs_nothing(page: Page, stack: Stack, how: str) -> None:
    button = unpaid_order(page, stack, f"{how}-window.lindqvist.example")
    with page.expect_popup() as opened:
        button.click()
    window = opened.value
    window.get_by_role("button", name="Approve and pay").wait_for()
    if how == "closes":
        window.close()
    else:
        with window.expect_event("close"):
            window.get_by_role("button", name=re.compile("Cancel")).click()
    expect(page.get_by_role("link", name="Go on at PayPal")).to_be_visible()
    expect(page.get_by_text("Unpaid")).to_be_visible()
    payment = Looker(page, stack).mine("invoices", state="open")
    assert payment["open"]["minor"] > 0


def test_without_the_script_the_redirect_remains(page: Page, stack: Stack) -> None:
    page.route("**/web-sdk/**", lambda route: route.abort())
    button = unpaid_order(page, stack, "no-script.lindqvist.example")
    expect(page.get_by_role("button", name="Pay on PayPal's page")).to_be_visible()
    expect(page.get_by_test_id("paypal-button")).to_be_hidden()
    expect(button).to_have_count(0)
