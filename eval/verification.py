"""How well quotations are checked: what each is told to be, and whether its place is shown.

The real documents stand among others of made-up sentences, ten thousand passages in all, and
beside digests. Every quotation is made by a seed, so that it is known what was done to it.
"""

import random
import shutil
import statistics
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from eval import indexed
from eval.filler import fill
from eval.results import Figure, share
from eval.trials import TRUE, Sort, Spot, Trial, Trials, digested, paraphrased, prose
from index.casebook import Casebook
from index.quotations import Quotation, plain_prose
from index.shelf import Shelf, Volume
from index.verification import Place, Verified, Verifier
from ingest.model import ChangeKind, Edition, Span, Verdict

NAME = "verification"
TITLE = "Quotations checked, each made by a seed"
SEED = 20_261_126
PASSAGES = 10_000
_FILES = Path("corpora") / "inquiries"
_OTHERS = Path("corpora") / "casey" / "press-notice-2023-03-21.txt"
_MOST_OF = 0.8
"""Share of the words' place that must be shown."""
_HALF_OF = 0.5
"""The same of a stitched quotation's piece, the rest of which may stand elsewhere too."""
_KINDS = {
    ChangeKind.NEGATION: "a negation",
    ChangeKind.NUMBER: "a number",
    ChangeKind.MODAL: "a modal verb",
    ChangeKind.NAME: "a name",
    ChangeKind.WORDS: "an ordinary word",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was said of a quotation."""

    trial: Trial
    verified: Verified
    seconds: float
    near: tuple[Spot, ...]
    """Passages offered where it was not found."""

    def __str__(self) -> str:
        return f"{self.trial}: {self.verified.verdict}"

    @property
    def right(self) -> bool:
        """Whether the verdict is what it has to be."""
        wanted = self.trial.wanted
        return self.verified.is_accepted if wanted is None else self.verified.verdict is wanted

    @property
    def falsely_exact(self) -> bool:
        is_exact = self.trial.wanted in (None, Verdict.EXACT)
        return self.verified.verdict is Verdict.EXACT and not is_exact

    @property
    def located(self) -> bool:
        """Whether every place of its words is among those shown."""
        if self.trial.sort is Sort.STITCHED:
            shown = [p for fragment in self.verified.fragments for p in fragment.places]
            return all(_shown(spot, shown, _HALF_OF) for spot in self.trial.spots)
        places = self.verified.places or self.verified.digests
        return all(_shown(spot, places, _MOST_OF) for spot in self.trial.spots)

    @property
    def called_out(self) -> bool:
        """Whether a change of the right kind is shown where the words were altered."""
        tampered = self.trial.tampered
        return tampered is not None and any(
            change.kind is tampered.kind
            and change.quoted_start <= tampered.changed.end
            and change.quoted_end >= tampered.changed.start
            for place in self.verified.places
            for change in place.match.changes
        )

    @property
    def offered(self) -> bool:
        """Whether the words that were paraphrased are in a passage offered."""
        (spot,) = self.trial.spots
        return any(
            near.document == spot.document and near.span.overlap(spot.span) for near in self.near
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """What the quotations are held against."""

    casebook: Casebook
    """Of the real documents."""
    shelf: Shelf
    """Of these, the digests and the filler."""
    verifier: Verifier

    @property
    def real(self) -> list[Volume]:
        return [self.shelf.volumes[document.id] for document in self.casebook.documents()]

    @property
    def digests(self) -> list[Volume]:
        volumes = self.shelf.volumes.values()
        return [volume for volume in volumes if volume.document.edition is Edition.DIGEST]

    @property
    def passages(self) -> int:
        return sum(len(volume.passages) for volume in self.shelf.volumes.values())


def measure(folder: Path) -> tuple[Figure, ...]:
    """Every quotation checked; the real documents are those of the folder."""
    with _opened() as field:
        trials = tuple(_trials(field, folder))
        # What is made when first asked for is not part of any quotation's time.
        field.verifier.check(_whole(trials[0].quotation))
        outcomes = [_outcome(field, trial) for trial in trials]
        in_prose = list(_in_prose(field.verifier, trials))
        passages = field.passages
    return (*_figures(outcomes), *_prose_figures(in_prose), _latency(outcomes, passages))


@contextmanager
def _opened() -> Generator[_Field]:
    """The real documents, opened, and among others; raises CorpusError where one is not here."""
    subjects = {subject.name: subject for subject in indexed.subjects()}
    casebook = indexed.opened(subjects[indexed.INQUIRIES])
    digests = indexed.opened(subjects[indexed.CASEY])
    try:
        with TemporaryDirectory() as folder:
            shelf = _shelf((casebook, digests), Path(folder))
            yield _Field(casebook=casebook, shelf=shelf, verifier=Verifier(shelf))
    finally:
        casebook.close()
        digests.close()


def _shelf(casebooks: Iterable[Casebook], data: Path) -> Shelf:
    """The documents of all, and as much filler as makes them ten thousand passages."""
    for casebook in casebooks:
        for document in casebook.documents():
            place = Path("documents") / document.id
            shutil.copytree(casebook.data / place, data / place)
    volumes = [v for v in Shelf(data).volumes.values() if v.document.edition is Edition.OFFICIAL]
    lacking = PASSAGES - sum(len(volume.passages) for volume in volumes)
    fill(data, [v.text for v in volumes], passages=lacking, chance=random.Random(SEED))
    return Shelf(data)


def _trials(field: _Field, folder: Path) -> Iterator[Trial]:
    chance = random.Random(SEED)
    files = {v.document.id: folder / _FILES / v.document.source for v in field.real}
    absent = (folder / _OTHERS).read_text(encoding="utf-8")
    yield from Trials(field.real, chance).all(files, [absent])
    yield from digested(field.digests, chance)
    yield from paraphrased(field.real)


def _outcome(field: _Field, trial: Trial) -> Outcome:
    begun = time.perf_counter()
    if trial.prose is None:
        verified = field.verifier.check(_whole(trial.quotation), trial.claim)
    else:
        verified = field.verifier.verify(plain_prose(trial.prose))[0]
    seconds = time.perf_counter() - begun
    near = field.casebook.near(trial.quotation) if trial.sort is Sort.PARAPHRASE else ()
    return Outcome(
        trial=trial,
        verified=verified,
        seconds=seconds,
        near=tuple(Spot(document=each.passage.document, span=each.passage.span) for each in near),
    )


def _in_prose(verifier: Verifier, trials: Iterable[Trial]) -> Iterator[tuple[Trial, bool]]:
    """True quotations within somebody's prose, and whether each is found there and accepted."""
    for place, trial in enumerate(each for each in trials if each.sort in TRUE):
        written = None if trial.prose else prose(trial.quotation, place)
        if written:
            found = verifier.verify(plain_prose(written), trial.claim)
            yield trial, len(found) == 1 and found[0].is_accepted


def _figures(outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    true = [each for each in outcomes if each.trial.sort in TRUE]
    broken = [each for each in outcomes if each.trial.is_broken]
    yield Figure(what="quotations checked", value=len(outcomes), at_least=500)
    yield share("of these, across a page, a note or a paragraph", len(broken), len(outcomes))
    yield _false_exact(outcomes)
    yield _rate("true quotations accepted", true, _accepted, at_least=99)
    yield _rate("of those across a break", [o for o in true if o.trial.is_broken], _accepted)
    yield _rate("true quotations: exact and typographic told apart", true, _right, at_least=99)
    yield from _altered_figures(_of(outcomes, Sort.ALTERED))
    for sort in (Sort.STITCHED, Sort.WRONG_DOCUMENT, Sort.WRONG_SPEAKER):
        yield _rate(f"{sort}: called so, every place shown", _of(outcomes, sort), _located)
    yield _rate("absent: not found", _of(outcomes, Sort.ABSENT), _right)
    digest = _of(outcomes, Sort.DIGEST)
    yield _rate("only in a digest: not found, and the digest named", digest, _located)
    paraphrases = _of(outcomes, Sort.PARAPHRASE)
    yield _rate("paraphrase: not found", paraphrases, _right)
    yield _rate("paraphrase: its passage among the three offered", paraphrases, _offered)


def _false_exact(outcomes: Sequence[Outcome]) -> Figure:
    wrong = tuple(str(each) for each in outcomes if each.falsely_exact)
    return Figure(
        what="called exact that are not",
        value=len(wrong),
        of=len(outcomes),
        at_most=0,
        exceptions=wrong,
    )


def _altered_figures(altered: Sequence[Outcome]) -> Iterator[Figure]:
    yield _rate("altered: called so, place and change shown", altered, _called_out, at_least=97)
    for kind in dict.fromkeys(o.trial.tampered.kind for o in altered if o.trial.tampered):
        changed = [o for o in altered if o.trial.tampered and o.trial.tampered.kind is kind]
        yield _rate(f"of those, {_KINDS[kind]} changed", changed, _called_out)


def _prose_figures(in_prose: Sequence[tuple[Trial, bool]]) -> Iterator[Figure]:
    missed = tuple(f"{trial}: in prose" for trial, accepted in in_prose if not accepted)
    yield share(
        "true quotations within prose, found and accepted",
        len(in_prose) - len(missed),
        len(in_prose),
        at_least=99,
        exceptions=missed,
    )


def _latency(outcomes: Sequence[Outcome], passages: int) -> Figure:
    seconds = [each.seconds for each in outcomes]
    return Figure(
        what=f"a quotation against {passages:,} passages, p95",
        value=round(1000 * statistics.quantiles(seconds, n=100, method="inclusive")[94], 1),
        unit="ms",
        of=len(outcomes),
        at_most=50,
        repeatable=False,
    )


def _of(outcomes: Iterable[Outcome], sort: Sort) -> list[Outcome]:
    return [each for each in outcomes if each.trial.sort is sort]


def _accepted(outcome: Outcome) -> bool:
    return outcome.verified.is_accepted


def _right(outcome: Outcome) -> bool:
    return outcome.right


def _located(outcome: Outcome) -> bool:
    return outcome.right and outcome.located


def _called_out(outcome: Outcome) -> bool:
    return outcome.right and outcome.located and outcome.called_out


def _offered(outcome: Outcome) -> bool:
    return outcome.offered


def _rate(
    what: str,
    outcomes: Sequence[Outcome],
    passes: Callable[[Outcome], bool],
    *,
    at_least: float | None = None,
) -> Figure:
    """The share that passes, and those that do not."""
    failed = tuple(str(each) for each in outcomes if not passes(each))
    count = len(outcomes) - len(failed)
    return share(what, count, len(outcomes), at_least=at_least, exceptions=failed)


def _whole(words: str) -> Quotation:
    return Quotation(text=words, span=Span(0, len(words)))


def _shown(spot: Spot, places: Iterable[Place], share: float) -> bool:
    return any(
        place.document == spot.document
        and place.match.span.overlap(spot.span) >= share * len(spot.span)
        for place in places
    )
