"""The longest realistic texts and figures, at a phone's width and a tablet's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.camera import PHONE, Camera, as_wide_as, go, too_wide
from tests.browser.conftest import Stack, log_in
from tests.browser.pages import ADA, CLIENT, OWNER, Looker

TABLET = (768, 1024)
MINOR = 123_456_789_012
LONG = {
    "hostname": "produktionsdatenbankserver-donaudampfschifffahrt-07.kunden.example",
    "label": "Produktionsdatenbankserver der Donaudampfschifffahrtsgesellschaft, zweiter Stock",
    "company": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbaugesellschaft mbH & Co. KG",
    "account_name": "Rindfleischetikettierungsüberwachungsaufgabenübertragung GmbH",
    "line1": "Straße der Völkerfreundschaft und internationalen Verständigung 128a",
    "ipv6": "2001:0db8:85a3:08d3:1319:8a2e:0370:7344/128",
    "email": "wilhelmine-charlotte.von-und-zu-hohenlohe-langenburg@verwaltung.kunden.example",
    "actor": "wilhelmine-charlotte.von-und-zu-hohenlohe-langenburg@verwaltung.kunden.example",
}
SEEN = {
    ADA: ["home", "servers", "server", "orders", "order-ready", "invoices", "invoice-paid",
          "transactions", "account", "team", "security"],
    OWNER: ["admin-home", "admin-customers", "admin-customer", "admin-orders", "admin-order",
            "admin-invoices", "admin-invoice", "admin-payments", "admin-payment", "admin-servers",
            "admin-server", "admin-books"],
}  # fmt: skip


def lengthened(value: Any, key: str = "") -> Any:
    """The same answer with the longest texts and figures in it."""
    if isinstance(value, list):
        return [lengthened(one) for one in value]
    if isinstance(value, dict):
        if value.keys() >= {"minor", "currency"}:
            return {**value, "minor": -MINOR if value["minor"] < 0 else MINOR}
        return {name: lengthened(one, name) for name, one in value.items()}
    return LONG[key] if key in LONG and value else value


def lengthen(route: Route) -> None:
    answer = route.fetch()
    if "json" not in answer.headers.get("content-type", ""):
        route.fulfill(response=answer)
        return
    route.fulfill(response=answer, body=json.dumps(lengthened(answer.json())))


@pytest.mark.parametrize("who", list(SEEN))
def test_long_texts_keep_their_places(page: Page, stack: Stack, camera: Camera, who: str) -> None:
    log_in(page, stack, who)
    looker = Looker(page, stack)
    shown = {each.name: each for each in CLIENT}
    addresses = {name: shown[name].address(looker) for name in SEEN[who]}
    page.route("**/api/v1/**", lambda route: route.fallback() if "stream" in route.request.url
               else lengthen(route))  # fmt: skip
    wrong = {}
    for name, address in addresses.items():
        go(page, address)
        for size in (PHONE, TABLET):
            with as_wide_as(page, size):
                wrong[f"{name} at {size[0]}"] = too_wide(page)
        camera.take(page, f"long-{name}")
    assert {name: found for name, found in wrong.items() if found} == {}
