"""Settings and jobs as staff see them: pure."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

import pytest
from pydantic import Field, SecretStr

from skypanel.operations.errors import SettingsInvalid
from skypanel.operations.rules import changed, changed_names, show, subject_arguments, subject_of
from skypanel.platform.settings import Section

ORDER = "01890a5d-ac96-774b-bcce-b302099a8057"


class Example(Section):
    """A section of every type."""

    section: ClassVar[str] = "example"
    title: ClassVar[str] = "Example"
    name: str = Field("Northbeam", description="As customers see it.")
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    open: bool = False
    mode: Literal["live", "sandbox"] = "live"
    hosts: tuple[str, ...] = ("a", "b")
    ca_pem: str = ""
    token: SecretStr = SecretStr("")


def fields(section: Section) -> dict[str, dict[str, object]]:
    return {field["name"]: field for field in show(section)["fields"]}


def test_a_section_is_shown_by_types_and_never_tells_a_secret() -> None:
    shown = fields(Example(token=SecretStr("s3cret")))
    assert {name: field["type"] for name, field in shown.items()} == {
        "name": "string",
        "port": "integer",
        "open": "boolean",
        "mode": "choice",
        "hosts": "list",
        "ca_pem": "text",
        "token": "secret",
    }
    assert shown["mode"]["choices"] == ["live", "sandbox"]
    assert shown["name"]["help"] == "As customers see it."
    assert shown["token"] == {
        "name": "token", "type": "secret", "secret": True, "value": None, "set": True, "help": "",
        "title": None,
    }  # fmt: skip
    assert "s3cret" not in str(shown)
    assert fields(Example())["token"]["set"] is False


@pytest.mark.parametrize(
    ("given", "kept"),
    [({}, "old"), ({"token": ""}, "old"), ({"token": None}, ""), ({"token": "new"}, "new")],
)
def test_a_secret_is_kept_unset_or_replaced(given: dict[str, object], kept: str) -> None:
    after = changed(Example(token=SecretStr("old")), given)
    assert isinstance(after, Example)
    assert after.token.get_secret_value() == kept


def test_every_wrong_value_is_named_by_its_field() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        changed(Example(), {"port": 0, "mode": "test", "colour": "red"})
    assert {each["field"] for each in refused.value.errors} == {
        "values.port",
        "values.mode",
        "values.colour",
    }


def test_a_wrong_secret_is_not_repeated() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        changed(Example(), {"token": ["s3cret"]})
    assert "s3cret" not in str(refused.value.errors)


def test_what_changed_is_told_by_name_only() -> None:
    before = Example(token=SecretStr("old"))
    after = changed(before, {"token": "new", "port": 25, "name": "Northbeam"})
    assert changed_names(before, after) == ["port", "token"]


def test_a_job_is_about_the_most_telling_thing_it_names() -> None:
    assert subject_of({"account_id": ORDER, "order_id": ORDER}) == {"kind": "order", "id": ORDER}
    assert subject_of({}) is None
    assert f'{{"order_id": "{ORDER}"}}' in subject_arguments(UUID(ORDER))
