"""A path of the API that does not exist is a problem, never the client's page."""

from __future__ import annotations

from tests.world import World


async def test_an_unknown_path_of_the_api_is_a_problem(world: World) -> None:
    answer = await world.http.get("/api/v1/no-such-thing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"
