"""A digest as we write it: Markdown of one strict shape, read into blocks ready for setting.

The shape: a title; chapters and sections as headings; numbered paragraphs and tables of which
each ends with its standing and its sources; and the sources, defined once at the end.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"(#{1,3}) +(.+)")
_NUMBERED = re.compile(r"(\d+\.\d+) +(.+)", re.DOTALL)
_TABLE = re.compile(r"Table \d+\.\d+: .+")
_SOURCE = re.compile(r"^\[\^([A-Za-z0-9-]+)\]: +(.+)$", re.MULTILINE)
_REFERENCE = re.compile(r"\[\^([A-Za-z0-9-]+)\]")
_RULE = re.compile(r"[\s|:-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A chapter (level 2) or a section of one (level 3)."""

    level: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """Words, and the names of the sources that they are referred to."""

    words: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A paragraph under its number, as `2.3`; its standing closes the words."""

    number: str
    body: Sourced


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A caption, and rows of cells of which the first row is the head."""

    caption: str
    rows: tuple[tuple[Sourced, ...], ...]


Block = Heading | Numbered | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """An account in our own words of one published document."""

    title: str
    blocks: tuple[Block, ...]
    sources: Mapping[str, str]


class FaultyDigest(ValueError):
    """A digest that is not of the shape described above; says which block, and what to write."""


def digest(path: Path) -> Digest:
    """The digest that a file holds; raises FaultyDigest."""
    written = path.read_text(encoding="utf-8")
    sources = dict(_SOURCE.findall(written))
    pieces = (piece.strip() for piece in re.split(r"\n\s*\n", written))
    title, *rest = [piece for piece in pieces if not piece.startswith("[^")] or [""]
    if not title.startswith("# "):
        raise FaultyDigest(f"{path}: the first line must be a title, as `# Title`.")
    blocks = tuple(_blocks(rest, path))
    _refuse_unknown(blocks, sources, path)
    return Digest(title=title[2:].strip(), blocks=blocks, sources=sources)


def _blocks(pieces: Sequence[str], path: Path) -> Iterator[Block]:
    for piece in filter(None, pieces):
        if heading := _HEADING.fullmatch(piece):
            yield Heading(level=len(heading[1]), words=heading[2].strip())
        elif numbered := _NUMBERED.fullmatch(piece):
            yield Numbered(number=numbered[1], body=_sourced(numbered[2]))
        elif _TABLE.match(piece):
            caption, *rows = piece.splitlines()
            yield _table(caption, rows, path)
        else:
            raise FaultyDigest(
                f"{path}: {piece[:60]!r} is no heading, numbered paragraph or captioned table. "
                "Start it with `## `, a number as `2.3`, or a caption as `Table 2.1: `."
            )


def _table(caption: str, lines: Sequence[str], path: Path) -> Table:
    rows = tuple(_rows(lines))
    for row in rows:
        if len(row) != len(rows[0]):
            raise FaultyDigest(
                f"{path}: {caption[:40]!r} has a row of {len(row)} cells under a head of "
                f"{len(rows[0])}: {' | '.join(cell.words for cell in row)[:60]!r}."
            )
    return Table(caption=caption, rows=rows)


def _rows(lines: Sequence[str]) -> Iterator[tuple[Sourced, ...]]:
    for line in lines:
        if line.strip() and not _RULE.fullmatch(line):
            yield tuple(_sourced(cell) for cell in line.strip().strip("|").split("|"))


def _sourced(words: str) -> Sourced:
    plain = " ".join(_REFERENCE.sub("", words).split())
    return Sourced(words=plain, sources=tuple(_REFERENCE.findall(words)))


def _refuse_unknown(blocks: Sequence[Block], sources: Mapping[str, str], path: Path) -> None:
    named = {source for each in sourced(blocks) for source in each.sources}
    if unknown := sorted(named - sources.keys()):
        raise FaultyDigest(f"{path}: no source is defined for {', '.join(unknown)}.")


def sourced(blocks: Sequence[Block]) -> Iterator[Sourced]:
    """Every paragraph's words and every cell's, in order."""
    for block in blocks:
        if isinstance(block, Numbered):
            yield block.body
        elif isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row)
