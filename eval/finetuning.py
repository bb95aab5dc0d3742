"""Whether the embedder learns from reports how to search others: `python -m eval.finetuning`.

For the judged queries of an inquiry the embedder is trained on pairs from the documents of the
others alone, and the same passages are indexed with it as it was and as it is then. No query is
trained on; of the judgements nothing is used but which documents they name. A model stays, and is
trained again where what it is taught has changed.
"""

import json
import random
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product
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
from eval.flag import flagged
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
from index.export import prepare_embedder
from index.search import Mode, Query
from ingest.model import words_hash

if TYPE_CHECKING:
    import torch

_FILE = "finetuning.json"
MODELS = DATA / "eval" / "finetuned"
BATCH = 32
EPOCHS = 2
RATE = 2e-5
WARM_UP = 0.1
"""Share of the steps over which the rate rises, before it falls to nothing."""
TOKENS = 128
ALL = "all"
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


def tuned(found: Sequence[Pair], name: str) -> Path:
    """Folder of the packaged model trained on the pairs."""
    drawing = random.Random(SEED)
    steps = [batch for _ in range(EPOCHS) for batch in batches(found, drawing)]
    folder = MODELS / f"{name}-{digest(steps)[:12]}"
    if not folder.is_dir():
        begun, scratch = perf_counter(), folder.with_name(f".{folder.name}")
        _train(steps, scratch)
        scratch.rename(folder)
        seconds = perf_counter() - begun
        print(f"{name}: {len(steps)} steps, {seconds:.0f} s", file=sys.stderr, flush=True)
    return folder


def digest(steps: Sequence[Sequence[Pair]]) -> str:
    """Of what is taught, in what order and how."""
    texts = [[(pair.asks, pair.answers) for pair in batch] for batch in steps]
    return words_hash(json.dumps([texts, SEED, RATE, WARM_UP, TOKENS]))


def _train(steps: Sequence[Sequence[Pair]], into: Path) -> None:
    import torch
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    torch.manual_seed(SEED)  # pyright: ignore[reportUnknownMemberType]
    module = FullPrecision().module.train()
    loss, model = MultipleNegativesRankingLoss(module), cast(Trainee, module)
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
    model.save(str(into), create_model_card=False)


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


class Form(StrEnum):
    """How a model is run."""

    FLOAT32 = "float32"
    """As it is trained, by PyTorch, which tells nothing of sentences."""
    SERVED = "as served"
    """Eight bits wide, by ONNX Runtime, with a vector of each sentence."""


def embedder(form: Form, model: Path | None = None) -> Embedder:
    """Of the model in the folder, or of the packaged one."""
    if form is Form.FLOAT32:
        return FullPrecision(model)
    return prepare_embedder(str(model), DATA / "models") if model else prepared()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """What an inquiry's queries found before and after training on the documents of others."""

    group: str
    form: Form
    lessons: Sequence[Pair]
    before: Sequence[Mapping[str, float]]
    """By query, then by column."""
    after: Sequence[Mapping[str, float]]


def folds(holdings: Sequence[Holding]) -> Iterator[Fold]:
    for form, holding in product(Form, holdings):
        before = worth(holding, holding.collection.judged, embedder(form))
        for group, topics in holding.topics.items():
            lessons = taught(holdings, group)
            after = worth(holding, topics, embedder(form, tuned(lessons, group)))
            yield Fold(
                group=group,
                form=form,
                lessons=lessons,
                before=[before[topic.id] for topic in topics],
                after=[after[topic.id] for topic in topics],
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the queries of an inquiry gained, or those of all, each by what knew not its own."""

    group: str
    form: Form
    queries: int
    pairs: Mapping[str, int]
    """Trained on, by origin."""
    before: Mapping[str, float]
    """Means by column."""
    gained: Mapping[str, Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One run."""

    circumstances: Circumstances
    outcomes: tuple[Outcome, ...]


_record = TypeAdapter(Record)


def outcomes(every: Sequence[Fold]) -> Iterator[Outcome]:
    """Of each fold, and at the end of all of each form."""
    for fold in every:
        yield outcome(fold.group, [fold])
    for form in Form:
        yield outcome(ALL, [fold for fold in every if fold.form is form])


def outcome(group: str, alike: Sequence[Fold]) -> Outcome:
    """Over the queries of all these folds, which are of one form."""
    before = [values for fold in alike for values in fold.before]
    after = [values for fold in alike for values in fold.after]
    return Outcome(
        group=group,
        form=alike[0].form,
        queries=len(before),
        pairs=Counter(pair.origin.value for fold in alike for pair in fold.lessons),
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


def table(every: Iterable[Outcome]) -> str:
    """In Markdown."""
    heads = ["inquiry", "weights", "queries", "pairs", *COLUMNS]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for each in every:
        cells = [each.group, each.form.value, str(each.queries), f"{sum(each.pairs.values()):,}"]
        cells += [_cell(each.gained[column]) for column in COLUMNS]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(found: Difference) -> str:
    each = found.interval
    return f"{each.mean:+.3f} ({each.low:+.3f} to {each.high:+.3f})"


def main() -> None:
    """Trains a model for each inquiry and prints the table."""
    kept = flagged("--record", means="keep it", does=main.__doc__)
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
        every = list(folds(holdings))
    record = Record(
        circumstances=circumstances(*PACKAGES, "sentence-transformers", "torch"),
        outcomes=tuple(outcomes(every)),
    )
    print(table(record.outcomes))
    if kept:
        write_durably(FOLDER / _FILE, _record.dump_json(record, indent=1) + b"\n")


if __name__ == "__main__":
    main()
