"""The search's quality as a test: `python -m eval.gate` fails where it fell significantly.

--record   measures all modes and keeps what they are worth: `make measure`
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from eval import baseline, command, results, retrieval
from eval.baseline import SERVED, Fall, Recorded
from eval.evaluation import HEADLINE, evaluation
from eval.flag import flagged
from eval.goals import retrieval_result
from eval.indexed import Subject, opened, subjects
from eval.tables import rendered
from index.embedder import Embedder
from index.search import Mode


def check() -> list[str]:
    """What is wrong with the search as it is now, in words."""
    before = {each.collection: each for each in baseline.read()}
    measured_now: set[str] = set()
    found: list[str] = []
    for subject in subjects():
        now = measured(subject, modes=(Mode(SERVED),))
        if now.collection not in before:
            found.append(f"{subject.name}: never recorded; `make measure` records it.")
            continue
        texts = {topic.id: topic.text for topic in subject.collection.topics}
        kept = before[now.collection]
        print(_said(subject, kept, now))
        found += [line for fall in baseline.falls(kept, now, texts) for line in _told(fall)]
        measured_now.add(now.collection)
    for skipped in sorted(before.keys() - measured_now):
        print(f"{skipped}: SKIPPED, its documents are not here (CASEBOOK_REAL_DOCUMENTS).")
    return found


def record() -> tuple[Recorded, ...]:
    """All modes over every collection at hand; what others were worth before stays."""
    now = {each.collection: each for each in map(measured, subjects())}
    before = {each.collection: each for each in baseline.read()}
    return tuple((before | now).values())


def in_full_precision() -> tuple[Recorded, ...]:
    """The served mode over every collection at hand, with the embedder's weights in float32."""
    from eval.precision import exact_graph

    with TemporaryDirectory() as folder:
        full = exact_graph(Path(folder))
        return tuple(measured(each, (Mode(SERVED),), embedder=full) for each in subjects())


def measured(
    subject: Subject, modes: Sequence[Mode] = tuple(Mode), *, embedder: Embedder | None = None
) -> Recorded:
    """What the search is worth on a collection, with the served embedder or another."""
    with closing(opened(subject, embedder=embedder)) as casebook:
        assessor = command.assessor(casebook, subject.collection)
        runs = retrieval.runs(casebook, subject.collection, assessor, modes=modes)
        found = evaluation(subject.collection, assessor, runs, subject=SERVED)
    return baseline.recorded(subject.collection, found, name=subject.name)


def _said(subject: Subject, before: Recorded, now: Recorded) -> str:
    means, then = now.means[SERVED], before.means[SERVED]
    measures = ", ".join(
        f"{name} {means[name].mean:.3f} (recorded {then[name].mean:.3f})" for name in HEADLINE
    )
    judged_anew = len(now.by_query) - len(baseline.unchanged(before, now))
    more = f"; {judged_anew} queries judged anew since and not compared" * bool(judged_anew)
    return f"{subject.name}: {measures}{more}"


def _told(fall: Fall) -> Iterator[str]:
    found = fall.difference.interval
    yield (
        f"{fall.collection}: {fall.measure} fell by {-found.mean:.3f} "
        f"(95% interval {found.low:+.3f} to {found.high:+.3f}, p {fall.difference.p:.3f}):"
    )
    yield from (f"  {query}" for query in fall.queries)


def main() -> None:
    """Fails where the search is significantly worse than recorded."""
    if flagged("--record", means="measure and record instead", does=main.__doc__):
        kept = record()
        baseline.write(kept)
        result = retrieval_result(kept, in_full_precision())
        results.write(result)
        print(rendered(result))
        return
    faults = check()
    sys.exit("\n".join([*faults, "Meant? `make measure` records anew."]) if faults else None)


if __name__ == "__main__":
    main()
