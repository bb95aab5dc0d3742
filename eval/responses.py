"""How well the answers to recommendations are found and judged, against those read by hand.

Each responding document is held against all reports at once, and nothing but its own words says
which of them it answers. Spans are compared by their letters: the gold's offsets are in another
extraction of the same pages. The response that had to be recognised from pictures is told apart.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter

from eval.inquiries import read, sources
from eval.plaintext import plain_pages
from ingest.library import Library, StoredDossier
from ingest.model import (
    Dossier,
    Extraction,
    Recommendation,
    Response,
    ResponseStatus,
    Span,
    Stamp,
)
from ingest.recommendations.echoes import runs
from ingest.recommendations.extraction import recommendations
from ingest.recommendations.restatements import letters
from ingest.responses.alignment import responses

SAME_SPAN = 0.9
"""Intersection over union of runs of letters from which the answer's span counts as right."""

_GOLD = Path("gold") / "structure" / "responses.jsonl"
_CORPUS = Path("corpora") / "inquiries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What of an answer stands on one page."""

    pdf_page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldResponse:
    """An answer as a person read it; `alt_status` would also be right."""

    document: str
    responds_to_document: str
    number: str
    pdf_page: int
    pdf_page_end: int
    segments: tuple[Segment, ...] | None
    status: ResponseStatus
    alt_status: tuple[ResponseStatus, ...] = ()
    confidence: str
    status_words: str

    @property
    def statuses(self) -> tuple[ResponseStatus, ...]:
        return (self.status, *self.alt_status)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedResponse:
    """One answer of the gold, and what became of it."""

    gold: GoldResponse
    recognised: bool
    """Whether the document's words were read from pictures."""
    aligned: bool
    """Whether its words are given as the answer to that recommendation."""
    status: ResponseStatus | None
    """As we judge it; None where nothing was aligned."""
    words: bool
    """Whether the words that we rest the status on are, or share, those of the reader."""

    def __str__(self) -> str:
        return f"{self.gold.document} {self.gold.number}"

    @property
    def status_right(self) -> bool:
        return self.status in self.gold.statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseScores:
    """All answers of the gold, and what was given beside them."""

    rows: tuple[JudgedResponse, ...]
    beside: tuple[str, ...]
    """Answers given to recommendations that the gold has none for, each as document and number."""

    def of(self, *, recognised: bool) -> tuple[JudgedResponse, ...]:
        return tuple(row for row in self.rows if row.recognised is recognised)

    def confused(self) -> tuple[str, ...]:
        """The reader's first status and ours where they differ, how often, commonest first."""
        pairs = ((row.gold.status, row.status) for row in self.rows if row.status)
        wrong = Counter((wanted, given) for wanted, given in pairs if wanted is not given)
        return tuple(f"{a} taken for {b}: {count}" for (a, b), count in wrong.most_common())


def measure(real_documents: Path) -> ResponseScores:
    """Every document read anew; no manifest says which answers which."""
    gold = _gold(real_documents / _GOLD)
    with TemporaryDirectory() as data:
        held = _stored(real_documents, Library(Path(data)))
        found = _Found(held, tuple(responses(held)))
        rows = tuple(found.judged(each, _words(real_documents / _CORPUS, each)) for each in gold)
        return ResponseScores(rows=rows, beside=tuple(found.beside(gold)))


def _gold(path: Path) -> tuple[GoldResponse, ...]:
    adapter = TypeAdapter(GoldResponse)
    with path.open(encoding="utf-8") as lines:
        return tuple(adapter.validate_python(json.loads(line)) for line in lines)


def _stored(real_documents: Path, library: Library) -> list[StoredDossier]:
    for source in sources(real_documents):
        taken = read(real_documents, source)
        library.write(
            Dossier(
                document=taken.document,
                stamp=Stamp(source_sha256=source.sha256, pipeline="", settings={}),
                reading=taken.reading,
                passages=taken.passages,
                recommendations=recommendations(taken.document, taken.reading),
            )
        )
    return [library.stored(id) for id in library.ids()]


def _words(folder: Path, gold: GoldResponse) -> str:
    """The answer's words; empty where the file has none of its own."""
    pages = plain_pages(folder / gold.document)
    parts = gold.segments or ()
    return "\n".join(pages[each.pdf_page - 1][each.start : each.end] for each in parts)


class _Found:
    """What was found in all documents, to be held against the gold."""

    def __init__(self, dossiers: Sequence[StoredDossier], found: Sequence[Response]) -> None:
        self._dossiers = {each.document.source: each for each in dossiers}
        self._found = found

    def judged(self, gold: GoldResponse, words: str) -> JudgedResponse:
        ours = self._ours(gold)
        here = self._dossiers[gold.document]
        return JudgedResponse(
            gold=gold,
            recognised=here.reading.extraction is Extraction.OCR,
            aligned=ours is not None and self._is_aligned(ours, gold, words),
            status=ours.status if ours else None,
            words=ours is not None and self._same_words(ours, gold),
        )

    def beside(self, gold: Sequence[GoldResponse]) -> Iterator[str]:
        wanted = {(each.document, each.number) for each in gold}
        for each in self._found:
            recommended = self._recommended(each)
            here = f"{each.document}.pdf", recommended.number
            if each.span and here not in wanted:
                yield f"{each.document} {recommended.number}"

    def _ours(self, gold: GoldResponse) -> Response | None:
        document = self._dossiers[gold.document].document.id
        report = self._dossiers[gold.responds_to_document].document.id
        for each in self._found:
            recommended = self._recommended(each)
            here = (each.document, recommended.document, recommended.number)
            if here == (document, report, gold.number) and each.span:
                return each
        return None

    def _recommended(self, response: Response) -> Recommendation:
        return next(
            recommended
            for dossier in self._dossiers.values()
            for recommended in dossier.recommendations
            if recommended.id == response.recommendation
        )

    def _is_aligned(self, ours: Response, gold: GoldResponse, words: str) -> bool:
        if ours.span is None:
            return False
        here = self._dossiers[gold.document]
        if words:
            return _overlap(ours.span.of(here.text), words) >= SAME_SPAN
        return _pages(here, ours.span) <= {*range(gold.pdf_page, gold.pdf_page_end + 1)}

    def _same_words(self, ours: Response, gold: GoldResponse) -> bool:
        if ours.status_span is None:
            return False
        said = letters(ours.status_span.of(self._dossiers[gold.document].text))
        sought = letters(gold.status_words)
        return sought in said or said in sought


def _overlap(words: str, others: str) -> float:
    """Runs of letters common to both over those of either, 0 to 1."""
    first, second = set(runs(letters(words))), set(runs(letters(others)))
    return len(first & second) / max(len(first | second), 1)


def _pages(dossier: StoredDossier, span: Span) -> set[int]:
    return {line.page for line in dossier.reading.lines if line.span.overlap(span)}
