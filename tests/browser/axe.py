"""What shuts people out of a page, found by axe-core."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page
from tools.ground import ROOT

SCRIPT = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
RUN = """async (rules) => {
  const only = rules ? {runOnly: {type: "rule", values: rules}} : {};
  const quick = {resultTypes: ["violations"], preload: false, iframes: false};
  const found = await axe.run(document, {...quick, ...only});
  return found.violations.map(({id, impact, nodes}) => ({id, impact, nodes: nodes.map(
    (node) => `${node.target.join(" ")}: ${node.failureSummary.replaceAll("\\n", " ")}`)}));
}"""


@cache
def _script() -> str:
    return SCRIPT.read_text()


def complaints(page: Page, *, colours_only: bool = False, allowed: str = "") -> list[str]:
    """The serious and critical violations but the allowed one, each with where it is."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(_script())  # not by a script element: the page's policy allows none
    found: list[dict[str, Any]] = page.evaluate(RUN, ["color-contrast"] if colours_only else None)
    return [
        f"{each['id']} ({each['impact']}): {where}"
        for each in found
        if each["impact"] in GRAVE and each["id"] != allowed
        for where in each["nodes"][:3]
    ]
