"""What reading did to the source: words lost and added, sentences severed, furniture left over.

These are counts of what can be decided. They do not say that a reading is faithful; a large one
says where it is not.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from ingest.model import Fidelity, Line, Losses, PageStatus, ParagraphKind, Passage, Reading, Span

MOST_EXCEPTIONS = 50
FULL = 0.85
"""Share of a page's right margin that a line reaches when its words simply ran on."""
RUNNING = frozenset({ParagraphKind.BODY, ParagraphKind.QUOTATION, ParagraphKind.BOX})
ENDS = re.compile(r"[.!?…:;][\"'”’)\]]*$")
WORD = re.compile(r"[^\W_]+")


def losses(sources: Mapping[int, str], reading: Reading) -> Losses:
    """Words missing and added; `sources` is each page's plain text by its number.

    Words are looked for in the page's letters run together, so that a word cut or joined at a
    line's end is neither lost nor added.
    """
    ours = _text_by_page(reading)
    furniture = " ".join(reading.furniture)
    known = {page: _letters(f"{ours.get(page, '')} {furniture}") for page in sources}
    markers = {note.marker for note in reading.notes}
    lost = [
        f"page {page}: {word}"
        for page, text in sources.items()
        for word in WORD.findall(text)
        if not _is_known(word, known[page], markers)
    ]
    given = {page: _letters(text) for page, text in sources.items()}
    added = [
        f"page {page}: {word}"
        for page, text in ours.items()
        if page in given
        for word in WORD.findall(text)
        if word.casefold() not in given[page]
    ]
    words = sum(len(WORD.findall(text)) for text in sources.values())
    return Losses(source_words=words, lost=tuple(lost), added=tuple(added))


def _is_known(word: str, letters: str, markers: Set[str]) -> bool:
    """Whether the word stands on the page, be it with a note's marker glued to its end."""
    if word in markers or word.casefold() in letters:
        return True
    bare = word.rstrip("0123456789")
    return word[len(bare) :] in markers and bare.casefold() in letters


def _text_by_page(reading: Reading) -> dict[int, str]:
    pages: dict[int, list[str]] = defaultdict(list)
    for line in reading.lines:
        pages[line.page].append(line.span.of(reading.text))
    return {page: " ".join(lines) for page, lines in pages.items()}


def _letters(text: str) -> str:
    return "".join(WORD.findall(text)).casefold()


def fidelity(reading: Reading, passages: Sequence[Passage]) -> Fidelity:
    """The counts for one document."""
    found = reading.losses or Losses(
        source_words=len(WORD.findall(reading.text)), lost=(), added=()
    )
    severed = list(_severed(reading))
    left = list(_furniture_left(reading))
    exceptions = [
        *(f"lost, {each}" for each in found.lost),
        *(f"added, {each}" for each in found.added),
        *(f"severed before: {each}" for each in severed),
        *(f"furniture: {each}" for each in left),
    ]
    return Fidelity(
        pages=_pages(reading),
        source_words=found.source_words,
        words_lost=len(found.lost),
        words_added=len(found.added),
        sentences=sum(1 for p in reading.paragraphs if p.kind in RUNNING),
        sentences_severed=len(severed),
        furniture_in_body=len(left),
        passages=len(passages),
        exceptions=tuple(exceptions[:MOST_EXCEPTIONS]),
    )


def _pages(reading: Reading) -> dict[str, int]:
    counts = Counter(page.status for page in reading.pages)
    return {status.value: counts[status] for status in PageStatus if counts[status]}


def _severed(reading: Reading) -> Iterable[str]:
    """Openings of running paragraphs in lower case, after one that stops short of its end.

    A line that ends well before the margin was ended there by whoever set it, as in a list.
    """
    running = [p for p in reading.paragraphs if p.kind in RUNNING]
    last_lines = _last_lines(reading, [p.span for p in running])
    for before, after, line in zip(running, running[1:], last_lines, strict=False):
        words = after.span.of(reading.text)
        ended = ENDS.search(before.span.of(reading.text).rstrip()) is not None
        if words[:1].islower() and not ended and (line is None or _is_full(line, reading)):
            yield words[:60]


def _last_lines(reading: Reading, spans: Sequence[Span]) -> list[Line | None]:
    starts = [line.span.start for line in reading.lines]
    found: list[Line | None] = []
    for span in spans:
        at = bisect_left(starts, span.end) - 1
        found.append(reading.lines[at] if at >= 0 else None)
    return found


def _is_full(line: Line, reading: Reading) -> bool:
    widest = max(each.box.x1 for each in reading.lines if each.page == line.page)
    return line.box.x1 > FULL * widest


def _furniture_left(reading: Reading) -> Iterable[str]:
    """Paragraphs that are nothing but a line known as furniture elsewhere."""
    known = {_letters(line) for line in reading.furniture}
    for paragraph in reading.paragraphs:
        words = paragraph.span.of(reading.text)
        short = paragraph.kind in RUNNING and len(words) < 200
        if short and len(_letters(words)) >= 4 and _letters(words) in known:
            yield words[:60]
