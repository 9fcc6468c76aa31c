"""Everything without a pointer."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.camera import settle
from tests.browser.conftest import PASSWORD, Stack, log_in
from tests.browser.pages import ADA, OWNER, PRIYA

STEPS_MAX = 60
HELD = "(element) => element === document.activeElement"


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until focus is where it is wanted."""
    for _ in range(STEPS_MAX):
        page.keyboard.press(key)
        if wanted.evaluate(HELD):
            return
    raise AssertionError(f"{key} never reaches {wanted}")


def choose(page: Page, group: str, option: Locator) -> None:
    """Into a group of radios by Tab, to one of them by the arrow."""
    first = page.get_by_role("radiogroup", name=group).get_by_role("radio").first
    reach(page, first)
    if not option.evaluate(HELD):
        reach(page, option, "ArrowDown")
    else:
        page.keyboard.press("Space")
    expect(option).to_be_checked()


def test_a_server_is_ordered_and_paid(page: Page, stack: Stack) -> None:
    page.route("**/web-sdk/**", lambda route: route.abort())
    page.goto("/login?next=/order")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(PRIYA)
    reach(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/order")
    settle(page)
    choose(page, "Location", page.get_by_role("radio", name=re.compile("Ashburn")))
    choose(page, "System", page.get_by_role("radio", name="Debian"))
    choose(page, "Plan", page.get_by_role("radio", name=re.compile("^CX 2 ")))
    reach(page, page.get_by_role("checkbox", name=re.compile("Log in with a password")))
    page.keyboard.press("Space")
    reach(page, page.get_by_label("Hostname"))
    page.keyboard.type("by-keys.raman.example")
    reach(page, page.get_by_role("button", name=re.compile(r"^Order for \$6\.49")))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders/[0-9a-f-]{36}"))
    reach(page, page.get_by_role("button", name="Pay on PayPal's page"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkoutnow**")
    reach(page, page.get_by_role("button", name="Approve and pay"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders/"), timeout=30_000)
    expect(page.get_by_role("list", name="Progress of the order")).to_contain_text("Paid: done")


def test_the_palette_goes_everywhere(page: Page, stack: Stack) -> None:
    log_in(page, stack, ADA)
    page.goto("/home")
    settle(page)
    search = page.get_by_role("button", name=re.compile("^Search"))
    reach(page, search)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("web-01")
    expect(page.get_by_role("option", selected=True)).to_contain_text("web-01.lindqvist.example")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(search).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("invoice")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Invoices")
    page.keyboard.press("Enter")
    page.wait_for_url("**/invoices")


def test_rows_are_walked_marked_and_opened(page: Page, stack: Stack) -> None:
    log_in(page, stack, OWNER)
    page.goto("/admin/jobs")
    settle(page)
    marks = page.get_by_role("checkbox", name="Select row")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(marks.nth(1)).to_be_checked()
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(marks.nth(0)).to_be_checked()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.keyboard.press("x")
    expect(marks.nth(0)).not_to_be_checked()
    first = page.get_by_role("row").nth(1).get_by_role("link").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")


def test_a_dialog_keeps_focus_and_gives_it_back(page: Page, stack: Stack) -> None:
    log_in(page, stack, ADA)
    page.goto("/servers")
    settle(page)
    power = page.get_by_role("button", name="Power of web-01.lindqvist.example")
    reach(page, power)
    page.keyboard.press("Enter")
    page.keyboard.type("Power off")
    expect(page.get_by_role("menuitem", name="Power off")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    reach(page, dialog.get_by_role("textbox"))
    page.keyboard.type("web-01.lindqvist.example")
    expect(dialog.get_by_role("button", name="Power off")).to_be_enabled()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(power).to_be_focused()
