"""A key pair made by the browser: OpenSSH reads its file, and the private half is sent nowhere."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_ssh_private_key,
)
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack, log_in
from tests.browser.pages import PRIYA


def test_a_key_made_in_the_browser_is_one_that_openssh_reads(page: Page, stack: Stack) -> None:
    log_in(page, stack, PRIYA)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.goto("/account/ssh-keys")
    page.get_by_role("button", name="Make a key").first.click()
    page.get_by_role("textbox", name="Name").fill("Priya's laptop")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Make it and save the private half").click()
    assert saved.value.suggested_filename == "id_ed25519_priya-s-laptop"
    text = Path(saved.value.path()).read_text()
    key = load_ssh_private_key(text.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    assert any(line in body for body in sent), "the public half was kept"
    secret = text.splitlines()[3]
    assert not any(secret in body or "PRIVATE KEY" in body for body in sent)
    page.get_by_role("button", name="Done").click()
    digest = hashlib.sha256(base64.b64decode(line.split()[1])).digest()
    fingerprint = "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
    expect(page.get_by_role("list", name="SSH keys")).to_contain_text(fingerprint)
