"""Projects of qualitative coding in the exchange format of REFI-QDA: documents, codes, coders.

A project is a zip of `project.qde`, which is XML, and the documents' plain text. Positions count
Unicode code points, end exclusive. Written so that QualCoder, NVivo, MAXQDA and ATLAS.ti open it;
what they write is read for its codings of text alone. (REFI-QDA Standard 1.5, qdasoftware.org.)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, ParseError, fromstring, indent, tostring
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from index.durable import as_write_failed, write_durably
from ingest import __version__
from ingest.errors import CorpusError
from ingest.model import Span

ENDING = ".qdpx"
NAMESPACE = "urn:QDA-XML:project:1.0"
UNNAMED = "unnamed coder"
MOST_BYTES = 200_000_000
"""Of one file in a project once unpacked: small files can unpack to more than a disk holds."""
_NAME_LENGTH = 60
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FOLDERS = ("sources", "Sources")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A stretch of a source that a coder gave a code."""

    span: Span
    code: str
    coder: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document's plain text, and what was coded in it."""

    name: str
    text: str
    selections: tuple[Selection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Sources, and what each code means."""

    name: str
    codes: Mapping[str, str]
    """Description by name."""
    sources: tuple[Source, ...]


def read(path: Path) -> Project:
    """The project in a file; raises CorpusError where it is none."""
    try:
        return unpacked(path.read_bytes())
    except (BadZipFile, OSError, KeyError, ValueError, ParseError) as error:
        raise CorpusError(
            f"{path.name} is not a REFI-QDA project ({error}).",
            remedy="Export it again as a REFI-QDA project (.qdpx), with its sources inside.",
        ) from error


def write(project: Project, path: Path) -> None:
    """Writes the project whole or not at all; raises WriteFailed."""
    with as_write_failed(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, packed(project))


def packed(project: Project) -> bytes:
    """The project as the bytes of a file."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", _as_xml(project))
        for source in project.sources:
            archive.writestr(f"sources/{_guid('source', source.name)}.txt", source.text)
    return content.getvalue()


def unpacked(content: bytes) -> Project:
    """The project in the bytes; raises one of several errors where there is none, see `read`."""
    with ZipFile(BytesIO(content)) as archive:
        return _project(fromstring(_member(archive, _project_file(archive))), archive)


def _project_file(archive: ZipFile) -> str:
    """The one file of its ending: not every program calls it `project.qde`."""
    return next((name for name in archive.namelist() if name.endswith(".qde")), "project.qde")


def _member(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"{name} in it unpacks to more than {MOST_BYTES:,} bytes")
    return content


def _project(root: Element, archive: ZipFile) -> Project:
    coders = {each.get("guid"): each.get("name") or UNNAMED for each in root.iterfind(".//{*}User")}
    codes = {each.get("guid"): each.get("name") or "" for each in root.iterfind(".//{*}Code")}
    one_to_an_end = "ATLAS" in (root.get("origin") or "").upper()
    return Project(
        name=root.get("name") or "",
        codes={each.get("name") or "": _description(each) for each in root.iterfind(".//{*}Code")},
        sources=tuple(
            Source(
                name=name,
                text=_plain(element, archive, one_to_an_end=one_to_an_end),
                selections=tuple(_selections(element, codes, coders)),
            )
            for name, element in _texts(root)
        ),
    )


def _texts(root: Element) -> Iterator[tuple[str, Element]]:
    """Text sources, and the plain text that goes with a PDF."""
    for element in root.iterfind(".//{*}TextSource"):
        yield element.get("name") or "", element
    for source in root.iterfind(".//{*}PDFSource"):
        for element in source.iterfind("{*}Representation"):
            yield source.get("name") or "", element


def _plain(element: Element, archive: ZipFile, *, one_to_an_end: bool) -> str:
    """The text as positions count in it: ATLAS.ti counts a line's end of two characters as one."""
    content = element.findtext("{*}PlainTextContent")
    if content is None:
        name = (element.get("plainTextPath") or "").removeprefix("internal://")
        inside = [f"{folder}/{name}" for folder in _FOLDERS]
        found = next((each for each in inside if each in archive.namelist()), inside[0])
        content = _member(archive, found).decode("utf-8-sig")
    return content.replace("\r\n", "\n") if one_to_an_end else content


def _selections(
    element: Element,
    codes: Mapping[str | None, str],
    coders: Mapping[str | None, str],
) -> Iterator[Selection]:
    for selected in element.iterfind("{*}PlainTextSelection"):
        start, end = int(selected.get("startPosition", "")), int(selected.get("endPosition", ""))
        for coding in selected.iterfind("{*}Coding"):
            reference = coding.find("{*}CodeRef")
            code = codes.get(reference.get("targetGUID")) if reference is not None else None
            if code and start < end:
                by = coding.get("creatingUser") or selected.get("creatingUser")
                yield Selection(
                    span=Span(start, end),
                    code=code,
                    coder=coders.get(by, UNNAMED),
                    note=_description(selected),
                )


def _description(element: Element) -> str:
    return (element.findtext("{*}Description") or "").strip()


def _as_xml(project: Project) -> bytes:
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    coders = sorted({each.coder for source in project.sources for each in source.selections})
    # Readers compare the origin with the programs whose habits they know, and some fail without.
    root = _element(
        "Project",
        _element("Users", *(_element("User", guid=_guid("coder", by), name=by) for by in coders)),
        _element("CodeBook", _element("Codes", *_codes(project.codes))),
        _element("Sources", *(_source(source, made) for source in project.sources)),
        xmlns=NAMESPACE,
        name=project.name,
        origin=f"Casebook {__version__}",
        creationDateTime=made,
    )
    indent(root)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _codes(codes: Mapping[str, str]) -> Iterator[Element]:
    for name, description in codes.items():
        guid = _guid("code", name)
        yield _element("Code", *_described(description), guid=guid, name=name, isCodable="true")


def _source(source: Source, made: str) -> Element:
    guid = _guid("source", source.name)
    return _element(
        "TextSource",
        *(_selection(source, each, made) for each in _once(source.selections)),
        guid=guid,
        name=source.name,
        plainTextPath=f"internal://{guid}.txt",
        creationDateTime=made,
    )


def _once(selections: Sequence[Selection]) -> tuple[Selection, ...]:
    """One of each coder's for a place and code: QualCoder refuses a second."""
    first = {(each.coder, each.code, each.span): each for each in reversed(selections)}
    return tuple(sorted(first.values(), key=lambda each: (each.span.start, each.span.end)))


def _selection(source: Source, selection: Selection, made: str) -> Element:
    span, by = selection.span, _guid("coder", selection.coder)
    place = f"{source.name} {span.start} {span.end} {selection.code} {selection.coder}"
    who_and_when = {"creatingUser": by, "creationDateTime": made}
    code = _element("CodeRef", targetGUID=_guid("code", selection.code))
    return _element(
        "PlainTextSelection",
        *_described(selection.note),
        _element("Coding", code, guid=_guid("coding", place), **who_and_when),
        guid=_guid("selection", place),
        name=_for_xml(span.of(source.text)[:_NAME_LENGTH]),
        startPosition=str(span.start),
        endPosition=str(span.end),
        **who_and_when,
    )


def _described(description: str) -> Iterator[Element]:
    if description:
        element = _element("Description")
        element.text = _for_xml(description)
        yield element


def _element(tag: str, *children: Element, **attributes: str) -> Element:
    element = Element(tag, attributes)
    element.extend(children)
    return element


def _for_xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _guid(kind: str, name: str) -> str:
    """The same for the same thing each time, so that two exports can be compared."""
    return str(uuid5(NAMESPACE_URL, f"casebook/{kind}/{name}"))
