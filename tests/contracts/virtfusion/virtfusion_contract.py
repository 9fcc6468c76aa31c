"""Holds every request and answer that passes a transport to the panel's contract."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

CONTRACT = Path(__file__).with_name("virtfusion.openapi.yaml")
PREFIX = "/api/v1"
ROOT = "urn:virtfusion"
NO_ROUTE = re.compile(r"The route .* could not be found")


class ContractBroken(AssertionError):
    """What was sent or answered is not what the contract says."""


@cache
def document() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(CONTRACT.read_text("utf-8"), Loader=loader)


@cache
def registry() -> Registry:
    resource = Resource.from_contents(document(), default_specification=DRAFT202012)
    return Registry().with_resource(ROOT, resource)


def resolved(node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        target: Any = document()
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


@cache
def validator(pointer: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        {"$ref": f"{ROOT}#{pointer}"},
        registry=registry(),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def pointer_to(*steps: str) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


@cache
def operations() -> list[tuple[str, re.Pattern[str], str]]:
    found = []
    for path, item in document()["paths"].items():
        # A relation string is one segment on the wire, whatever it contains.
        pattern = re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$")
        found += [(m.upper(), pattern, path) for m in item if m in {"get", "post", "put", "delete"}]
    # A path without parameters wins over one with them.
    return sorted(found, key=lambda one: one[2].count("{"))


def operation_of(method: str, path: str) -> tuple[str, str]:
    for known, pattern, template in operations():
        if known == method and pattern.match(path):
            return template, method.lower()
    raise ContractBroken(f"{method} {path} is not in the contract")


def undeclared(schema: Any, value: Any, where: str = "$") -> list[str]:
    """Properties that no part of the schema names: an invented field is a lie about the panel."""
    options = variants(resolved(schema))
    if isinstance(value, list):
        items = [one["items"] for one in options if one.get("items")]
        return [w for one in value for item in items for w in undeclared(item, one, f"{where}[]")]
    if not isinstance(value, dict):
        return []
    objects = [one for one in options if one.get("type") == "object" or "properties" in one]
    if not any("properties" in one for one in objects):
        return []
    extra = next((e for o in objects if isinstance(e := o.get("additionalProperties"), dict)), None)
    found: list[str] = []
    for key, inner in value.items():
        declared = [one["properties"][key] for one in objects if key in one.get("properties", {})]
        if not declared and extra is None:
            found.append(f"{where}.{key}")
        for one in declared[:1]:
            found += undeclared(one, inner, f"{where}.{key}")
    return found


def variants(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema with everything it is composed of."""
    parts = [schema] if isinstance(schema, dict) else []
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, []) if parts else []:
            parts += variants(resolved(part))
    # A more precise declaration of the same property comes first (paginator: items {}).
    return sorted(parts, key=lambda one: len(str(one)), reverse=True)


def check_schema(pointer: str, schema: Any, value: Any, what: str) -> None:
    wrong = [
        f"{error.json_path}: {error.message}" for error in validator(pointer).iter_errors(value)
    ]
    wrong += [f"{path}: not in the contract" for path in undeclared(schema, value)]
    if wrong:
        raise ContractBroken(f"{what}: {wrong[:5]}")


def check_request(request: httpx.Request) -> None:
    path = request.url.raw_path.decode().split("?")[0].removeprefix(PREFIX)
    template, method = operation_of(request.method, path)
    operation = document()["paths"][template][method]
    what = f"request {operation['operationId']}"
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        raise ContractBroken(f"{what}: no bearer token")
    if request.headers.get("Accept") != "application/json":
        raise ContractBroken(f"{what}: does not ask for JSON")
    declared = {one["name"]: one for one in map(resolved, operation.get("parameters", []))}
    for name, value in request.url.params.items():
        if name not in declared:
            raise ContractBroken(f"{what}: unknown query {name}")
        check_query(declared[name]["schema"], value, what)
    body = operation.get("requestBody")
    if body is None:
        if request.content:
            raise ContractBroken(f"{what}: has a body")
        return
    pointer = pointer_to(
        "paths", template, method, "requestBody", "content", "application/json", "schema"
    )
    check_schema(
        pointer, body["content"]["application/json"]["schema"], json.loads(request.content), what
    )


def check_query(schema: dict[str, Any], text: str, what: str) -> None:
    value: Any = text
    if schema["type"] == "integer":
        value = int(text)
    elif schema["type"] == "boolean":
        value = {"true": True, "false": False}[text]
    jsonschema.validate(value, schema)


def check_response(request: httpx.Request, response: httpx.Response) -> None:
    path = request.url.raw_path.decode().split("?")[0].removeprefix(PREFIX)
    template, method = operation_of(request.method, path)
    operation = document()["paths"][template][method]
    # A proxy's 502 to 504 is the contract's server error.
    status = str(min(500, response.status_code))
    what = f"answer {operation['operationId']} {response.status_code}"
    if status == "404" and "x-since" in operation and NO_ROUTE.search(response.text):
        return  # the router's own answer, of a panel before this operation
    if status not in operation["responses"]:
        raise ContractBroken(f"{what}: status is not in the contract")
    answer = resolved(operation["responses"][status])
    if status == "500":
        return
    content = answer.get("content")
    if content is None:
        if response.content:
            raise ContractBroken(f"{what}: should have no body")
        return
    if "$ref" in operation["responses"][status]:
        name = operation["responses"][status]["$ref"].rsplit("/", 1)[1]
        steps = ["components", "responses", name]
    else:
        steps = ["paths", template, method, "responses", status]
    pointer = pointer_to(*steps, "content", "application/json", "schema")
    check_schema(pointer, content["application/json"]["schema"], response.json(), what)


class Checked(httpx.AsyncBaseTransport):
    """A transport that lets nothing pass that breaks the contract, and remembers what passed."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.seen: list[tuple[str, int]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        check_request(request)
        response = await self._inner.handle_async_request(request)
        await response.aread()
        check_response(request, response)
        template, method = operation_of(
            request.method, request.url.raw_path.decode().split("?")[0].removeprefix(PREFIX)
        )
        name = document()["paths"][template][method]["operationId"]
        self.seen.append((name, response.status_code))
        return response
