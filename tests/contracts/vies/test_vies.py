"""The register of VAT numbers: client and simulator speak its documented dialect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from skypanel.integrations.vies.client import Vies
from skypanel.integrations.vies.simulator.app import TEST_NUMBERS, ViesState, create_app
from skypanel.platform.outside import OutsideError, Refused, Unavailable, Unknown

SCHEMAS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "vies.openapi.yaml").read_text())[
    "components"
]["schemas"]


def holds(name: str, body: Any) -> None:
    Draft202012Validator(SCHEMAS[name]).validate(body)


def ours(
    answer: httpx.Response | Exception, requester: tuple[str, str] | None = None
) -> tuple[Vies, list[bytes]]:
    """A client of a register that gives one answer."""
    asked: list[bytes] = []

    def give(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        if isinstance(answer, Exception):
            raise answer
        return answer

    http = httpx.AsyncClient(transport=httpx.MockTransport(give))
    return Vies("https://register.test/rest-api/", http=http, requester=requester), asked


def simulated(state: ViesState) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(state)), base_url="http://vies.test"
    )


async def test_a_question_and_its_proof() -> None:
    state = ViesState(names={"ATU13585627": ("Muster GmbH", "Ring 1\n1010 Wien")})
    vies = Vies("http://vies.test", http=simulated(state), requester=("DE", "136695976"))
    answer = await vies.check("ATU13585627")
    assert (answer.valid, answer.name) == (True, "Muster GmbH")
    assert answer.consultation_ref
    holds("Question", state.asked[0])
    assert state.asked[0]["requesterMemberStateCode"] == "DE"


async def test_without_a_requester_there_is_no_proof() -> None:
    vies = Vies("http://vies.test", http=simulated(ViesState(invalid={"FI20774740"})))
    answer = await vies.check("FI20774740")
    assert (answer.valid, answer.consultation_ref, answer.name) == (False, "", "")


@pytest.mark.parametrize(
    ("number", "requester", "schema", "status"),
    [
        ("136695976", None, "Answer", 200),
        ("136695976", {"requesterMemberStateCode": "AT", "requesterNumber": "U1"}, "Answer", 200),
        ("136695976", {"requesterNumber": "U1"}, "Error", 400),
        ("?", None, "Error", 400),
    ],
)
async def test_the_simulator_keeps_to_the_contract(
    number: str, requester: dict[str, str] | None, schema: str, status: int
) -> None:
    body = {"countryCode": "DE", "vatNumber": number, **(requester or {})}
    answer = await simulated(ViesState()).post("/check-vat-number", json=body)
    assert answer.status_code == status
    holds(schema, answer.json())


async def test_a_broken_contract_is_noticed() -> None:
    with pytest.raises(ValidationError):
        holds("Answer", {"countryCode": "DE", "valid": "yes"})


async def test_every_answer_of_the_registers_test_service_is_understood() -> None:
    words = set(
        SCHEMAS["Error"]["properties"]["errorWrappers"]["items"]["properties"]["error"]["enum"]
    )
    assert words == {word for word in TEST_NUMBERS.values() if word}
    http = simulated(ViesState())
    holds("Status", (await http.get("/check-status")).json())
    for number, said in TEST_NUMBERS.items():
        body = {"countryCode": "DE", "vatNumber": number}
        answer = await http.post("/check-vat-test-service", json=body)
        holds("Error" if said else "Answer", answer.json())
        vies, _ = ours(httpx.Response(answer.status_code, content=answer.content))
        if not said:
            assert (await vies.check(f"DE{number}")).valid is (number == "100")
            continue
        with pytest.raises((Refused, Unavailable)) as caught:
            await vies.check(f"DE{number}")
        assert caught.value.code == said
        asks_later = said.endswith(("REQ", "REQ_TIME", "UNAVAILABLE", "TIMEOUT"))
        assert isinstance(caught.value, Unavailable) is asks_later


def word(error: str, status: int) -> httpx.Response:
    wrapped = {"actionSucceed": False, "errorWrappers": [{"error": error}]}
    return httpx.Response(status, json=wrapped)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (word("INVALID_INPUT", 400), Refused),
        (word("INVALID_REQUESTER_INFO", 400), Refused),
        (word("VAT_BLOCKED", 400), Refused),
        (word("IP_BLOCKED", 403), Refused),
        (word("MS_UNAVAILABLE", 500), Unavailable),
        (word("MS_MAX_CONCURRENT_REQ", 200), Unavailable),  # others took this for "invalid"
        (word("GLOBAL_MAX_CONCURRENT_REQ", 500), Unavailable),
        (word("SERVICE_UNAVAILABLE", 500), Unavailable),
        (word("TIMEOUT", 500), Unavailable),
        (httpx.Response(200, json={"valid": False, "userError": "MS_UNAVAILABLE"}), Unavailable),
        (httpx.Response(200, json={"valid": False, "userError": "IP_BLOCKED"}), Refused),
        (httpx.Response(429), Unavailable),
        (httpx.Response(503, text="<html>"), Unavailable),
        (httpx.Response(502, text="<html>"), Unknown),
        (word("SOMETHING_NEW", 500), Unknown),
        (httpx.Response(200, json={"valid": "yes"}), Unknown),
        (httpx.Response(200, json=[]), Unknown),
        (httpx.Response(500, json={"valid": True}), Unknown),
        (httpx.ConnectError("no"), Unavailable),
        (httpx.ReadTimeout("late"), Unknown),
    ],
)
async def test_every_other_answer_is_one_of_three(
    answer: httpx.Response | Exception, kind: type[OutsideError]
) -> None:
    vies, asked = ours(answer)
    with pytest.raises(OutsideError) as caught:
        await vies.check("DE136695976")
    assert type(caught.value) is kind
    assert len(asked) == 1
