"""Footnotes: small type at the foot of a page that answers to raised numbers in the body.

A note is believed where its number is raised in the body of its page or follows on from the note
before. Lines of note type above the first number of a page continue the last note of the page
before.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.reading.layout import PrintedLine

SMALLER = 0.94
"""Note type over body type, at most; reports measured lie between 0.65 and 0.90."""
SAME = 1.08
"""How much larger than the last line's type note type may be."""
MARKER = re.compile(r"(\d{1,4}|[*†‡§]{1,3})(?:\s+|(?=[^\w\s,.)])|(?=[A-Z]))")
LAST_BODY_SHARE = 0.5
"""A page's notes begin below this share of its height unless they fill more than the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FootLine:
    """A line of a note; `marker` where a note begins with it."""

    line: PrintedLine
    marker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNote:
    """A note as printed: its marker, its lines without the marker, the page it begins on."""

    marker: str
    lines: tuple[PrintedLine, ...]

    @property
    def page(self) -> int:
        return self.lines[0].page


def body_size(lines: Iterable[PrintedLine]) -> float:
    """The type size most of the document is set in."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.style.size * 2) / 2] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def split_notes(
    pages: Sequence[Sequence[PrintedLine]], *, size: float
) -> tuple[list[list[PrintedLine]], list[PrintedNote]]:
    """The body lines of every page, and the document's notes in order; `size` is the body's."""
    bodies: list[list[PrintedLine]] = []
    notes: list[list[FootLine]] = []
    expected: int | None = None
    for page in pages:
        body, foot, expected = _split_page(page, size=size, expected=expected, open_notes=notes)
        bodies.append(body)
        for each in foot:
            if each.marker is not None or not notes:
                notes.append([each])
            else:
                notes[-1].append(each)
    return bodies, [_note(lines) for lines in notes]


def _split_page(
    page: Sequence[PrintedLine],
    *,
    size: float,
    expected: int | None,
    open_notes: Sequence[Sequence[FootLine]],
) -> tuple[list[PrintedLine], list[FootLine], int | None]:
    foot = _without_table(_small_foot(page, size), page)
    raised = raised_numbers(line for line in page if line not in foot)
    marked, following = _marked(foot, raised, expected)
    first = next((i for i, each in enumerate(marked) if each.marker is not None), None)
    if first is None:
        first = len(marked)
    above = marked[:first]
    if above and not _continues(above, open_notes):
        marked = marked[first:]
    taken = {id(each.line) for each in marked}
    return [line for line in page if id(line) not in taken], marked, following


def _small_foot(page: Sequence[PrintedLine], size: float) -> list[PrintedLine]:
    """Lines below the last line of body type in the page's main frame, from the top down."""
    if not page:
        return []
    frame = Counter(line.frame for line in page).most_common(1)[0][0]
    main = sorted(
        (line for line in page if line.frame == frame), key=lambda line: (line.box.top, line.box.x0)
    )
    foot: list[PrintedLine] = []
    for line in reversed(main):
        if line.style.size > SMALLER * size:
            break
        foot.append(line)
    return foot[::-1]


def _without_table(
    foot: Sequence[PrintedLine], page: Sequence[PrintedLine]
) -> Sequence[PrintedLine]:
    """The lines below the last one of larger type, where a note begins among them.

    A table in small type may stand just above the notes, and its figures look like markers.
    """
    larger = [i for i, line in enumerate(foot) if line.style.size > SAME * foot[-1].style.size]
    below = foot[larger[-1] + 1 :] if larger else foot
    raised = raised_numbers(line for line in page if line not in below)
    return below if any(_mark(line) in raised for line in below) else foot


def raised_numbers(lines: Iterable[PrintedLine]) -> set[str]:
    """Every raised mark in the lines, single numbers of `12,13` apart."""
    return {
        mark
        for line in lines
        for start, end in line.raised
        for mark in re.split(r"[,\s]+", line.text[start:end])
        if mark
    }


def _marked(
    foot: Sequence[PrintedLine], raised: set[str], expected: int | None
) -> tuple[list[FootLine], int | None]:
    """The foot's lines with the markers of the notes that begin there, and the next number."""
    found: list[FootLine] = []
    for line in foot:
        mark = _mark(line)
        number = int(mark) if mark is not None and mark.isdigit() else None
        begins = mark is not None and (
            number == expected
            or (mark in raised and (number is None or not _goes_back(number, expected, raised)))
        )
        if begins:
            expected = number + 1 if number is not None else expected
        found.append(FootLine(line=line, marker=mark if begins else None))
    return found, expected


def _goes_back(number: int, expected: int | None, raised: set[str]) -> bool:
    """A number below the one that is due, though that one is raised on this page too.

    A 1 may always begin a chapter's own notes.
    """
    return expected is not None and 1 < number < expected and str(expected) in raised


def _mark(line: PrintedLine) -> str | None:
    match = MARKER.match(line.text)
    if match is None:
        raised = next(((s, e) for s, e in line.raised if s == 0), None)
        return line.text[raised[0] : raised[1]] if raised else _bare(line)
    return match.group(1)


def _bare(line: PrintedLine) -> str | None:
    return line.text if re.fullmatch(r"\d{1,4}", line.text) else None


def _continues(above: Sequence[FootLine], notes: Sequence[Sequence[FootLine]]) -> bool:
    """Whether these lines are the rest of the last note: its type, and it stops mid-sentence."""
    if not notes:
        return False
    last = notes[-1][-1].line
    same_type = abs(above[0].line.style.size - last.style.size) <= 0.06 * last.style.size
    return same_type and last.page in (above[0].line.page, above[0].line.page - 1)


def _note(lines: Sequence[FootLine]) -> PrintedNote:
    first = lines[0]
    marker = first.marker or ""
    return PrintedNote(
        marker=marker,
        lines=tuple(
            without_start(each.line, len(marker)) if index == 0 else each.line
            for index, each in enumerate(lines)
        ),
    )


def without_start(line: PrintedLine, length: int) -> PrintedLine:
    """The line less its first characters and the space after them."""
    rest = line.text[length:]
    cut = length + len(rest) - len(rest.lstrip())
    return replace(
        line,
        text=line.text[cut:],
        raised=tuple((s - cut, e - cut) for s, e in line.raised if s >= cut),
        hidden=tuple((max(0, s - cut), e - cut, why) for s, e, why in line.hidden if e > cut),
    )


def markers_by_page(notes: Sequence[PrintedNote]) -> dict[int, set[str]]:
    """The markers of the notes that begin on each page."""
    found: dict[int, set[str]] = defaultdict(set)
    for note in notes:
        found[note.page].add(note.marker)
    return found


def attach_stray_markers(
    body: Sequence[PrintedLine], markers: Mapping[int, set[str]]
) -> list[PrintedLine]:
    """The lines, a note marker that was set as a line of its own raised on the line before it."""
    found: list[PrintedLine] = []
    for line in body:
        stray = line.text.isdigit() and line.text in markers.get(line.page, ())
        if found and stray and line.style.size < found[-1].style.size:
            above = found[-1]
            text = above.text.rstrip()
            found[-1] = replace(
                above,
                text=text + line.text,
                raised=(*above.raised, (len(text), len(text) + len(line.text))),
            )
        else:
            found.append(line)
    return found
