"""What the search was worth on each collection when it was last recorded, query by query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from eval.collection import Collection
from eval.evaluation import HEADLINE, Comparison, Evaluation, Flags
from eval.metrics import MEASURES
from eval.results import FOLDER
from eval.retrieval import Maker
from eval.significance import Difference, Interval, difference
from index.durable import write_durably
from index.search import Mode

SERVED = Mode.HYBRID.value
"""The run that is served, and so guarded."""
SIGNIFICANT = 0.05
_FILE = "retrieval-runs.json"
_LEAST_FALL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryValues:
    """What the served search is worth on one query, as it was judged then."""

    judged_as: str
    """Hash of the query and its judgements."""
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An evaluation as it is kept."""

    collection: str
    queries: int
    judged: int
    places: int
    means: Mapping[str, Mapping[str, Interval]]
    """By run, then by measure."""
    comparisons: tuple[Comparison, ...]
    flags: Flags | None
    maker: Maker | None
    by_query: Mapping[str, QueryValues]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """A measure that is significantly lower than recorded."""

    collection: str
    measure: str
    difference: Difference
    queries: tuple[str, ...]
    """Each that fell, with its text and both values, the deepest fall first."""


_file = TypeAdapter(tuple[Recorded, ...])


def read(folder: Path = FOLDER) -> tuple[Recorded, ...]:
    """What was recorded last; nothing before the first time."""
    path = folder / _FILE
    return _file.validate_json(path.read_bytes()) if path.exists() else ()


def write(recorded: Sequence[Recorded], folder: Path = FOLDER) -> None:
    write_durably(folder / _FILE, _file.dump_json(tuple(recorded), indent=1) + b"\n")


def recorded(collection: Collection, evaluation: Evaluation, *, name: str) -> Recorded:
    """An evaluation as it is kept, under the name of what was measured."""
    served = evaluation.score(SERVED)
    return Recorded(
        collection=name,
        queries=len(evaluation.queries),
        judged=evaluation.judged,
        places=evaluation.places,
        means={score.run: score.means for score in evaluation.scores},
        comparisons=evaluation.comparisons,
        flags=served.flags,
        maker=served.maker,
        by_query={
            query: QueryValues(
                judged_as=judged_as(collection, query),
                values={name: round(values[name], 6) for name in MEASURES if name in values},
            )
            for query, values in served.by_query.items()
        },
    )


def judged_as(collection: Collection, query: str) -> str:
    """Changes when the query or one of its judgements does."""
    text = next(topic.text for topic in collection.topics if topic.id == query)
    judged = sorted(repr(asdict(judgement)) for judgement in collection.by_query[query])
    return sha256("\n".join((text, *judged)).encode()).hexdigest()[:12]


def falls(before: Recorded, now: Recorded, texts: Mapping[str, str]) -> Iterator[Fall]:
    """Of the measures that count most, over the queries that are judged as they were."""
    for measure in HEADLINE:
        values = {
            query: (kept.values[measure], now.by_query[query].values[measure])
            for query, kept in before.by_query.items()
            if measure in kept.values and query in unchanged(before, now)
        }
        if not values:
            continue
        found = difference([n for _, n in values.values()], [b for b, _ in values.values()])
        if found.is_loss and found.p < SIGNIFICANT:
            yield Fall(
                collection=now.collection,
                measure=measure,
                difference=found,
                queries=tuple(_fallen(values, texts)),
            )


def unchanged(before: Recorded, now: Recorded) -> frozenset[str]:
    """The queries that are asked and judged now as they were before."""
    return frozenset(
        query
        for query, kept in before.by_query.items()
        if query in now.by_query and now.by_query[query].judged_as == kept.judged_as
    )


def _fallen(values: Mapping[str, tuple[float, float]], texts: Mapping[str, str]) -> Iterator[str]:
    deepest = sorted(values, key=lambda query: values[query][1] - values[query][0])
    for query in deepest:
        before, after = values[query]
        if after < before - _LEAST_FALL:
            yield f"{query} {before:.3f} -> {after:.3f}  {texts[query]}"
