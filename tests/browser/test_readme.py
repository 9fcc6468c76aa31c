"""The pictures of the README, taken anew when asked."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, Page
from tools.ground import ROOT

from tests.browser.camera import settle
from tests.browser.conftest import Stack, log_in
from tests.browser.pages import ADA, CLIENT, OWNER, PRIYA, Looker

IMAGES = ROOT / "docs" / "images"
BYTES_MAX = 150_000
PICTURES = {"order": ("order-filled", ADA, "light"), "pay": ("order-unpaid", PRIYA, "light"),
            "server": ("server", ADA, "dark"), "staff": ("admin-order-failed", OWNER, "light")}  # fmt: skip
WINDOW = {"width": 1200, "height": 760}


@pytest.mark.skipif("SKYPANEL_SHOTS" not in os.environ, reason="only `make shots` takes pictures")
@pytest.mark.parametrize("name", list(PICTURES))
def test_the_readme_s_pictures_are_taken(
    page: Page, browser: Browser, stack: Stack, name: str
) -> None:
    known, who, theme = PICTURES[name]
    shown = next(each for each in CLIENT if each.name == known)
    log_in(page, stack, who)
    page.set_viewport_size({"width": WINDOW["width"], "height": WINDOW["height"]})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto(shown.address(Looker(page, stack)))
    settle(page)
    if shown.deed is not None:
        shown.deed(page)
    settle(page)
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    page.mouse.move(0, 0)
    IMAGES.mkdir(exist_ok=True)
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


def test_the_readme_shows_them_small() -> None:
    text = (ROOT / "README.md").read_text()
    for name in PICTURES:
        assert f"docs/images/{name}.png" in text
        assert (IMAGES / f"{name}.png").stat().st_size < BYTES_MAX, name
    assert {each.stem for each in IMAGES.glob("*.png")} == set(PICTURES)
