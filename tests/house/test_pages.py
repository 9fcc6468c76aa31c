"""Every path of the client is looked at by the browser's tests."""

from __future__ import annotations

import re

from tests.browser.pages import CLIENT
from tests.house.checks import ROOT

APP = ROOT / "web" / "src" / "app"
ROUTES = (APP / "routes.tsx", APP / "adminPages.tsx")
PATH = re.compile(r'^\s*\["(/[^"]*)", page\(', re.MULTILINE)
PAGES_MIN = 40


def paths(text: str) -> set[str]:
    return set(PATH.findall(text))


def test_every_path_is_photographed_and_audited() -> None:
    known = {path for each in ROUTES for path in paths(each.read_text())}
    assert len(known) >= PAGES_MIN
    assert {each.route for each in CLIENT} - {""} == known


def test_pictures_have_names_of_their_own() -> None:
    names = [each.name for each in CLIENT]
    assert len(names) == len(set(names))


def test_the_rule_can_fail() -> None:
    text = 'const more = [\n  ["/new/:id", page(() => import("./New"), "NewPage")],\n];'
    assert paths(text) == {"/new/:id"}
