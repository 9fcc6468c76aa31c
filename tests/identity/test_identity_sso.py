"""Signing in with the panel's log-in: the panel's word is checked here and counts once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from tests.world import ORIGIN, PANEL, START, Person, World

from skypanel.identity.jobs import forget_old_sign_ins
from skypanel.identity.rules.sso import (
    ATTEMPT_LASTS,
    TOKEN_SECONDS_MAX,
    PanelSignInSettings,
    local_path,
    public_key,
)
from skypanel.integrations.virtfusion.simulator.app import create_app
from skypanel.integrations.virtfusion.simulator.portal_sign_in import public_text, token_for
from skypanel.integrations.virtfusion.simulator.state import PanelState, SignIn, User

RETURN = "/api/v1/sso/panel/return"
START_PATH = "/api/v1/sso/panel/start"


class Panel:
    """The page beside the panel, and what it says."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.state = world.virtfusion
        self.state.sign_in = SignIn(PANEL, ORIGIN, ORIGIN + RETURN)

    def user(self, relation: str) -> User:
        number = self.state.next_id("users", 31)
        made = User(number, "Ada", f"{number}@example.com", START, relation=relation)
        self.state.tables.users[number] = made
        return made

    def word(self, user: User, nonce: str, /, **changes: Any) -> str:
        now, nonce = self.world.clock.now(), changes.pop("nonce", nonce)
        return token_for(self.state, user, audience=ORIGIN, nonce=nonce, now=now, **changes)


async def switch_on(world: World, **changes: Any) -> Panel:
    panel = Panel(world)
    settings = {
        "enabled": True, "endpoint": f"{PANEL.replace('http', 'https')}/sign-in", "issuer": PANEL,
        "public_key": public_text(world.virtfusion), **changes,
    }  # fmt: skip
    async with world.house.transaction() as db:
        await world.house.settings.put(db, PanelSignInSettings(**settings))
    world.house.cache.clear()
    return panel


async def begin(browser: httpx.AsyncClient, **query: str) -> dict[str, str]:
    """Where the browser is sent, as what it is asked with."""
    sent = await browser.get(START_PATH, params=query)
    assert sent.status_code == 303, sent.text
    return {
        name: values[0]
        for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()
    }


async def back(browser: httpx.AsyncClient, token: str, state: str) -> str:
    """Where the browser goes on after it came back."""
    answer = await browser.get(f"{RETURN}?{urlencode({'token': token, 'state': state})}")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def linked(world: World, panel: Panel) -> tuple[Person, User]:
    person = await world.customer()
    user = panel.user(f"skypanel-{person.account_id}")
    asked = await begin(person.http, link="true")
    went = await back(person.http, panel.word(user, asked["nonce"]), asked["state"])
    assert went == "/account/security?sso=linked"
    return person, user


async def test_off_until_it_is_switched_on(world: World) -> None:
    browser = world.browser()
    assert (await browser.get("/api/v1/sso/panel")).json()["enabled"] is False
    assert (await browser.get(START_PATH)).status_code == 404
    assert (await browser.get(RETURN)).status_code == 404


async def test_linked_once_one_is_let_in_from_the_panel(world: World) -> None:
    panel = await switch_on(world)
    person, user = await linked(world, panel)
    browser = world.browser()
    asked = await begin(browser, to="/servers?tab=1")
    assert asked["audience"] == ORIGIN
    assert asked["return_to"] == ORIGIN + RETURN
    assert await back(browser, panel.word(user, asked["nonce"]), asked["state"]) == "/servers?tab=1"
    me = (await browser.get("/api/v1/me")).json()
    assert me["email"] == person.email
    [link] = (await browser.get("/api/v1/me/identity-links")).json()["items"]
    assert link["used_at"]
    assert link["account_name"]
    audited = await world.rows(
        "select count(*) from audit_entries where verb = 'session.signed_in'"
    )
    assert audited == [(1,)]

    gone = await browser.delete(f"/api/v1/me/identity-links/{link['id']}")
    assert gone.status_code == 204
    other = world.browser()
    asked = await begin(other)
    assert (
        await back(other, panel.word(user, asked["nonce"]), asked["state"])
        == "/login?sso=sso_not_linked"
    )


async def test_the_simulated_page_keeps_the_contract(world: World) -> None:
    panel = await switch_on(world)
    _, user = await linked(world, panel)
    browser = world.browser()
    asked = await begin(browser)
    app = create_app(world.virtfusion, clock=world.clock.now)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PANEL) as page:
        shown = await page.get("/sign-in", params=asked)
        assert user.name in shown.text
        elsewhere = await page.get("/sign-in", params={**asked, "audience": "https://evil.test"})
        assert elsewhere.status_code == 404
        form = {"user": str(user.id), "state": asked["state"], "nonce": asked["nonce"],
                "return_to": "https://evil.test/"}  # fmt: skip
        signed = await page.post("/sign-in", data=form)
    went = signed.headers["location"]
    assert went.startswith(ORIGIN + RETURN)
    answer = await browser.get(went.removeprefix(ORIGIN))
    assert answer.headers["location"] == "/home"
    assert (await browser.get("/api/v1/me")).status_code == 200


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://other.test"},
    "for another site": {"aud": "https://other.test"},
    "for us among others": {"aud": [ORIGIN, "https://other.test"]},
    "another attempt": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "ended": {"exp": int(START.timestamp()) - 11, "iat": int(START.timestamp()) - 60},
    "for too long": {"exp": int(START.timestamp()) + 3600},
    "from the future": {"iat": int(START.timestamp()) + 60, "exp": int(START.timestamp()) + 90},
    "without an end": {"exp": None},
    "without an id": {"jti": ""},
    "nobody": {"sub": ""},
    "a number": {"sub": 7},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG.keys())
async def test_a_word_that_is_not_just_so_lets_nobody_in(
    world: World, changes: dict[str, Any]
) -> None:
    panel = await switch_on(world)
    _, user = await linked(world, panel)
    browser = world.browser()
    asked = await begin(browser)
    token = panel.word(user, asked["nonce"], **changes)
    assert await back(browser, token, asked["state"]) == "/login?sso=sso_not_genuine"
    assert (await browser.get("/api/v1/me")).status_code == 401


async def test_another_key_an_unsigned_and_another_kind_of_token_let_nobody_in(
    world: World,
) -> None:
    panel = await switch_on(world)
    _, user = await linked(world, panel)
    other = PanelState(token="another panel")
    other.sign_in = panel.state.sign_in
    for forge in ("key", "none", "typ", "rubbish"):
        browser = world.browser()
        asked = await begin(browser)
        good = panel.word(user, asked["nonce"])
        _, body, signature = good.split(".")
        token = {
            "key": token_for(other, user, audience=ORIGIN, nonce=asked["nonce"], now=START),
            "none": f"eyJhbGciOiJub25lIn0.{body}.",
            "typ": f"eyJhbGciOiJFZDI1NTE5IiwidHlwIjoiSldUIn0.{body}.{signature}",
            "rubbish": "x",
        }[forge]
        assert await back(browser, token, asked["state"]) == "/login?sso=sso_not_genuine", forge


async def test_a_word_counts_once_and_only_in_the_browser_that_began(world: World) -> None:
    panel = await switch_on(world)
    _, user = await linked(world, panel)
    browser, thief = world.browser(), world.browser()
    asked = await begin(browser)
    token = panel.word(user, asked["nonce"])
    # Somebody else's browser, without and with an attempt of its own: log-in fixation.
    assert await back(thief, token, asked["state"]) == "/login?sso=sso_stale"
    await begin(thief)  # a cookie of its own with another's state
    assert await back(thief, token, asked["state"]) == "/login?sso=sso_stale"
    own = await begin(thief)
    assert await back(thief, token, own["state"]) == "/login?sso=sso_not_genuine"
    assert await back(browser, token, asked["state"]) == "/home"
    assert await back(browser, token, asked["state"]) == "/login?sso=sso_stale"


async def test_the_same_token_id_is_never_taken_twice(world: World) -> None:
    panel = await switch_on(world)
    _, user = await linked(world, panel)
    for expected in ("/home", "/login?sso=sso_not_genuine"):
        browser = world.browser()
        asked = await begin(browser)
        token = panel.word(user, asked["nonce"], jti="the-same-each-time")
        assert await back(browser, token, asked["state"]) == expected


async def test_an_attempt_is_old_after_five_minutes(world: World) -> None:
    panel = await switch_on(world)
    _, user = await linked(world, panel)
    browser = world.browser()
    asked = await begin(browser)
    await world.pass_time(minutes=6)
    token = panel.word(user, asked["nonce"])
    assert await back(browser, token, asked["state"]) == "/login?sso=sso_stale"
    await world.house.queue.tick(forget_old_sign_ins)
    assert await world.rows("select count(*) from sign_in_attempts") == [(0,)]


async def test_only_an_owners_or_admins_own_account_is_linked_and_to_one(world: World) -> None:
    panel = await switch_on(world)
    person, user = await linked(world, panel)
    stranger = await world.customer("bo@example.com", "Bo Berg")
    asked = await begin(stranger.http, link="true")
    went = await back(stranger.http, panel.word(user, asked["nonce"]), asked["state"])
    assert went == "/account/security?sso=sso_link_not_yours"
    nobody = panel.user("4711")
    asked = await begin(person.http, link="true")
    went = await back(person.http, panel.word(nobody, asked["nonce"]), asked["state"])
    assert went == "/account/security?sso=sso_link_not_yours"
    visitor = await world.browser().get(START_PATH, params={"link": "true"})
    assert visitor.status_code == 401


async def test_a_link_begun_by_one_is_not_finished_by_another(world: World) -> None:
    panel = await switch_on(world)
    person = await world.customer()
    user = panel.user(f"skypanel-{person.account_id}")
    asked = await begin(person.http, link="true")
    other = await world.customer("bo@example.com", "Bo Berg")
    person.http.cookies.update(other.http.cookies)
    went = await back(person.http, panel.word(user, asked["nonce"]), asked["state"])
    assert went == "/account/security?sso=sso_stale"
    assert await world.rows("select count(*) from identity_links") == [(0,)]


async def test_who_is_suspended_stays_out(world: World) -> None:
    panel = await switch_on(world)
    person, user = await linked(world, panel)
    await world.rows("update users set state = 'suspended' where id = %s", person.user_id)
    browser = world.browser()
    asked = await begin(browser)
    went = await back(browser, panel.word(user, asked["nonce"]), asked["state"])
    assert went == "/login?sso=user_suspended"


@pytest.mark.parametrize(
    "wanted", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:x", "", "/a\nb"]
)
def test_a_sign_in_leads_nowhere_else(wanted: str) -> None:
    assert local_path(wanted) == "/home"


def test_a_key_that_is_none_is_refused() -> None:
    for text in ("", "abc", "A" * 80):
        with pytest.raises(ValueError, match="32 bytes"):
            public_key(text)


def test_attempts_last_longer_than_a_token() -> None:
    assert timedelta(seconds=TOKEN_SECONDS_MAX) < ATTEMPT_LASTS
