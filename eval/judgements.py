"""Questions to a corpus of digests, and which paragraphs answer them.

What is judged is a paragraph, a table, a row of one, or the title page, by the number or name it
has in print. `judgements.toml` is the source; the lines with pages and offsets are made from it
and the typeset PDFs by `python -m eval.judgements FOLDER`, so a new setting needs no new judging.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import count, pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from corpora.digest import Numbered, Table, digest
from eval.plaintext import plain_pages
from ingest.errors import CorpusError
from ingest.model import Span

SOURCE, QUERIES, JUDGMENTS = "judgements.toml", "queries.jsonl", "judgments.jsonl"
_MARK = re.compile(r"\s*\[(?:verified|secondary|unverified|about)\]$")
_EMPHASIS = re.compile(r"\*([^*]+)\*")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_COVER, _COVER_ENDS = "cover", "This digest:"
_ANCHOR_WORDS = 8


class JudgedQuery(BaseModel):
    """A question, and the places that answer it under their grade.

    A place is a digest's file name and what stands there: `child-q-review 2.3`,
    `operation-jorica table 2.1`, `operation-jorica table 2.1: Not fully vetted`,
    `white-paper-2026 cover`.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    query: str
    type: str
    also_type: str | None = None
    near: str | None = None
    """Of a question without an answer: what comes nearest."""
    grade_3: tuple[str, ...] = Field(default=(), alias="3")
    """Answers directly and fully, or is one whole instance of what was asked for."""
    grade_2: tuple[str, ...] = Field(default=(), alias="2")
    """Substantially relevant."""
    grade_1: tuple[str, ...] = Field(default=(), alias="1")
    """Marginal, or background."""

    @property
    def graded(self) -> Iterator[tuple[int, str]]:
        for grade, places in ((3, self.grade_3), (2, self.grade_2), (1, self.grade_1)):
            yield from ((grade, place) for place in places)


class _Judgements(BaseModel):
    query: tuple[JudgedQuery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Characters of one page; a place that a page break runs through has two."""

    pdf_page: int
    span: Span
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """A line of the file: offsets count in the page's plain text, the end exclusive."""

    query_id: str
    document: str
    pdf_page: int
    start: int
    end: int
    grade: int
    anchor: str
    """The first eight words of the whole place."""
    span: int
    """Shared by the lines of one place."""
    paragraph: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    page: int
    span: Span
    word: str


def judged_queries(folder: Path) -> tuple[JudgedQuery, ...]:
    """The questions of a corpus; raises CorpusError where an id or a place is given twice."""
    source = folder / SOURCE
    with source.open("rb") as file:
        queries = _Judgements.model_validate(tomllib.load(file)).query
    _refuse_repeated([query.id for query in queries], source)
    for query in queries:
        _refuse_repeated([f"{query.id} {place}" for _, place in query.graded], source)
    return queries


def _refuse_repeated(names: Sequence[str], source: Path) -> None:
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise CorpusError(
            f"{source.name} gives {', '.join(repeated)} twice.", remedy="Leave one of them."
        )


def judgments(folder: Path) -> Iterator[Judgment]:
    """Every judged place where it stands in the PDFs; raises CorpusError where one does not."""
    number = count(1)
    for query in judged_queries(folder):
        for grade, place in query.graded:
            document, _, paragraph = place.partition(" ")
            stretches = TypesetDigest.of(folder, document).stretches(paragraph)
            words = " ".join(stretch.words for stretch in stretches).split()
            span = next(number)
            for stretch in stretches:
                yield Judgment(
                    query_id=query.id,
                    document=f"{document}.pdf",
                    pdf_page=stretch.pdf_page,
                    start=stretch.span.start,
                    end=stretch.span.end,
                    grade=grade,
                    anchor=" ".join(words[:_ANCHOR_WORDS]),
                    span=span,
                    paragraph=paragraph,
                )


class TypesetDigest:
    """A digest as written, beside the pages it was set on."""

    def __init__(self, folder: Path, name: str) -> None:
        stem = folder / "digests" / name
        self._name = name
        self._written = digest(stem.with_suffix(".md"))
        self._pages = plain_pages(stem.with_suffix(".pdf"))
        self._tokens = [_tokens(text, page) for page, text in enumerate(self._pages)]

    @classmethod
    @cache
    def of(cls, folder: Path, name: str) -> "TypesetDigest":
        return cls(folder, name)

    def places(self) -> Iterator[str]:
        """Every place that can be judged, in order."""
        yield _COVER
        for block in self._written.blocks:
            if isinstance(block, Numbered):
                yield block.number
            elif isinstance(block, Table):
                name = _name(block)
                yield from (name, *(f"{name}: {row}" for row in _rows(block)))

    def stretches(self, place: str) -> tuple[Stretch, ...]:
        """Where it stands, without its number and standing; raises CorpusError if nowhere."""
        if place == _COVER:
            return self._cover()
        blocks = self._written.blocks
        for block in blocks:
            if isinstance(block, Numbered) and place == block.number:
                number = len(_words(block.number))
                return self._stretches(self._found(f"{block.number} {spoken(block)}")[number:])
            if isinstance(block, Table) and place.partition(": ")[0] == _name(block):
                return self._table(block, place.partition(": ")[2])
        raise _nowhere(self._name, place)

    def _cover(self) -> tuple[Stretch, ...]:
        first = self._found(self._written.title)[0]
        end = len(self._pages[0][: self._pages[0].index(_COVER_ENDS)].rstrip())
        return (self._stretch(first.page, Span(first.span.start, end)),)

    def _table(self, table: Table, row: str) -> tuple[Stretch, ...]:
        caption = self._found(table.caption)
        rows = _rows(table)
        if row:
            if row not in rows:
                raise _nowhere(self._name, f"{_name(table)}: {row}")
            return self._stretches(self._found(rows[row], after=caption[-1]))
        every = [
            token for words in rows.values() for token in self._found(words, after=caption[-1])
        ]
        return self._stretches([*caption, *every])

    def _found(self, words: str, *, after: _Token | None = None) -> list[_Token]:
        """The tokens of one page, or of two where a page break runs through them."""
        wanted = _words(words)
        first = after.page if after else 0
        pages = [
            [token for token in page if not after or _follows(token, after)]
            for page in self._tokens
        ]
        for page in pages[first:]:
            if (at := _find(wanted, page)) is not None:
                return page[at : at + len(wanted)]
        for page, following in pairwise(pages[first:]):
            for cut in range(len(wanted) - 1, 0, -1):
                at, then = _find(wanted[:cut], page), _find(wanted[cut:], following)
                if at is not None and then is not None:
                    return page[at : at + cut] + following[then : then + len(wanted) - cut]
        raise _nowhere(self._name, words)

    def _stretches(self, tokens: Sequence[_Token]) -> tuple[Stretch, ...]:
        pages = sorted({token.page for token in tokens})
        return tuple(
            self._stretch(page, _around([token.span for token in tokens if token.page == page]))
            for page in pages
        )

    def _stretch(self, page: int, span: Span) -> Stretch:
        return Stretch(pdf_page=page + 1, span=span, words=span.of(self._pages[page]))


def spoken(paragraph: Numbered) -> str:
    """Its words as printed, without number, standing and emphasis."""
    return _EMPHASIS.sub(r"\1", _MARK.sub("", paragraph.body.words))


def _name(table: Table) -> str:
    return table.caption.partition(": ")[0].lower()


def _rows(table: Table) -> Mapping[str, str]:
    """What a row is called, and its words without standing and source."""
    _, *rows = table.rows
    return {row[0].words: " ".join(cell.words for cell in row[:-2]) for row in rows}


def _tokens(text: str, page: int) -> list[_Token]:
    return [
        _Token(page=page, span=Span(*match.span()), word=match[0])
        for match in _TOKEN.finditer(text)
    ]


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _find(wanted: Sequence[str], tokens: Sequence[_Token]) -> int | None:
    words = [token.word for token in tokens]
    starts = range(len(words) - len(wanted) + 1)
    return next((at for at in starts if words[at : at + len(wanted)] == wanted), None)


def _follows(token: _Token, earlier: _Token) -> bool:
    return (token.page, token.span.start) > (earlier.page, earlier.span.start)


def _around(spans: Sequence[Span]) -> Span:
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _nowhere(document: str, place: str) -> CorpusError:
    return CorpusError(
        f"{document} has nothing like {place[:80]!r}.",
        remedy="Correct the judgement, or set the digest again with `make digests`.",
    )


def query_lines(folder: Path) -> str:
    """The questions as lines; one without an answer says so, and what comes nearest."""
    return _lines(_asked(query) for query in judged_queries(folder))


def judgment_lines(folder: Path) -> str:
    return _lines(asdict(judgment) for judgment in judgments(folder))


def _asked(query: JudgedQuery) -> Mapping[str, object]:
    asked = query.model_dump(
        include={"id", "query", "type", "also_type", "near"}, exclude_none=True
    )
    return {**asked, "answerable": any(True for _ in query.graded)}


def _lines(rows: Iterator[Mapping[str, object]]) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def main(folder: Path) -> None:
    (folder / QUERIES).write_text(query_lines(folder), encoding="utf-8")
    (folder / JUDGMENTS).write_text(judgment_lines(folder), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
