"""The contract as an OpenAPI document: every answer exemplified, every error a problem."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import JsonValue

from api import problem
from api.admission import ADMIN, OPEN, PROBES
from api.wire import Problem

COMMITTED = Path(__file__).parent / "openapi.json"
"""The document as it was last agreed to."""

Object = dict[str, JsonValue]

_KEY = "key"
_BEARER: Object = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, `Authorization: Bearer KEY`, where the service wants one. A read"
    " key answers every question; /metrics wants an admin key. Whoever runs the service gives keys"
    " out with `casebook keys add`.",
}


def _refusal(said: str, header: str, meaning: str) -> Object:
    content: Object = {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    headers: Object = {header: {"description": meaning, "schema": {"type": "string"}}}
    return {"description": said, "headers": headers, "content": content}


_REFUSALS: Object = {
    "KeyRefused": _refusal(
        "A key is wanted, or the one that was sent is unknown or revoked.",
        "WWW-Authenticate",
        "`Bearer`, with the reason where a key was sent.",
    ),
    "TooMany": _refusal(
        "More requests a minute than are allowed with one key, or from one address without.",
        "Retry-After",
        "Seconds until the next is answered.",
    ),
}


def contract(app: FastAPI) -> Object:
    """The OpenAPI document of the service."""
    document = cast(
        Object,
        get_openapi(
            title=app.title,
            version="v1",
            description=app.description,
            routes=app.routes,
        ),
    )
    schemas = _child(_child(document, "components"), "schemas")
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    template = "#/components/schemas/{model}"
    problems = cast(Object, Problem.model_json_schema(ref_template=template))
    schemas |= cast(Object, problems.pop("$defs"))
    schemas["Problem"] = problems
    _child(document, "components")["securitySchemes"] = {_KEY: _BEARER}
    _child(document, "components")["responses"] = _REFUSALS
    for address, operation in _operations(document):
        _name_problems(operation)
        _exemplify(operation, schemas)
        _name_key(address, operation)
    return document


def printed(document: Object) -> str:
    """The document as it is committed."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _operations(document: Object) -> Iterator[tuple[str, Object]]:
    for address, operations in _child(document, "paths").items():
        for operation in cast(Object, operations).values():
            yield address, cast(Object, operation)


def _name_key(address: str, operation: Object) -> None:
    """Says which key an address wants of whom, and how it refuses."""
    responses = _child(operation, "responses")
    if address not in PROBES:
        responses["429"] = {"$ref": "#/components/responses/TooMany"}
    if address not in OPEN:
        responses["401"] = {"$ref": "#/components/responses/KeyRefused"}
        # Either of the two: a service on loopback wants no key unless it is told to.
        operation["security"] = [{}, {_KEY: ["admin" if address in ADMIN else "read"]}]


def _name_problems(operation: Object) -> None:
    responses = _child(operation, "responses")
    responses.pop("422", None)
    content: Object = {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses["4XX"] = {"description": "What was asked cannot be answered.", "content": content}
    responses["5XX"] = {"description": "The service cannot answer now.", "content": content}


def _exemplify(operation: Object, schemas: Object) -> None:
    """Gives the answer the example of its model."""
    content = _child(_child(_child(operation, "responses"), "200"), "content")
    if "application/json" in content:
        media = _child(content, "application/json")
        model = str(_child(media, "schema")["$ref"]).rpartition("/")[2]
        media["example"] = cast(list[JsonValue], _child(schemas, model)["examples"])[0]


def _child(parent: Object, name: str) -> Object:
    return cast(Object, parent[name])
