"""Products of matrices do not take the processors from those who embed or read beside them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from threadpoolctl import threadpool_info, threadpool_limits
from toyembedder import ToyEmbedder
from typer.testing import CliRunner

from api.cli import app
from api.processors import one_thread_for_products
from api.settings import settings
from index.embedder import Vectors


def _threads() -> set[int]:
    """Of each BLAS that is loaded."""
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


class _Noting(ToyEmbedder):
    """Notes how many threads a product would take whenever texts are embedded."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.seen |= _threads()
        return super().passages(texts)


def test_products_take_one_thread_for_as_long_as_they_should() -> None:
    with threadpool_limits(2, user_api="blas"):
        with one_thread_for_products():
            assert _threads() == {1}
        assert _threads() == {2}


def test_a_build_keeps_products_to_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = _Noting()

    def toy(model: str, models: Path) -> ToyEmbedder:
        return embedder

    monkeypatch.setattr("api.building.prepare_embedder", toy)
    monkeypatch.delenv("QDRANT_URL", raising=False)
    report = tmp_path / "report.md"
    report.write_text("# Report\n\n1. Officers were not vetted.\n", encoding="utf-8")
    with threadpool_limits(2, user_api="blas"):
        _run("build", str(report), data=tmp_path / "data")
    assert embedder.seen == {1}


@pytest.mark.usefixtures("started")
def test_a_service_keeps_products_to_one_thread(
    harbour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving: list[set[int]] = []

    def note(service: FastAPI, **_: object) -> None:
        serving.append(_threads())

    monkeypatch.setattr(uvicorn, "run", note)
    with threadpool_limits(2, user_api="blas"):
        _run("serve", data=harbour)
    assert serving == [{1}]


def _run(*arguments: str, data: Path) -> None:
    settings.cache_clear()
    result = CliRunner().invoke(app, [*arguments, "--data", str(data)])
    assert result.exit_code == 0, result.stderr
