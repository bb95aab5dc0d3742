"""Runs over a collection, scored, sliced and compared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.collection import Collection, Topic
from eval.crediting import Assessor, Step
from eval.metrics import DEPTH, MEASURES, recall
from eval.retrieval import Maker, Run
from eval.significance import Difference, Interval, difference, holm, interval

HEADLINE = ("nDCG@10", "R@20")
"""What is compared, sliced, and guarded against a loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The judged queries that share a label."""

    label: str
    value: str
    queries: int
    means: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """How often the engine says that nothing here is strong."""

    unanswerable: int
    unanswerable_flagged: int
    answerable: int
    answerable_flagged: int
    """Wrongly: something in the documents answers them."""
    missed: tuple[str, ...]
    """Unanswerable queries that are not flagged."""
    wrong: tuple[str, ...]
    """Answerable ones that are."""
    separation: float | None = None
    """The chance that an answerable query is thought stronger than an unanswerable one; by luck
    alone one half. None where it is not said how strong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one run is worth."""

    run: str
    maker: Maker | None
    means: Mapping[str, Interval]
    """By measure, over the judged queries that it means something of."""
    by_query: Mapping[str, Mapping[str, float]]
    """By judged query, then by measure; a measure that means nothing of a query is left out."""
    slices: tuple[Slice, ...]
    curve: tuple[float, ...]
    """Mean recall at 1, 2, 3 ..."""
    milliseconds: tuple[float, ...]
    """Of each query; empty for a run that was not made here."""
    flags: Flags | None
    """None for a run that does not say how strong its answers are."""
    unknown: int
    """Results to judged queries that are not in the index's text, and so earn nothing."""
    strengths: Mapping[str, float]
    """The estimated chance that anything answers a query, by query, where the run tells it."""

    def values(self, measure: str) -> Mapping[str, float]:
        """By query."""
        return {
            query: measured[measure]
            for query, measured in self.by_query.items()
            if measure in measured
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One run minus another, query by query."""

    run: str
    baseline: str
    measure: str
    difference: Difference
    corrected_p: float
    """By Holm, over the runs compared on this measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What `casebook eval` found out about a collection."""

    collection: str
    queries: Mapping[str, str]
    """Text by id, of all."""
    judged: int
    nothing_answers: tuple[str, ...]
    """Ids of the unanswerable queries."""
    places: int
    relevant: int
    """The least grade of what counts as relevant."""
    lost: tuple[str, ...]
    """Judged places that are not in the index, which count as never found."""
    scores: tuple[Score, ...]
    comparisons: tuple[Comparison, ...]
    left_out: int = 0
    """Queries in the collection's files that were not asked."""

    @property
    def unanswerable(self) -> int:
        return len(self.nothing_answers)

    @property
    def unjudged(self) -> int:
        """Queries that were asked, and of which nobody said what answers them."""
        return len(self.queries) - self.judged - self.unanswerable

    def score(self, run: str) -> Score:
        return next(score for score in self.scores if score.run == run)


def evaluation(
    collection: Collection, assessor: Assessor, runs: Sequence[Run], *, subject: str
) -> Evaluation:
    """The runs scored, and the one called `subject` compared with every other."""
    scores = tuple(_score(collection, assessor, run) for run in runs)
    return Evaluation(
        collection=collection.name,
        queries={topic.id: topic.text for topic in collection.topics},
        judged=len(collection.judged),
        nothing_answers=tuple(topic.id for topic in collection.unanswerable),
        places=sum(judgement.grade > 0 for judgement in collection.judgements),
        relevant=collection.relevant,
        lost=tuple(f"{each.query}: {each.document}" for each in assessor.lost),
        scores=scores,
        comparisons=tuple(_comparisons(scores, subject)),
        left_out=collection.left_out,
    )


def better(scores: Iterable[Score], measure: str) -> Score:
    """The one with the higher mean."""
    return max(scores, key=lambda score: score.means[measure].mean)


def _score(collection: Collection, assessor: Assessor, run: Run) -> Score:
    steps = {topic.id: _steps(topic, assessor, run) for topic in collection.judged}
    grades = {
        topic.id: [j.grade for j in collection.by_query[topic.id] if j.grade]
        for topic in collection.judged
    }
    by_query = {
        query: {
            name: value
            for name, measure in MEASURES.items()
            if (value := measure(steps[query], grades[query], relevant=collection.relevant))
            is not None
        }
        for query in steps
    }
    return Score(
        run=run.name,
        maker=run.maker,
        means={
            name: interval(values)
            for name in MEASURES
            if (values := _values(by_query.values(), name))
        },
        by_query=by_query,
        slices=tuple(_slices(collection.judged, by_query)),
        curve=tuple(_curve(steps, grades, collection.relevant)),
        milliseconds=run.milliseconds,
        flags=_flags(collection, run),
        unknown=sum(
            not ranked.excerpt.regions
            for query in by_query
            if (answered := run.answers.get(query))
            for ranked in answered.ranking[:DEPTH]
        ),
        strengths={
            query: answered.score
            for query, answered in run.answers.items()
            if answered.score is not None
        },
    )


def _steps(topic: Topic, assessor: Assessor, run: Run) -> tuple[Step, ...]:
    answered = run.answers.get(topic.id)
    ranking = answered.ranking[:DEPTH] if answered else ()
    return assessor.steps(topic.id, (ranked.excerpt for ranked in ranking))


def _values(measured: Iterable[Mapping[str, float]], measure: str) -> list[float]:
    return [values[measure] for values in measured if measure in values]


def _slices(
    topics: Sequence[Topic], by_query: Mapping[str, Mapping[str, float]]
) -> Iterator[Slice]:
    grouped: defaultdict[tuple[str, str], list[Mapping[str, float]]] = defaultdict(list)
    for topic in topics:
        for label, value in topic.labels.items():
            grouped[label, value].append(by_query[topic.id])
    for (label, value), measured in sorted(grouped.items()):
        sliced = {name: _values(measured, name) for name in MEASURES}
        yield Slice(
            label=label,
            value=value,
            queries=len(measured),
            means={name: sum(some) / len(some) for name, some in sliced.items() if some},
        )


def _curve(
    steps: Mapping[str, Sequence[Step]], grades: Mapping[str, Sequence[int]], relevant: int
) -> Iterator[float]:
    for k in range(1, DEPTH + 1):
        values = [recall(steps[query], grades[query], k=k, relevant=relevant) for query in steps]
        known = [value for value in values if value is not None]
        yield sum(known) / len(known) if known else 0.0


def _flags(collection: Collection, run: Run) -> Flags | None:
    answers = [run.answers.get(topic.id) for topic in collection.topics]
    if any(answered is None or answered.flagged is None for answered in answers):
        return None
    flagged = {query: answered.flagged for query, answered in run.answers.items()}
    missed = [topic.id for topic in collection.unanswerable if not flagged[topic.id]]
    wrong = [topic.id for topic in collection.judged if flagged[topic.id]]
    return Flags(
        unanswerable=len(collection.unanswerable),
        unanswerable_flagged=len(collection.unanswerable) - len(missed),
        answerable=len(collection.judged),
        answerable_flagged=len(wrong),
        missed=tuple(missed),
        wrong=tuple(wrong),
        separation=_separation(collection, run),
    )


def _separation(collection: Collection, run: Run) -> float | None:
    """The area under the curve of true against false answers, over all thresholds."""
    above = [run.answers[topic.id].score for topic in collection.judged]
    below = [run.answers[topic.id].score for topic in collection.unanswerable]
    pairs = [
        (high > low) + 0.5 * (high == low)
        for high in above
        for low in below
        if high is not None and low is not None
    ]
    return sum(pairs) / len(pairs) if pairs else None


def _comparisons(scores: Sequence[Score], subject: str) -> Iterator[Comparison]:
    (measured,) = (score for score in scores if score.run == subject)
    others = [score for score in scores if score.run != subject]
    for measure in (each for each in HEADLINE if each in measured.means):
        found = [compared(measured, other, measure) for other in others]
        corrected = holm([each.p for each in found])
        for other, each, p in zip(others, found, corrected, strict=True):
            yield Comparison(
                run=subject,
                baseline=other.run,
                measure=measure,
                difference=each,
                corrected_p=p,
            )


def compared(score: Score, baseline: Score, measure: str) -> Difference:
    """Over the queries that both were judged on."""
    ours, theirs = score.values(measure), baseline.values(measure)
    shared = [query for query in ours if query in theirs]
    return difference([ours[query] for query in shared], [theirs[query] for query in shared])
