"""How well a recommendation that repeats an earlier one is told from others on like themes.

The pairs of `gold/lineage.jsonl` are invented, in the manner of inquiries into many subjects; each
belongs together and with no other. Recommendations of unrelated real inquiries never do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from eval.inquiries import read, sources
from index.embedder import DEFAULT_MODEL, Embedder
from index.export import prepare_embedder
from index.lexical import words
from ingest.model import LineageRelation
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.lineage import ALIKE, Weighed, likeness

GOLD = Path(__file__).parent / "gold" / "lineage.jsonl"
MODELS = Path(__file__).parent.parent / ".casebook" / "models"
"""Where the exported embedder is kept between measurements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two invented recommendations, of which the later asks again for what the earlier asked."""

    recommendation: str
    earlier: str
    relation: LineageRelation


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageScores:
    """Pairs shown, of those that belong together and of those that do not."""

    true: int
    true_shown: int
    others: int
    """Pairs made of halves of different pairs; some are on like themes."""
    others_shown: int
    unrelated: int
    """Pairs of recommendations of unrelated real inquiries."""
    unrelated_shown: int


def measure(real_documents: Path) -> LineageScores:
    """With the packaged embedder, exported first where that was not done yet."""
    embedder = prepare_embedder(DEFAULT_MODEL, MODELS)
    pairs = _pairs()
    written = [half for pair in pairs for half in (pair.earlier, pair.recommendation)]
    real = _real(real_documents)
    shown = _shown([*written, *(text for _, text in real)], embedder)
    true = {(2 * at, 2 * at + 1) for at in range(len(pairs))}
    others = set(combinations(range(len(written)), 2)) - true
    unrelated = {
        (one + len(written), other + len(written))
        for one, other in combinations(range(len(real)), 2)
        if real[one][0] != real[other][0]
    }
    return LineageScores(
        true=len(true),
        true_shown=len(true & shown),
        others=len(others),
        others_shown=len(others & shown),
        unrelated=len(unrelated),
        unrelated_shown=len(unrelated & shown),
    )


def _pairs() -> list[Pair]:
    adapter = TypeAdapter(Pair)
    return [adapter.validate_json(line) for line in GOLD.read_text("utf-8").splitlines()]


def _real(folder: Path) -> list[tuple[str, str]]:
    """Document and words of every recommendation of the real reports."""
    found: list[tuple[str, str]] = []
    for source in sources(folder):
        if source.kind != "response":
            taken = read(folder, source)
            for each in recommendations(taken.document, taken.reading):
                if each.kind == "recommendation":
                    found.append((taken.document.id, each.span.of(taken.reading.text)))
    return found


def _shown(texts: Sequence[str], embedder: Embedder) -> set[tuple[int, int]]:
    vectors: NDArray[np.float32] = np.array([embedder.query(text) for text in texts])
    cosines = vectors @ vectors.T
    weighed = Weighed([[stem for stem, _, _ in words(text)] for text in texts])
    return {
        (one, other)
        for one, other in combinations(range(len(texts)), 2)
        if likeness(float(cosines[one, other]), weighed.shared(one, other)) >= ALIKE
    }
