"""Quotations of which it is known what has to come of them, made by a seed from real documents."""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter

from eval.copying import Copier
from eval.filler import babble
from eval.stretches import Stretch, Stretches, letters, stretches
from eval.tampering import TAMPERINGS, Tampered, Tampering, vocabulary
from eval.typography import SETTINGS, Setting
from index.claims import Claim
from index.shelf import Volume
from ingest.model import Span, Verdict, words_hash
from ingest.sentences import sentences

EXACT, COPIED, SET_OTHERWISE, ALTERED, STITCHED = 160, 60, 18, 28, 24
"""How many there are: of the first two altogether, of the others for every way to do it."""
ELSEWHERE, SPOKEN, ABSENT = 50, 60, 30
_BROKEN = 0.45
"""Share that is drawn among stretches running across a page, a note or a paragraph."""
_OF_TWO = 16
"""Words of a stretch that is halved, at least."""
_TITLED = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame|Professor|Lord|Baroness|Chief Constable) )+"
    r"[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}"
)
_ATTRIBUTED = re.compile(
    rf"(?P<name>{_TITLED})(?:, [^.,\n]{{5,90}},)? (?:also |then )?"
    r"(?:told|said|stated|explained|accepted|described|added|suggested|confirmed|agreed|considered"
    r"|observed|thought|acknowledged|believed|noted)"
    r"(?: (?:to )?the (?:Inquiry|Committee))?(?: that|:)\s+“?(?P<words>[^.“”;\n]{50,400})[.”;\n]"
)
_WORDS_IN_COMMON = 2
"""Of two titles that nobody takes for one another: `of` and `the`."""
_WITHOUT_WORD = 600
"""Characters on either side in which the wrong speaker is not named."""


_INNER = str.maketrans("“”", "‘’")
"""Quotation marks within a quotation are single ones."""
_GAP = "\n\n"


class Sort(StrEnum):
    """What was done to the words."""

    EXACT = "exact"
    TYPOGRAPHIC = "typographic"
    COPIED = "copied"
    NAMED = "right document"
    SAID = "right speaker"
    ALTERED = "altered"
    STITCHED = "stitched"
    WRONG_DOCUMENT = "wrong document"
    WRONG_SPEAKER = "wrong speaker"
    ABSENT = "absent"
    DIGEST = "digest"
    PARAPHRASE = "paraphrase"


TRUE = (Sort.EXACT, Sort.TYPOGRAPHIC, Sort.COPIED, Sort.NAMED, Sort.SAID)
"""The document's own words, as claimed."""


PARAPHRASES = Path(__file__).parent / "gold" / "paraphrases.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paraphrase:
    """A sentence in other words, written by hand."""

    document: str
    letters: int
    """Letters and digits of the sentence."""
    sha256: str
    """Of these, in lower case."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where words really stand."""

    document: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A quotation and what is known of it."""

    sort: Sort
    way: str
    """How it was done, of several."""
    quotation: str
    wanted: Verdict | None
    """None where exact and typographic are both right."""
    spots: tuple[Spot, ...] = ()
    """Where its words stand; several of a stitched one."""
    claim: Claim | None = None
    prose: str | None = None
    """What says whose words they are, where `claim` does not."""
    tampered: Tampered | None = None
    is_broken: bool = False
    """Whether its words run across a page, a note or a paragraph."""

    def __str__(self) -> str:
        where = ", ".join(f"{s.document} {s.span.start}-{s.span.end}" for s in self.spots)
        return f"{self.sort} ({self.way}) {where}".strip()


class Trials:
    """Makes trials of the documents, each stretch of them used once."""

    def __init__(self, volumes: Sequence[Volume], chance: random.Random) -> None:
        self._volumes = {volume.document.id: volume for volume in volumes}
        self._stretches = Stretches(volumes, chance)
        self._chance = chance
        self._words = vocabulary([volume.text for volume in volumes])

    def all(self, files: Mapping[str, Path], others: Sequence[str]) -> Iterator[Trial]:
        """All that are made by seed.

        `files` are the published ones by document; `others` are texts that are not here.
        """
        yield from self._exact()
        yield from self._copied(files)
        yield from self._typographic()
        yield from self._altered()
        yield from self._stitched()
        yield from self._attributed()
        yield from self._said()
        yield from self._absent(others)

    def stretch(self) -> Stretch:
        """One to work on, of either kind; raises CorpusError where none is left."""
        return self._stretches.draw(broken=self._chance.random() < _BROKEN)

    def _exact(self) -> Iterator[Trial]:
        for _ in range(EXACT):
            stretch = self.stretch()
            text = " ".join(stretch.text.split()) if self._chance.random() < 0.5 else stretch.text
            yield _trial(stretch, text, sort=Sort.EXACT, way="as it stands", wanted=Verdict.EXACT)

    def _copied(self, files: Mapping[str, Path]) -> Iterator[Trial]:
        copiers = {id: Copier(path, self._volumes[id]) for id, path in files.items()}
        yield from self._each(
            COPIED,
            lambda stretch: _copied(stretch, copiers[stretch.document].copied(stretch)),
        )

    def _typographic(self) -> Iterator[Trial]:
        for way, setting in SETTINGS.items():
            yield from self._each(SET_OTHERWISE, partial(self._set, way, setting))

    def _altered(self) -> Iterator[Trial]:
        for way, tampering in TAMPERINGS.items():
            yield from self._each(ALTERED, partial(self._tampered, way, tampering))

    def _each(self, count: int, make: Callable[[Stretch], Trial | None]) -> Iterator[Trial]:
        """As many as asked for; raises CorpusError where the documents have too few."""
        made = (make(stretch) for stretch in iter(self.stretch, None))
        yield from islice((trial for trial in made if trial), count)

    def _set(self, way: str, setting: Setting, stretch: Stretch) -> Trial | None:
        text = setting(stretch, self._chance)
        if text is None:
            return None
        wanted = Verdict.TYPOGRAPHIC
        return _trial(stretch, text, sort=Sort.TYPOGRAPHIC, way=way, wanted=wanted)

    def _tampered(self, way: str, tampering: Tampering, stretch: Stretch) -> Trial | None:
        """None where the new words stand somewhere too."""
        tampered = tampering(stretch, self._chance, self._words)
        if tampered is None or self._stretches.count(tampered.text):
            return None
        return Trial(
            sort=Sort.ALTERED,
            way=way,
            quotation=tampered.text,
            wanted=Verdict.ALTERED,
            spots=(_spot(stretch),),
            tampered=tampered,
            is_broken=bool(stretch.breaks),
        )

    def _stitched(self) -> Iterator[Trial]:
        for _ in range(STITCHED):
            first, second = self.stretch(), self.stretch()
            yield _joined((first, second), f"{first.text} {second.text}", way="on end")
        for _ in range(STITCHED):
            halves = _first_half(self._long()), _second_half(self._long())
            yield _joined(halves, f"{halves[0].text} {halves[1].text}", way="halves")
        for _ in range(STITCHED):
            first, second = self.stretch(), self.stretch()
            yield _joined((first, second), f"{first.text} … {second.text}", way="far ellipsis")

    def _long(self) -> Stretch:
        """One with enough words for two."""
        return next(s for s in iter(self.stretch, None) if len(s.text.split()) >= _OF_TWO)

    def _attributed(self) -> Iterator[Trial]:
        """Words given to their own document and to another, by id and by title."""
        for place in range(2 * ELSEWHERE):
            stretch = self._unquoted()
            sort = Sort.NAMED if place % 4 < 2 else Sort.WRONG_DOCUMENT
            id = stretch.document if sort is Sort.NAMED else self._unlike(stretch.document)
            title = self._volumes[id].document.title
            by_title = place % 2 == 0
            yield Trial(
                sort=sort,
                way="by its title" if by_title else "by its id",
                quotation=stretch.text,
                wanted=Verdict.EXACT if sort is Sort.NAMED else Verdict.ELSEWHERE,
                spots=(_spot(stretch),),
                claim=None if by_title else Claim(documents=(id,)),
                prose=f"In {title} we read: “{_line(stretch.text)}”" if by_title else None,
                is_broken=bool(stretch.breaks),
            )

    def _unquoted(self) -> Stretch:
        """One without quotation marks."""
        return next(s for s in iter(self.stretch, None) if not set(s.text) & set('“”‘"«'))

    def _unlike(self, document: str) -> str:
        """Another document, whose title has few words in common."""
        words = set(self._volumes[document].document.title.split())
        others = [
            id
            for id, volume in sorted(self._volumes.items())
            if len(words & set(volume.document.title.split())) <= _WORDS_IN_COMMON
        ]
        return self._chance.choice(others)

    def _said(self) -> Iterator[Trial]:
        """What somebody is reported to have said, as said by them and by somebody else."""
        found = [
            (volume, match)
            for volume in self._volumes.values()
            for match in _ATTRIBUTED.finditer(volume.text)
            if self._stretches.count(match["words"]) == 1
        ]
        self._chance.shuffle(found)
        names = sorted({match["name"] for _, match in found})
        for place, (volume, match) in enumerate(found[:SPOKEN]):
            spot = Spot(document=volume.document.id, span=Span(*match.span("words")))
            around = _around(volume.text, match)
            other = self._chance.choice([n for n in names if n.split()[-1] not in around])
            for name, sort in ((match["name"], Sort.SAID), (other, Sort.WRONG_SPEAKER)):
                in_prose = place % 2 == 0
                yield Trial(
                    sort=sort,
                    way="in prose" if in_prose else "by name",
                    quotation=match["words"],
                    wanted=None if sort is Sort.SAID else Verdict.ELSEWHERE,
                    spots=(spot,),
                    claim=None if in_prose else Claim(speaker=name),
                    prose=f"{name} said that “{match['words']}”." if in_prose else None,
                )

    def _absent(self, others: Sequence[str]) -> Iterator[Trial]:
        yield from (_absent(words, way="shuffled") for words in islice(self._shuffled(), ABSENT))
        yield from (_absent(words, way="babbled") for words in islice(self._babbled(), ABSENT))
        foreign = _sentences(others)
        self._chance.shuffle(foreign)
        yield from (_absent(words, way="of other documents") for words in foreign[:ABSENT])

    def _shuffled(self) -> Iterator[str]:
        while True:
            words = self.stretch().text.split()
            self._chance.shuffle(words)
            yield " ".join(words)

    def _babbled(self) -> Iterator[str]:
        words = babble([v.text for v in self._volumes.values()], self._chance, order=1)
        while True:
            yield " ".join(islice(words, self._chance.randint(10, 40)))


def _trial(stretch: Stretch, text: str, *, sort: Sort, way: str, wanted: Verdict | None) -> Trial:
    return Trial(
        sort=sort,
        way=way,
        quotation=text,
        wanted=wanted,
        spots=(_spot(stretch),),
        is_broken=bool(stretch.breaks),
    )


def _copied(stretch: Stretch, text: str | None) -> Trial | None:
    if text is None:
        return None
    return _trial(stretch, text, sort=Sort.COPIED, way="from the file", wanted=None)


def digested(digests: Sequence[Volume], chance: random.Random) -> Iterator[Trial]:
    """Sentences that only our own digests have."""
    texts = "".join(volume.text for volume in digests)
    found = [
        (volume, span)
        for volume in digests
        for span in _spans(volume.text)
        if texts.count(span.of(volume.text)) == 1
    ]
    chance.shuffle(found)
    for volume, span in found[:ABSENT]:
        yield Trial(
            sort=Sort.DIGEST,
            way="of a digest",
            quotation=span.of(volume.text),
            wanted=Verdict.NOT_FOUND,
            spots=(Spot(document=volume.document.id, span=span),),
        )


def paraphrased(volumes: Sequence[Volume]) -> Iterator[Trial]:
    """The paraphrases whose sentences are in the documents."""
    row = TypeAdapter(Paraphrase)
    rows = [row.validate_json(line) for line in PARAPHRASES.read_text("utf-8").splitlines()]
    known = {
        words_hash(letters(stretch.text)): _spot(stretch)
        for volume in volumes
        for stretch in stretches(volume)
    }
    for each in rows:
        if each.sha256 in known:
            yield Trial(
                sort=Sort.PARAPHRASE,
                way="by hand",
                quotation=each.words,
                wanted=Verdict.NOT_FOUND,
                spots=(known[each.sha256],),
            )


def prose(quotation: str, place: int) -> str | None:
    """The words as a quotation in somebody's prose, in the style whose turn it is.

    None where their own quotation marks are no pairs, or nested, so that it is not plain how
    somebody would set them.
    """
    pairs = quotation.count("“") == quotation.count("”")
    nested = "“" in quotation and "‘" in quotation
    if not pairs or nested or any(mark in quotation for mark in '"«'):
        return None
    inside = quotation.translate(_INNER)
    styles = (
        lambda: f"So it was put: “{inside.replace(_GAP, f'{_GAP}“')}”, and rightly.",
        lambda: f'The words are "{_line(inside)}" in full.',
        lambda: f"As it was written:\n\n> {quotation.replace(chr(10), f'{chr(10)}> ')}\n\nNo more.",
    )
    return styles[place % len(styles)]()


def _line(words: str) -> str:
    return " ".join(words.split())


def _joined(parts: Iterable[Stretch], text: str, *, way: str) -> Trial:
    parts = tuple(parts)
    return Trial(
        sort=Sort.STITCHED,
        way=way,
        quotation=text,
        wanted=Verdict.STITCHED,
        spots=tuple(map(_spot, parts)),
        is_broken=any(part.breaks for part in parts),
    )


def _absent(words: str, *, way: str) -> Trial:
    return Trial(sort=Sort.ABSENT, way=way, quotation=words, wanted=Verdict.NOT_FOUND)


def _spot(stretch: Stretch) -> Spot:
    return Spot(document=stretch.document, span=stretch.span)


def _first_half(stretch: Stretch) -> Stretch:
    return _cut(stretch, 0, _middle(stretch.text))


def _second_half(stretch: Stretch) -> Stretch:
    return _cut(stretch, _middle(stretch.text) + 1, len(stretch.text))


def _middle(text: str) -> int:
    """The last space before the middle word, of at least six on either side if there are twelve."""
    spaces = [found.start() for found in re.finditer(r"\s(?=\S)", text)]
    return spaces[len(spaces) // 2]


def _cut(stretch: Stretch, start: int, end: int) -> Stretch:
    return Stretch(
        document=stretch.document,
        span=Span(stretch.span.start + start, stretch.span.start + end),
        text=stretch.text[start:end],
        breaks=stretch.breaks,
        labels=(),
        notes=(),
    )


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _WITHOUT_WORD) : match.end() + _WITHOUT_WORD]


def _sentences(texts: Sequence[str]) -> list[str]:
    return [span.of(text) for text in texts for span in _spans(text)]


def _spans(text: str) -> Iterator[Span]:
    """The sentences of a length that people quote."""
    for paragraph in re.finditer(r"(?:(?!\n\n)[\s\S])+", text):
        for found in sentences(paragraph.group()):
            span = Span(paragraph.start() + found.start, paragraph.start() + found.end)
            if 8 <= len(span.of(text).split()) <= 60:
                yield span
