"""How far coders agree with each other and with the findings, tag by tag, sentence by sentence.

A sentence has a coder's tag where a coded stretch shares at least half of the shorter of the two
with it. A coder judged every sentence of a document in which that coder coded anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from eval.agreement import alphas, coincidences, kappas
from eval.codes import MACHINE, Code, Coded, by_machine
from index.shelf import Shelf, Volume
from ingest.errors import CorpusError
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Span
from ingest.sentences import sentences

DRAWS = 2_000
FEWEST = 5
"""Sentences with a tag from which an interval says something: drawn again, fewer are often none."""
POOLED = "all tags"
_SEED = 7
_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Agreement beyond chance, with the 95% interval of a bootstrap over passages."""

    value: float
    low: float | None
    """None where the people together, or either of the pair, gave the tag to too few sentences."""
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """How two coders agree on a tag."""

    coders: tuple[str, str]
    kappa: Agreed | None
    """Cohen's; None where neither ever differs from the other or from himself."""
    both: int
    """Sentences that both gave the tag."""
    first_alone: int
    second_alone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAgreement:
    """How the coders agree on a tag."""

    tag: str
    sentences: Mapping[str, int]
    """How many have it, by coder."""
    alpha: Agreed | None
    """Krippendorff's, among people; None with one person, or where all always judged the same."""
    pairs: tuple[PairAgreement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A sentence that coders judge differently."""

    passage: str
    sentence: str
    given: Mapping[str, tuple[str, ...]]
    """The disputed tags, and who gave each."""
    coders: tuple[str, ...]
    """All who judged it."""
    apart: int
    """Pairs of coders and tags that differ: what disagreements are ordered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderAgreement:
    """The agreement of all coders on all tags."""

    coders: tuple[str, ...]
    """People first; the findings are `casebook`."""
    documents: tuple[str, ...]
    sentences: int
    tags: tuple[TagAgreement, ...]
    pooled: TagAgreement
    """Over all of these tags, each sentence being judged once for each."""
    disagreements: tuple[Disagreement, ...]
    """The worst first."""
    lost: tuple[str, ...]
    """Codes whose words are in no document here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """A sentence, and the tags that each coder who judged it gave it."""

    passage: str
    words: str
    given: Mapping[str, frozenset[str]]


def coder_agreement(coded: Coded, shelf: Shelf) -> CoderAgreement:
    """Of the people, each other and the findings, over the documents that the people coded.

    Raises CorpusError where they coded no sentence of them.
    """
    volumes = [shelf.volumes[id] for id in sorted({code.document for code in coded.codes})]
    people = sorted({code.coder for code in coded.codes})
    units = [unit for volume in volumes for unit in _units(volume, coded.codes)]
    tags = _tags(units)
    if not tags:
        raise CorpusError(
            "None of the codes lies on a sentence of the documents that are here.",
            remedy="Give offsets in the text as `casebook passages --json` has it, or quotations.",
        )
    return CoderAgreement(
        coders=(*people, MACHINE),
        documents=tuple(volume.document.id for volume in volumes),
        sentences=len(units),
        tags=tuple(_agreement(tag, [tag], units, people) for tag in tags),
        pooled=_agreement(POOLED, tags, units, people),
        disagreements=tuple(sorted(_disagreements(units), key=lambda each: -each.apart)),
        lost=coded.lost,
    )


def _units(volume: Volume, codes: Iterable[Code]) -> Iterator[_Unit]:
    here = [*codes, *by_machine([volume])]
    by_coder: defaultdict[str, list[Code]] = defaultdict(list)
    for code in here:
        if code.document == volume.document.id:
            by_coder[code.coder].append(code)
    by_coder[MACHINE]  # who finds nothing in a document has judged it all the same
    for passage in volume.passages.values():
        for found in sentences(passage.span.of(volume.text)):
            span = Span(found.start + passage.span.start, found.end + passage.span.start)
            yield _Unit(
                passage=passage.id,
                words=span.of(volume.text),
                given={who: _given(span, coded) for who, coded in by_coder.items()},
            )


def _given(sentence: Span, codes: Iterable[Code]) -> frozenset[str]:
    return frozenset(
        code.tag
        for code in codes
        if code.span.overlap(sentence) >= _SHARE * min(len(code.span), len(sentence))
    )


def _tags(units: Iterable[_Unit]) -> tuple[str, ...]:
    """Those that anybody gave, in the taxonomy's order, coders' own after them."""
    given = {tag for unit in units for tags in unit.given.values() for tag in tags}
    known = [tag.id for tag in bundled_taxonomy().tags if tag.id in given]
    return (*known, *sorted(given.difference(known)))


def _agreement(
    name: str, tags: Sequence[str], units: Sequence[_Unit], people: Sequence[str]
) -> TagAgreement:
    ratings = [_rated(tag, unit) for tag in tags for unit in units]
    passages = [unit.passage for _ in tags for unit in units]
    coders = people if _known().isdisjoint(tags) else [*people, MACHINE]
    return TagAgreement(
        tag=name,
        sentences={who: sum(rated.get(who, False) for rated in ratings) for who in coders},
        alpha=_alpha(ratings, passages, people),
        pairs=tuple(_pair(pair, ratings, passages) for pair in combinations(coders, 2)),
    )


def _rated(tag: str, unit: _Unit) -> Mapping[str, bool]:
    return {who: tag in unit.given[who] for who in _judges(tag, unit)}


def _alpha(
    ratings: Sequence[Mapping[str, bool]], passages: Sequence[str], people: Sequence[str]
) -> Agreed | None:
    judged = [[rated[who] for who in people if who in rated] for rated in ratings]
    counts = [coincidences(sum(each), len(each)) for each in judged]
    by_passage = _summed(counts, passages)
    return _agreed(
        alphas(by_passage.sum(axis=0)[None]),
        alphas(_redrawn(by_passage)),
        given=sum(map(any, judged)),
    )


def _pair(
    coders: tuple[str, str], ratings: Sequence[Mapping[str, bool]], passages: Sequence[str]
) -> PairAgreement:
    first, second = coders
    counts = [_contingency(rated.get(first), rated.get(second)) for rated in ratings]
    by_passage = _summed(counts, passages)
    total = by_passage.sum(axis=0)
    both, first_alone, second_alone = (int(count) for count in total[:3])
    return PairAgreement(
        coders=coders,
        kappa=_agreed(
            kappas(total[None]),
            kappas(_redrawn(by_passage)),
            given=both + min(first_alone, second_alone),
        ),
        both=both,
        first_alone=first_alone,
        second_alone=second_alone,
    )


def _contingency(first: bool | None, second: bool | None) -> NDArray[np.float64]:
    """Both yes, first alone, second alone, neither; nothing where one did not judge."""
    if first is None or second is None:
        return np.zeros(4)
    cells = [first and second, first and not second, second and not first, not (first or second)]
    return np.asarray(cells, dtype=np.float64)


def _summed(counts: Sequence[NDArray[np.float64]], passages: Sequence[str]) -> NDArray[np.float64]:
    """One row for each passage: its sentences are no independent cases."""
    groups = np.unique(np.asarray(passages), return_inverse=True)[1]
    summed = np.zeros((int(groups.max()) + 1, len(counts[0])))
    np.add.at(summed, groups, np.asarray(counts))
    return summed


def _redrawn(by_passage: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(_draws(len(by_passage)) @ by_passage, dtype=np.float64)


@cache
def _draws(passages: int) -> NDArray[np.float32]:
    """How often each passage is in each sample."""
    rng = np.random.default_rng(_SEED)
    drawn = rng.multinomial(passages, np.full(passages, 1 / passages), size=DRAWS)
    return drawn.astype(np.float32)


def _agreed(
    value: NDArray[np.float64], redrawn: NDArray[np.float64], *, given: int
) -> Agreed | None:
    """None where it is undefined; samples in which it is are left out."""
    if np.isnan(value[0]):
        return None
    if given < FEWEST:
        return Agreed(value=float(value[0]), low=None, high=None)
    low, high = np.nanpercentile(redrawn, [2.5, 97.5]).tolist()
    return Agreed(value=float(value[0]), low=low, high=high)


def _disagreements(units: Iterable[_Unit]) -> Iterator[Disagreement]:
    for unit in units:
        disputed = {tag: who for tag, who in _votes(unit) if 0 < len(who) < len(_judges(tag, unit))}
        if disputed:
            yield Disagreement(
                passage=unit.passage,
                sentence=unit.words,
                given=disputed,
                coders=tuple(unit.given),
                apart=sum(
                    len(who) * (len(_judges(tag, unit)) - len(who)) for tag, who in disputed.items()
                ),
            )


def _votes(unit: _Unit) -> Iterator[tuple[str, tuple[str, ...]]]:
    for tag in sorted({tag for given in unit.given.values() for tag in given}):
        yield tag, tuple(who for who, given in unit.given.items() if tag in given)


def _judges(tag: str, unit: _Unit) -> tuple[str, ...]:
    """The findings know no tags but the taxonomy's, so of others they have judged nothing."""
    return tuple(who for who in unit.given if who != MACHINE or tag in _known())


@cache
def _known() -> frozenset[str]:
    return frozenset(tag.id for tag in bundled_taxonomy().tags)
