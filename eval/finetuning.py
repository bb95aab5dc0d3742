"""Whether the embedder learns from reports how to search others: `python -m eval.finetuning`.

For the judged queries of an inquiry the embedder is trained on pairs from the documents of the
others alone, and the same passages are indexed with it as it was and as it is then. No query is
trained on; of the judgements nothing is used but which documents they name.
"""

import random
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, cast

from pydantic import TypeAdapter

from eval import command
from eval.attempts import Case, Desk
from eval.collection import Collection, Topic
from eval.crediting import Assessor
from eval.evaluation import HEADLINE
from eval.experiments import Bench
from eval.indexed import DATA, opened, prepared, subjects
from eval.lessons import SEED, Pair, fair, kin, pairs
from eval.precision import FullPrecision
from eval.results import FOLDER, Circumstances, circumstances
from eval.retrieval import PACKAGES
from eval.significance import Difference, difference
from index.build import build_index
from index.casebook import Casebook
from index.durable import write_durably
from index.edge import EdgeEngine
from index.embedder import Embedder
from index.search import Mode, Query

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

_FILE = "finetuning.json"
MODELS = DATA / "eval" / "finetuned"
BATCH = 32
EPOCHS = 2
RATE = 2e-5
WARM_UP = 0.1
"""Share of the steps over which the rate rises, before it falls to nothing."""
TOKENS = 128
MODES = (Mode.HYBRID, Mode.DENSE)
COLUMNS = tuple(f"{mode.value} {measure}" for mode in MODES for measure in HEADLINE)
Values = Mapping[str, Mapping[str, float]]
"""By query, then by column."""


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A collection over its documents as they are served."""

    name: str
    collection: Collection
    casebook: Casebook

    @cached_property
    def assessor(self) -> Assessor:
        return command.assessor(self.casebook, self.collection)

    @cached_property
    def topics(self) -> Mapping[str, Sequence[Topic]]:
        """The judged queries of each inquiry."""
        found: defaultdict[str, list[Topic]] = defaultdict(list)
        for topic in self.collection.judged:
            found[topic.labels.get("inquiry", self.name)].append(topic)
        return found

    @cached_property
    def documents(self) -> Mapping[str, frozenset[str]]:
        """The documents of each inquiry."""
        targets = self.assessor.targets
        return {
            group: kin(self.casebook.shelf, {t.document for each in own for t in targets[each.id]})
            for group, own in self.topics.items()
        }


def taught(holdings: Sequence[Holding], group: str) -> list[Pair]:
    """Pairs that no document of the group has part in, nor one that is of no group at all."""
    every = [each for holding in holdings for each in holding.documents.items()]
    others = {id for name, own in every if name != group for id in own}
    known = others - {id for name, own in every if name == group for id in own}
    found = (pair for holding in holdings for pair in pairs(holding.casebook.shelf))
    return list(fair(pair for pair in found if pair.documents <= known))


def batches(found: Sequence[Pair], drawing: random.Random) -> Iterator[list[Pair]]:
    """Whole batches of no text twice: what answers one is taken not to answer the others."""
    left = drawing.sample(found, len(found))
    while left:
        batch: list[Pair] = []
        texts: set[str] = set()
        rest: list[Pair] = []
        for pair in left:
            fits = len(batch) < BATCH and texts.isdisjoint(pair.texts)
            (batch if fits else rest).append(pair)
            texts |= pair.texts if fits else set()
        if len(batch) < BATCH:
            return
        yield batch
        left = rest


def pace(step: int, steps: int) -> float:
    """Share of the rate at a step counted from 0: up, then down to nothing."""
    rising = max(1, round(WARM_UP * steps))
    return min((step + 1) / rising, (steps - step) / max(1, steps - rising))


class Trainee(Protocol):
    """The part of a SentenceTransformer used here, whose own types accept far more."""

    def preprocess(
        self, inputs: Sequence[str], *, max_length: int
    ) -> "Mapping[str, torch.Tensor]": ...

    def __call__(self, features: "Mapping[str, torch.Tensor]") -> "Mapping[str, torch.Tensor]": ...

    def save(self, path: str, *, create_model_card: bool) -> None: ...


def tune(found: Sequence[Pair], into: Path) -> int:
    """Trains the packaged model and saves it in the folder; how many steps that took."""
    import torch

    torch.manual_seed(SEED)  # pyright: ignore[reportUnknownMemberType]
    drawing = random.Random(SEED)
    steps = [batch for _ in range(EPOCHS) for batch in batches(found, drawing)]
    module = FullPrecision().module
    _train(module, steps)
    cast(Trainee, module).save(str(into), create_model_card=False)
    return len(steps)


def _train(module: "SentenceTransformer", steps: Sequence[Sequence[Pair]]) -> None:
    import torch
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    loss, model = MultipleNegativesRankingLoss(module.train()), cast(Trainee, module)
    optimiser = torch.optim.AdamW(module.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: pace(step, len(steps)))
    for batch in steps:
        optimiser.zero_grad()
        # Takes 0.6 of the time of float32, which the weights stay in.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            asking = _read(model, [pair.asks for pair in batch])
            answering = _read(model, [pair.answers for pair in batch])
        # Not through the loss itself, which pads what asks to the length of what answers.
        missed = loss.compute_loss_from_embeddings([asking, answering], torch.empty(0))
        torch.autograd.backward(missed)
        optimiser.step()  # pyright: ignore[reportUnknownMemberType]
        schedule.step()


def _read(model: Trainee, texts: Sequence[str]) -> "torch.Tensor":
    return model(model.preprocess(texts, max_length=TOKENS))["sentence_embedding"].float()


def worth(holding: Holding, topics: Sequence[Topic], embedder: Embedder) -> Values:
    """Of the served search and of meaning alone, the same passages indexed with the embedder."""
    bench = Bench()
    found = {topic.id: dict[str, float]() for topic in topics}
    with _reindexed(holding.casebook.data, embedder) as casebook:
        desk = Desk(casebook=casebook, embedder=embedder)
        for mode in MODES:
            for topic in topics:
                ranking = casebook.rank(Query(text=topic.text, mode=mode))
                case = Case(desk=desk, topic=topic, group=holding.name, ranking=ranking)
                bench.add([case], holding.assessor)
                for measure, value in bench.worth(case, case.served).items():
                    found[topic.id][f"{mode.value} {measure}"] = value
    return found


@contextmanager
def _reindexed(served: Path, embedder: Embedder) -> Generator[Casebook]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(served, data, ignore=shutil.ignore_patterns("index", "lock"))
        build_index(data, embedder=embedder, engine=EdgeEngine())
        with closing(Casebook(data, embedder=embedder, engine=EdgeEngine())) as casebook:
            yield casebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """What an inquiry's queries found before and after training on the documents of others."""

    group: str
    lessons: Sequence[Pair]
    steps: int
    seconds: float
    """Of the training alone."""
    before: Sequence[Mapping[str, float]]
    """By query, then by column."""
    after: Sequence[Mapping[str, float]]


def folds(holdings: Sequence[Holding]) -> Iterator[Fold]:
    for holding in holdings:
        before = worth(holding, holding.collection.judged, FullPrecision())
        for group, topics in holding.topics.items():
            lessons, begun = taught(holdings, group), perf_counter()
            steps = tune(lessons, MODELS / group)
            seconds = perf_counter() - begun
            after = worth(holding, topics, FullPrecision(MODELS / group))
            yield Fold(
                group=group,
                lessons=lessons,
                steps=steps,
                seconds=seconds,
                before=[before[topic.id] for topic in topics],
                after=[after[topic.id] for topic in topics],
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the queries of an inquiry gained, or those of all, each by what knew not its own."""

    group: str
    queries: int
    pairs: Mapping[str, int]
    """Trained on, by origin."""
    steps: int
    seconds: float
    before: Mapping[str, float]
    """Means by column."""
    gained: Mapping[str, Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run."""

    circumstances: Circumstances
    outcomes: tuple[Outcome, ...]
    """The last is of all queries."""


_record = TypeAdapter(Record)


def outcome(group: str, every: Sequence[Fold]) -> Outcome:
    """Over the queries of all these folds."""
    before = [values for fold in every for values in fold.before]
    after = [values for fold in every for values in fold.after]
    return Outcome(
        group=group,
        queries=len(before),
        pairs=Counter(pair.origin.value for fold in every for pair in fold.lessons),
        steps=sum(fold.steps for fold in every),
        seconds=round(sum(fold.seconds for fold in every)),
        before={column: fmean(each[column] for each in before) for column in COLUMNS},
        gained={
            column: difference([each[column] for each in after], [each[column] for each in before])
            for column in COLUMNS
        },
    )


def read() -> Record | None:
    """What was recorded last, if anything."""
    path = FOLDER / _FILE
    return _record.validate_json(path.read_bytes()) if path.exists() else None


def table(outcomes: Iterable[Outcome]) -> str:
    """In Markdown."""
    heads = ["inquiry", "queries", "pairs", *COLUMNS]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for each in outcomes:
        cells = [each.group, str(each.queries), f"{sum(each.pairs.values()):,}"]
        cells += [_cell(each.gained[column]) for column in COLUMNS]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(found: Difference) -> str:
    each = found.interval
    return f"{each.mean:+.3f} ({each.low:+.3f} to {each.high:+.3f})"


def main() -> None:
    """Trains a model for each inquiry, prints the table, and with `--record` keeps it."""
    import torch

    # The sums of several threads come in any order, and training makes much of the last digit.
    torch.set_num_threads(1)
    with ExitStack() as stack:
        holdings = [
            Holding(
                name=subject.name,
                collection=subject.collection,
                casebook=stack.enter_context(closing(opened(subject, embedder=prepared()))),
            )
            for subject in subjects()
        ]
        every: list[Fold] = []
        for each in folds(holdings):
            every.append(each)
            print(table([outcome(each.group, [each])]), file=sys.stderr, flush=True)
    record = Record(
        circumstances=circumstances(*PACKAGES, "sentence-transformers", "torch"),
        outcomes=(*(outcome(each.group, [each]) for each in every), outcome("all", every)),
    )
    print(table(record.outcomes))
    if "--record" in sys.argv:
        write_durably(FOLDER / _FILE, _record.dump_json(record, indent=1) + b"\n")


if __name__ == "__main__":
    main()
