"""A screen in the browser: shown, typed at, and shut to everybody it is not for."""

from __future__ import annotations

import logging

import pytest
from websockets.exceptions import InvalidStatus

from skypanel.consoles import rules
from skypanel.consoles.jobs import forget_old_consoles
from skypanel.integrations.virtfusion.simulator.faults import Fault
from tests.consoles.theatre import ALT, CONTROL, DELETE, Theatre, until
from tests.orders.shop import ok

SPENT = (4003, "ticket_spent")
ENDED = (4004, "access_ended")


async def test_a_screen_is_drawn_and_typed_at(theatre: Theatre) -> None:
    async with theatre.watched() as viewer:
        assert viewer.name == theatre.hostname
        assert f"{theatre.hostname} login:" in theatre.machine.terminal.text()
        before = bytes(viewer.picture)
        assert len(set(before)) > 20, "a picture of text has many tones"
        await viewer.type("root\nsecret\n")
        await theatre.shows("root@web-1:~#")
        assert "secret" not in theatre.machine.terminal.text()
        await viewer.type("hostname\nuname -a\n")
        await theatre.shows("x86_64 GNU/Linux")
        await viewer.look(whole=False)
        assert bytes(viewer.picture) != before
        await viewer.paste("echo pasted text\n")
        await theatre.shows("\npasted text")
    [row] = await theatre.world.rows("select opened_at is not null, user_name from consoles")
    assert row == (True, "Ada Byron")
    await _ended(theatre, "left")


async def _ended(theatre: Theatre, word: str) -> None:
    house = theatre.world.house
    await until(lambda: house.sockets.count == 0)
    rows = await theatre.world.rows("select end_reason from consoles where opened_at is not null")
    assert (word,) in rows


async def test_power_of_the_guest_is_the_server_s(theatre: Theatre) -> None:
    [server] = theatre.world.virtfusion.tables.servers.values()
    boots = server.boots
    async with theatre.watched() as viewer:
        await viewer.press(CONTROL, ALT, DELETE)
        await until(lambda: server.boots == boots + 1)
        await until(lambda: theatre.machine._boots == server.boots)
        await theatre.shows("login:")
        await viewer.type("root\nx\npoweroff\n")
        await until(lambda: not server.running)
        await theatre.shows("powered off")
        answer = await theatre.shop.person.http.get(f"/api/v1/servers/{theatre.server_id}")
        assert "console" in answer.json()["can"]
    async with theatre.watched():
        assert "powered off" in theatre.machine.terminal.text()


async def test_a_ticket_opens_once(theatre: Theatre) -> None:
    ticket = await theatre.ticket()
    async with theatre.opened(ticket) as viewer:
        await viewer.greet()
        async with theatre.opened(ticket) as again:
            assert await again.end() == SPENT
        await viewer.look()
    async with theatre.opened("made-up") as nobody:
        assert await nobody.end() == SPENT


async def test_a_ticket_is_for_thirty_seconds(theatre: Theatre) -> None:
    ticket = await theatre.ticket()
    await theatre.world.pass_time(seconds=31)
    async with theatre.opened(ticket) as viewer:
        assert await viewer.end() == SPENT
    assert await theatre.world.rows("select 1 from consoles where opened_at is not null") == []


async def test_a_ticket_is_for_one_session(theatre: Theatre) -> None:
    world = theatre.world
    elsewhere = await world.log_in(world.browser(), theatre.shop.person.email)
    stranger = await world.customer("mallory@example.com", "Mallory")
    for thief in (elsewhere, stranger):
        ticket = await theatre.ticket()
        async with theatre.opened(ticket, thief) as viewer:
            assert await viewer.end() == SPENT
        async with theatre.opened(ticket) as viewer:
            assert await viewer.end() == SPENT, "a stolen ticket opens nothing to anybody"
    verbs = await world.rows("select verb from audit_entries where verb like '%%stolen'")
    assert len(verbs) == 2
    refused = await stranger.http.post(theatre.path)
    assert refused.status_code == 404


async def test_strangers_and_foreign_pages_are_not_let_in(theatre: Theatre) -> None:
    ticket = await theatre.ticket()
    visitor = theatre.world.browser()
    anonymous = type(theatre.shop.person)(visitor, "", theatre.shop.person.user_id, None)
    for person, origin in (
        (anonymous, "http://localhost:8000"),
        (theatre.shop.person, "https://evil.example"),
        (theatre.shop.person, "http://localhost:8000.evil.example"),
        (theatre.shop.person, None),
    ):
        with pytest.raises(InvalidStatus) as no:
            async with theatre.opened(ticket, person, origin):
                pass
        assert no.value.response.status_code == 403
    async with theatre.opened(ticket) as viewer:
        await viewer.greet()


async def test_reading_roles_get_no_ticket(theatre: Theatre) -> None:
    await theatre.world.rows("update members set role = 'read_only'")
    refused = await theatre.shop.person.http.post(theatre.path)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")


async def test_it_ends_with_the_session(theatre: Theatre) -> None:
    async with theatre.watched() as viewer:
        answer = await theatre.shop.person.http.delete("/api/v1/sessions/current")
        assert answer.status_code == 204, answer.text
        assert await viewer.end() == ENDED
    await _ended(theatre, "access_ended")


async def test_it_ends_with_the_membership(theatre: Theatre) -> None:
    """Somebody of the account looks; the account's owner takes them out."""
    world = theatre.world
    friend = await world.customer("grace@example.com", "Grace")
    await world.rows(
        "insert into members (account_id, user_id, role, joined_at) values (%s, %s, 'technical', now())",
        theatre.shop.person.account_id,
        friend.user_id,
    )
    account = theatre.shop.person.account_id
    async with theatre.watched(friend) as viewer:
        out = await theatre.shop.person.http.delete(
            f"/api/v1/accounts/{account}/members/{friend.user_id}"
        )
        assert out.status_code == 204, out.text
        assert await viewer.end() == ENDED


async def test_it_ends_when_the_user_is_suspended(theatre: Theatre) -> None:
    async with theatre.watched() as viewer:
        user = theatre.shop.person.user_id
        answer = await theatre.shop.staff.http.post(
            f"/api/v1/admin/users/{user}/suspend", json={"reason": "Stolen card"}
        )
        assert answer.status_code == 200, answer.text
        assert await viewer.end() == ENDED


async def test_it_ends_when_the_service_is_held(theatre: Theatre) -> None:
    from skypanel.services.actions import hold
    from skypanel.services.rules import Hold

    async with theatre.watched() as viewer:
        [(service_id,)] = await theatre.world.rows("select service_id from servers")
        async with theatre.world.house.transaction() as db:
            await hold(db, service_id, Hold.ABUSE, "Sends spam")
        assert await viewer.end() == (4005, "server_closed")
    refused = await theatre.shop.person.http.post(theatre.path)
    assert (refused.status_code, refused.json()["code"]) == (409, "console_not_available")


async def test_a_lost_message_ends_it_at_the_next_look(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skypanel.consoles.api.carry.LOOK_SECONDS", 0.05)
    async with theatre.watched() as viewer:
        await theatre.world.rows("update sessions set ended_at = now(), end_reason = 'test'")
        assert await viewer.end() == ENDED


@pytest.mark.parametrize(
    ("limit", "ending"),
    [("IDLE_SECONDS", (4006, "idle")), ("LIFETIME_SECONDS", (4007, "too_long"))],
)
async def test_nobody_stays_for_ever(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, limit: str, ending: tuple[int, str]
) -> None:
    async with theatre.watched() as viewer:
        monkeypatch.setattr("skypanel.consoles.api.carry.LOOK_SECONDS", 0.05)
        monkeypatch.setattr(f"skypanel.consoles.api.carry.{limit}", 0.2)
        [(account,)] = await theatre.world.rows("select account_id from servers")
        async with theatre.world.house.transaction() as db:
            from skypanel.platform.events import Topic

            db.announce(Topic(f"account:{account}", "server", account))
        assert await viewer.end() == ending


async def test_the_oldest_of_one_s_own_gives_way(theatre: Theatre) -> None:
    async with theatre.watched() as first:
        others = [theatre.watched() for _ in range(rules.OPEN_PER_SERVER)]
        for other in others:
            await other.__aenter__()
        assert await first.end() == (4008, "taken_over")
        for other in others:
            await other.__aexit__(None, None, None)


async def test_tickets_are_not_made_without_end(theatre: Theatre) -> None:
    for _ in range(rules.TICKETS_PER_USER):
        await theatre.ticket()
    refused = await theatre.shop.person.http.post(theatre.path)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_consoles")
    await theatre.world.pass_time(seconds=31)
    await theatre.ticket()


async def test_a_panel_that_does_not_answer_is_said(theatre: Theatre) -> None:
    theatre.world.virtfusion.faults.set(Fault("unavailable", "setServerVnc"))
    async with theatre.opened(await theatre.ticket()) as viewer:
        assert await viewer.end() == (4001, "panel_unavailable")
    theatre.world.virtfusion.faults.clear()
    theatre.world.virtfusion.faults.set(Fault("refuse", "setServerVnc"))
    async with theatre.opened(await theatre.ticket()) as viewer:
        assert await viewer.end() == (4002, "panel_refused")
    theatre.world.virtfusion.faults.clear()
    # Somebody else asked in between, so the first way is closed: a second is asked for.
    theatre.world.virtfusion.faults.set(Fault("unavailable", "setServerVnc", remaining=1))
    async with theatre.watched():
        pass


async def test_a_viewer_that_does_not_speak_is_let_go(theatre: Theatre) -> None:
    async with theatre.opened(await theatre.ticket()) as viewer:
        await viewer.socket.send("text is not what a screen is made of")
        assert await viewer.end() == (4010, "not_spoken")


async def test_the_process_ends_in_words(theatre: Theatre) -> None:
    async with theatre.watched() as viewer:
        await theatre.world.house.sockets.farewell()
        assert await viewer.end() == (1012, "restarting")
    theatre.world.house.sockets.ending.clear()


async def test_staff_look_with_a_reason(theatre: Theatre) -> None:
    staff = theatre.shop.staff
    path = f"/api/v1/admin/servers/{theatre.server_id}/console"
    for wrong in ({}, {"reason": ""}, {"reason": "     "}):
        assert (await staff.http.post(path, json=wrong)).status_code == 422
    answer = await staff.http.post(path, json={"reason": "Asked to, ticket 12"})
    assert answer.status_code == 201, answer.text
    async with theatre.opened(answer.json()["ticket"], staff) as viewer:
        await viewer.greet()
        seen = await ok(theatre.shop.person.http.get(f"{theatre.path}s"))
        assert [(one["user_name"], one["as_staff"], one["reason"]) for one in seen["items"]] == [
            ("Olga Owner", True, None)
        ]
        whole = await ok(staff.http.get(f"{path}s"))
        assert whole["items"][0]["reason"] == "Asked to, ticket 12"
    kinds = await theatre.world.rows(
        "select actor_kind, detail->>'reason' from audit_entries where verb = 'console.asked'"
    )
    assert kinds == [("staff", "Asked to, ticket 12")]
    assert (await theatre.shop.person.http.post(path, json={"reason": "let me"})).status_code == 404
    billing = await theatre.world.staff("bill@host.example", "billing")
    refused = await billing.http.post(path, json={"reason": "I am curious"})
    assert refused.status_code == 403


async def test_nothing_secret_is_written_down(
    theatre: Theatre, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("skypanel.screen").setLevel(logging.WARNING)
    with caplog.at_level(logging.DEBUG):
        ticket = await theatre.ticket()
        async with theatre.opened(ticket) as viewer:
            await viewer.greet()
            await viewer.look()
            await viewer.type("root\nhunter2secret\n")
            await theatre.shows("any password")
    screens = theatre.world.virtfusion.screens
    secrets = [*screens.passwords.values(), "/vnc/?token="]
    ours = [record for record in caplog.records if not record.name.startswith("websockets")]
    written = "\n".join(record.getMessage() for record in ours) + "".join(capsys.readouterr())
    for secret in secrets:
        assert secret not in written
    stored = await theatre.world.rows(
        "select c::text from consoles c union all select a::text from audit_entries a"
    )
    for (row,) in stored:
        for secret in (*secrets, ticket):
            assert secret not in row


async def test_old_looks_are_forgotten(theatre: Theatre) -> None:
    await theatre.ticket()
    async with theatre.watched():
        pass
    await _ended(theatre, "left")
    await theatre.world.pass_time(hours=1)
    await theatre.world.house.queue.tick(forget_old_consoles)
    assert await theatre.world.rows("select count(*) from consoles") == [(1,)]
    await theatre.world.pass_time(days=91)
    await theatre.world.house.queue.tick(forget_old_consoles)
    assert await theatre.world.rows("select count(*) from consoles") == [(0,)]
