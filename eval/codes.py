"""What people coded in the documents, from a table or a project of qualitative coding.

A table has a line for each code: `coder`, `document`, `tag`, and either `start` and `end`, in
characters of the document's text, or `quotation`, the words themselves. Commas, semicolons or tabs
part its columns: spreadsheets write what is customary where they are.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from pathlib import Path

from eval import refiqda
from eval.locating import Located, size
from eval.refiqda import Project, Selection, Source
from index.casebook import Casebook
from index.editions import ids_of, widened
from index.shelf import Shelf, Volume
from index.store import Filters
from ingest.errors import CorpusError
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Document, Finding, Span

TABLE = ".csv"
MACHINE = "casebook"
"""The coder that findings are by; what a file says is by it is no person's judgement."""
_ALSO_CALLED = {
    "document_id": "document",
    "source": "document",
    "code": "tag",
    "quote": "quotation",
    "text": "quotation",
}
_SEPARATORS = ",;\t"
_ENOUGH = 0.5
"""The share of a selection's characters that have to be found again in another text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A stretch of a document's canonical text that a coder gave a tag."""

    coder: str
    document: str
    span: Span
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """The codes of a file, and what of it is in no document here."""

    codes: tuple[Code, ...]
    lost: tuple[str, ...]
    """One line each."""


def is_codes(path: Path) -> bool:
    """Whether a file of codes has this name."""
    return path.suffix.lower() in (TABLE, refiqda.ENDING) and path.is_file()


def read(path: Path, shelf: Shelf) -> Coded:
    """The codes in a file, in the documents that are here; raises CorpusError."""
    sources = _tables(path) if path.suffix.lower() == TABLE else refiqda.read(path).sources
    finder = _Finder(shelf)
    for source in sources:
        finder.take(source)
    if not finder.codes:
        raise _none_of_people(path, finder)
    return Coded(codes=tuple(finder.codes), lost=tuple(finder.lost))


def _none_of_people(path: Path, finder: "_Finder") -> CorpusError:
    if finder.by_machine and not finder.lost:
        return CorpusError(
            f"{path.name} holds no person's codes: all {finder.by_machine} are findings, by the "
            f"coder {MACHINE}.",
            remedy="Code the documents under another name, and export them again.",
        )
    why = f" ({finder.lost[0]})" if finder.lost else ""
    return CorpusError(
        f"{path.name} holds no person's codes of the documents that are here{why}.",
        remedy="Build the documents first, and name each by its id, its file or its title.",
    )


def by_machine(volumes: Iterable[Volume]) -> Iterator[Code]:
    """The findings of documents as codes."""
    for volume in volumes:
        for finding in _findings(volume):
            yield Code(
                coder=MACHINE, document=volume.document.id, span=finding.span, tag=finding.tag
            )


def project(casebook: Casebook, filters: Filters) -> Project:
    """The documents with those of their findings, for other programs to open; raises BadQuery."""
    chosen: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in casebook.findings(filters):
        chosen[casebook.passage(finding.passage).passage.document].append(finding)
    documents = casebook.shelf.documents
    wanted = widened(filters, documents).documents or documents
    return Project(
        name="Casebook findings",
        codes={tag.id: f"{tag.label}. {tag.definition}" for tag in bundled_taxonomy().tags},
        sources=tuple(
            Source(
                name=document,
                text=casebook.volume(document).text,
                selections=tuple(map(_selection, chosen[document])),
            )
            for document in sorted(wanted)
        ),
    )


def _findings(volume: Volume) -> Iterator[Finding]:
    for found in volume.findings.values():
        yield from found


def _selection(finding: Finding) -> Selection:
    note = (
        f"{finding.stance}, in the words of: {finding.voice}. {finding.rule}. "
        f"Confidence {finding.confidence:.2f}."
    )
    return Selection(span=finding.span, code=finding.tag, coder=MACHINE, note=note)


class _Finder:
    """Gathers codes where their words stand here, and those that stand nowhere."""

    def __init__(self, shelf: Shelf) -> None:
        self.codes: list[Code] = []
        self.lost: list[str] = []
        self.by_machine = 0
        self._shelf = shelf
        self._there: dict[str, Located] = {}

    def take(self, source: Source) -> None:
        volume = self._volume(source)
        if volume is None:
            self.lost.append(f"{source.name}: no document here has this name or these words")
            return
        for selection in source.selections:
            if selection.coder == MACHINE:
                self.by_machine += 1
            else:
                self._take(source, selection, volume)

    def _take(self, source: Source, selection: Selection, volume: Volume) -> None:
        document = volume.document.id
        span = self._span(source, selection, volume)
        if span is None:
            self.lost.append(f"{document}: {_nowhere(source, selection, volume)}")
        else:
            tag = _tag(selection.code)
            self.codes.append(Code(coder=selection.coder, document=document, span=span, tag=tag))

    def _volume(self, source: Source) -> Volume | None:
        """By its id, file name, title or very words."""
        own = next(iter(ids_of(source.name, self._shelf.documents)), None)
        if own is not None:
            return self._shelf.volumes[own]
        volumes = self._shelf.volumes.values()
        named = (each for each in volumes if _is_called(source.name, each.document))
        same = (each for each in volumes if source.text and each.text == source.text)
        return next(chain(named, same), None)

    def _span(self, source: Source, selection: Selection, volume: Volume) -> Span | None:
        """Another program's text of a PDF has other line ends and hyphens than ours."""
        if source.text in ("", volume.text):
            return selection.span if selection.span.end <= len(volume.text) else None
        words = source.text[selection.span.start : selection.span.end]
        there = self._there.setdefault(volume.document.id, Located(volume.stored, None))
        regions = there.quoted(words, ())
        if not words.strip() or size(regions) < _ENOUGH * len(words.strip()):
            return None
        return Span(regions[0].start, regions[-1].end)


def _nowhere(source: Source, selection: Selection, volume: Volume) -> str:
    """Why the selection stands nowhere in the document."""
    span, length = selection.span, len(volume.text)
    if source.text in ("", volume.text):
        place = f"characters {span.start:,} to {span.end:,}"
        return f"{place} are past the end of its text, which has {length:,}"
    return f"not in its text: “{span.of(source.text)[:60].strip()}”"


def _is_called(name: str, document: Document) -> bool:
    files = {Path(document.source).stem.casefold(), document.id.casefold()}
    return Path(name).stem.casefold() in files or name.casefold() == document.title.casefold()


def _tag(code: str) -> str:
    """The tag that a code names by id or label; a code of the coder's own stays as it is."""
    known = {each.label.casefold(): each.id for each in bundled_taxonomy().tags}
    known |= {each.id: each.id for each in bundled_taxonomy().tags}
    plain = code.strip().casefold()
    return known.get(plain) or known.get(plain.replace(" ", "_").replace("-", "_")) or code.strip()


_SAID = re.compile(r"^sep=.\r?\n")
"""A first line in which Excel says what parts the columns."""


def _tables(path: Path) -> Iterator[Source]:
    """A source for each line: offsets count in our own text, quotations are texts themselves."""
    for number, row in enumerate(_rows(path), start=2):
        try:
            yield _line(row)
        except (KeyError, ValueError) as error:
            raise CorpusError(
                f"{path.name}, line {number}: not a code ({error}).",
                remedy="Give each line a coder, a document, a tag, and start and end or quotation.",
            ) from error


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{path.name} could not be read ({error}).", remedy="Save it as CSV in UTF-8."
        ) from error
    try:
        yield from map(_named, _parted(_SAID.sub("", content)))
    except csv.Error as error:
        raise CorpusError(
            f"{path.name} is no table ({error}).", remedy="Save it as CSV in UTF-8."
        ) from error


def _parted(content: str) -> Iterator[Mapping[str, str]]:
    head = content.partition("\n")[0]
    parted_by = max(_SEPARATORS, key=head.count)
    return csv.DictReader(StringIO(content, newline=""), delimiter=parted_by)


def _named(row: Mapping[str, str]) -> Mapping[str, str]:
    named = {(name or "").strip().casefold(): value or "" for name, value in row.items()}
    return {_ALSO_CALLED.get(name, name): value for name, value in named.items()}


def _line(row: Mapping[str, str]) -> Source:
    missing = [name for name in ("coder", "document", "tag") if not row.get(name, "").strip()]
    if missing:
        raise ValueError(f"no {' and no '.join(missing)}")
    quotation = row.get("quotation", "").strip()
    if row.get("start", "").strip():
        quotation, span = "", Span(int(row["start"]), int(row["end"]))
    elif quotation:
        span = Span(0, len(quotation))
    else:
        raise ValueError("neither start and end nor a quotation")
    selection = Selection(span=span, code=row["tag"], coder=row["coder"].strip())
    return Source(name=row["document"].strip(), text=quotation, selections=(selection,))
