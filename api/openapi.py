"""The contract as an OpenAPI document: every answer exemplified, every error a problem."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import JsonValue

from api import problem
from api.wire import Problem

COMMITTED = Path(__file__).parent / "openapi.json"
"""The document as it was last agreed to."""

Object = dict[str, JsonValue]


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
    for operation in _operations(document):
        _name_problems(operation)
        _exemplify(operation, schemas)
    return document


def printed(document: Object) -> str:
    """The document as it is committed."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _operations(document: Object) -> Iterator[Object]:
    for address in _child(document, "paths").values():
        yield from (cast(Object, operation) for operation in cast(Object, address).values())


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
