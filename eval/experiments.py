"""What was tried on top of the served search and what it gave: `python -m eval.experiments`.

Each attempt's setting is chosen twice: on all queries (tuned), and for the queries of an inquiry
on those of the others alone (confirmed). An attempt is worth keeping where the confirmed
difference to the served search has a 95% interval above 0 in one headline measure and is no loss
in the other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from eval import attempts, command, regression
from eval.attempts import ATTEMPTS, Attempt, Case, Desk, Scores, Setting
from eval.crediting import Assessor, Step
from eval.evaluation import HEADLINE
from eval.flag import flagged
from eval.indexed import opened, prepared, subjects
from eval.metrics import DEPTH, MEASURES
from eval.results import FOLDER, Circumstances, circumstances
from eval.retrieval import PACKAGES
from eval.significance import Difference, difference
from index.durable import write_durably
from index.feedback import Feedback
from index.search import Query

_FILE = "experiments.json"
_LEARNED_FROM = 100
"""Best candidates of a query."""
_SHOWN = 20
"""Hits among which a reader finds an example."""
_PENALTY = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An attempt beside the served search, over the queries of all inquiries."""

    name: str
    queries: int
    setting: Setting
    """Chosen on all queries; empty where it has none."""
    tuned: Mapping[str, Difference]
    """By headline measure."""
    confirmed: Mapping[str, Difference]
    by_group: Mapping[str, Mapping[str, float]]
    """The mean confirmed difference of each inquiry's queries."""
    earned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All attempts of one run."""

    circumstances: Circumstances
    outcomes: tuple[Outcome, ...]


_record = TypeAdapter(Record)
Values = Mapping[str, float]


class Bench:
    """The judged queries of all collections at hand, and what an order of candidates is worth."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self._of: dict[int, Assessor] = {}

    def add(self, cases: Sequence[Case], assessor: Assessor) -> None:
        self.cases += cases
        self._of |= dict.fromkeys(map(id, cases), assessor)

    def worth(self, case: Case, scores: Scores) -> Values:
        """By headline measure."""
        order = case.rows[np.lexsort((case.rows, -scores))]
        return self._measured(case, self._steps(case, order), self._grades(case))

    def labels(self, case: Case) -> NDArray[np.bool_]:
        """Which of the best candidates hold something relevant."""
        least = self._of[id(case)].collection.relevant
        best = case.rows[:_LEARNED_FROM]
        return np.array([self._steps(case, each)[0].gain >= least for each in best[:, None]])

    def example(self, case: Case) -> int | None:
        """The row of the best hit of twenty that holds something relevant."""
        relevant = np.flatnonzero(self.labels(case)[:_SHOWN])
        return case.listed[int(relevant[0])] if len(relevant) else None

    def rest(self, case: Case, example: int | None, rows: NDArray[np.int64]) -> Values | None:
        """What is found beside the example and the places in it; None where nothing is left."""
        if example is None:
            return None
        others = rows[rows != example]
        first, *steps = self._steps(case, np.concatenate([np.array([example]), others]))
        left = Counter(self._grades(case)) - Counter(first.earned)
        grades = list(left.elements())
        if max(grades, default=0) < self._of[id(case)].collection.relevant:
            return None
        return self._measured(case, steps, grades)

    def _steps(self, case: Case, rows: NDArray[np.int64]) -> tuple[Step, ...]:
        assessor, index = self._of[id(case)], case.desk.generation.rows
        best: list[int] = rows[: DEPTH + 1].tolist()
        return assessor.steps(
            case.topic.id,
            [assessor.passage(index.passages[row], index.documents[row]) for row in best],
        )

    def _grades(self, case: Case) -> list[int]:
        targets = self._of[id(case)].targets[case.topic.id]
        return [target.grade for target in targets if target.grade]

    def _measured(self, case: Case, steps: Sequence[Step], grades: Sequence[int]) -> Values:
        relevant = self._of[id(case)].collection.relevant
        return {name: MEASURES[name](steps, grades, relevant=relevant) or 0.0 for name in HEADLINE}


def outcomes(bench: Bench) -> Iterator[Outcome]:
    """Of every attempt, in the order of the record."""
    yield from (_searched(bench, attempt) for attempt in ATTEMPTS)
    yield _learned(bench)
    yield _fed_back(bench)


def _searched(bench: Bench, attempt: Attempt) -> Outcome:
    before = {id(case): bench.worth(case, attempt.baseline(case)) for case in bench.cases}
    values = {
        setting: {
            id(case): bench.worth(case, attempt.scorer(case, setting)) for case in bench.cases
        }
        for setting in attempt.settings
    }
    return chosen(attempt.name, bench.cases, before, values, by=attempt.chosen_by)


def chosen(
    name: str,
    cases: Sequence[Case],
    before: Mapping[int, Values],
    values: Mapping[Setting, Mapping[int, Values]],
    *,
    by: str = HEADLINE[0],
) -> Outcome:
    """The best setting of a grid by one measure, in which what was before is one more."""
    tried = {**values, (): before}

    def best(chosen_on: Sequence[Case]) -> Setting:
        return max(
            tried,
            key=lambda setting: sum(tried[setting][id(case)][by] for case in chosen_on),
        )

    setting = best(cases)
    confirmed = {
        id(case): tried[best(others)][id(case)]
        for group, others in _folds(cases)
        for case in cases
        if case.group == group
    }
    return _outcome(name, setting, cases, (before, tried[setting], confirmed))


def _learned(bench: Bench) -> Outcome:
    """Weights of all features together, fitted on whether a candidate is relevant."""
    before = {id(case): bench.worth(case, case.served) for case in bench.cases}
    told = {id(case): attempts.features(case) for case in bench.cases}
    labels = {id(case): bench.labels(case) for case in bench.cases}

    def worth(fitted: Sequence[Case], judged: Sequence[Case]) -> dict[int, Values]:
        weights = logistic(
            np.concatenate([told[id(case)][:_LEARNED_FROM] for case in fitted]),
            np.concatenate([labels[id(case)] for case in fitted]),
        )
        return {id(case): bench.worth(case, told[id(case)] @ weights) for case in judged}

    confirmed: dict[int, Values] = {}
    for group, others in _folds(bench.cases):
        confirmed |= worth(others, [case for case in bench.cases if case.group == group])
    tuned = worth(bench.cases, bench.cases)
    return _outcome("weights of all of these, learned", (), bench.cases, (before, tuned, confirmed))


def _fed_back(bench: Bench) -> Outcome:
    """More like the best hit that serves: what is found of the rest, to what the words find."""
    examples = {id(case): bench.example(case) for case in bench.cases}
    cases = [case for case in bench.cases if bench.rest(case, examples[id(case)], case.rows)]

    def worth(setting: Setting | None) -> dict[int, Values]:
        return {
            id(case): bench.rest(case, example, _rows_like(case, example, setting)) or {}
            for case in cases
            if (example := examples[id(case)]) is not None
        }

    settings = list(product((0.0, 0.5, 1.0, 2.0), (0.0, 0.5, 1.0)))
    name = "more like the best hit that serves (served, as a mode)"
    return chosen(name, cases, worth(None), {setting: worth(setting) for setting in settings})


def _rows_like(case: Case, example: int, setting: Setting | None) -> NDArray[np.int64]:
    if setting is None:
        return case.rows
    towards, term_weight = setting
    like = (case.desk.generation.rows.passages[example],)
    feedback = Feedback(towards=towards, term_weight=term_weight)
    return case.desk.casebook.rank(Query(text=case.topic.text, like=like), feedback).rows


def logistic(told: NDArray[np.float64], labels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights of the features, in their own units, with a ridge."""
    spread = np.where(told.std(axis=0) > 0, told.std(axis=0), 1.0)
    scaled = np.column_stack([(told - told.mean(axis=0)) / spread, np.ones(len(told))])
    none = np.zeros(scaled.shape[1])
    return regression.logistic(scaled, labels, around=none, held=none + _PENALTY)[:-1] / spread


def _folds(cases: Sequence[Case]) -> Iterator[tuple[str, list[Case]]]:
    """Each group, and the cases of all others."""
    for group in sorted({case.group for case in cases}):
        yield group, [case for case in cases if case.group != group]


def _outcome(
    name: str,
    setting: Setting,
    cases: Sequence[Case],
    values: tuple[Mapping[int, Values], Mapping[int, Values], Mapping[int, Values]],
) -> Outcome:
    """`values` are those before, tuned, and confirmed."""
    before, tuned, confirmed = values
    found = {measure: _paired(cases, confirmed, before, measure) for measure in HEADLINE}
    return Outcome(
        name=name,
        queries=len(cases),
        setting=setting,
        tuned={measure: _paired(cases, tuned, before, measure) for measure in HEADLINE},
        confirmed=found,
        by_group={
            group: {
                measure: _paired(own, confirmed, before, measure).interval.mean
                for measure in HEADLINE
            }
            for group, _ in _folds(cases)
            for own in [[case for case in cases if case.group == group]]
        },
        earned=any(each.interval.low > 0 for each in found.values())
        and not any(each.is_loss for each in found.values()),
    )


def _paired(
    cases: Sequence[Case], ours: Mapping[int, Values], theirs: Mapping[int, Values], measure: str
) -> Difference:
    return difference(
        [ours[id(case)][measure] for case in cases], [theirs[id(case)][measure] for case in cases]
    )


def read() -> Record | None:
    """What was recorded last, if anything."""
    path = FOLDER / _FILE
    return _record.validate_json(path.read_bytes()) if path.exists() else None


def table(record: Record) -> str:
    """Each attempt as recorded, in Markdown."""
    heads = [f"{when} {measure}" for when in ("tuned", "confirmed") for measure in HEADLINE]
    lines = [f"| attempt | {' | '.join(heads)} | |", f"|---|{'---|' * len(heads)}---|"]
    for each in record.outcomes:
        cells = [
            _cell(found[measure]) for found in (each.tuned, each.confirmed) for measure in HEADLINE
        ]
        lines.append(f"| {' | '.join([each.name, *cells, 'earns it' if each.earned else ''])} |")
    return "\n".join(lines)


def _cell(found: Difference) -> str:
    each = found.interval
    return f"{each.mean:+.3f} ({each.low:+.3f} to {each.high:+.3f})"


def main() -> None:
    """Tries everything and prints the table."""
    kept = flagged("--record", means="keep it", does=main.__doc__)
    bench = Bench()
    embedder = prepared()
    for subject in subjects():
        casebook = opened(subject, embedder=embedder)
        desk = Desk(casebook=casebook, embedder=embedder)
        bench.add(
            attempts.cases(desk, subject.collection.judged, name=subject.name),
            command.assessor(casebook, subject.collection),
        )
    record = Record(circumstances=circumstances(*PACKAGES), outcomes=tuple(outcomes(bench)))
    print(table(record))
    if kept:
        write_durably(FOLDER / _FILE, _record.dump_json(record, indent=1) + b"\n")


if __name__ == "__main__":
    main()
