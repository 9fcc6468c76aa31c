"""The API's own page: self-hosted, under the policy, and its doors can be tried."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack, log_in


def test_the_api_can_be_tried(page: Page, stack: Stack) -> None:
    said: list[str] = []
    hosts: set[str | None] = set()
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("request", lambda asked: hosts.add(urlsplit(asked.url).hostname))
    log_in(page, stack, "ada@lindqvist.example")
    page.goto("/api/docs#/identity/me")
    door = page.locator("#operations-identity-me")
    expect(page.get_by_role("heading", name=re.compile("SkyPANEL"))).to_be_visible()
    expect(door).to_be_visible()
    door.get_by_role("button", name="Execute").click()
    answer = door.locator(".live-responses-table")
    expect(answer).to_contain_text("ada@lindqvist.example")
    assert hosts <= {urlsplit(stack.url).hostname, None, ""}, "somebody outside was asked"
    loud = [line for line in said if line.startswith(("error", "warning"))]
    assert loud == []
