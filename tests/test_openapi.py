"""The committed OpenAPI document is the service's contract, and the service keeps to it."""

import ast
import inspect
import json
import os
from pathlib import Path
from typing import Protocol, cast

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    positive_data_acceptance,  # pyright: ignore[reportUnknownVariableType]
)
from toyembedder import ToyEmbedder

from api import wire
from api.app import service
from api.openapi import COMMITTED, Object, printed
from api.settings import Settings
from index.casebook import Live
from index.edge import EdgeEngine
from ingest import model

COPIED = Path(wire.__file__).parent / "client" / "casebook_client" / "wire.py"
"""The client's copy of the contract's objects, which installs without the engine."""

REGENERATE = "CASEBOOK_WRITE_OPENAPI"
"""Set to 1, document and copy are written instead of compared; review them as a diff."""


class _Case(Protocol):
    """What is used of a schemathesis case, whose own type is generic without saying of what."""

    def call_and_validate(self, *, excluded_checks: list[object]) -> object: ...


class _Operation(Protocol):
    def as_strategy(self, *, generation_mode: GenerationMode) -> SearchStrategy[_Case]: ...


_Response = dict[str, dict[str, Object]]


def _committed() -> Object:
    return cast(Object, json.loads(COMMITTED.read_text("utf-8")))


def _operations() -> list[tuple[str, str]]:
    paths = cast(dict[str, Object], _committed()["paths"])
    return [(path, method) for path, operations in paths.items() for method in operations]


def _asked() -> list[tuple[str, str, GenerationMode]]:
    """Well-formed requests of every operation, and ill-formed ones where any can be."""
    modes = {True: list(GenerationMode), False: [GenerationMode.POSITIVE]}
    paths = cast(dict[str, dict[str, Object]], _committed()["paths"])
    return [
        (path, method, mode)
        for path, method in _operations()
        for mode in modes[bool({"parameters", "requestBody"} & paths[path][method].keys())]
    ]


@pytest.fixture(scope="module")
def served(harbour: Path) -> FastAPI:
    return service(Live(harbour, embedder=ToyEmbedder(), engine=EdgeEngine()), Settings())


def test_the_committed_document_is_what_the_service_says(served: FastAPI) -> None:
    document = printed(cast(Object, served.openapi()))
    if os.environ.get(REGENERATE) == "1":
        COMMITTED.write_text(document, encoding="utf-8")
    assert document == COMMITTED.read_text("utf-8"), (
        f"the contract changed; if that is meant, run this test with {REGENERATE}=1 and review it"
    )


def _copied() -> str:
    """`api.wire` with what it imports of `ingest.model` put in place of the import."""
    source = inspect.getsource(wire)
    (imported,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ImportFrom) and node.module == model.__name__
    )
    statement = ast.get_source_segment(source, imported) or ""
    words = [inspect.getsource(getattr(model, alias.name)) for alias in imported.names]
    alone = source.replace(f"{statement}\n", "\n" + "\n\n".join(words) + "\n", 1)
    alone = alone.replace("\nimport datetime\n", "\nimport datetime\nfrom enum import StrEnum\n", 1)
    return f"# Made from api/wire.py by tests/test_openapi.py; changes belong there.\n{alone}"


def test_the_client_has_the_contracts_own_objects() -> None:
    if os.environ.get(REGENERATE) == "1":
        COPIED.write_text(_copied(), encoding="utf-8")
    assert _copied() == COPIED.read_text("utf-8"), (
        f"the contract changed; if that is meant, run this test with {REGENERATE}=1 and review it"
    )


def test_the_document_is_compared_and_not_written() -> None:
    assert REGENERATE not in os.environ, f"unset {REGENERATE}: with it nothing is compared"


@pytest.mark.parametrize(("path", "method"), _operations())
def test_every_answer_has_an_example_and_every_error_is_a_problem(path: str, method: str) -> None:
    paths = cast(dict[str, dict[str, dict[str, dict[str, _Response]]]], _committed()["paths"])
    responses = paths[path][method]["responses"]
    content = responses["200"]["content"]
    assert "text/plain" in content or "example" in content["application/json"]
    for status in ("4XX", "5XX"):
        assert list(responses[status]["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(("path", "method", "mode"), _asked())
def test_no_request_makes_the_service_break_its_contract(
    served: FastAPI, path: str, method: str, mode: GenerationMode
) -> None:
    contract = schemathesis.openapi.from_asgi("/openapi.json", served)
    operation = cast(_Operation, contract[path][method])
    health = [HealthCheck.too_slow, HealthCheck.filter_too_much]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=15, deadline=None, suppress_health_check=health, derandomize=True)
    def keeps_to_it(case: _Case) -> None:
        # No schema can say which tags, ids and cursors there are: refusing one is right.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    keeps_to_it()
