"""One call of the API as its operation sees it, and the operation itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skypanel.integrations.virtfusion.simulator.answers import Answered, Json, invalid, not_found
from skypanel.integrations.virtfusion.simulator.faults import Fault, FaultKind
from skypanel.integrations.virtfusion.simulator.state import PanelState, Server, User


@dataclass(slots=True)
class ApiCall:
    """A request with its body read, at one instant of the clock."""

    state: PanelState
    now: datetime
    operation: Operation
    url: str
    path: Mapping[str, str | int]
    query: Mapping[str, str]
    body: Json = field(default_factory=dict)
    answer_lost: bool = False
    """Set by an operation whose names ask for a lost answer."""

    def server(self) -> Server:
        """The server named in the path, or the 404 that says it is gone."""
        found = self.state.tables.servers.get(int(self.path["server_id"]))
        if found is None:
            raise not_found("server")
        return found

    def user(self, user_id: int) -> User | None:
        return self.state.tables.users.get(user_id)

    def fault(self, kind: FaultKind) -> Fault | None:
        operation = self.operation
        return self.state.faults.take(kind, operation.name, changes=operation.changes)

    def lose_once(self, key: str, *words: str | None) -> None:
        """Lose this answer if a name asks for it and has not lost one before."""
        lost = self.state.tables.answers_lost
        if key not in lost and any("lose-answer" in (word or "").lower() for word in words):
            lost.append(key)
            self.answer_lost = True

    def integer(self, name: str) -> int | None:
        """A number of the body; the panel wants numbers, not digits in strings."""
        value = self.body.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise invalid(name, f"The {name} must be an integer.")
        return value

    def required_integer(self, name: str) -> int:
        value = self.integer(name)
        if value is None:
            raise invalid(name, f"The {name} field is required.")
        return value

    def text(self, name: str, *, required: bool = False, longest: int = 255) -> str | None:
        value = self.body.get(name)
        if value is None and not required:
            return None
        if not isinstance(value, str) or (required and not value.strip()):
            raise invalid(name, f"The {name} field is required.")
        if len(value) > longest:
            raise invalid(name, f"The {name} may not be greater than {longest} characters.")
        return value

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in {"1", "true"}


Act = Callable[[ApiCall], Response]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the contract, by the vendor's own name for it."""

    name: str
    method: str
    path: str
    act: Act
    refuses_with: int = 422
    lockable: bool = False
    since: str = ""
    """The panel's version that brought it, where the contract says so."""

    def exists_in(self, version: str) -> bool:
        return _parts(self.since) <= _parts(version)

    @property
    def changes(self) -> bool:
        return self.method != "GET"


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part)


def told(body: object, status: int = 200) -> Response:
    return JSONResponse(body, status_code=status)


def done(status: int = 204) -> Response:
    """Done, with nothing to say."""
    return Response(status_code=status)


def answer_of(refused: Answered) -> Response:
    if refused.body is None:
        return Response(status_code=refused.status)
    return JSONResponse(refused.body, status_code=refused.status)


async def body_of(request: Request) -> Json:
    """The JSON object of a request; anything else is refused as the panel's framework does."""
    if not await request.body():
        return {}
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Answered(422, {"message": "The body must be a JSON object."})
    return body
