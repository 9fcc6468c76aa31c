"""What staff see across domains."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.orders.shop import open_shop
from tests.world import Person, World

from skypanel.identity.events import PasswordChanged
from skypanel.invoices.actions import issue_invoice
from skypanel.invoices.models import Invoice
from skypanel.invoices.rules import InvoiceDraft, LineDraft
from skypanel.platform.ids import new_id
from skypanel.platform.money import Money
from skypanel.platform.read import Page
from skypanel.reporting import queries


async def invoice(world: World, person: Person, due_on: date = date(2026, 3, 9)) -> Invoice:
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
                due_on=due_on,
            ),
        )


async def home(person: Person) -> dict[str, Any]:
    answer = await person.http.get("/api/v1/admin/home")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_quiet_house_needs_nobody(world: World) -> None:
    staff = await world.staff()
    found = await home(staff)
    assert found["attention"] == []
    assert found["figures"] == {
        "revenue_today": [],
        "orders_today": 0,
        "servers_ready": 0,
        "provisioning_p50_seconds": None,
        "queue_oldest_seconds": None,
        "jobs_dead": 0,
    }
    assert [len(found["series"][name]) for name in ("revenue", "orders")] == [14, 14]


async def test_an_invoice_needs_a_person_when_it_is_overdue(world: World) -> None:
    person, staff = await world.customer(), await world.staff()
    issued = await invoice(world, person)
    await world.pass_time(days=7)
    staff = await world.log_in(world.browser(), staff.email)
    assert "invoice_overdue" not in {each["kind"] for each in (await home(staff))["attention"]}
    await world.pass_time(days=1)
    staff = await world.log_in(world.browser(), staff.email)
    [wanted] = [
        each for each in (await home(staff))["attention"] if each["kind"] == "invoice_overdue"
    ]
    assert wanted["title"] == f"Overdue: {issued.number}"
    assert wanted["subject"] == {"kind": "invoice", "id": str(issued.id)}


async def test_what_needs_a_person_stands_oldest_first(world: World) -> None:
    person, staff = await world.customer(), await world.staff()
    await invoice(world, person, date(2026, 2, 1))
    await world.rows(
        'insert into mail_messages (id, kind, key, "to", subject, state, attempts, waits, args,'
        " created_at) values (gen_random_uuid(), 'receipt', 'x', 'a@b.example', 'Paid', 'refused',"
        " 1, 0, '{}', '2026-01-05T00:00Z')"
    )
    found = (await home(staff))["attention"]
    assert [each["kind"] for each in found][:2] == ["mail_refused", "invoice_overdue"]
    assert [each["since"] for each in found] == sorted(each["since"] for each in found)


async def test_customers_are_listed_with_what_they_owe(world: World) -> None:
    ada, staff = await world.customer(), await world.staff()
    await world.customer("grace@example.com", "Grace Hopper")
    await invoice(world, ada)
    listed = (await staff.http.get("/api/v1/admin/customers?q=ADA@")).json()
    [row] = listed["items"]
    assert row["account_id"] == str(ada.account_id)
    assert row["email"] == "ada@example.com"
    assert row["unpaid"] == {"minor": 1190, "currency": "EUR"}
    assert row["balance"] == {"minor": 0, "currency": "EUR"}
    assert len((await staff.http.get("/api/v1/admin/customers")).json()["items"]) == 2
    assert (await staff.http.get("/api/v1/admin/customers?q=%25")).json()["items"] == []
    first = (await staff.http.get("/api/v1/admin/customers?limit=1")).json()
    then = await staff.http.get(f"/api/v1/admin/customers?limit=1&cursor={first['next']}")
    assert then.json()["items"][0]["account_id"] != first["items"][0]["account_id"]


async def test_a_customers_page_tells_what_happened_in_one_line_of_time(world: World) -> None:
    ada, staff = await world.customer(), await world.staff()
    other = await world.customer("grace@example.com", "Grace Hopper")
    issued = await invoice(world, ada)
    theirs = await invoice(world, other)
    async with world.house.transaction() as db:
        db.publish(PasswordChanged(user_id=ada.user_id))
    await world.drain()
    answer = await staff.http.get(f"/api/v1/admin/customers/{ada.account_id}")
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["profile"]["country"] == "DE"
    assert [member["email"] for member in page["members"]] == ["ada@example.com"]
    assert [each["number"] for each in page["invoices"]] == [issued.number]
    assert (page["orders"], page["servers"], page["payments"]) == ([], [], [])
    times = [moment["at"] for moment in page["timeline"]]
    assert times == sorted(times, reverse=True)
    kinds = {moment["kind"] for moment in page["timeline"]}
    assert {"invoice", "mail"} <= kinds
    assert str(theirs.id) not in answer.text
    assert any("password was changed" in moment["text"] for moment in page["timeline"])
    missing = await staff.http.get(f"/api/v1/admin/customers/{issued.id}")
    assert missing.status_code == 404


async def test_search_finds_people_and_invoices_of_what_staff_may_see(world: World) -> None:
    ada, staff = await world.customer(), await world.staff()
    issued = await invoice(world, ada)
    found = (await staff.http.get("/api/v1/admin/search?q=byron")).json()["items"]
    assert [(each["kind"], each["id"]) for each in found] == [("customer", str(ada.account_id))]
    found = (await staff.http.get(f"/api/v1/admin/search?q={issued.number}")).json()["items"]
    assert [(each["kind"], each["id"]) for each in found] == [("invoice", str(issued.id))]
    assert (await staff.http.get("/api/v1/admin/search?q=__")).json()["items"] == []
    assert (await ada.http.get("/api/v1/admin/search?q=byron")).status_code == 404


class Counting:
    """A reader that counts its statements."""

    def __init__(self, world: World) -> None:
        self._read = world.house.read()
        self.count = 0

    @property
    def now(self) -> Any:
        return self._read.now

    async def rows(self, statement: Any, parameters: Any) -> Any:
        self.count += 1
        return await self._read.rows(statement, parameters)


async def test_reports_ask_few_questions(world: World) -> None:
    await world.customer()
    read = Counting(world)
    await queries.customer_page(read, Page(), None)
    assert read.count == 1
    read = Counting(world)
    await queries.attention(read, "UTC")
    await queries.figures(read, "UTC", "EUR")
    assert read.count == 5


async def pay(world: World, issued: Invoice, attempt: int, **columns: object) -> None:
    """A payment as the gateway left it."""
    row = {
        "id": new_id(),
        "account_id": issued.account_id,
        "invoice_id": issued.id,
        "attempt": attempt,
        "gateway": "paypal",
        "amount_minor": 1190,
        "currency": "EUR",
        "declines": 0,
        "wallet_minor": 0,
        "promotional_minor": 0,
        "to_wallet_minor": 0,
        "refunded_minor": 0,
        "returned_minor": 0,
        "automatic": False,
        "save_method": False,
        "created_at": world.clock.now(),
        "expires_at": world.clock.now(),
        **columns,
    }
    places = ", ".join(["%s"] * len(row))
    await world.rows(f"insert into payments ({', '.join(row)}) values ({places})", *row.values())


async def test_money_that_came_in_is_counted_and_parked_money_needs_a_person(world: World) -> None:
    person, staff = await world.customer(), await world.staff()
    issued = await invoice(world, person)
    now = world.clock.now()
    yesterday = now - timedelta(days=1)
    await pay(world, issued, 1, state="settled", settled_at=now)
    await pay(world, issued, 2, state="settled", settled_at=yesterday, amount_minor=500)
    await pay(world, issued, 3, state="settled", settled_at=now, gateway="wallet")
    await pay(world, issued, 4, state="failed", attention="PayPal took another amount.")
    found = await home(staff)
    assert found["figures"]["revenue_today"] == [{"minor": 1190, "currency": "EUR"}]
    amounts = [point["amount"]["minor"] for point in found["series"]["revenue"]]
    assert (len(amounts), amounts[-2:]) == (14, [500, 1190])
    [parked] = [each for each in found["attention"] if each["kind"] == "payment_parked"]
    assert parked["detail"] == "PayPal took another amount."
    assert parked["subject"]["kind"] == "payment"


async def test_a_job_that_gave_up_needs_a_person(world: World) -> None:
    staff = await world.staff()
    [(job_id,)] = await world.rows(
        "insert into procrastinate_jobs (queue_name, task_name) values ('default', 'mail.send')"
        " returning id"
    )
    for status in ("doing", "failed"):
        await world.rows(f"update procrastinate_jobs set status = '{status}' where id = %s", job_id)
    found = await home(staff)
    assert found["figures"]["jobs_dead"] == 1
    [dead] = [each for each in found["attention"] if each["kind"] == "job_dead"]
    assert dead["title"] == "A job gave up: mail.send"
    assert dead["subject"] == {"kind": "job", "id": str(job_id)}


async def test_what_waited_for_staff_does_not_count_as_time_to_make_a_server(world: World) -> None:
    shop = await open_shop(world)
    quick = await shop.bought(hostname="quick.example.com")
    assert (await shop.see_through(quick))["state"] == "active"
    seconds = (await home(shop.staff))["figures"]["provisioning_p50_seconds"]
    assert seconds is not None
    assert seconds < 600
    for number in range(2):
        slow = await shop.bought(hostname=f"slow-{number}.example.com")
        shop.fault("refuse", "createServer")
        assert (await shop.see_through(slow))["state"] == "failed"
        await world.pass_time(hours=5)
        await shop.staff.http.post(
            f"/api/v1/admin/provisions/{(await shop.provision(slow))['id']}/retry"
        )
        assert (await shop.see_through(slow))["state"] == "active"
    found = await home(shop.staff)
    assert found["figures"]["servers_ready"] == 3
    assert found["figures"]["provisioning_p50_seconds"] == seconds
    days = [one["p50"] for one in found["series"]["provisioning_seconds"]]
    assert days == [*[None] * 13, seconds]
