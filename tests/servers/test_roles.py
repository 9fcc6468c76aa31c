"""What each role of an account may do with its servers: `can` says it, the doors hold it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.orders.shop import ok
from tests.servers.owned import Owned

OPERATES = ("owner", "admin", "technical")
LOOKS = ("billing", "read_only")
NOTHING = "0199f000-0000-7000-8000-000000000000"


def deeds(path: str) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Everything that can be asked of a server."""
    reinstall = {"image_id": NOTHING, "hostname": "x", "confirm": "x", "password_login": True}
    return [
        ("patch", path, {"label": "x"}),
        ("post", f"{path}/tasks", {"kind": "restart"}),
        ("post", f"{path}/reinstall", reinstall),
        ("post", f"{path}/password/reset", None),
        ("post", f"{path}/password/reveal", None),
        ("post", f"{path}/panel-login", None),
        ("post", f"{path}/backups", None),
        ("put", f"{path}/firewall", {"enabled": True}),
        ("put", f"{path}/reverse-names", {"address": "203.0.113.2", "name": None}),
    ]


@pytest.mark.parametrize("role", LOOKS)
async def test_who_only_looks_is_refused_everywhere(owned: Owned, role: str) -> None:
    await owned.shop.world.rows("update members set role = %s", role)
    assert (await owned.look())["can"] == []
    for method, path, body in deeds(owned.path):
        refused = await owned.http.request(method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing"), path
    for path in ("", "/tasks", "/images", "/sight", "/history"):
        await ok(owned.http.get(owned.path + path))
    assert owned.panel.running


@pytest.mark.parametrize("role", OPERATES)
async def test_who_operates_may_all_of_it(owned: Owned, role: str) -> None:
    await owned.shop.world.rows("update members set role = %s", role)
    assert {"restart", "reinstall", "reset_password", "reveal_password", "open_panel"} <= set(
        (await owned.look())["can"]
    )
    for method, path, body in deeds(owned.path):
        answer = await owned.http.request(method, path, json=body)
        assert answer.status_code != 403, path
        await owned.shop.drain(3)


async def test_a_stranger_finds_nothing(owned: Owned) -> None:
    stranger = await owned.shop.world.customer("eve@example.com", "Eve")
    for method, path, body in deeds(owned.path):
        refused = await stranger.http.request(method, path, json=body)
        assert refused.status_code == 404, path
    for path in ("", "/tasks", "/images", "/sight", "/history"):
        assert (await stranger.http.get(owned.path + path)).status_code == 404
