"""Mail sent: once per key, later when the server is away, never when it says no."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.world import PASSWORD, Person, World

from skypanel.identity.events import PasswordChanged
from skypanel.integrations.settings import SmtpSettings
from skypanel.integrations.smtp.simulator.server import SmtpDesk
from skypanel.invoices.actions import issue_invoice, void_invoice
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceDraft, LineDraft
from skypanel.mail import actions
from skypanel.mail.jobs import send
from skypanel.mail.models import MailMessage
from skypanel.mail.rules import MailKind
from skypanel.platform.money import Money


async def log(world: World, kind: str) -> list[MailMessage]:
    async with world.house.transaction() as db:
        found = await db.scalars(
            select(MailMessage).where(MailMessage.kind == kind).order_by(MailMessage.id)
        )
        return list(found)


async def killed_before_it_was_noted(world: World, job: str) -> None:
    """The worker died after a job's work was written: the job is run again, minutes later."""
    await world.pass_time(minutes=5)
    async with world.house.transaction() as db:
        again = "update procrastinate_jobs set status = 'todo' where task_name = %(job)s"
        assert await db.run(again, job=job) == 1


async def register(world: World, email: str) -> None:
    answer = await world.http.post(
        "/api/v1/registrations",
        json={"name": "Ada Byron", "email": email, "password": PASSWORD, "country": "DE"},
    )
    assert answer.status_code == 202, answer.text
    await world.drain()


async def invoice(world: World, person: Person) -> Invoice:
    assert person.account_id is not None
    async with world.house.transaction() as db:
        return await issue_invoice(
            db,
            InvoiceDraft(
                account_id=person.account_id,
                currency="EUR",
                lines=[
                    LineDraft(
                        description="VPS S",
                        unit_price=Money(1000, "EUR"),
                        tax_rate=Decimal("0.19"),
                    )
                ],
                due_on=date(2026, 3, 9),
            ),
        )


async def test_the_link_in_the_mail_confirms_the_address(posted: World, smtp: SmtpDesk) -> None:
    await register(posted, "ada@example.com")
    [mail] = smtp.mailbox.newest("ada@example.com")
    assert mail.subject == "Confirm your email address"
    [link] = {each for each in mail.links if "token=" in each}
    assert link.startswith("http://localhost:8000/confirm?token=")
    answer = await posted.http.post(
        "/api/v1/registrations/confirm", json={"token": link.partition("token=")[2]}
    )
    assert answer.status_code == 200, answer.text
    [row] = await log(posted, "verify_email")
    assert row.state == "accepted"
    assert row.provider_ref
    assert "token" not in str(row.args)


async def test_a_second_sign_up_tells_the_owner(posted: World, smtp: SmtpDesk) -> None:
    await posted.customer("ada@example.com")
    await posted.drain()
    smtp.mailbox.clear()
    await register(posted, "ada@example.com")
    [mail] = smtp.mailbox.newest("ada@example.com")
    assert mail.subject == "You already have an account"


async def test_one_event_is_one_mail_however_often_its_job_runs(
    posted: World, smtp: SmtpDesk
) -> None:
    person = await posted.customer()
    await posted.drain()
    smtp.mailbox.clear()
    async with posted.house.transaction() as db:
        db.publish(PasswordChanged(user_id=person.user_id))
    await posted.drain()
    await killed_before_it_was_noted(posted, "mail.password_changed")
    await posted.drain()
    assert len(smtp.mailbox.newest()) == 1
    [row] = await log(posted, "password_changed")
    await send.run(posted.house, message_id=row.id)
    assert len(smtp.mailbox.newest()) == 1


async def test_a_server_that_is_away_delays_mail_and_nothing_else(
    posted: World, smtp: SmtpDesk
) -> None:
    smtp.down = True
    await register(posted, "ada@example.com")
    [row] = await log(posted, "verify_email")
    assert (row.state, row.attempts) == ("deferred", 1)
    assert row.last_error
    assert await posted.rows("select 1 from procrastinate_jobs where status = 'failed'") == []
    [(wait,)] = await posted.rows(
        "select scheduled_at - now() from procrastinate_jobs"
        " where status = 'todo' and task_name = 'mail.send'"
    )
    assert timedelta(seconds=50) < wait < timedelta(seconds=61)
    smtp.down = False
    await posted.drain(hurry=True)
    [mail] = smtp.mailbox.newest()
    assert mail.parsed["Message-ID"] == f"<{row.id}@localhost>"
    [row] = await log(posted, "verify_email")
    assert (row.state, row.attempts, row.last_error) == ("accepted", 2, None)


async def test_no_mail_server_yet_delays_mail(world: World) -> None:
    await register(world, "ada@example.com")
    [row] = await log(world, "verify_email")
    assert row.state == "deferred"
    assert "not set up" in str(row.last_error)


async def test_an_address_that_does_not_exist_is_not_tried_again(
    posted: World, smtp: SmtpDesk
) -> None:
    await register(posted, "nosuch@example.com")
    [row] = await log(posted, "verify_email")
    assert row.state == "refused"
    assert "550" in str(row.last_error)
    await posted.drain(hurry=True)
    [row] = await log(posted, "verify_email")
    assert row.attempts == 1


async def test_greylisting_and_a_lost_answer_end_in_one_message_id(
    posted: World, smtp: SmtpDesk
) -> None:
    await register(posted, "grey@example.com")
    await posted.drain(hurry=True)
    [row] = await log(posted, "verify_email")
    assert (row.state, row.attempts) == ("accepted", 2)
    smtp.mailbox.clear()
    await register(posted, "lost@example.com")
    await posted.drain(hurry=True)
    ids = {mail.parsed["Message-ID"] for mail in smtp.mailbox.newest("lost@")}
    assert len(smtp.mailbox.newest("lost@")) == 2
    assert len(ids) == 1


async def test_tries_end_after_three_days(posted: World, smtp: SmtpDesk) -> None:
    await register(posted, "full@example.com")
    for tries in range(2, 14):
        await posted.drain(hurry=True)
        [row] = await log(posted, "verify_email")
        assert (row.state, row.attempts) == ("deferred", tries)
    await posted.drain(hurry=True)
    [row] = await log(posted, "verify_email")
    assert (row.state, row.attempts) == ("refused", 14)
    assert "Given up" in str(row.last_error)


async def test_an_invoice_goes_with_its_document(posted: World, smtp: SmtpDesk) -> None:
    person = await posted.customer()
    await posted.drain()
    smtp.mailbox.clear()
    issued = await invoice(posted, person)
    await posted.drain()
    await posted.drain(hurry=True)
    [mail] = smtp.mailbox.newest("ada@example.com")
    assert issued.number in mail.subject
    assert "€11.90" in mail.text
    [pdf] = mail.attachments
    assert pdf.name == f"{issued.number}.pdf"
    assert pdf.content.startswith(b"%PDF")


async def test_an_invoice_whose_document_never_comes_goes_without(
    posted: World, smtp: SmtpDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await posted.customer()
    await posted.drain()
    smtp.mailbox.clear()
    issued = await invoice(posted, person)
    await posted.rows("delete from procrastinate_jobs where task_name = 'invoices.render_invoice'")
    for tries in range(1, 6):
        await posted.drain(hurry=True)
        [row] = await log(posted, "invoice_issued")
        assert (row.state, row.waits) == ("queued", tries)
    await posted.drain(hurry=True)
    [mail] = smtp.mailbox.newest("ada@example.com")
    assert issued.number in mail.subject
    assert mail.attachments == []
    assert "attached" not in mail.text


async def test_an_invoice_that_was_voided_is_not_asked_for(posted: World, smtp: SmtpDesk) -> None:
    person = await posted.customer()
    await posted.drain()
    smtp.mailbox.clear()
    issued = await invoice(posted, person)
    async with posted.house.transaction() as db:
        await void_invoice(db, issued.id, "Ordered by mistake")
    await posted.drain(hurry=True)
    await posted.drain(hurry=True)
    assert smtp.mailbox.newest() == []
    [row] = await log(posted, "invoice_issued")
    assert row.state == "withdrawn"


async def test_whoever_was_asked_to_pay_is_told_that_they_need_not(
    posted: World, smtp: SmtpDesk
) -> None:
    person = await posted.customer()
    issued = await invoice(posted, person)
    await posted.drain()
    await posted.drain(hurry=True)
    smtp.mailbox.clear()
    async with posted.house.transaction() as db:
        await void_invoice(db, issued.id, "Ordered by mistake")
    await posted.drain()
    [mail] = smtp.mailbox.newest("ada@example.com")
    assert mail.subject == f"{issued.number} need not be paid"
    assert "€11.90" in mail.text
    assert "Ordered by mistake" not in mail.text


async def test_a_try_under_way_is_not_overtaken_until_it_is_surely_dead(
    posted: World, smtp: SmtpDesk
) -> None:
    person = await posted.customer()
    await posted.drain()
    smtp.mailbox.clear()
    async with posted.house.transaction() as db:
        await actions.write_to(
            db, MailKind.PASSWORD_CHANGED, key="x", to="ada@example.com", user_id=person.user_id
        )
        row = (await db.scalars(_of_key("password_changed:x"))).one()
        actions.begin(db, row, "claimed by a worker that was killed")
    await posted.drain()
    assert smtp.mailbox.newest() == []
    await posted.pass_time(seconds=121)
    await posted.drain(hurry=True)
    assert len(smtp.mailbox.newest()) == 1


async def test_a_try_under_way_is_not_overtaken_where_the_server_was_unset_meanwhile(
    world: World,
) -> None:
    person = await world.customer()
    async with world.house.transaction() as db:
        await actions.write_to(
            db, MailKind.PASSWORD_CHANGED, key="x", to="ada@example.com", user_id=person.user_id
        )
        row = (await db.scalars(_of_key("password_changed:x"))).one()
        actions.begin(db, row, "sent by another worker right now")
    await world.drain()
    [row] = await log(world, "password_changed")
    assert (row.state, row.attempts) == ("sending", 1)
    await world.pass_time(seconds=121)
    await world.house.queue.drain(hurry=True)
    [row] = await log(world, "password_changed")
    assert (row.state, row.attempts) == ("deferred", 2)


def _of_key(key: str) -> Any:
    return select(MailMessage).where(MailMessage.key == key)


async def test_staff_see_the_log_and_send_again(posted: World, smtp: SmtpDesk) -> None:
    await register(posted, "nosuch@example.com")
    staff = await posted.staff()
    listed = (await staff.http.get("/api/v1/admin/mail?state=refused")).json()
    [item] = listed["items"]
    assert item["to"] == "nosuch@example.com"
    assert item["can"] == ["retry"]
    async with posted.house.transaction() as db:
        row = await db.get(MailMessage, UUID(item["id"]))
        assert row is not None
        row.to = "ada@example.com"
    again = await staff.http.post(f"/api/v1/admin/mail/{item['id']}/retry")
    assert again.status_code == 202, again.text
    assert again.json()["state"] == "queued"
    await posted.drain()
    assert len(smtp.mailbox.newest("ada@example.com")) == 1
    twice = await staff.http.post(f"/api/v1/admin/mail/{item['id']}/retry")
    assert (twice.status_code, twice.json()["code"]) == (409, "mail_not_retryable")
    [(verb,)] = await posted.rows("select verb from audit_entries where subject_kind = 'mail'")
    assert verb == "retry"


async def test_the_log_is_not_there_for_customers(posted: World) -> None:
    person = await posted.customer()
    assert (await person.http.get("/api/v1/admin/mail")).status_code == 404


async def test_settings_are_read_for_each_message(posted: World, smtp: SmtpDesk) -> None:
    await register(posted, "ada@example.com")
    [mail] = smtp.mailbox.newest()
    assert mail.envelope_from == "billing@northbeam.example"
    settings = await posted.house.settings.get(SmtpSettings)
    assert settings.from_address == mail.envelope_from
