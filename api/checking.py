"""A citation held against nothing but the published file, for `casebook check-citation`.

The file is read anew, and its words are also looked for in what pypdf gets from the same pages.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import from_json

from api import wire
from api.csl import Custom
from api.pagetext import page_texts
from ingest.errors import BadQuery, UnreadableFile
from ingest.model import Line, Reading, Span, words_hash
from ingest.reading import sandbox

LARGEST_CITATION = 5_000_000
"""Bytes."""
_SECONDS = 60
_NOT_WORDS = re.compile(r"[\W_]+")
_REMEDY = "Give what `casebook cite ID --json` prints, in one file."


class _Given(BaseModel):
    """A citation, and the words it came with."""

    citation: Custom
    text: str | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """A citation beside the file as it was read."""

    citation: Custom
    source: Path
    reading: Reading

    @property
    def span(self) -> Span | None:
        """Where the words are said to be; None where the text has no such place."""
        start, end = self.citation.char_start, self.citation.char_end
        return Span(start, end) if start < end <= len(self.reading.text) else None

    @property
    def words(self) -> str:
        return self.span.of(self.reading.text) if self.span else ""

    @property
    def lines(self) -> Sequence[Line]:
        """The printed lines on which the words stand."""
        return [line for line in self.reading.lines if self.span and line.span.overlap(self.span)]

    @property
    def paragraphs(self) -> set[str]:
        """The numbers printed at the paragraphs that the words are in."""
        numbered = ((p.number, p.span) for p in self.reading.paragraphs if p.number)
        return {number for number, span in numbered if self.span and span.overlap(self.span)}


def check(citation: Path, source: Path) -> wire.CheckedCitation:
    """What the citation says, one thing after the other; raises BadQuery or a SourceError."""
    given = _given(citation)
    held = _Held(given.citation, source, sandbox.read(source))
    checks = [_file(given.citation, source), _words(held)]
    if given.text is not None:
        checks.append(_quotation(given.text, given.citation))
    if held.reading.pages and held.citation.pdf_page_start is not None:
        checks += _page_checks(held)
    if held.citation.paragraphs:
        checks.append(_paragraphs(held))
    return wire.CheckedCitation(
        sound=not any(each.passed is False for each in checks), checks=checks
    )


def _given(path: Path) -> _Given:
    try:
        value: JsonValue = from_json(_content(path))
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, dict) and "custom" in value:
            value = {"citation": value["custom"]}
        elif isinstance(value, dict) and "citation" not in value:
            value = {"citation": value}
        return _Given.model_validate(value)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in wrong["loc"])
        problem = f"{path.name} holds no citation ({field or 'all of it'}: {wrong['msg'].lower()})."
        raise BadQuery(problem, remedy=_REMEDY) from None
    except ValueError as error:
        raise BadQuery(f"{path.name} is not JSON ({error}).", remedy=_REMEDY) from None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_CITATION + 1)
    except OSError as error:
        raise UnreadableFile(
            f"cannot be read ({error.strerror}).", remedy=_REMEDY, file=str(path)
        ) from error
    if len(content) > LARGEST_CITATION:
        raise BadQuery(
            f"{path.name} has more than {LARGEST_CITATION} bytes, too many for a citation.",
            remedy=_REMEDY,
        )
    return content


def _file(citation: Custom, source: Path) -> wire.Checked:
    with source.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    same = found == citation.document_sha256
    detail = "SHA-256 is the one cited" if same else f"SHA-256 is {found}, another file's"
    return wire.Checked(what="file", passed=same, detail=detail)


def _words(held: _Held) -> wire.Checked:
    same = words_hash(held.words) == held.citation.quote_sha256
    place = f"characters {held.citation.char_start} to {held.citation.char_end}"
    if same:
        return wire.Checked(what="words", passed=True, detail=f"{place} have the hash cited")
    read = f"read “{_shortened(held.words)}”" if held.words else "are not in the file's text"
    return wire.Checked(what="words", passed=False, detail=f"{place} {read}")


def _quotation(text: str, citation: Custom) -> wire.Checked:
    same = words_hash(text) == citation.quote_sha256
    detail = "the words given have the hash cited" if same else "the words given are others"
    return wire.Checked(what="quotation", passed=same, detail=detail)


def _page_checks(held: _Held) -> Iterator[wire.Checked]:
    citation, lines = held.citation, held.lines
    if not lines:
        yield wire.Checked(what="pages", passed=False, detail="no printed line stands there")
        return
    first, last = lines[0].page, max(line.page for line in lines)
    printed = {page.number: page.printed for page in held.reading.pages}
    yield _pages("page of the file", (first, last), citation.pdf_page_start, citation.pdf_page_end)
    yield _pages(
        "page as printed",
        (printed.get(first), printed.get(last)),
        citation.printed_page_start,
        citation.printed_page_end,
    )
    yield _elsewise(held, lines)


def _pages(what: str, found: tuple[object, object], first: object, last: object) -> wire.Checked:
    same = found == (first, last)
    here, cited = (f"{a}" if a == b else f"{a} to {b}" for a, b in (found, (first, last)))
    return wire.Checked(what=what, passed=same, detail=here if same else f"{here}, cited {cited}")


def _paragraphs(held: _Held) -> wire.Checked:
    missing = [number for number in held.citation.paragraphs if number not in held.paragraphs]
    named = ", ".join(missing or held.citation.paragraphs)
    detail = f"{named} cited, not there" if missing else named
    return wire.Checked(what="paragraph", passed=not missing, detail=detail)


def _elsewise(held: _Held, lines: Sequence[Line]) -> wire.Checked:
    """Whether pypdf has each line on its page, letter for letter; if not, a person must look."""
    what = "words on the page, as pypdf reads it"
    pages = page_texts(held.source, {line.page for line in lines}, seconds=_SECONDS)
    if pages is None:
        return wire.Checked(what=what, passed=None, detail="pypdf cannot read the page")
    letters = {number: _letters(text) for number, text in pages.items()}
    if not any(letters.values()):
        return wire.Checked(what=what, passed=None, detail="the page has no text layer")
    absent = [
        line
        for line in lines
        if not any(_letters(words) in letters[line.page] for words in _printed(line, held.reading))
    ]
    if not absent:
        return wire.Checked(what=what, passed=True, detail=f"{len(lines)} lines of {len(lines)}")
    odd = _shortened(absent[0].span.of(held.reading.text))
    return wire.Checked(
        what=what,
        passed=None,
        detail=f"{len(absent)} of {len(lines)} lines read otherwise, look for “{odd}”",
    )


def _printed(line: Line, reading: Reading) -> Iterator[str]:
    """The line's words as they are in the text, and with the note markers printed among them."""
    words = line.span.of(reading.text)
    yield words
    for note in reversed(reading.notes):
        if note.anchor is not None and line.span.start <= note.anchor <= line.span.end:
            at = note.anchor - line.span.start
            words = words[:at] + note.marker + words[at:]
    yield words


def _letters(words: str) -> str:
    return _NOT_WORDS.sub("", words).casefold()


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else f"{line[:60]}…"
