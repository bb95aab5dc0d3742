"""An evaluation as one page to look at: plots first, every query below, nothing to load."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from eval import plots
from eval.evaluation import HEADLINE, Comparison, Evaluation, Score
from eval.metrics import BUDGET, DEPTH, FOOTNOTE, MEASURES
from eval.plots import Dot, Row, Strip
from index.strength import STRONG

_TEMPLATE = "report.html"
_MOST_TOLD = 5
_GREY = 5
"""The series whose colour no run of a usual evaluation has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The runs compared on one measure: a plot, and the queries that differ most."""

    comparison: Comparison
    plot: Markup
    better: int
    same: int
    worse: int
    gains: tuple[tuple[str, float], ...]
    losses: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRow:
    """One query in the table of all."""

    id: str
    text: str
    values: tuple[float | None, ...]
    """Of each run on the first headline measure; None where nothing is judged."""
    flagged: str
    """What is wrong with the engine's word on its strength, if anything is."""


def page(evaluation: Evaluation) -> str:
    """HTML, whole in itself."""
    subject = evaluation.scores[0]
    return _template().render(
        evaluation=evaluation,
        subject=subject,
        names=[score.run for score in evaluation.scores],
        headline=HEADLINE[0],
        verdicts=[each for each in evaluation.comparisons if each.measure == HEADLINE[0]],
        comparisons=evaluation.comparisons,
        budget=BUDGET,
        footnote=FOOTNOTE,
        means=_means(evaluation.scores),
        against=list(_against(evaluation)),
        curves=_curves(evaluation.scores),
        slices=list(_slices(evaluation.scores)),
        latency=_latency(evaluation.scores),
        strengths=_strengths(evaluation),
        queries=list(_queries(evaluation)),
    )


@cache
def _template() -> Template:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return pages.get_template(_TEMPLATE)


def _means(scores: Sequence[Score]) -> Markup:
    rows = [
        Row(
            label=measure,
            dots=tuple(
                Dot(
                    series=series,
                    value=found.mean,
                    interval=found,
                    title=f"{score.run}: {found.mean:.3f} ({found.low:.3f} to {found.high:.3f})",
                )
                for series, score in enumerate(scores)
                if (found := score.means.get(measure)) is not None
            ),
        )
        for measure in MEASURES
    ]
    return plots.dots(rows)


def _against(evaluation: Evaluation) -> Iterator[Against]:
    for comparison in evaluation.comparisons:
        if comparison.measure == HEADLINE[0]:
            ours = evaluation.score(comparison.run).values(comparison.measure)
            theirs = evaluation.score(comparison.baseline).values(comparison.measure)
            differing = {query: ours[query] - theirs[query] for query in ours if query in theirs}
            ordered = sorted(differing.items(), key=lambda each: -each[1])
            yield Against(
                comparison=comparison,
                plot=plots.bars(
                    [
                        (value, f"{query} {value:+.3f}: {evaluation.queries[query]}")
                        for query, value in ordered
                    ],
                    label=comparison.measure,
                ),
                better=sum(value > 0 for value in differing.values()),
                same=sum(value == 0 for value in differing.values()),
                worse=sum(value < 0 for value in differing.values()),
                gains=tuple(each for each in ordered[:_MOST_TOLD] if each[1] > 0),
                losses=tuple(each for each in ordered[::-1][:_MOST_TOLD] if each[1] < 0),
            )


def _curves(scores: Sequence[Score]) -> Markup:
    return plots.curves(
        [score.curve for score in scores],
        [score.run for score in scores],
        across=f"results read, 1 to {DEPTH}",
    )


def _slices(scores: Sequence[Score]) -> Iterator[tuple[str, Markup]]:
    """A plot for each label that slices the queries, the one that most of them have first."""
    labelled: Counter[str] = Counter()
    for each in scores[0].slices:
        labelled[each.label] += each.queries
    for label in sorted(labelled, key=lambda label: (label != "type", -labelled[label])):
        several = zip(*(score.slices for score in scores), strict=True)
        rows = [
            Row(
                label=f"{slices[0].value} ({slices[0].queries})",
                dots=tuple(
                    Dot(
                        series=series,
                        value=each.means[HEADLINE[0]],
                        title=f"{score.run}: {each.means[HEADLINE[0]]:.3f}",
                    )
                    for series, (score, each) in enumerate(zip(scores, slices, strict=True))
                ),
            )
            for slices in several
            if slices[0].label == label
        ]
        yield label.replace("_", " "), plots.dots(rows)


def _latency(scores: Sequence[Score]) -> Markup | None:
    timed = [score for score in scores if len(score.milliseconds) > 1]
    if not timed:
        return None
    rows = [
        Strip(
            label=score.run,
            series=series,
            values=tuple((value, f"{value:.1f} ms") for value in score.milliseconds),
            marks=tuple(
                (value, f"{name} {value:.1f}")
                for name, value in (
                    ("p50", statistics.median(score.milliseconds)),
                    ("p95", _percentile(score.milliseconds, 95)),
                )
            ),
        )
        for series, score in enumerate(timed)
    ]
    across = plots.spread({score.run: score.milliseconds for score in timed})
    return plots.strips(rows, across, label="milliseconds a query, warm, evidence included")


def _strengths(evaluation: Evaluation) -> Markup | None:
    strengths = evaluation.scores[0].strengths
    judged = evaluation.scores[0].by_query.keys()
    if not strengths or not evaluation.unanswerable:
        return None
    answerable = [query for query in evaluation.queries if query in judged]
    others = [query for query in evaluation.nothing_answers if query in strengths]
    rows = [
        Strip(
            label=label,
            series=series,
            values=tuple(
                (strengths[query], f"{query}: {evaluation.queries[query]}") for query in queries
            ),
            marks=((STRONG, mark),),
        )
        for label, series, queries, mark in (
            ("answerable", 0, answerable, "strong from here"),
            ("unanswerable", _GREY, others, ""),
        )
    ]
    return plots.strips(rows, plots.share(), label="estimated chance that anything answers")


def _queries(evaluation: Evaluation) -> Iterator[QueryRow]:
    """The worst first, those without judgements last."""
    measured = {score.run: score.values(HEADLINE[0]) for score in evaluation.scores}
    served = measured[evaluation.scores[0].run]
    flags = evaluation.scores[0].flags
    for query in sorted(evaluation.queries, key=lambda query: served.get(query, 2.0)):
        wrong = "wrongly" if flags and query in flags.wrong else ""
        missed = "not" if flags and query in flags.missed else ""
        yield QueryRow(
            id=query,
            text=evaluation.queries[query],
            values=tuple(values.get(query) for values in measured.values()),
            flagged=wrong or missed,
        )


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
