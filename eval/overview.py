"""An evaluation as tables for a terminal."""

from collections.abc import Iterator, Sequence

import numpy as np
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from eval.coders import FEWEST, Agreed, CoderAgreement, Disagreement
from eval.evaluation import HEADLINE, Comparison, Evaluation, Flags, Score
from eval.metrics import FOOTNOTE, MEASURES
from eval.results import Detail, Result
from eval.retrieval import Maker
from eval.significance import Interval
from eval.tables import plain_row

_MOST_LOST = 5
_NO_INTERVAL = "*"
_MOST_SHOWN = 20
"""Disagreements; all of them are in the JSON."""


def shown(measured: Evaluation | CoderAgreement | Sequence[Result]) -> Iterator[RenderableType]:
    """Any of what can be measured."""
    if isinstance(measured, CoderAgreement):
        yield from agreement(measured)
    elif isinstance(measured, Evaluation):
        yield from overview(measured)
    else:
        for result in measured:
            yield from figures(result)


def overview(evaluation: Evaluation) -> Iterator[RenderableType]:
    """What was measured, the measures of each run, their differences, slices and flags."""
    yield Text(_said(evaluation))
    yield _measures(evaluation.scores)
    if evaluation.judged:
        yield Text(FOOTNOTE, style="dim")
    for score in evaluation.scores:
        if score.unknown:
            yield Text(f"{score.run}: {score.unknown} results are not in the index's text.", "red")
    if evaluation.comparisons:
        yield _comparisons(evaluation.comparisons)
    if any(score.slices for score in evaluation.scores):
        yield _slices(evaluation.scores)
    for score in evaluation.scores[:1]:
        yield from _flags(score.flags)
        yield from _made_by(score)


def figures(result: Result) -> Iterator[RenderableType]:
    """The figures of a measurement beside their goals, and the cases that fell short."""
    table = _table(result.title, "figure", "goal", "measured", "")
    for figure in result.figures:
        style = "" if figure.reached else "red"
        table.add_row(*(Text(cell) for cell in plain_row(figure)), style=style)
    yield table
    for figure in result.figures:
        if figure.detail is not None:
            yield _detailed(figure.what, figure.detail)
        for exception in figure.exceptions:
            yield Text(f"{figure.what}: {exception}", style="dim")
    yield Text(f"Commit {result.circumstances.commit or 'unknown'}.", style="dim")


def _detailed(what: str, detail: Detail) -> Table:
    table = _table(what, *detail.columns)
    # Of eight columns on eighty characters the first is a name, and is not to be cut.
    table.columns[0].no_wrap = True
    table.padding = (0, 1, 0, 0)
    for row in detail.rows:
        table.add_row(*(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row))
    return table


def agreement(found: CoderAgreement) -> Iterator[RenderableType]:
    """Agreement on each tag, and the sentences on which it is least."""
    yield Text(
        f"{found.sentences} sentences of {', '.join(found.documents)}, judged by "
        f"{', '.join(found.coders)}. Intervals are 95%, over passages."
    )
    yield _agreements(found)
    if any(each.low is None for each in _measured(found)):
        yield Text(
            f"{_NO_INTERVAL} No interval where the people together, or either of two, gave the tag "
            f"to fewer than {FEWEST} sentences.",
            "dim",
        )
    for lost in found.lost[:_MOST_LOST]:
        yield Text(f"Left out, {lost}", style="red")
    if len(found.lost) > _MOST_LOST:
        yield Text(f"... and {len(found.lost) - _MOST_LOST} more.", style="red")
    if found.disagreements:
        count = min(_MOST_SHOWN, len(found.disagreements))
        yield Text(f"The {count} worst of {len(found.disagreements)} disagreements", "bold")
        yield from map(_disagreement, found.disagreements[:_MOST_SHOWN])


def _agreements(found: CoderAgreement) -> Table:
    table = _table("Agreement on each tag", "tag", "between", "sentences", "agreement", "95%")
    for tag in (*found.tags, found.pooled):
        if len(found.coders) > 2:
            table.add_row(tag.tag, "people", "", *_agreed("alpha", tag.alpha))
        for pair in tag.pairs:
            first, second = pair.coders
            counts = f"{tag.sentences[first]}, {tag.sentences[second]}; both {pair.both}"
            between = f"{first}, {second}"
            table.add_row(tag.tag, between, counts, *_agreed("kappa", pair.kappa))
    return table


def _agreed(measure: str, found: Agreed | None) -> tuple[str, str]:
    if found is None:
        return f"{measure} undefined", ""
    if found.low is None or found.high is None:
        return f"{measure} {found.value:z.2f}", _NO_INTERVAL
    return f"{measure} {found.value:z.2f}", f"{found.low:z.2f} to {found.high:z.2f}"


def _measured(found: CoderAgreement) -> Iterator[Agreed]:
    for tag in (*found.tags, found.pooled):
        measures = (tag.alpha, *(pair.kappa for pair in tag.pairs))
        yield from (measure for measure in measures if measure is not None)


def _disagreement(found: Disagreement) -> Text:
    tags = "; ".join(f"{tag}: {', '.join(who)}" for tag, who in found.given.items())
    return Text(f"{tags} (of {', '.join(found.coders)})\n{found.passage}: {found.sentence}\n")


def _said(evaluation: Evaluation) -> str:
    said = (
        f"{evaluation.collection}: {len(evaluation.queries)} queries, {evaluation.judged} of them "
        f"judged on {evaluation.places} places, {evaluation.unanswerable} unanswerable"
        f"{_of_unjudged(evaluation)}; relevant is grade {evaluation.relevant} or more"
    )
    if not evaluation.lost:
        return f"{said}."
    some = ", ".join(evaluation.lost[:_MOST_LOST])
    more = f" and {len(evaluation.lost) - _MOST_LOST} more" * (len(evaluation.lost) > _MOST_LOST)
    return f"{said}.\nNot in the index, and so never found: {some}{more}."


def _of_unjudged(evaluation: Evaluation) -> str:
    judged_by_none = f", {evaluation.unjudged} not judged" * bool(evaluation.unjudged)
    not_asked = f"; {evaluation.left_out} more queries without judgements were not asked"
    return judged_by_none + not_asked * bool(evaluation.left_out)


def _measures(scores: Sequence[Score]) -> Table:
    runs = [score.run for score in scores]
    table = _table("Means over the judged queries, with 95% intervals", "measure", *runs)
    for measure in (each for each in MEASURES if any(each in score.means for score in scores)):
        table.add_row(measure, *(_mean(score.means.get(measure)) for score in scores))
    table.add_row("ms, p50", *(_percentile(score.milliseconds, 50) for score in scores))
    table.add_row("ms, p95", *(_percentile(score.milliseconds, 95) for score in scores))
    return table


def _comparisons(comparisons: Sequence[Comparison]) -> Table:
    table = _table(
        "Paired differences, bootstrap and permutation over queries",
        *("difference", "measure", "mean", "95% interval", "p", "p (Holm)"),
    )
    for each in comparisons:
        found = each.difference.interval
        table.add_row(
            f"{each.run} - {each.baseline}",
            each.measure,
            f"{found.mean:+.3f}",
            f"{found.low:+.3f} to {found.high:+.3f}",
            _p(each.difference.p),
            _p(each.corrected_p),
            style="green" if found.low > 0 else "red" if found.high < 0 else "",
        )
    return table


def _slices(scores: Sequence[Score]) -> Table:
    measure = HEADLINE[0]
    runs = [score.run for score in scores]
    table = _table(f"{measure} by type and slice: few queries each, so hints", "", "queries", *runs)
    several = zip(*(score.slices for score in scores), strict=True)
    for slices in sorted(several, key=lambda each: each[0].label != "type"):
        first = slices[0]
        table.add_row(
            f"{first.label.replace('_', ' ')}: {first.value}",
            str(first.queries),
            *(f"{each.means[measure]:.3f}" for each in slices),
        )
    return table


def _flags(flags: Flags | None) -> Iterator[Text]:
    if flags is not None and flags.unanswerable:
        rightly = _share(flags.unanswerable_flagged, flags.unanswerable)
        wrongly = _share(flags.answerable_flagged, flags.answerable)
        yield Text(
            f'"Nothing strong here": said of {rightly} unanswerable queries, and wrongly of '
            f"{wrongly} answerable ones.{_separated(flags.separation)}"
        )


def _separated(chance: float | None) -> str:
    if chance is None:
        return ""
    return (
        f" An answerable one is thought stronger than an unanswerable one {chance:.0%} of the time."
    )


def _made_by(score: Score) -> Iterator[Text]:
    if (maker := score.maker) is not None:
        yield Text(
            f"{maker.model} ({maker.weights_sha256[:12]}), {_reranked(maker)}"
            f"{maker.passages} passages cut by "
            f"{maker.chunker}, generation {maker.generation}, "
            f"commit {maker.circumstances.commit or 'unknown'}.",
            style="dim",
        )


def _reranked(maker: Maker) -> str:
    if maker.reranker is None:
        return ""
    name, _, sha256 = maker.reranker.rpartition(" ")
    return f"reranked by {name} ({sha256[:12]}), "


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", overflow="fold")
    return table


def _mean(found: Interval | None) -> str:
    if found is None:
        return ""
    return f"{found.mean:.3f}\n{_short(found.low)}-{_short(found.high)}"


def _short(value: float) -> str:
    """So short that the intervals of six runs stand side by side on a terminal of 80 columns."""
    return f"{value:.3f}".removeprefix("0")


def _percentile(milliseconds: Sequence[float], percent: int) -> str:
    return f"{np.percentile(milliseconds, percent):.1f}" if milliseconds else ""


def _p(value: float) -> str:
    return "<.001" if value < 0.001 else f"{value:.3f}"


def _share(count: int, of: int) -> str:
    return f"{count} of {of} ({count / of:.0%})" if of else "none of 0"
