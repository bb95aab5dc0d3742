"""The goals of the search beside what was measured, and its tables for the README."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from eval import baseline
from eval.baseline import SERVED, Recorded
from eval.evaluation import Flags
from eval.indexed import CASEY, INQUIRIES
from eval.results import Figure, Result, circumstances, share
from eval.retrieval import PACKAGES
from eval.significance import Interval
from eval.tables import UNMEASURED
from index.search import Mode

NAME, TITLE = "retrieval", "Search, on judged queries"
# Reciprocal rank fusion of BM25 and MiniLM over 900-character passages, on the same queries.
RRF_NDCG, RRF_RECALL = 0.442, 0.584
SHOWN = ("nDCG@10", "R@20", "R@100", "RR@10")
_NAMES = {INQUIRIES: "three inquiries", CASEY: "Casey digests"}


def retrieval_result(recorded: Sequence[Recorded], full: Sequence[Recorded] = ()) -> Result:
    """Goals and what was measured; `full` is the same with the embedder's weights in float32."""
    return Result(
        name=NAME,
        title=TITLE,
        circumstances=circumstances(*PACKAGES),
        figures=(
            *(figure for each in recorded for figure in _ranking(each)),
            *_flags(recorded),
            *_separations(recorded),
            *(_precision(each, recorded) for each in full),
        ),
    )


def runs_table() -> str:
    """Each mode on each collection as recorded, in Markdown."""
    recorded = baseline.read()
    if not recorded:
        return UNMEASURED
    lines = [
        f"| collection | search | {' | '.join(SHOWN)} | {SERVED} above it, {SHOWN[0]} |",
        f"|---|---|{'---|' * len(SHOWN)}---|",
        *(_row(each, run) for each in recorded for run in each.means),
        "",
        " ".join(map(_about, recorded)),
    ]
    return "\n".join(lines)


def _ranking(recorded: Recorded) -> Iterator[Figure]:
    where = _where(recorded)
    goals = {"nDCG@10": RRF_NDCG + 0.06, "R@20": RRF_RECALL + 0.08}
    for measure, goal in goals.items():
        yield Figure(
            what=f"{measure}, {where}",
            value=round(recorded.means[SERVED][measure].mean, 3),
            of=recorded.judged,
            at_least=goal if recorded.collection == INQUIRIES else None,
            repeatable=False,
        )
    for measure in goals:
        lanes = [name for name in (Mode.DENSE.value, Mode.LEXICAL.value) if name in recorded.means]
        best = max(lanes, key=lambda name: recorded.means[name][measure].mean)
        (found,) = (
            each.difference.interval
            for each in recorded.comparisons
            if (each.baseline, each.measure) == (best, measure)
        )
        yield Figure(
            what=f"{measure} above the better lane ({best}), least of the 95% interval, {where}",
            value=round(found.low, 3),
            of=recorded.judged,
            at_least=0.0 if measure == "nDCG@10" else None,
            repeatable=False,
        )


def _flags(recorded: Sequence[Recorded]) -> Iterator[Figure]:
    """Over all collections, for which there are goals, and of each."""
    flags = {each.collection: each.flags for each in recorded if each.flags is not None}
    yield from _flagged(list(flags.values()), unanswerable=80.0, answerable=5.0)
    for each in recorded:
        if each.collection in flags and len(flags) > 1:
            yield from _flagged([flags[each.collection]], where=f", {_where(each)}")


def _flagged(
    flags: Sequence[Flags],
    *,
    where: str = "",
    unanswerable: float | None = None,
    answerable: float | None = None,
) -> Iterator[Figure]:
    missing = sum(each.unanswerable for each in flags)
    there = sum(each.answerable for each in flags)
    if missing and there:
        yield replace(
            share(
                f"unanswerable queries of which that is said{where}",
                sum(each.unanswerable_flagged for each in flags),
                missing,
                at_least=unanswerable,
            ),
            repeatable=False,
        )
        wrongly = sum(each.answerable_flagged for each in flags)
        told = share(f"answerable queries of which it is said wrongly{where}", wrongly, there)
        yield replace(told, at_most=answerable, repeatable=False)


def _precision(full: Recorded, recorded: Sequence[Recorded]) -> Figure:
    (served,) = (each for each in recorded if each.collection == full.collection)
    lost = full.means[SERVED]["nDCG@10"].mean - served.means[SERVED]["nDCG@10"].mean
    return Figure(
        what=f"nDCG@10 lost by the embedder's int8 weights, {_where(full)}",
        value=round(lost, 4),
        of=full.judged,
        at_most=0.005,
        repeatable=False,
    )


def _separations(recorded: Sequence[Recorded]) -> Iterator[Figure]:
    for each in recorded:
        if each.flags is not None and each.flags.separation is not None:
            yield Figure(
                what=f"chance that an answerable query is thought the stronger, {_where(each)}",
                value=round(each.flags.separation, 3),
                of=each.flags.answerable * each.flags.unanswerable,
                repeatable=False,
            )


def _row(recorded: Recorded, run: str) -> str:
    cells = [_cell(recorded.means[run].get(name)) for name in SHOWN]
    above = [
        f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
        for each in recorded.comparisons
        if (each.baseline, each.measure) == (run, SHOWN[0])
        for found in [each.difference.interval]
    ]
    return f"| {' | '.join([_where(recorded), run, *cells, *(above or [''])])} |"


def _where(recorded: Recorded) -> str:
    return _NAMES.get(recorded.collection, recorded.collection)


def _cell(found: Interval | None) -> str:
    return f"{found.mean:.3f} ({found.low:.3f}-{found.high:.3f})" if found else ""


def _about(recorded: Recorded) -> str:
    maker = recorded.maker
    where = _where(recorded).capitalize()
    by = f"; {maker.model}, {maker.passages:,} passages" if maker else ""
    judged = f"{recorded.judged} of {recorded.queries} queries"
    return f"{where}: {judged} judged on {recorded.places:,} places{by}."
