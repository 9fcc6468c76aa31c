"""PayPal's published OpenAPI files as a watcher between a client and the simulator."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "https://api-m.sandbox.paypal.com"
ROOT = Path(__file__).resolve().parents[3]
FILES = (
    "checkout_orders_v2",
    "payments_payment_v2",
    "notifications_webhooks_v1",
    "vault_payment_tokens_v3",
    "reporting_transactions_v1",
    "catalogs_products_v1",
    "billing_subscriptions_v1",
)


def contracts_folder() -> Path:
    named = os.environ.get("SKYPANEL_CONTRACTS")
    return (Path(named) if named else ROOT / ".." / "shared" / "contracts").resolve() / "paypal"


def load_contract() -> Contract | None:
    """The contract, or None where PayPal's files are not at hand."""
    folder = contracts_folder()
    if not all((folder / f"{name}.json").is_file() for name in FILES):
        return None
    return Contract([json.loads((folder / f"{name}.json").read_text()) for name in FILES])


def _patched(spec: dict[str, Any]) -> dict[str, Any]:
    """Repair what is known to be wrong in the files as published."""
    event = spec["components"]["schemas"].get("event")
    if event is not None:  # read-only fields, yet verify-webhook-signature takes the event
        for part in event["properties"].values():
            part.pop("readOnly", None)
    # PayPal's own server URL of the report repeats the beginning of its paths.
    if any(path.startswith("/v1/reporting") for path in spec["paths"]):
        spec["servers"] = [{"url": HOST}]
    # openapi-core knows no OAuth scheme; that a bearer token is asked for has its own tests.
    spec.pop("security", None)
    for operations in spec["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return spec


class Contract:
    def __init__(self, specs: list[dict[str, Any]]) -> None:
        self._specs: list[tuple[list[tuple[re.Pattern[str], set[str]]], OpenAPI]] = []
        for spec in specs:
            paths = [
                (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), set(operations))
                for path, operations in spec["paths"].items()
            ]
            api = OpenAPI.from_dict(_patched(spec), config=Config(spec_validator_cls=None))
            self._specs.append((paths, api))
        self.breaches: list[str] = []
        self.checked: dict[str, int] = {}

    def take_breaches(self) -> list[str]:
        found, self.breaches = self.breaches, []
        return found

    def api_for(self, method: str, path: str) -> OpenAPI | None:
        for paths, api in self._specs:
            if any(p.fullmatch(path) and method.lower() in ops for p, ops in paths):
                return api
        return None

    def check(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        query: str = "",
        asked: bytes,
        status: int,
        body: bytes,
    ) -> None:
        api = self.api_for(method, path)
        if api is None:
            return
        kind = headers.get("content-type", "application/json")
        request = MockRequest(
            HOST,
            method.lower(),
            path,
            args=dict(parse_qsl(query)),
            data=asked,
            headers=headers,
            content_type=kind,
        )
        response = MockResponse(body, status_code=status, content_type="application/json")
        self.checked[f"{method} {status}"] = self.checked.get(f"{method} {status}", 0) + 1
        if status < 400:
            self._try(f"request {method} {path}", lambda: api.validate_request(request))
        self._try(
            f"answer {status} of {method} {path}: {body[:200]!r}",
            lambda: api.validate_response(request, response),
        )

    def _try(self, what: str, check: Any) -> None:
        try:
            check()
        except Exception as error:  # noqa: BLE001 - whatever the validator says is a breach
            said = [e.message[:200] for e in getattr(error.__cause__, "schema_errors", [])]
            self.breaches.append(f"{what}: {type(error).__name__} {said or error}")

    def watching(self, app: ASGIApp) -> ASGIApp:
        """The same application, every exchange checked."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            asked: list[bytes] = []
            answer: dict[str, Any] = {"status": 0, "body": b"", "json": False, "done": False}

            async def hear() -> Message:
                message = await receive()
                asked.append(message.get("body", b""))
                return message

            async def say(message: Message) -> None:
                if message["type"] == "http.response.start":
                    answer["status"] = message["status"]
                    kinds = [v for k, v in message["headers"] if k.lower() == b"content-type"]
                    answer["json"] = bool(kinds) and b"json" in kinds[0]
                else:
                    answer["body"] += message.get("body", b"")
                    answer["done"] = not message.get("more_body", False)
                await send(message)

            await app(scope, hear, say)
            if scope["type"] == "http" and answer["json"] and answer["done"]:
                self.check(
                    scope["method"],
                    scope["path"],
                    query=scope["query_string"].decode(),
                    headers={k.decode(): v.decode() for k, v in scope["headers"]},
                    asked=b"".join(asked),
                    status=answer["status"],
                    body=answer["body"],
                )

        return watched
