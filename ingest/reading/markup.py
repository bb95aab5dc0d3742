"""HTML, Markdown, Word and plain text as readings: the visible prose, without the site around it.

Markdown is rendered and read as HTML, so that both know the same headings, lists, tables and
notes. Nothing here has pages.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, defs, document_fromstring
from markdown_it import MarkdownIt

from ingest.errors import DamagedFile, OverLimit, WrongFormat
from ingest.model import (
    Extraction,
    HiddenText,
    Note,
    Paragraph,
    ParagraphKind,
    Reading,
    Span,
)
from ingest.reading.characters import folded
from ingest.reading.fileformat import Format, format_of
from ingest.reading.numbering import item_marker
from ingest.reading.worddocument import word_document

MAX_BYTES = 64 * 2**20
"""Larger files are refused: no report is that long in words."""

_NUMBER = re.compile(
    r"(\d{1,3}(?:\.\d{1,3}){1,3}|\d{1,3}(?=\.)|[A-Z]\d{1,2}\.\d{1,3})\.?\s+[^\w]*[A-Z]"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]+")
_LONGEST_TITLE = 300


def read_markup(path: Path) -> Reading:
    """The file's words; raises a SourceError where they cannot all be had."""
    found = format_of(path)
    if path.stat().st_size > MAX_BYTES:
        raise OverLimit(
            f"more than {MAX_BYTES} bytes of text.", remedy="Split the file.", file=path.name
        )
    if found is Format.WORD:
        return _read_html(word_document(path), path.name)
    text = _decoded(path.read_bytes(), path.name).replace("\r\n", "\n").replace("\r", "\n")
    # An HTML parser stops at a NUL.
    text = text.replace("\0", "\ufffd")
    if found is Format.HTML:
        return _read_html(text, path.name)
    if found is Format.MARKDOWN:
        return _read_html(_rendered(text), path.name)
    if found is Format.TEXT:
        return _read_plain(text)
    raise WrongFormat(f"this is {found}.", remedy="Read it as a PDF.", file=path.name)


def _decoded(content: bytes, file: str) -> str:
    """By byte order mark, as UTF-8, as declared, or as Windows-1252, whichever fits first."""
    for encoding in (*_marked(content), "utf-8", *_declared(content), "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    repaired = content.decode("utf-8", errors="replace")
    if repaired.count("\ufffd") * 100 > len(repaired):
        raise DamagedFile(
            "its characters fit no encoding we know.", remedy="Save it as UTF-8.", file=file
        )
    return repaired


def _marked(content: bytes) -> Iterator[str]:
    if content.startswith(codecs.BOM_UTF8):
        yield "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield "utf-16"


def _declared(content: bytes) -> Iterator[str]:
    found = re.search(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", content[:1024], re.I)
    if found:
        try:
            yield codecs.lookup(found[1].decode("ascii")).name
        except LookupError:
            return


@dataclass(slots=True)
class _Draft:
    """A paragraph being written: words with single spaces, and which of them do not show."""

    kind: ParagraphKind
    level: int = 0
    words: str = ""
    hidden: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])
    calls: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Places where a note is called, with the id of the note."""

    def add(self, text: str, reason: str | None, *, keep_lines: bool = False) -> None:
        words = folded(text)
        words = re.sub(r"[^\S\n]+" if keep_lines else r"\s+", " ", words)
        if not self.words or self.words[-1] in " \n":
            words = words.lstrip(" ")
        if words and reason:
            self.hidden.append((len(self.words), len(self.words) + len(words), reason))
        self.words += words

    def call(self, identifier: str) -> None:
        """A note is called here."""
        self.calls.append((len(self.words), identifier))

    def separate(self, mark: str) -> None:
        """A line or cell ends here, if anything stands before."""
        if self.words:
            self.words = self.words.rstrip(" ") + mark


class _Writer:
    """Paragraphs one after another into one canonical text, the notes last."""

    def __init__(self) -> None:
        self.furniture: list[str] = []
        self.title: str | None = None
        self._text: list[str] = []
        self._length = 0
        self._paragraphs: list[Paragraph] = []
        self._hidden: list[HiddenText] = []
        self._section: list[tuple[int, str]] = []
        self._anchors: dict[str, int] = {}
        self._notes: list[Note] = []

    def write(self, draft: _Draft) -> None:
        span = self._append(draft)
        if span is None:
            return
        words = draft.words.strip()
        if draft.kind is ParagraphKind.HEADING:
            self._section = [above for above in self._section if above[0] < draft.level]
        number = _NUMBER.match(words) if draft.kind is ParagraphKind.BODY else None
        self._paragraphs.append(
            Paragraph(
                span=span,
                kind=draft.kind,
                section=tuple(heading for _, heading in self._section),
                number=number[1] if number else None,
                level=draft.level,
                marker=item_marker(words) if draft.kind is ParagraphKind.LIST_ITEM else None,
            )
        )
        if draft.kind is ParagraphKind.HEADING:
            self._section.append((draft.level, words))

    def write_note(self, draft: _Draft, *, marker: str, identifier: str) -> None:
        span = self._append(draft)
        if span is not None:
            self._paragraphs.append(Paragraph(span=span, kind=ParagraphKind.NOTE, section=()))
            anchor = self._anchors.get(identifier)
            self._notes.append(Note(marker=marker, span=span, anchor=anchor))

    def reading(self) -> Reading:
        text = "\n\n".join(self._text)
        invisible = [
            HiddenText(span=Span(*found.span()), reason="zero-width or tag character")
            for found in _INVISIBLE.finditer(text)
        ]
        hidden = sorted([*self._hidden, *invisible], key=lambda each: each.span.start)
        return Reading(
            text=text,
            extraction=Extraction.MARKUP,
            pages=(),
            lines=(),
            paragraphs=tuple(self._paragraphs),
            notes=tuple(self._notes),
            hidden=tuple(hidden),
            title=self.title or self._first_words(text),
            furniture=tuple(self.furniture),
        )

    def _append(self, draft: _Draft) -> Span | None:
        words = draft.words.strip()
        if not words:
            return None
        start = self._length + (2 if self._text else 0)
        shift = start - (len(draft.words) - len(draft.words.lstrip()))
        span = Span(start, start + len(words))
        self._text.append(words)
        self._length = span.end
        for first, last, reason in draft.hidden:
            if min(last + shift, span.end) > max(first + shift, span.start):
                part = Span(max(first + shift, span.start), min(last + shift, span.end))
                self._hidden.append(HiddenText(span=part, reason=reason))
        for offset, identifier in draft.calls:
            self._anchors.setdefault(identifier, min(offset + shift, span.end))
        return span

    def _first_words(self, text: str) -> str | None:
        headings = (p for p in self._paragraphs if p.kind is ParagraphKind.HEADING)
        first = next(headings, self._paragraphs[0] if self._paragraphs else None)
        return first.span.of(text).split("\n")[0][:_LONGEST_TITLE] if first else None


# --- Markdown ---

_NOTE_DEFINITION = re.compile(
    r"^\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*)", re.M
)
_NOTE_CALL = re.compile(r"\[\^([^\]\s]+)\]")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.S)


def _rendered(markdown: str) -> str:
    """The Markdown as HTML, with footnotes as links to an aside and front matter as furniture."""
    front = _FRONT_MATTER.match(markdown)
    body = markdown[front.end() :] if front else markdown
    notes = dict(_NOTE_DEFINITION.findall(body))
    body = _NOTE_CALL.sub(_note_call, _NOTE_DEFINITION.sub("", body)) if notes else body
    parser = MarkdownIt("commonmark").enable("table")
    asides = "".join(
        f'<aside id="fn-{escape(name)}">{parser.renderInline(words)}</aside>'
        for name, words in notes.items()
    )
    header = f"<nav>{escape(front.group())}</nav>" if front else ""
    return f"<body>{header}<main>{parser.render(body)}</main>{asides}</body>"


def _note_call(found: re.Match[str]) -> str:
    name = escape(found[1])
    return f'<a role="doc-noteref" href="#fn-{name}">{name}</a>'


# --- Plain text ---

_UNDERLINE = re.compile(r"[=\-~_*]{3,}")
_BULLET = re.compile(r"[ \t]*(?:[•●▪◦·*–-]|\(?[a-z]\)|\(?[ivx]+\))[ \t]+(?=\S)")
_STRUCTURE = re.compile(r"(?:chapter|part|section|appendix|annex)\s+[\dA-Z]{1,4}\b[^.]{0,70}", re.I)


def _read_plain(text: str) -> Reading:
    writer = _Writer()
    for block in re.split(r"\n[ \t]*\n\s*|\f", text):
        for draft in _plain_drafts([line for line in block.split("\n") if line.strip()]):
            writer.write(draft)
    return writer.reading()


def _plain_drafts(lines: list[str]) -> Iterator[_Draft]:
    if lines and _is_plain_heading(lines):
        yield _plain_draft(lines[0], ParagraphKind.HEADING)
        return
    held: _Draft | None = None
    for line in lines:
        bullet = _BULLET.match(line)
        if held is None or bullet:
            if held:
                yield held
            held = _plain_draft(line, ParagraphKind.LIST_ITEM if bullet else ParagraphKind.BODY)
        else:
            held.add(" " + line, None)
    if held:
        yield held


def _plain_draft(line: str, kind: ParagraphKind) -> _Draft:
    draft = _Draft(kind, level=1 if kind is ParagraphKind.HEADING else 0)
    draft.add(line, None)
    return draft


def _is_plain_heading(lines: list[str]) -> bool:
    """Underlined, in capitals, or named as a part: nothing weaker, as headings are not quoted."""
    if len(lines) == 2 and _UNDERLINE.fullmatch(lines[1].strip()):
        return True
    line = lines[0].strip()
    capitals = line.isupper() and 3 < len(line) <= 80 and not line.endswith(".")
    return len(lines) == 1 and (capitals or _STRUCTURE.fullmatch(line) is not None)


# --- HTML ---

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNSEEN = {"script", "style", "template", "noscript", "svg", "head", "iframe", "object", "select"}
_AROUND = {"nav", "form", "button", "footer", "header", "dialog"}
_AROUND_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu"}
_AROUND_CLASS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|breadcrumbs?|navbar|navigation|skip-?link|share|social|sidebar)"
    r"(?:$|[\s_-])",
    re.I,
)
_INLINE = (
    defs.phrase_tags
    | defs.font_style_tags
    | defs.special_inline_tags
    | {"bdi", "data", "label", "mark", "rp", "rt", "ruby", "time", "wbr"}
)
_KINDS = {
    "blockquote": ParagraphKind.QUOTATION,
    "li": ParagraphKind.LIST_ITEM,
    "aside": ParagraphKind.BOX,
}
_BACK_LINK = re.compile(r"[↩↑⬆^\ufe0e\ufe0f\s]*(?:back|return)?[↩↑⬆^\ufe0e\ufe0f\s]*", re.I)
_STYLE_REASONS = (
    (re.compile(r"display\s*:\s*none", re.I), "not displayed"),
    (re.compile(r"visibility\s*:\s*(?:hidden|collapse)", re.I), "not visible"),
    (re.compile(r"opacity\s*:\s*0*(?:\.0+)?\s*(?:;|$)", re.I), "transparent"),
    (
        re.compile(
            r"^(?!.*background).*(?:^|;)\s*color\s*:\s*"
            r"(?:white|#fff(?:fff)?\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)",
            re.I | re.S,
        ),
        "white on white",
    ),
)
_FONT_SIZE = re.compile(r"font-size\s*:\s*(\d*\.?\d+)\s*(px|pt|em|rem|%)?", re.I)
_POINTS = {"pt": 1.0, "px": 0.75, "em": 12.0, "rem": 12.0, "%": 0.12, "": 0.75}
_SMALLEST = 2.0
"""Points under which type cannot be read."""


def _read_html(html: str, file: str) -> Reading:
    root = _parsed(html, file)
    walk = _Walk(root)
    walk.read()
    return walk.writer.reading()


def _parsed(html: str, file: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(html.encode("utf-8"), parser=parser)
    except etree.ParserError as error:
        raise _unreadable(str(error), file) from error
    # The parser drops what comes after its limits, and says so here alone.
    for entry in parser.error_log:
        if entry.level_name == "FATAL":
            raise _unreadable(entry.message.strip(), file)
    return root


def _unreadable(reason: str, file: str) -> DamagedFile:
    return DamagedFile(
        f"the page cannot be read to its end ({reason}).",
        remedy="Save the page again, or give it as plain text.",
        file=file,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What the elements around a stretch of text make of it."""

    kind: ParagraphKind = ParagraphKind.BODY
    level: int = 0
    hidden: str | None = None
    in_table: bool = False
    keep_lines: bool = False


class _Walk:
    """One walk over the tree: furniture aside, notes for the end, paragraphs as they come."""

    def __init__(self, root: HtmlElement) -> None:
        self.writer = _Writer()
        self._root = root
        self._calls = dict(_note_calls(root))
        self._notes = {call.target: call for call in reversed(self._calls.values())}
        self._draft = _Draft(ParagraphKind.BODY)
        self._places = [_Place()]
        self._mark = ""
        """The bullet or number of a list item whose words have not begun."""
        self._cells = 0

    def read(self) -> None:
        walker = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._end(element)
            elif self._passes_over(element):
                self._places.append(self._places[-1])
                walker.skip_subtree()
            else:
                self._start(element)
        self._flush()
        self._write_notes()
        title = self._root.find(".//h1")
        title = self._root.find(".//title") if title is None else title
        self.writer.title = _words(title)[:_LONGEST_TITLE] or None if title is not None else None

    def _passes_over(self, element: HtmlElement) -> bool:
        call = self._calls.get(element)
        if call:
            self._draft.call(call.identifier)
        elif _is_furniture(element):
            self.writer.furniture += [line for line in [_words(element)] if line]
        else:
            return element.tag in _UNSEEN or element in self._notes
        return True

    def _start(self, element: HtmlElement) -> None:
        tag, outer = str(element.tag), self._places[-1]
        place = _place(element, outer)
        self._places.append(place)
        if tag in {"td", "th"} and place.in_table:
            self._draft.separate(" | " if self._cells else "")
            self._cells += 1
        elif tag == "tr" and place.in_table:
            self._draft.separate("\n")
            self._cells = 0
        elif tag == "br" or (tag not in _INLINE and place.in_table and outer.in_table):
            self._draft.add(" ", None)
        elif tag not in _INLINE:
            self._flush()
        if tag == "li":
            self._mark = _list_mark(element)
        self._add(element.text, place)

    def _end(self, element: HtmlElement) -> None:
        place, outer = self._places.pop(), self._places[-1]
        if element.tag not in _INLINE:
            if place.in_table and outer.in_table:
                self._draft.add(" ", None)
            else:
                self._flush()
        self._add(element.tail, outer)

    def _add(self, text: str | None, place: _Place) -> None:
        if not text:
            return
        if not self._draft.words:
            self._draft = replace(self._draft, kind=place.kind, level=place.level)
        if self._mark and text.strip():
            self._draft.add(f"{self._mark} ", place.hidden)
            self._mark = ""
        self._draft.add(text, place.hidden, keep_lines=place.keep_lines)

    def _flush(self) -> None:
        self.writer.write(self._draft)
        self._draft = _Draft(ParagraphKind.BODY)

    def _write_notes(self) -> None:
        for call in self._notes.values():
            draft = _Draft(ParagraphKind.NOTE)
            draft.add(f"{call.marker} ", None)
            for text, reason in _note_words(call):
                draft.add(text, reason)
            self.writer.write_note(draft, marker=call.marker, identifier=call.identifier)


def _place(element: HtmlElement, outer: _Place) -> _Place:
    tag = str(element.tag)
    place = replace(outer, hidden=outer.hidden or _hidden_reason(element))
    if tag in _HEADINGS:
        return replace(place, kind=ParagraphKind.HEADING, level=_HEADINGS[tag])
    if tag == "pre":
        return replace(place, keep_lines=True)
    if tag == "table":
        return replace(place, kind=ParagraphKind.TABLE, in_table=True)
    if tag in {"caption", "figcaption"}:
        return replace(place, kind=ParagraphKind.CAPTION, in_table=False)
    if tag == "li" and _is_numbered_prose(element):
        return place
    kind = _KINDS.get(tag)
    return replace(place, kind=kind) if kind and not outer.in_table else place


def _is_numbered_prose(item: HtmlElement) -> bool:
    """Whole paragraphs under numbers, at the top level, are the document's own numbering."""
    outer = item.getparent()
    if outer is None or outer.tag != "ol" or item.find("p") is None:
        return False
    return not any(above.tag in {"li", "blockquote", "aside"} for above in outer.iterancestors())


def _list_mark(item: HtmlElement) -> str:
    outer = item.getparent()
    if outer is None or outer.tag != "ol":
        return "•"
    first = outer.get("start", "1")
    before = len(list(item.itersiblings("li", preceding=True)))
    return f"{int(first) + before}." if first.isascii() and first.isdigit() else "•"


def _is_furniture(element: HtmlElement) -> bool:
    """What a site puts around its documents, unless it holds the document itself."""
    tag = str(element.tag)
    names = f"{element.get('class', '')} {element.get('id', '')}"
    around = (
        tag in _AROUND
        or element.get("role") in _AROUND_ROLES
        or (tag not in _INLINE and _AROUND_CLASS.search(names))
    )
    if not around or tag in {"html", "body", "main", "article"}:
        return False
    if tag in {"header", "footer"} and any(
        a.tag in {"main", "article"} for a in element.iterancestors()
    ):
        return False
    return next(element.iter("main", "article", "h1"), None) is None


def _hidden_reason(element: HtmlElement) -> str | None:
    """Why a reader of the page would not see the element's words; None where they show."""
    if element.get("hidden") is not None:
        return "marked hidden"
    style = element.get("style", "")
    size = _FONT_SIZE.search(style)
    if size and float(size[1]) * _POINTS[(size[2] or "").lower()] < _SMALLEST:
        return "too small to read"
    return next((reason for pattern, reason in _STYLE_REASONS if pattern.search(style)), None)


def _words(element: HtmlElement) -> str:
    """All words inside that show, on one line."""
    parts = (
        part
        for node in element.iter()
        for part in (
            node.text if node.tag not in _UNSEEN else None,
            node.tail if node is not element else None,
        )
        if part
    )
    return " ".join(folded("".join(parts)).split())


# --- Notes in HTML ---


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A note's call in the body, and the element that holds the note."""

    identifier: str
    marker: str
    target: HtmlElement


def _note_calls(root: HtmlElement) -> Iterator[tuple[HtmlElement, _Call]]:
    """Links from small raised marks, or marked as such, to something further on."""
    order = {element: place for place, element in enumerate(root.iter())}
    targets = {name: each for each in root.iter() for name in [each.get("id")] if name}
    for link in root.iter("a"):
        target = targets.get(link.get("href", "").removeprefix("#"))
        marker = _words(link).strip("[]() ")
        if target is None or not marker or not _is_raised(link):
            continue
        while target.tag in _INLINE and (parent := target.getparent()) is not None:
            target = parent
        if target.tag != "body" and order[target] > order[link]:
            yield link, _Call(identifier=link.get("href", "")[1:], marker=marker, target=target)


def _is_raised(link: HtmlElement) -> bool:
    parent = link.getparent()
    marked = {link.get("role"), link.get("epub:type"), *link.get("class", "").split()}
    return (
        bool(marked & {"doc-noteref", "noteref", "footnote-ref", "footnote"})
        or (parent is not None and parent.tag == "sup")
        or link.find("sup") is not None
    )


def _note_words(call: _Call) -> Iterator[tuple[str, str | None]]:
    """The note's words with why any do not show, without its own marker and the way back."""
    marker = re.compile(rf"\s*[\[(]?{re.escape(call.marker)}\b[\]).:]*\s*")
    begun = False
    for text, around in _stretches(call.target):
        if not begun:
            text = marker.sub("", text, count=1) if marker.match(text) else text
            begun = bool(text.strip())
        reasons = (_hidden_reason(each) for each in (around, *around.iterancestors()))
        yield text, next((reason for reason in reasons if reason), None)


def _stretches(element: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Each stretch of text with the element directly around it, ways back to the body left out."""
    for node in element.iter():
        returns = node.tag == "a" and _BACK_LINK.fullmatch(_words(node))
        if node.text and not returns and node.tag not in _UNSEEN:
            yield node.text, node
        if node is not element and node.tail:
            parent = node.getparent()
            yield node.tail, element if parent is None else parent
