"""What a team writes about its servers, and what it reads of what was done."""

from __future__ import annotations

from tests.orders.shop import ok
from tests.servers.owned import Owned


async def test_tags_and_notes_are_kept_and_found(owned: Owned) -> None:
    change = {"tags": ["web", "production", "web"], "notes": "  The shop's front end.  "}
    server = (await owned.http.patch(owned.path, json=change)).json()
    assert (server["tags"], server["notes"]) == (["production", "web"], "The shop's front end.")
    for words, found in (("production", 1), ("front end", 1), ("nothing of it", 0), ("web-1", 1)):
        page = await ok(owned.http.get(f"/api/v1/servers?q={words}"))
        assert len(page["items"]) == found, words
    server = (await owned.http.patch(owned.path, json={"label": "Shop"})).json()
    assert (server["label"], server["tags"]) == ("Shop", ["production", "web"])
    for wrong in ({"tags": ["a"] * 11}, {"tags": ["<b>"]}, {"notes": "x" * 2001}, {"label": ""}):
        assert (await owned.http.patch(owned.path, json=wrong)).status_code == 422


async def test_favourites_can_be_shown_alone(owned: Owned) -> None:
    assert (await ok(owned.http.get("/api/v1/servers?favourites=true")))["items"] == []
    assert (await owned.http.patch(owned.path, json={"favourite": True})).json()["favourite"]
    assert len((await ok(owned.http.get("/api/v1/servers?favourites=true")))["items"]) == 1


ID = "('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))"
MANY = f"""
set local session_replication_role = replica;
insert into services
select (jsonb_populate_record(s, jsonb_build_object('id', {ID}))).*
from services s, generate_series(1, 12) n;
insert into servers
select (jsonb_populate_record(v, jsonb_build_object('id', {ID}, 'service_id', {ID},
    'order_id', {ID}, 'virtfusion_ref', 1000 + n, 'label', 'many-' || n,
    'tags', '["fleet"]'::jsonb, 'notes', 'one of many', 'favourite', mod(n, 4) = 0))).*
from servers v, generate_series(1, 12) n
"""


async def test_favourites_stand_first_on_every_page_and_in_every_search(owned: Owned) -> None:
    async with owned.shop.world.house.transaction() as db:
        for statement in MANY.split(";"):
            await db.run(statement)
    for words, total in (("", 13), ("fleet", 12), ("one of many", 12)):
        seen: list[str] = []
        favoured: list[bool] = []
        cursor = ""
        while True:
            asked = (
                {"q": words, "limit": 2, "cursor": cursor} if cursor else {"q": words, "limit": 2}
            )
            page = await ok(owned.http.get("/api/v1/servers", params=asked))
            seen += [one["id"] for one in page["items"]]
            favoured += [one["favourite"] for one in page["items"]]
            cursor = page["next"]
            if not cursor:
                break
        assert len(set(seen)) == len(seen) == total, words
        assert favoured == [True] * 3 + [False] * (total - 3), words
        for part in (seen[:3], seen[3:]):
            assert part == sorted(part, reverse=True), "newest first"
    both = await ok(owned.http.get("/api/v1/servers?q=fleet&favourites=true&limit=50"))
    assert [one["label"] for one in both["items"]] == ["many-12", "many-8", "many-4"]


async def test_the_log_tells_who_did_what(owned: Owned) -> None:
    await owned.http.patch(owned.path, json={"label": "Shop"})
    asked = await owned.shop.staff.http.post(
        f"/api/v1/admin{owned.path[7:]}/tasks", json={"kind": "restart", "reason": "A secret one"}
    )
    assert asked.status_code == 202, asked.text
    page = await ok(owned.http.get(f"{owned.path}/history"))
    told = {(one["verb"], one["actor"]["name"], one["said"]) for one in page["items"]}
    assert {("server.restart", "Our staff", None), ("server.rename", "Ada Byron", "Shop")} <= told
    assert "secret" not in str(page)
    assert "Olga" not in str(page)
    assert "ip" not in page["items"][0]
    stranger = await owned.shop.world.customer("eve@example.com", "Eve")
    assert (await stranger.http.get(f"{owned.path}/history")).status_code == 404
