"""How well the real documents are read: pages, words, numbers, headings, sentences, ids.

`make measure` records them.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eval.extraction import ExtractedPage, extraction, letters
from eval.inquiries import (
    Chapter,
    Contents,
    PrintedPassage,
    ReadDocument,
    contents,
    printed_passages,
    read,
    recommendation_numbers,
    sources,
    token_counter,
)
from eval.rereading import Resolved, cut_again
from eval.results import Figure
from eval.severed import figures as severed_figures
from eval.severed import outcomes, places
from eval.verbatim import Paper, furnished, unfaithful
from ingest.model import (
    Extraction,
    Page,
    PageStatus,
    Paragraph,
    ParagraphKind,
    Passage,
    Reading,
    Span,
    words_hash,
)
from ingest.recommendations.extraction import recommendations

NAME = "structure"
TITLE = "Reading six real documents"
PREFIX = re.compile(r"(?:chapter|appendix|section|part)?[a-z]?\d{0,2}[a-z]?")
"""Letters that may stand before a chapter's title in its heading."""
SERIES = re.compile(r"([A-Z]?\d*\.)?(\d+)(?:-(?:[A-Z]?\d*\.)?(\d+))?")
"""A run of paragraph numbers as the ground truth writes it: `2.1-2.111`, `A2.1`, `1-75`."""


@dataclass(frozen=True)
class Subject:
    """A document that was read, with all it is measured against."""

    read: ReadDocument
    contents: Contents
    printed: tuple[PrintedPassage, ...]
    items: frozenset[str]
    """Numbers of its formal recommendations, which no paragraph shares with them."""

    @property
    def name(self) -> str:
        return self.read.document.source

    @property
    def reading(self) -> Reading:
        return self.read.reading

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Those read from type: recognised words have no second extraction to be held against."""
        return tuple(p for p in self.read.passages if p.extraction is not Extraction.OCR)

    @property
    def recognised(self) -> int:
        """Passages with words of a page that is a picture."""
        return len(self.read.passages) - len(self.passages)

    @cached_property
    def extracted(self) -> tuple[ExtractedPage, ...]:
        return extraction(self.read.path)

    @cached_property
    def paper(self) -> Paper:
        return Paper(self.reading)

    def distance(self, place: int, printed: PrintedPassage) -> float:
        """How far in pages the place lies from where a person found the passage."""
        line = next(iter(self.paper.lines(Span(place, place + 1))), None)
        if line is None:
            return float("inf")
        height = next(page.height for page in self.reading.pages if page.number == line.page)
        wanted = printed.pdf_page_start + printed.start_y_fraction
        return abs(line.page + line.box.top / height - wanted)

    def last_page(self, paragraph: Paragraph) -> int:
        """The page on which the paragraph ends, with all under its number up to a box."""
        last = paragraph
        for each in self.paper.paragraphs(Span(paragraph.span.end, len(self.reading.text))):
            if each.number is None or each.number != paragraph.number:
                break
            if each.kind is ParagraphKind.BOX and paragraph.kind is not ParagraphKind.BOX:
                break
            last = each
        return self.paper.lines(last.span)[-1].page


def measure(folder: Path) -> tuple[Figure, ...]:
    """The figures, in the order they are shown; `folder` holds `corpora/` and `gold/`."""
    return figures(read_all(folder))


def figures(subjects: Sequence[Subject]) -> tuple[Figure, ...]:
    """The same of documents already read."""
    judged = outcomes(places(), {each.name: each.reading for each in subjects})
    return (
        pages_accounted(subjects),
        *verbatim(subjects),
        objects(subjects),
        *printed_pages(subjects),
        paragraph_number(subjects),
        numbers_found(subjects),
        numbers_invented(subjects),
        chapters(subjects),
        *severed_figures(list(judged)),
        *lasting_ids(subjects),
    )


def read_all(folder: Path, *, files: Container[str] | None = None) -> tuple[Subject, ...]:
    """Every listed document, or those named, read and with its ground truth."""
    described = {each.document: each for each in contents(folder)}
    printed = printed_passages(folder)
    items = recommendation_numbers(folder)
    return tuple(
        Subject(
            read=read(folder, source),
            contents=described[source.file],
            printed=tuple(each for each in printed if each.document == source.file),
            items=frozenset(items.get(source.file, ())),
        )
        for source in sources(folder)
        if files is None or source.file in files
    )


def share(
    what: str,
    faults: Sequence[str],
    of: int,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Figure:
    """Cases without a fault in percent; cases with one where the goal is an upper bound."""
    counted = len(faults) if at_most is not None else of - len(faults)
    return Figure(
        what=what,
        value=100 * counted / of if of else 100.0 * (at_most is None),
        unit="%",
        of=of,
        at_least=at_least,
        at_most=at_most,
        exceptions=tuple(faults),
    )


def pages_accounted(subjects: Iterable[Subject]) -> Figure:
    """Pages with words, or with a reason why there are none."""
    found = [
        (each.name, number, page)
        for each in subjects
        for number, page in _by_number(each.reading, each.read.document.page_count)
    ]
    faults = [f"{name} page {number}" for name, number, page in found if not _is_accounted(page)]
    return share("pages accounted for", faults, len(found), at_least=100.0)


def _by_number(reading: Reading, count: int) -> Iterator[tuple[int, Page | None]]:
    pages = {page.number: page for page in reading.pages}
    return ((number, pages.get(number)) for number in range(1, count + 1))


def _is_accounted(page: Page | None) -> bool:
    """A page of type may hold nothing but its own number."""
    if page is None:
        return False
    with_words = page.status is PageStatus.TEXT or (
        page.status is PageStatus.OCR and page.span is not None
    )
    return with_words or page.reason is not None


def verbatim(subjects: Sequence[Subject]) -> Iterator[Figure]:
    """Passages that another extraction has too, letter for letter; and those with furniture."""
    count = sum(len(each.passages) for each in subjects)
    unlike = [f for s in subjects for f in unfaithful(s.reading, s.passages, s.extracted)]
    left = [f for s in subjects for f in furnished(s.reading, s.passages, s.extracted)]
    yield share(
        "passages found letter for letter in another extraction", unlike, count, at_least=99.5
    )
    yield Figure(
        what="passages with recognised words, which have none",
        value=sum(each.recognised for each in subjects),
        repeatable=False,  # Tesseract differs between versions
    )
    yield share("passages with furniture or notes in them", left, count, at_most=0.5)


def objects(subjects: Iterable[Subject]) -> Figure:
    """Objects whose span is their quotation, and whose hash is the quotation's."""
    found = [
        (f"{each.name} {name}", fault)
        for each in subjects
        for name, fault in (*_spans(each.reading), *_quotations(each))
    ]
    faults = [name for name, fault in found if fault]
    return share(
        "objects that are the text between their offsets", faults, len(found), at_least=100.0
    )


def _quotations(subject: Subject) -> Iterator[tuple[str, bool]]:
    text = subject.reading.text
    for passage in subject.read.passages:
        whole = _is_whole(passage.span, text)
        yield passage.id, not whole or words_hash(passage.span.of(text)) != passage.quote_sha256
    for each in recommendations(subject.read.document, subject.reading):
        for span in (each.span, *each.sub_parts, *each.occurrences):
            yield each.id, not _is_whole(span, text)


def _spans(reading: Reading) -> Iterator[tuple[str, bool]]:
    """Name and fault of everything in the reading; lines must hold all the words there are."""
    text = reading.text
    for kind, things in (
        ("paragraph", reading.paragraphs),
        ("note", reading.notes),
        ("line", reading.lines),
    ):
        for thing in things:
            yield f"{kind} at {thing.span.start}", not _is_whole(thing.span, text)
    for note in reading.notes:
        yield f"anchor of note {note.marker}", not 0 <= (note.anchor or 0) <= len(text)
    covered = "".join(line.span.of(text) for line in reading.lines)
    yield "lines", letters(covered) != letters(text)


def _is_whole(span: Span, text: str) -> bool:
    """Whether the span lies in the text and neither begins nor ends with white space."""
    words = text[span.start : span.end]
    return len(words) == len(span) and words == words.strip()


def printed_pages(subjects: Iterable[Subject]) -> Iterator[Figure]:
    """Pages of hand-checked passages: of the file at both ends, and as printed."""
    found = [(printed, _Place.of(printed, each)) for each in subjects for printed in each.printed]
    starts = [
        f"{printed}: {place and place.pages}"
        for printed, place in found
        if place is None or place.pages[0] != printed.pdf_page_start or not place.is_cited
    ]
    ends = [
        f"{printed}: ends on {place and place.pages[1]}, not {printed.pdf_page_end}"
        for printed, place in found
        if place is None or place.pages[1] != printed.pdf_page_end
    ]
    labels = [
        f"{printed}: {place and place.label}"
        for printed, place in found
        if place is None or place.label != printed.printed_page_start
    ]
    yield share("PDF page right, of hand-checked passages", starts, len(found), at_least=100.0)
    yield share("last PDF page right", ends, len(found), at_least=100.0)
    yield share("printed page right, or none where none is", labels, len(found), at_least=100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a printed passage was found in a reading."""

    pages: tuple[int, int]
    label: str | None
    number: str | None
    numbers: tuple[str, ...]
    """Of the passage that holds its first words."""
    is_cited: bool
    """Whether that passage says it stands on the page."""

    @classmethod
    def of(cls, printed: PrintedPassage, subject: Subject) -> "_Place | None":
        """The place of its first words: where it stands on its page, if they stand there."""
        starts = list(_found(printed.first_words, subject.reading.text))
        if not starts:
            return None
        start = min(starts, key=lambda start: subject.distance(start, printed))
        paragraph = next(iter(subject.paper.paragraphs(Span(start, start + 1))), None)
        page = subject.paper.page(start)
        if paragraph is None or page is None:
            return None
        holder = next(
            (p for p in subject.read.passages if p.span.start <= start < p.span.end), None
        )
        return cls(
            pages=(page, subject.last_page(paragraph)),
            label=next(p.printed for p in subject.reading.pages if p.number == page),
            number=paragraph.number,
            numbers=holder.paragraphs if holder else (),
            is_cited=holder is None or (holder.page_start or 0) <= page <= (holder.page_end or 0),
        )


def _found(words: str, text: str) -> Iterator[int]:
    """Where the words stand in the text, by their letters alone."""
    pattern = r"[\W_]*".join(map(re.escape, letters(words)))
    return (match.start() for match in re.finditer(pattern, text, re.I))


def paragraph_number(subjects: Iterable[Subject]) -> Figure:
    """Printed numbers of hand-checked passages, on the paragraph and on its passage."""
    found = [
        (printed, _Place.of(printed, each))
        for each in subjects
        for printed in each.printed
        if printed.paragraph_number is not None
    ]
    faults = [
        f"{printed}: {place and place.number}"
        for printed, place in found
        if place is None
        or place.number != printed.paragraph_number
        or (place.numbers and printed.paragraph_number not in place.numbers)
    ]
    return share("paragraph number right", faults, len(found), at_least=98.0)


def numbers_found(subjects: Iterable[Subject]) -> Figure:
    """Printed paragraph numbers that were found at the head of a paragraph."""
    faults, count = list[str](), 0
    for each in subjects:
        wanted, found = expected_numbers(each.contents.paragraphs), _opening_numbers(each)
        faults += [f"{each.name} {number}" for number in wanted if number not in found]
        count += len(wanted)
    return share("paragraph numbers found", faults, count, at_least=99.5)


def numbers_invented(subjects: Iterable[Subject]) -> Figure:
    """Paragraph numbers found where none is printed, or twice."""
    faults, count = list[str](), 0
    for each in subjects:
        wanted = {*expected_numbers(each.contents.paragraphs), *each.items}
        found = Counter(_opening_numbers(each))
        wrong = [number for number, times in found.items() if number not in wanted or times > 1]
        faults += [f"{each.name} {number}" for number in wrong]
        count += found.total()
    return share("paragraph numbers invented", faults, count, at_most=0.5)


def expected_numbers(described: str) -> list[str]:
    """Every number in a description such as `1.1-1.19, A2.1 (section 2 has none)`."""
    listed = re.split(r"[;(]", described)[0]
    numbers: list[str] = []
    for part in listed.split(","):
        if match := SERIES.fullmatch(part.strip()):
            prefix, first, last = match.group(1) or "", int(match.group(2)), match.group(3)
            numbers += [f"{prefix}{value}" for value in range(first, int(last or first) + 1)]
    return numbers


def _opening_numbers(subject: Subject) -> list[str]:
    """Numbers of paragraphs that begin with them, on the pages the ground truth speaks of."""
    pages = re.search(r"pdf (\d+)-(\d+)", subject.contents.paragraphs)
    first, last = map(int, pages.groups()) if pages else (1, subject.read.document.page_count)
    return [
        each.number
        for each in subject.reading.paragraphs
        if each.number is not None
        and each.span.of(subject.reading.text).startswith(each.number)
        and first <= (subject.paper.page(each.span.start) or 0) <= last
    ]


def chapters(subjects: Iterable[Subject]) -> Figure:
    """Chapter titles that were found as headings on their page."""
    found = [(each, chapter) for each in subjects for chapter in each.contents.chapters]
    faults = [
        f"{each.name} page {chapter.pdf_page}: {chapter.number or ''} {chapter.title or ''}"
        for each, chapter in found
        if not any(_is_heading_of(chapter, words) for words in _headings(each, chapter.pdf_page))
    ]
    return share(
        "chapter titles found as headings on their page", faults, len(found), at_least=98.0
    )


def _headings(subject: Subject, page: int) -> Iterator[str]:
    for each in subject.reading.paragraphs:
        on_page = subject.paper.page(each.span.start) == page
        if each.kind is ParagraphKind.HEADING and on_page:
            yield letters(each.span.of(subject.reading.text))


def _is_heading_of(chapter: Chapter, heading: str) -> bool:
    number = letters(chapter.number or "")
    if chapter.title is None:
        return heading.startswith(number)
    title = letters(chapter.title)
    before = heading.removesuffix(title)
    return heading.endswith(title) and (before == number or bool(PREFIX.fullmatch(before)))


def lasting_ids(subjects: Iterable[Subject]) -> Iterator[Figure]:
    """Ids after documents were cut by 120 and 250 tokens and 1% of their words were changed."""
    count = token_counter()
    steps = [
        step
        for each in subjects
        for step in cut_again(each.read.document, each.reading, count_tokens=count)
    ]
    yield share(
        "ids that lead to their words after re-ingest",
        _listed(steps, lambda step: step.lost),
        sum(step.untouched for step in steps),
        at_least=99.5,
    )
    repointed = _listed(steps, lambda step: step.repointed)
    yield Figure(
        what="ids silently repointed",
        value=len(repointed),
        of=sum(step.untouched + step.touched for step in steps),
        at_most=0,
        exceptions=tuple(repointed),
    )


def _listed(steps: Iterable[Resolved], chosen: Callable[[Resolved], Iterable[str]]) -> list[str]:
    return [identifier for step in steps for identifier in chosen(step)]
