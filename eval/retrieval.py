"""Runs: what a search, or another system, gives for every query of a collection."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from eval.collection import Collection, Topic
from eval.crediting import Assessor, Excerpt
from eval.metrics import DEPTH
from eval.results import Circumstances, circumstances
from index.casebook import Casebook
from index.generation import Generation
from index.search import Mode, Query
from index.strength import Grade
from ingest.errors import BadQuery

RECIPROCAL_RANK = "rrf"
RANKS_ADDED = 60
"""The constant of the published formula."""
PACKAGES = ("onnxruntime", "qdrant-edge-py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One rank of a run."""

    id: str
    """Of the passage; another system's own name where the text is not a passage of the index."""
    score: float
    excerpt: Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one query got."""

    ranking: tuple[Ranked, ...]
    seconds: float | None = None
    """Of a warm search for ten; None where it was not made here."""
    score: float | None = None
    """The estimated chance that anything answers the query."""
    flagged: bool | None = None
    """Whether the engine says that nothing here is strong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What made a run."""

    configuration: str
    model: str
    weights_sha256: str
    chunker: str
    """The pipeline that cut the passages, and its settings."""
    generation: str
    settings: Mapping[str, str]
    """Of the index."""
    passages: int
    circumstances: Circumstances
    reranker: str | None = None
    """Name and hash of what put the best passages in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A ranking for every query."""

    name: str
    maker: Maker | None
    """None for another system's."""
    answers: Mapping[str, Answered] = field(default_factory=dict[str, Answered])

    @property
    def milliseconds(self) -> tuple[float, ...]:
        """Of each query, in their order."""
        times = (answered.seconds for answered in self.answers.values())
        return tuple(1000 * seconds for seconds in times if seconds is not None)


def runs(
    casebook: Casebook, collection: Collection, assessor: Assessor, *, modes: Iterable[Mode] = Mode
) -> tuple[Run, ...]:
    """One of each mode, over the same index; of all modes, also the lanes fused by rank."""
    made = {mode: _run(casebook, collection, assessor, mode) for mode in modes}
    if not made.keys() >= {*Mode}:
        return tuple(made.values())
    return *made.values(), fused(made[Mode.DENSE], made[Mode.LEXICAL])


def fused(*runs: Run) -> Run:
    """Runs fused by reciprocal rank (Cormack and others 2009): what scores have to be better than.

    It knows no more than the depth of each run.
    """
    first = runs[0]
    return Run(
        name=RECIPROCAL_RANK,
        maker=first.maker and replace(first.maker, configuration=RECIPROCAL_RANK),
        answers={
            query: Answered(ranking=_by_rank([run.answers[query].ranking for run in runs]))
            for query in first.answers
        },
    )


def _by_rank(rankings: Sequence[Sequence[Ranked]]) -> tuple[Ranked, ...]:
    scores: defaultdict[str, float] = defaultdict(float)
    ranked = {each.id: each for ranking in rankings for each in ranking}
    for ranking in rankings:
        for rank, each in enumerate(ranking, start=1):
            scores[each.id] += 1 / (RANKS_ADDED + rank)
    best = sorted(scores, key=lambda id: (-scores[id], id))
    return tuple(replace(ranked[id], score=scores[id]) for id in best)


def _run(casebook: Casebook, collection: Collection, assessor: Assessor, mode: Mode) -> Run:
    for topic in collection.topics[:3]:
        _answered(casebook, topic, assessor, mode)
    return Run(
        name=mode.value,
        maker=maker(casebook, mode.value),
        answers={
            topic.id: _answered(casebook, topic, assessor, mode) for topic in collection.topics
        },
    )


def _answered(casebook: Casebook, topic: Topic, assessor: Assessor, mode: Mode) -> Answered:
    begun = time.perf_counter()
    try:
        answer = casebook.search(Query(text=topic.text, k=10, mode=mode))
    except BadQuery as error:
        raise BadQuery(f"Query {topic.id}: {error.problem}", remedy=error.remedy) from error
    seconds = time.perf_counter() - begun
    hits = casebook.searcher(mode)(Query(text=topic.text, k=DEPTH))
    return Answered(
        ranking=tuple(
            Ranked(
                id=hit.passage,
                score=hit.score,
                excerpt=assessor.passage(hit.passage, hit.document),
            )
            for hit in hits
        ),
        seconds=seconds,
        score=answer.strength.score,
        flagged=answer.strength.grade is not Grade.STRONG,
    )


def maker(casebook: Casebook, configuration: str) -> Maker:
    """What answers, as the index was stamped."""
    generation = Generation.read(casebook.data, casebook.generation)
    chunkers = {
        _chunker(stamp.pipeline, stamp.settings) for stamp in generation.stamp.documents.values()
    }
    return Maker(
        configuration=configuration,
        model=generation.stamp.embedder,
        weights_sha256=generation.stamp.weights_sha256,
        chunker="; ".join(sorted(chunkers)),
        generation=generation.name,
        settings=generation.stamp.settings,
        passages=len(generation.rows.passages),
        circumstances=circumstances(*PACKAGES),
        reranker=_reranker(casebook, configuration),
    )


def _reranker(casebook: Casebook, configuration: str) -> str | None:
    """None where one lane alone answers, which is left as it is."""
    reranker = casebook.reranker
    if reranker is None or configuration != Mode.HYBRID:
        return None
    return f"{reranker.name} {reranker.weights_sha256}"


def _chunker(pipeline: str, settings: Mapping[str, str]) -> str:
    return f"{pipeline}, {settings.get('passage_tokens', '?')} tokens"
