"""Pictures of pages: at a desk and on a phone, light and dark."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
DESK, PHONE = (1440, 900), (390, 844)
TALLEST = 6000
ANY_MARK = "main h1, [role=dialog], dialog[open], body:not(:has(main))"
STILL_LOADING = ".animate-shimmer, [role=status][aria-label=Loading], [aria-busy=true]"
STEP = """(address) => {
  history.pushState(null, "", address);
  return new Promise((done) => setTimeout(done));
}"""


def settle(page: Page) -> None:
    """Until the page has said what it has to say: a title, no skeleton, its fonts."""
    page.wait_for_function(
        "([mark, loading]) => document.querySelector(mark) && !document.querySelector(loading)",
        arg=[ANY_MARK, STILL_LOADING],
    )
    page.evaluate("document.fonts.ready.then(() => true)")


def go(page: Page, address: str) -> None:
    """Go there as a link of the client does, without loading the client again."""
    if page.url == "about:blank":
        page.goto(address)
    else:
        page.evaluate(STEP, address)
    settle(page)


@contextmanager
def as_wide_as(page: Page, size: tuple[int, int]) -> Iterator[None]:
    """The same page in another window; the desk's afterwards."""
    touch = page.context.new_cdp_session(page)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": size == PHONE})
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    yield
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    touch.detach()
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def too_wide(page: Page) -> str:
    """What reaches beyond the window's right edge, if anything does."""
    return str(
        page.evaluate(
            """() => {
              const root = document.scrollingElement;
              if (root.scrollWidth <= innerWidth) return "";
              const out = (one) => one.getBoundingClientRect().right > innerWidth + 1;
              const over = [...document.querySelectorAll("body *")].filter(
                (one) => out(one) && ![...one.children].some(out));
              return over.slice(0, 3).map((one) => one.outerHTML.slice(0, 160)).join("\\n") || "?";
            }"""
        )
    )


@dataclass
class Camera:
    """Takes every picture four times; without a folder it takes none."""

    folder: Path | None
    taken: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        """Photograph what stands on the page now."""
        if self.folder is None:
            return
        settle(page)
        for size in (DESK, PHONE):
            with as_wide_as(page, size):
                for theme in THEMES:
                    page.emulate_media(color_scheme=theme)
                    self._press(page, size, f"{name}.{size[0]}.{theme}.png")
        page.emulate_media(color_scheme="light")
        self.taken.append(name)

    def _press(self, page: Page, size: tuple[int, int], file: str) -> None:
        """The whole page, its fixed bars at the edge where a person sees them."""
        assert self.folder is not None
        self.folder.mkdir(exist_ok=True)
        tall = int(page.evaluate("document.scrollingElement.scrollHeight"))
        page.set_viewport_size({"width": size[0], "height": min(max(size[1], tall), TALLEST)})
        page.screenshot(path=self.folder / file, animations="disabled")
        page.set_viewport_size({"width": size[0], "height": size[1]})

    def hang(self) -> None:
        """A page on which all pictures hang."""
        if self.folder is None or not self.taken:
            return
        names = sorted({each.name.split(".", 1)[0] for each in self.folder.glob("*.*.*.png")})
        rows = [
            f"<h2>{html.escape(name)}</h2><p>"
            + "".join(
                f'<a href="{name}.{width}.{theme}.png">'
                f'<img loading=lazy height=420 src="{name}.{width}.{theme}.png" alt=""></a> '
                for width in (DESK[0], PHONE[0])
                for theme in THEMES
            )
            for name in names
        ]
        head = "<!doctype html><meta charset=utf-8><title>Pictures</title><style>body{font:14px "
        head += "system-ui;background:#888}p{white-space:nowrap;overflow-x:auto}</style>"
        (self.folder / "index.html").write_text(head + "\n".join(rows))
