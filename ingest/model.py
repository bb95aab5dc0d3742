"""The nouns. Everything is a half-open character range of one document's canonical text.

Offsets count Unicode code points of `Reading.text`. Standard library only: validation happens
at the borders, where pydantic's TypeAdapter reads straight into these classes.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256


def words_hash(words: str) -> str:
    """SHA-256 of the words in UTF-8, in hexadecimal."""
    return sha256(words.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters; raises ValueError unless 0 <= start < end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words the span stands for; raises ValueError where it runs past the text."""
        if self.end > len(text):
            raise ValueError(f"span [{self.start}, {self.end}) runs past {len(text)} characters")
        return text[self.start : self.end]

    def overlap(self, other: "Span") -> int:
        """How many characters both hold."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def holds(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def within(self, outer: "Span") -> "Span":
        """The same words counted from the start of `outer`."""
        return Span(self.start - outer.start, self.end - outer.start)


class Kind(StrEnum):
    """What sort of document; `response` is an answer to another document's recommendations."""

    FINAL_REPORT = "final_report"
    INTERIM_REPORT = "interim_report"
    COMMITTEE_REPORT = "committee_report"
    INSPECTION = "inspection"
    RESPONSE = "response"
    PROGRESS_REPORT = "progress_report"
    PRESS_NOTICE = "press_notice"
    LETTER = "letter"
    PLAN = "plan"
    EVIDENCE = "evidence"
    OTHER = "other"


class Edition(StrEnum):
    OFFICIAL = "official"
    DIGEST = "digest"


class Standing(StrEnum):
    """How far an account was checked: against the source, against others' accounts, or not."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


class Bearing(StrEnum):
    """How a document stands to the report that its corpus is about."""

    IS = "is"
    INTERIM_OF = "interim_of"
    RESPONDS_TO = "responds_to"
    PRECEDES = "precedes"
    FOLLOWS_UP = "follows_up"


class Extraction(StrEnum):
    """How the words were got: a text layer, optical recognition, or markup and plain text."""

    TEXT = "text"
    OCR = "ocr"
    MARKUP = "markup"


class PageStatus(StrEnum):
    TEXT = "text"
    OCR = "ocr"
    SCANNED = "scanned"
    EMPTY = "empty"
    FAILED = "failed"


class ParagraphKind(StrEnum):
    HEADING = "heading"
    BODY = "body"
    QUOTATION = "quotation"
    LIST_ITEM = "list_item"
    BOX = "box"
    TABLE = "table"
    CAPTION = "caption"
    FIGURE = "figure"
    CONTENTS = "contents"
    NOTE = "note"


class Voice(StrEnum):
    """Whose words they are."""

    INQUIRY = "inquiry"
    WITNESS = "witness"
    DOCUMENT = "document"
    OFFICIAL = "official"
    SURVEY = "survey"


class Stance(StrEnum):
    """How the words are put forward."""

    FOUND = "found"
    REPORTED = "reported"
    ALLEGED = "alleged"
    DENIED = "denied"
    RECOMMENDED = "recommended"
    BACKGROUND = "background"


class Relation(StrEnum):
    """How a passage bears on a recommendation."""

    STATES = "states"
    CROSS_REFERENCE = "cross_reference"
    MOTIVATES = "motivates"


class Basis(StrEnum):
    """Why a link is believed; always shown."""

    CITED = "cited"
    CURATED = "curated"
    NEARBY = "nearby"
    SIMILAR = "similar"


class ResponseStatus(StrEnum):
    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    ACCEPTED_IN_PRINCIPLE = "accepted_in_principle"
    REJECTED = "rejected"
    UNDER_CONSIDERATION = "under_consideration"
    NOTED = "noted"
    NOT_ADDRESSED = "not_addressed"


class Alignment(StrEnum):
    """How a reply was found to answer a recommendation; always shown, the surest first."""

    NUMBER = "number"
    QUOTATION = "quotation"
    ORDER = "order"
    SIMILAR = "similar"


class Mention(StrEnum):
    """How a reply takes up an operative part of the recommendation that it answers."""

    QUOTED = "quoted"
    OTHER_WORDS = "other_words"
    NOT_MENTIONED = "not_mentioned"


class LineageRelation(StrEnum):
    REPEATS = "repeats"
    BUILDS_ON = "builds_on"
    SUPERSEDES = "supersedes"


class AliasStatus(StrEnum):
    """What became of an id's words: same id, elsewhere in the text, altered, or no longer there."""

    KEPT = "kept"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


class Verdict(StrEnum):
    """What a quotation is, as the canonical texts have it; `elsewhere` is real, not as claimed."""

    EXACT = "exact"
    TYPOGRAPHIC = "typographic"
    ALTERED = "altered"
    STITCHED = "stitched"
    ELSEWHERE = "elsewhere"
    NOT_FOUND = "not_found"


class ChangeKind(StrEnum):
    """What sort of words differ between a quotation and its source, the gravest first."""

    NEGATION = "negation"
    NUMBER = "number"
    MODAL = "modal"
    NAME = "name"
    WORDS = "words"
    CASE = "case"
    PUNCTUATION = "punctuation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One published document, or our digest of one."""

    id: str
    title: str
    source: str
    """File name of the source, without folders."""
    source_sha256: str
    """SHA-256 of the source's bytes."""
    page_count: int
    """Pages of the file; 0 for what has no pages."""
    author: str | None = None
    publisher: str | None = None
    date: datetime.date | None = None
    dated: str | None = None
    """The date in words, where the day is not known."""
    kind: Kind = Kind.OTHER
    paper_number: str | None = None
    edition: Edition = Edition.OFFICIAL
    digest_of: str | None = None
    """Id of the published document that this digest is of, whether or not that one is here."""
    url: str | None = None
    licence: str | None = None
    attribution: str | None = None
    responds_to: str | None = None
    """Id of the document this one answers."""
    inquiry: str | None = None
    """Slug shared by the documents of one inquiry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published document as a manifest lists it, whether or not its words are here."""

    id: str
    title: str
    author: str | None = None
    publisher: str | None = None
    date: datetime.date | None = None
    dated: str | None = None
    kind: Kind | None = None
    paper_number: str | None = None
    pages: int | None = None
    landing_page: str | None = None
    file_url: str | None = None
    sha256: str | None = None
    licence: str | None = None
    attribution: str | None = None
    relation: Bearing | None = None
    standing: Standing | None = None
    """Of what the manifest says about the document."""
    note: str | None = None
    responds_to: str | None = None
    digest: str | None = None
    """Id of our digest of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPart:
    """A document that could be taken for one of the corpus, and why it is none."""

    name: str
    words: tuple[str, ...]
    """A query that has them all asks for it."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What people of a corpus's field call one thing."""

    name: str
    kind: str
    """`unit`, `body`, `term` or `case`."""
    same: tuple[str, ...] = ()
    """What else it is called: true synonyms only."""
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What a manifest says of a corpus as a whole."""

    id: str
    """The inquiry's slug, or the folder's name as one."""
    name: str | None = None
    inquiry: str | None = None
    content_note: str | None = None
    corrections: str | None = None
    """How to ask for a correction or a removal."""
    hosts: tuple[str, ...] = ()
    """The only hosts that its documents are fetched from."""
    documents: tuple[Published, ...] = ()
    not_part: tuple[NotPart, ...] = ()
    glossary: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in points from the page's top left corner, as the page is seen."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the file; `number` counts from 1."""

    number: int
    status: PageStatus
    printed: str | None
    """The number as printed on the page, or None: never inferred."""
    label: str | None
    """The file's own page label, which may never have been printed."""
    span: Span | None
    """Body text that stands on the page; None where there is none."""
    width: float
    height: float
    reason: str | None = None
    """Why a page is scanned, empty or failed."""
    confidence: float | None = None
    """Mean word confidence of optical recognition, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where a stretch of canonical text stands on paper."""

    span: Span
    page: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph, heading, list item, table or note, in reading order."""

    span: Span
    kind: ParagraphKind
    section: tuple[str, ...]
    """Headings above it, outermost first; for a heading, those above that heading."""
    number: str | None = None
    """The paragraph number as printed (`17`, `3.12`), which also stays in the text."""
    level: int = 0
    """Of a heading, 1 outermost; 0 for everything else."""
    marker: str | None = None
    """The letter, bracketed number or bullet that opens a list item, as printed: `(a)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A footnote or endnote: its own words, and the place in the body that calls it."""

    marker: str
    span: Span
    anchor: int | None
    """Offset in the body just after the word that carries the marker; None where not found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenText:
    """Characters a reader of the page would not see."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Words of the source that the text lacks, and words it has that the source lacks.

    Counted page by page against the plain text that the file's library gives without our layout.
    """

    source_words: int
    lost: tuple[str, ...]
    """Each as `page 12: word`."""
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading one source gave: the canonical text and what stands where in it.

    The text is the body in reading order, paragraphs separated by a blank line, followed by
    the notes. Lines are sorted by span and cover every character that came from a page.
    """

    text: str
    extraction: Extraction
    pages: tuple[Page, ...]
    lines: tuple[Line, ...]
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Note, ...]
    hidden: tuple[HiddenText, ...]
    title: str | None = None
    """The title as printed or marked up, where one was recognised."""
    furniture: tuple[str, ...] = ()
    """Running heads, footers and page numbers left out of the text, one entry per line removed."""
    losses: Losses | None = None
    """None for what has no pages, and for a Reading that was stored: Fidelity holds the counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one section that is embedded, found and quoted as a whole."""

    id: str
    document: str
    span: Span
    section: tuple[str, ...]
    paragraphs: tuple[str, ...]
    """Printed paragraph numbers it holds, whole or in part."""
    page_start: int | None
    page_end: int | None
    printed_start: str | None
    printed_end: str | None
    quote_sha256: str
    extraction: Extraction
    hidden_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A tag on a passage, with the words that earned it."""

    passage: str
    tag: str
    span: Span
    """The trigger, in the canonical text."""
    sentence: Span
    voice: Voice
    stance: Stance
    confidence: float
    """0 to 1."""
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A formal recommendation, or a numbered conclusion, in its exact words.

    Of a digest, an account of one in our words: its id is that of the published recommendation.
    """

    id: str
    document: str
    """Where its span lies: the published document, or our digest of it."""
    number: str | None
    """As printed; None where that was not seen."""
    kind: str
    """`recommendation` or `conclusion`."""
    span: Span
    """The statement alone: no number, title or trailing cross-reference."""
    title: str | None
    sub_parts: tuple[Span, ...]
    addressee: tuple[str, ...]
    deadline: str | None
    occurrences: tuple[Span, ...] = ()
    """Other places where the document states it, whole."""
    cited_paragraphs: tuple[str, ...] = ()
    """Paragraph numbers that the document itself prints beside it."""
    group: str | None = None
    """The heading it stands under, where recommendations are grouped."""
    themes: tuple[str, ...] = ()
    """Tags of the taxonomy that it bears on, as a corpus says."""
    reconstructed_number: str | None = None
    """Its place in a list of our own making; never the report's own number."""
    aliases: tuple[str, ...] = ()
    """Other ids that it is known by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """An operative part of a recommendation that a reply can be held to.

    The duties of a recommendation do not overlap, and stand in the order of its text.
    """

    recommendation: str
    span: Span
    """The part whole, with what qualifies it; no letter, bullet or joining word around it."""
    actor: str | None
    """Who must act, as printed; also where an earlier part of the sentence names them."""
    act: str
    """What is to be done, from its verb on, white space made single."""
    deadline: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyReply:
    """What a reply makes of one duty; says where the words are, not whether it is met."""

    duty: Span
    """Of the duty, in the document that recommends."""
    mention: Mention
    span: Span | None
    """The words that take it up, in the document that replies; None where not mentioned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer to a recommendation, in the responding document.

    A document in which several bodies answer gives each its own.
    """

    recommendation: str
    document: str
    """Id of the document that replies."""
    span: Span | None
    """The answer without the recommendation it reprints; None where nothing is said of it."""
    status: ResponseStatus
    status_span: Span | None
    """The words that justify the status; None where it is `not_addressed`."""
    date: datetime.date | None
    """As the reply states it, else the document's."""
    alignment: Alignment | None = None
    """None where nothing is said of the recommendation."""
    responder: str | None = None
    """Who answers, as printed, where the document tells several apart."""
    restatement: Span | None = None
    """Where the document reprints the recommendation: words of who made it, not of who replies."""
    duties: tuple[DutyReply, ...] = ()
    """One for each duty of the recommendation, in their order; none where nothing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A passage that bears on a recommendation, and why we say so."""

    recommendation: str
    passage: str
    relation: Relation
    basis: Basis
    score: float
    words: Span | None = None
    """For basis `cited`, where the recommending document says so; for basis `curated`, the
    paragraph meant, in the passage's document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A paragraph of any document that is said by hand to bear on a recommendation."""

    recommendation: str
    document: str
    paragraph: str
    """Its printed number, or the name of a table: `Table 4.5`."""
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """A recommendation that follows one of another document."""

    recommendation: str
    earlier: str
    relation: LineageRelation
    basis: Basis
    score: float
    why: str | None = None
    """What they share, where that was written by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEvent:
    """What somebody stated about a recommendation's progress; never our own verdict."""

    recommendation: str
    date: datetime.date | None
    """The first day of what is known; None where nothing is."""
    dated: str
    """The date as far as it is known: `spring 2023 (exact day not seen)`."""
    status: str
    who: str
    """Who did or said it."""
    source: str
    """Where it was seen."""
    quotation: str | None = None
    standing: Standing | None = None
    document: str | None = None
    paragraph: str | None = None
    """The digest's paragraph that tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """An id once issued, the words it stood for, and where those words are now."""

    id: str
    quote_sha256: str
    """Of those words with every run of white space made one space; never changes."""
    status: AliasStatus
    span: Span | None
    """Where its words stand in the present text; None where they do not."""
    passage: str | None
    """The present passage that holds those words, or that replaced them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """What reading did to the source's words."""

    pages: dict[str, int]
    """Pages by status."""
    source_words: int
    words_lost: int
    words_added: int
    sentences: int
    sentences_severed: int
    furniture_in_body: int
    passages: int
    exceptions: tuple[str, ...] = ()
    """What was lost or added, shortened, with its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What made a stored thing."""

    source_sha256: str
    pipeline: str
    """Version of the ingest pipeline."""
    settings: dict[str, str]
    """Everything else that the result depends on: chunk size, tokenizer hash, taxonomy hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A document and everything that has been derived from it."""

    document: Document
    stamp: Stamp
    reading: Reading
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    duties: tuple[Duty, ...] = ()
    responses: tuple[Response, ...] = ()
    links: tuple[Link, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    events: tuple[StatusEvent, ...] = ()
    aliases: tuple[Alias, ...] = ()
    fidelity: Fidelity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """What joins the documents of one generation, beside what each document holds itself."""

    links: tuple[Link, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    responses: tuple[Response, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Everything a stranger needs to check a quotation without trusting us."""

    document: Document
    span: Span
    pdf_page_start: int | None
    pdf_page_end: int | None
    printed_page_start: str | None
    printed_page_end: str | None
    page_label: str | None
    paragraphs: tuple[str, ...]
    section: tuple[str, ...]
    quote_sha256: str
    url: str | None
    """The published file at its page (`#page=`), where it has an address."""
    cite_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneScore:
    """A passage's place in one lane; rank counts from 1."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found, with its score in each lane that found it."""

    passage: str
    document: str
    score: float
    lanes: dict[str, LaneScore] = field(default_factory=dict[str, LaneScore])
    parts: dict[str, float] = field(default_factory=dict[str, float])
    """What the score is the sum of, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRecommendation:
    """A recommendation as it appears beside a passage: its words, and why it is there."""

    recommendation: Recommendation
    text: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedTerm:
    """A word of a query that a passage has, in any of its forms."""

    word: str
    """As the query writes it."""
    count: int
    """How often the passage has it."""
    worth: float
    """The more, the fewer passages have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A passage as it is shown: quotation, citation, findings, recommendations."""

    passage: Passage
    text: str
    citation: Citation
    findings: tuple[Finding, ...]
    recommendations: tuple[LinkedRecommendation, ...]
    hit: Hit | None = None
    highlights: tuple[Span, ...] = ()
    """Matched words, counted from the start of `text`."""
    terms: tuple[MatchedTerm, ...] = ()
    sentence: Span | None = None
    """The sentence that matches best, counted likewise; None where nothing tells which does."""
