"""Every page, by everyone who sees it: nothing shuts people out, nothing is wider than a phone."""

from __future__ import annotations

from itertools import groupby

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import complaints
from tests.browser.camera import PHONE, Camera, as_wide_as, go, settle, too_wide
from tests.browser.conftest import Stack, log_in
from tests.browser.pages import ADA, CLIENT, SANDBOX, Looker, Shown

EVERYONE = [(who, list(pages)) for who, pages in groupby(CLIENT, key=lambda each: each.who)]


@pytest.mark.parametrize(
    "pages", [pages for _, pages in EVERYONE], ids=[who or "visitor" for who, _ in EVERYONE]
)
def test_every_page_is_open_to_all(
    page: Page, stack: Stack, camera: Camera, pages: list[Shown]
) -> None:
    if pages[0].who:
        log_in(page, stack, pages[0].who)
    page.goto("/login" if not pages[0].who else "/account")
    wrong = {each.name: look(page, Looker(page, stack), camera, each) for each in pages}
    assert {name: found for name, found in wrong.items() if found} == {}


def look(page: Page, looker: Looker, camera: Camera, shown: Shown) -> list[str]:
    """Open one page and say what is wrong with it, in both themes and on a phone."""
    go(page, shown.address(looker))
    if shown.deed is not None:
        shown.deed(page)
        settle(page)
    found = [f"light: {each}" for each in complaints(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in complaints(page, colours_only=True)]
    page.emulate_media(color_scheme="light")
    with as_wide_as(page, PHONE):
        over = too_wide(page)
    camera.take(page, shown.name)
    if shown.deed is not None:
        go(page, "/elsewhere")  # nothing of it stays for the next page
    return [*found, *([f"wider than a phone: {over}"] if over else [])]


def test_the_audit_can_fail(page: Page, stack: Stack) -> None:
    page.goto("/login")
    settle(page)
    assert complaints(page) == []
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    page.evaluate("document.querySelector('form').style.width = '2000px'")
    assert [each.split(" ")[0] for each in complaints(page)] == ["color-contrast"]
    with as_wide_as(page, PHONE):
        assert too_wide(page) != ""


def test_an_invoice_is_printed_on_white(page: Page, stack: Stack) -> None:
    log_in(page, stack, ADA)
    page.emulate_media(color_scheme="dark")
    invoice = Looker(page, stack).mine("invoices", state="paid")
    page.goto(f"/invoices/{invoice['id']}")
    sheet = page.get_by_role("article", name=f"Invoice {invoice['number']}")
    street = sheet.locator("address span").nth(1)
    ink = "(text) => getComputedStyle(text).color"
    expect(sheet).to_be_visible()
    assert street.evaluate(ink) == "rgb(180, 188, 202)"
    page.emulate_media(media="print")
    assert street.evaluate(ink) == "rgb(67, 75, 90)"
    for other in ("complementary", "navigation", "button", "heading"):
        expect(page.get_by_role(other)).to_have_count(0)
    page.set_viewport_size({"width": 718, "height": 1047})  # A4 within usual margins
    assert too_wide(page) == ""


def test_the_sandbox_s_pages_too(page: Page, stack: Stack, camera: Camera) -> None:
    looker = Looker(page, stack)
    wrong = {}
    for shown in SANDBOX:
        log_in(page, stack, shown.who)
        page.goto(shown.address(looker))
        # The panel has no script: while something is built, its page asks again by itself.
        wrong[shown.name] = complaints(page, allowed="meta-refresh")
        camera.take(page, shown.name)
    assert {name: found for name, found in wrong.items() if found} == {}
