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


def test_a_build_and_a_service_keep_products_to_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, serving = _Noting(), list[set[int]]()

    def toy(model: str, models: Path) -> ToyEmbedder:
        return embedder

    def note(service: FastAPI, **_: object) -> None:
        serving.append(_threads())

    def free(host: str, port: int) -> None:
        """Every port is."""

    monkeypatch.setattr("api.building.prepare_embedder", toy)
    monkeypatch.setattr("api.corpus.load_embedder", toy)
    monkeypatch.setattr("api.serving.refuse_taken", free)
    monkeypatch.setattr("api.serving.log_to_stderr", lambda: None)
    monkeypatch.setattr(uvicorn, "run", note)
    monkeypatch.delenv("QDRANT_URL", raising=False)
    settings.cache_clear()
    report = tmp_path / "report.md"
    report.write_text("# Report\n\n1. Officers were not vetted.\n", encoding="utf-8")
    with threadpool_limits(2, user_api="blas"):
        for command in (["build", str(report)], ["serve"]):
            result = CliRunner().invoke(app, [*command, "--data", str(tmp_path / "data")])
            assert result.exit_code == 0, result.stderr
    assert embedder.seen == {1}
    assert serving == [{1}]
