"""How well it can be told that nothing answers a question: `python -m eval.doubts [--record]`.

Each way gives a ranking one number. Where it has weights they are fitted, and the number below
which a question is flagged is chosen, on the other inquiries; so is what is flagged of an inquiry.
A question whose relevant passages are taken out of its ranking is one that nothing answers any
more: a near miss, which some of the ways also learn from.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from eval import command
from eval.attempts import Case, Desk, cases
from eval.crediting import Assessor
from eval.experiments import logistic
from eval.flag import flagged
from eval.indexed import opened, prepared, subjects
from eval.results import FOLDER, Circumstances, circumstances
from eval.retrieval import PACKAGES
from index.durable import write_durably
from index.lexical import stems, word_id
from index.search import ALIKE, Ranking
from index.store import Lane
from index.strength import MISSING, READ
from index.vocabulary import MOST_WORTH

_FILE = "doubts.json"
FALSE_ALARMS = 0.05
"""Share of the answerable questions that may be flagged at most."""
MORE_ALARMS = (0.1, 0.2, 0.3)
"""What else might be borne."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with what its ranking is told by."""

    group: str
    answered: bool
    told: Mapping[str, float]
    near_miss: Mapping[str, float] | None = None
    """The same without its relevant passages; None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """By one thing that a ranking is told by, or by several with weights."""

    name: str
    by: tuple[str, ...]
    near_misses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How well a way tells them apart; shares, and areas under the curve by inquiry."""

    way: Way
    areas: Mapping[str, float]
    flagged: float
    """Of the unanswerable."""
    wrongly: float
    """Of the answerable."""
    at_most: float
    """Flagged of the unanswerable where the bound is chosen on all, at `FALSE_ALARMS`."""
    at_more: Mapping[float, float]
    """The same at each of `MORE_ALARMS`."""
    by_group: Mapping[str, float]
    """`flagged` of each inquiry's."""
    above_near_miss: float
    """Share of the answered questions that are higher than what is left without their answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All ways of one run."""

    circumstances: Circumstances
    answerable: int
    unanswerable: int
    ways: tuple[Told, ...]


_record = TypeAdapter(Record)


_SEVERAL = ("sentence less what is missing", "words in one sentence", "lead", "agreement")
WAYS = (
    Way(name="the passage's cosine less what is missing", by=("passage less missing",)),
    Way(name="the sentence's cosine less what is missing (served)", by=_SEVERAL[:1]),
    Way(name="the sentence's cosine", by=("sentence",)),
    Way(name="how far it stands out of all passages", by=("standing out",)),
    Way(name="the share of words that one sentence has", by=("words in one sentence",)),
    Way(name="the lead of the first hits", by=("lead",)),
    Way(name="how many of their first twenty both lanes share", by=("agreement",)),
    Way(name="four of these, learned", by=_SEVERAL),
    Way(name="four of these, learned with near misses", by=_SEVERAL, near_misses=True),
)


def told(case: Case, ranking: Ranking) -> dict[str, float]:
    """What a ranking is told by."""
    texts, ranking = case.desk.texts, ranking.without(ALIKE)
    rows: list[int] = ranking.rows[:READ].tolist()
    asked = frozenset(case.asked)
    worth = {stem: _worth(case, stem) for stem in asked}
    missing = [max((worth[s] for s in asked - stems(texts[row])), default=0.0) for row in rows]
    sentences = case.desk.generation.sentences
    nearest = sentences.best(ranking.rows, case.vector).astype(np.float64)
    cosines = np.asarray(ranking.cosines, dtype=np.float64)
    scores = np.asarray(ranking.scores, dtype=np.float64)
    away = MISSING * np.array(missing)
    return {
        "passage less missing": float((cosines[:READ] - away).max()),
        "sentence less what is missing": float((nearest[:READ] - away).max()),
        "sentence": float(nearest[:READ].max()),
        "standing out": float((nearest[:READ].max() - nearest.mean()) / nearest.std()),
        "words in one sentence": max(_share(case, row, worth) for row in rows),
        "lead": float(scores[:3].mean() - scores[10:30].mean()),
        "agreement": len(_first(ranking.dense, ranking) & _first(ranking.lexical, ranking)) / READ,
    }


def _worth(case: Case, stem: str) -> float:
    return min(MOST_WORTH, case.desk.generation.vocabulary.worth(word_id(stem)))


def _share(case: Case, row: int, worth: Mapping[str, float]) -> float:
    """Of what the words are worth, the most that one sentence of the passage has."""
    text, whole = case.desk.texts[row], sum(worth.values()) or 1.0
    spans: list[tuple[int, int]] = case.desk.generation.sentences.passage(row).spans.tolist()
    held = (stems(text[start:end]) for start, end in spans)
    return max((sum(worth[s] for s in worth.keys() & each) for each in held), default=0.0) / whole


def _first(lane: Lane | None, ranking: Ranking) -> frozenset[int]:
    """The best rows of a lane that are ranked."""
    rows = np.empty(0, dtype=np.int64) if lane is None else lane.rows
    best: list[int] = rows[np.isin(rows, ranking.rows)][:READ].tolist()
    return frozenset(best)


def without(ranking: Ranking, rows: Iterable[int]) -> Ranking:
    """The ranking when these rows are not there."""
    return ranking.at(np.flatnonzero(~np.isin(ranking.rows, list(rows))))


def compared(way: Way, questions: Sequence[Question]) -> Told:
    """What the way tells of each inquiry's questions, fitted on the others."""
    scores = np.zeros(len(questions))
    flagged = np.zeros(len(questions), dtype=np.bool_)
    answered = np.array([question.answered for question in questions])
    groups = np.array([question.group for question in questions])
    for group in sorted(set(groups.tolist())):
        own = groups == group
        others = [each for each, is_own in zip(questions, own, strict=True) if not is_own]
        weights = _weights(way, others)
        scores[own] = _numbers(way, [each.told for each in _those(questions, own)]) @ weights
        known = _numbers(way, [each.told for each in others if each.answered]) @ weights
        flagged[own] = scores[own] < _bound(known)
    alike = _numbers(way, [each.told for each in questions]) @ _weights(way, questions)
    apart = {
        group: (scores[answered & (groups == group)], scores[~answered & (groups == group)])
        for group in sorted(set(groups.tolist()))
    }
    return Told(
        way=way,
        areas={group: area(*each) for group, each in apart.items()},
        flagged=float(flagged[~answered].mean()),
        wrongly=float(flagged[answered].mean()),
        at_most=_below(alike[answered], alike[~answered]),
        at_more={each: _below(alike[answered], alike[~answered], each) for each in MORE_ALARMS},
        by_group={group: float(flagged[~answered & (groups == group)].mean()) for group in apart},
        above_near_miss=_above_near_miss(way, questions),
    )


def _below(answered: Numbers, unanswerable: Numbers, alarms: float = FALSE_ALARMS) -> float:
    """Share of the unanswerable below the bound that the answered set."""
    return float((unanswerable < _bound(answered, alarms)).mean())


def _above_near_miss(way: Way, questions: Sequence[Question]) -> float:
    """0 where no question has a near miss."""
    pairs = [(each.told, each.near_miss) for each in questions if each.near_miss]
    if not pairs:
        return 0.0
    weights = _weights(way, questions)
    whole, rest = (_numbers(way, side) @ weights for side in zip(*pairs, strict=True))
    return float((whole > rest).mean())


def _those(questions: Sequence[Question], chosen: NDArray[np.bool_]) -> list[Question]:
    return [each for each, is_chosen in zip(questions, chosen.tolist(), strict=True) if is_chosen]


def _weights(way: Way, questions: Sequence[Question]) -> Numbers:
    if len(way.by) == 1:
        return np.ones(1)
    misses = [each.near_miss for each in questions if way.near_misses and each.near_miss]
    numbers = _numbers(way, [*(each.told for each in questions), *misses])
    labels = [*(each.answered for each in questions), *([False] * len(misses))]
    return logistic(numbers, np.array(labels))


def _numbers(way: Way, each: Sequence[Mapping[str, float]]) -> Numbers:
    return np.array([[told[name] for name in way.by] for told in each])


def _bound(answered: Numbers, alarms: float = FALSE_ALARMS) -> float:
    """Below it fall as many answerable questions as may be flagged."""
    return float(np.sort(answered)[int(alarms * len(answered))])


def area(above: Numbers, below: Numbers) -> float:
    """The chance that one of the first is higher than one of the second."""
    pairs = above[:, None] - below[None]
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


def questions() -> Iterator[Question]:
    """Of all collections at hand."""
    embedder = prepared()
    for subject in subjects():
        with closing(opened(subject, embedder=embedder)) as casebook:
            desk = Desk(casebook=casebook, embedder=embedder)
            judged = subject.collection
            relevant = _relevant(command.assessor(casebook, judged), desk)
            for case in cases(desk, judged.judged, name=subject.name):
                rest = without(case.ranking, relevant[case.topic.id])
                yield Question(
                    group=case.group,
                    answered=True,
                    told=told(case, case.ranking),
                    near_miss=told(case, rest),
                )
            for case in cases(desk, judged.unanswerable, name=subject.name):
                yield Question(group=case.group, answered=False, told=told(case, case.ranking))


def _relevant(assessor: Assessor, desk: Desk) -> Mapping[str, set[int]]:
    """Rows of the passages that hold a judged place, by query."""
    row = {passage: at for at, passage in enumerate(desk.generation.rows.passages)}
    found: defaultdict[str, set[int]] = defaultdict(set)
    for judgement in assessor.by_passage().judgements:
        if judgement.grade:
            found[judgement.query].add(row[judgement.document])
    return found


def table(each: Sequence[Told]) -> str:
    """In Markdown."""
    groups = list(each[0].areas)
    lines = [
        f"| told by | {' | '.join(groups)} | flagged at {FALSE_ALARMS:.0%} | confirmed | wrongly |",
        f"|---|{'---|' * (len(groups) + 3)}",
    ]
    for found in each:
        areas = " | ".join(f"{found.areas[group]:.2f}" for group in groups)
        shares = f"{found.at_most:.0%} | {found.flagged:.0%} | {found.wrongly:.1%}"
        lines.append(f"| {found.way.name} | {areas} | {shares} |")
    return "\n".join(lines)


def read() -> Record | None:
    """What was recorded last, if anything."""
    path = FOLDER / _FILE
    return _record.validate_json(path.read_bytes()) if path.exists() else None


def main() -> None:
    """Prints what each way tells."""
    kept = flagged("--record", means="keep it", does=main.__doc__)
    asked = list(questions())
    answerable = sum(each.answered for each in asked)
    record = Record(
        circumstances=circumstances(*PACKAGES),
        answerable=answerable,
        unanswerable=len(asked) - answerable,
        ways=tuple(compared(way, asked) for way in WAYS),
    )
    print(table(record.ways))
    if kept:
        write_durably(FOLDER / _FILE, _record.dump_json(record, indent=1) + b"\n")


if __name__ == "__main__":
    main()
