"""Somebody looks at a server's screen in Chromium, types at it, and is shut out with the log-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import complaints
from tests.browser.camera import PHONE, Camera, as_wide_as, too_wide
from tests.browser.conftest import PATIENCE_MILLISECONDS, Stack, log_in
from tests.browser.pages import ADA, SERVER, Looker

PICTURE = "(canvas) => canvas.toDataURL()"
CHANGED = """([canvas, before]) => canvas.toDataURL() !== before"""


class Screen:
    """The picture on the page and the guest behind it."""

    def __init__(self, page: Page, stack: Stack, hostname: str) -> None:
        self.page, self.stack = page, stack
        self.canvas: Locator = page.get_by_role("application", name=re.compile("^Screen of "))
        self._hostname = hostname

    def shows(self, words: str) -> None:
        """Until the guest's screen has these words."""
        for _ in range(PATIENCE_MILLISECONDS // 100):
            if words in self._text():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{words!r} never stood on the screen:\n{self._text()}")

    def _text(self) -> str:
        screens = httpx.get(f"{self.stack.panel}/_sandbox/screens").json().values()
        name = self._hostname.split(".")[0]
        return "\n".join(text for text in screens if name in text)

    @contextmanager
    def another_picture(self) -> Iterator[None]:
        """What happens inside changes the picture on the page."""
        before = self.canvas.evaluate(PICTURE)
        yield
        handle = self.canvas.element_handle()
        self.page.wait_for_function(CHANGED, arg=[handle, before])


def test_somebody_types_at_a_server(page: Page, stack: Stack, camera: Camera) -> None:
    log_in(page, stack, ADA)
    server = Looker(page, stack).mine("servers", hostname=SERVER)
    page.goto(f"/servers/{server['id']}/console")
    screen = Screen(page, stack, server["hostname"])
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    screen.shows("login:")
    screen.canvas.click()
    with screen.another_picture():
        page.keyboard.type("root\nsesame\nhostname\n")
        screen.shows(f"\n{server['hostname']}")
    assert complaints(page) == []
    type_a_text(page, screen)
    keys_come_back(page, screen)
    phone_has_its_keys(page, screen)
    camera.take(page, "console-typed")
    it_restarts(page, screen)
    the_line_is_left_and_taken_up(page, screen)
    it_ends_with_the_log_in(page, stack)


def type_a_text(page: Page, screen: Screen) -> None:
    page.get_by_role("button", name="Send text").click()
    page.get_by_label("Text", exact=True).fill("echo Pasted; from $HOME\n")
    with screen.another_picture():
        page.get_by_role("button", name="Type it").click()
        screen.shows("\nPasted; from $HOME")


def keys_come_back(page: Page, screen: Screen) -> None:
    screen.canvas.click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"
    page.keyboard.press("Control+Alt+KeyB")
    expect(page.get_by_role("button", name="Ctrl+Alt+Del")).to_be_focused()


def phone_has_its_keys(page: Page, screen: Screen) -> None:
    with as_wide_as(page, PHONE):
        keys = page.get_by_role("toolbar", name="Keys")
        expect(keys).to_be_visible()
        assert too_wide(page) == ""
        assert complaints(page) == []
        keys.get_by_role("textbox").press_sequentially("whoami\n")
        screen.shows("\nroot\n")
        keys.get_by_role("textbox").press_sequentially("half a li")
        keys.get_by_role("button", name="Ctrl").click()
        keys.get_by_role("textbox").press_sequentially("c")
        screen.shows("half a li^C")


def it_restarts(page: Page, screen: Screen) -> None:
    with screen.another_picture():
        page.get_by_role("button", name="Ctrl+Alt+Del").click()
        screen.shows("login:")


def the_line_is_left_and_taken_up(page: Page, screen: Screen) -> None:
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("You disconnected.")).to_be_visible()
    expect(screen.canvas).to_have_count(0)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    expect(screen.canvas).to_be_visible()


def it_ends_with_the_log_in(page: Page, stack: Stack) -> None:
    said: list[str] = []
    page.on("websocket", lambda _: said.append("opened"))
    answer = page.request.delete(
        f"{stack.url}/api/v1/sessions/current", headers={"origin": stack.url}
    )
    assert answer.ok, answer.text()
    # The page learns of it by the stream as well, and then asks to log in.
    expect(page.get_by_text(re.compile("You are logged out|Log in")).first).to_be_visible()
    expect(page.locator("canvas")).to_have_count(0)
    assert said == []
