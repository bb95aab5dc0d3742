# Made from api/wire.py by tests/test_openapi.py; changes belong there.
"""What goes over the wire: the contract's objects, as the service and `--json` both print them.

Offsets count Unicode code points, end exclusive: `start` and `end` within the object's own
`text`, `char_start` and `char_end` within the document's canonical text. The examples are invented.
"""

import datetime
from enum import StrEnum
from typing import Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class AliasStatus(StrEnum):
    """What became of an id's words: same id, elsewhere in the text, altered, or no longer there."""

    KEPT = "kept"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


class Alignment(StrEnum):
    """How a reply was found to answer a recommendation; always shown, the surest first."""

    NUMBER = "number"
    QUOTATION = "quotation"
    ORDER = "order"
    SIMILAR = "similar"


class Basis(StrEnum):
    """Why a link is believed; always shown."""

    CITED = "cited"
    CURATED = "curated"
    NEARBY = "nearby"
    SIMILAR = "similar"


class ChangeKind(StrEnum):
    """What sort of words differ between a quotation and its source, the gravest first."""

    NEGATION = "negation"
    NUMBER = "number"
    MODAL = "modal"
    NAME = "name"
    WORDS = "words"
    CASE = "case"
    PUNCTUATION = "punctuation"


class Edition(StrEnum):
    OFFICIAL = "official"
    DIGEST = "digest"


class Extraction(StrEnum):
    """How the words were got: a text layer, optical recognition, or markup and plain text."""

    TEXT = "text"
    OCR = "ocr"
    MARKUP = "markup"


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


class LineageRelation(StrEnum):
    REPEATS = "repeats"
    BUILDS_ON = "builds_on"
    SUPERSEDES = "supersedes"


class Mention(StrEnum):
    """How a reply takes up an operative part of the recommendation that it answers."""

    QUOTED = "quoted"
    OTHER_WORDS = "other_words"
    NOT_MENTIONED = "not_mentioned"


class PageStatus(StrEnum):
    TEXT = "text"
    OCR = "ocr"
    SCANNED = "scanned"
    EMPTY = "empty"
    FAILED = "failed"


class Relation(StrEnum):
    """How a passage bears on a recommendation."""

    STATES = "states"
    CROSS_REFERENCE = "cross_reference"
    MOTIVATES = "motivates"


class ResponseStatus(StrEnum):
    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    ACCEPTED_IN_PRINCIPLE = "accepted_in_principle"
    REJECTED = "rejected"
    UNDER_CONSIDERATION = "under_consideration"
    NOTED = "noted"
    NOT_ADDRESSED = "not_addressed"


class Stance(StrEnum):
    """How the words are put forward."""

    FOUND = "found"
    REPORTED = "reported"
    ALLEGED = "alleged"
    DENIED = "denied"
    RECOMMENDED = "recommended"
    BACKGROUND = "background"


class Standing(StrEnum):
    """How far an account was checked: against the source, against others' accounts, or not."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


class Verdict(StrEnum):
    """What a quotation is, as the canonical texts have it; `elsewhere` is real, not as claimed."""

    EXACT = "exact"
    TYPOGRAPHIC = "typographic"
    ALTERED = "altered"
    STITCHED = "stitched"
    ELSEWHERE = "elsewhere"
    NOT_FOUND = "not_found"


class Voice(StrEnum):
    """Whose words they are."""

    INQUIRY = "inquiry"
    WITNESS = "witness"
    DOCUMENT = "document"
    OFFICIAL = "official"
    SURVEY = "survey"


_T = TypeVar("_T")
_Example = dict[str, JsonValue]


def _shown(example: _Example) -> ConfigDict:
    return ConfigDict(frozen=True, json_schema_extra={"examples": [example]})


_DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
_WORDS = "The board had no plan for a flood at the lower gates. Nobody had asked for one."
_GENERATION = "20210601T120000Z-4f2a"
_PASSAGE = "harbour-review:3.12"
_RECOMMENDATION = "harbour-review:recommendation-4"

_CITATION: _Example = {
    "document_id": "harbour-review",
    "title": "Harbour Review: Final Report",
    "author": "Dame Ann Example",
    "publisher": "Harbour Office",
    "date": "2021-06-01",
    "paper_number": "HC 9999",
    "edition": "official",
    "licence": "Open Government Licence v3.0",
    "attribution": "Contains public sector information licensed under the OGL v3.0.",
    "source": "harbour-review.pdf",
    "url": "https://example.org/harbour-review.pdf#page=39",
    "permalink": "/v1/passages/harbour-review:3.12",
    "pdf_page_start": 39,
    "pdf_page_end": 39,
    "printed_page_start": "34",
    "printed_page_end": "34",
    "page_label": "39",
    "paragraphs": ["3.12"],
    "section": ["3 The gates", "Plans"],
    "char_start": 120394,
    "char_end": 120473,
    "document_sha256": _DIGEST,
    "quote_sha256": _DIGEST,
    "cite_as": "Dame Ann Example, Harbour Review: Final Report (HC 9999, 2021) para 3.12, p 34",
    "notice": None,
}


class Citation(BaseModel):
    """Everything a stranger needs to check a quotation against the published document."""

    model_config = _shown(_CITATION)

    document_id: str
    title: str
    author: str | None
    publisher: str | None
    date: datetime.date | None
    paper_number: str | None
    edition: Edition
    licence: str | None
    attribution: str | None
    source: str = Field(description="File name of the source.")
    url: str | None = Field(description="The published file, at its page where it has pages.")
    permalink: str = Field(description="Where this service shows the cited object.")
    pdf_page_start: int | None = Field(description="Page of the file, from 1.")
    pdf_page_end: int | None
    printed_page_start: str | None = Field(description="As printed on the page; never inferred.")
    printed_page_end: str | None
    page_label: str | None = Field(description="The file's own label of its first page.")
    paragraphs: list[str] = Field(description="Paragraph numbers as printed.")
    section: list[str] = Field(description="Headings, outermost first.")
    char_start: int
    char_end: int
    document_sha256: str = Field(description="SHA-256 of the source file's bytes.")
    quote_sha256: str = Field(description="SHA-256 of the quoted words in UTF-8.")
    cite_as: str
    notice: str | None = Field(
        default=None, description="Said where the words are our digest, not the published ones."
    )


class LaneScore(BaseModel):
    """A passage's place in one lane of the search; rank counts from 1."""

    model_config = _shown({"rank": 2, "score": 0.71})

    rank: int
    score: float


class Highlight(BaseModel):
    """Words of the text that matched the query."""

    model_config = _shown({"start": 33, "end": 38})

    start: int
    end: int


class MatchedTerm(BaseModel):
    """A word asked for that the passage has, in any of its forms."""

    model_config = _shown({"word": "flood", "count": 1, "worth": 3.2, "stands_for": None})

    word: str = Field(description="As the query writes it, or a glossary.")
    count: int = Field(description="How often the passage has it.")
    worth: float = Field(description="The more, the fewer passages have it.")
    stands_for: str | None = Field(
        default=None,
        description="Of a word that only another name has, which a glossary gives: the words of "
        "the query that the name is for. Null for a word of the query.",
    )


_EXPLANATION: _Example = {
    "terms": [{"word": "flood", "count": 1, "worth": 3.2, "stands_for": None}],
    "sentence": {"start": 0, "end": 53},
    "sentence_by": "words and meaning",
    "fusion": {"dense": 0.64, "lexical": 0.72, "neighbours": 0.07, "interaction": 1.9},
}


class Explanation(BaseModel):
    """Why the passage was found and stands where it does."""

    model_config = _shown(_EXPLANATION)

    terms: list[MatchedTerm] = Field(description="The rarest first.")
    sentence: Highlight | None = Field(
        description="The sentence of the text that matches best; null where it has none of the "
        "words, and nothing is known of what its sentences mean."
    )
    sentence_by: Literal["exact words", "words and meaning", "words", "meaning"] | None = Field(
        default=None,
        description="What the sentence was chosen by: it has what was asked, or quoted, letter for "
        "letter (`exact words`); or has the most of the words asked for, by how rare they are, or "
        "is nearest in meaning, or is best by both together, as the search goes.",
    )
    fusion: dict[str, float] = Field(
        description="What the score is the sum of: each lane's part (`dense`, `lexical`), the "
        "passages around it (`neighbours`), how near its words are to each of the query's "
        "(`interaction`), its being a `recommendation` where one is asked for, a step back behind "
        "published words (`superseded`) or of what a digest says of itself (`imprint`), after the "
        "tenth hit its being like the first three (`alike`), a `reranker`'s change, and the lift "
        "of what is asked for exactly (`exact`)."
    )


_FINDING = f"{_PASSAGE}:leadership_governance:board-had-no-plan"

_TAGGED: _Example = {
    "id": _FINDING,
    "tag": "leadership_governance",
    "start": 4,
    "end": 21,
    "trigger": "board had no plan",
    "voice": "inquiry",
    "stance": "found",
    "confidence": 0.8,
    "rule": "leadership_governance.no_plan",
}


class Tagged(BaseModel):
    """A finding on a passage: the words that earned the tag, whose they are and how put."""

    model_config = _shown(_TAGGED)

    id: str = Field(description="Of the passage, the tag and the opening words of the trigger.")
    tag: str
    start: int
    end: int
    trigger: str
    voice: Voice
    stance: Stance
    confidence: float = Field(ge=0, le=1)
    rule: str = Field(description="The rule or model that fired.")


_LINKED: _Example = {
    "id": _RECOMMENDATION,
    "number": "4",
    "kind": "recommendation",
    "text": "The board should publish a flood plan each year.",
    "relation": "cross_reference",
    "basis": "cited",
    "score": 1.0,
    "start": None,
    "end": None,
}


class Linked(BaseModel):
    """A recommendation that a passage bears on: its words, and why we say so."""

    model_config = _shown(_LINKED)

    id: str
    number: str | None
    kind: str
    """`recommendation` or `conclusion`."""
    text: str
    relation: Relation
    basis: Basis
    score: float
    start: int | None = Field(
        default=None,
        description="Of the passage's words those that are meant, for basis `curated`.",
    )
    end: int | None = None


class Trust(BaseModel):
    """How the words were got, and whether a reader of the page would see them all."""

    model_config = _shown({"extraction": "text", "hidden_text": False, "standing": None})

    extraction: Extraction
    hidden_text: bool
    standing: Standing | None = Field(
        default=None,
        description="Of a digest: how far the weakest of its words were checked; null for others.",
    )


_EVIDENCE: _Example = {
    "passage_id": _PASSAGE,
    "score": 1.43,
    "lanes": {"dense": {"rank": 2, "score": 0.71}, "lexical": {"rank": 1, "score": 11.2}},
    "text": _WORDS,
    "highlights": [{"start": 30, "end": 35}],
    "citation": _CITATION,
    "findings": [_TAGGED],
    "recommendations": [_LINKED],
    "trust": {"extraction": "text", "hidden_text": False, "standing": None},
    "explanation": _EXPLANATION,
}


class Evidence(BaseModel):
    """A passage as it is shown: quotation, citation, findings and recommendations."""

    model_config = _shown(_EVIDENCE)

    passage_id: str
    score: float | None = Field(description="Of the search; null where nothing was searched for.")
    lanes: dict[str, LaneScore]
    text: str
    highlights: list[Highlight]
    citation: Citation
    findings: list[Tagged]
    recommendations: list[Linked]
    trust: Trust
    explanation: Explanation | None = Field(
        default=None, description="Null where nothing was searched for."
    )


class Context(BaseModel):
    """A passage with those next to it in its document, nearest first on either side."""

    model_config = _shown({"passage": _EVIDENCE, "before": [], "after": [_EVIDENCE]})

    passage: Evidence
    before: list[Evidence]
    after: list[Evidence]


class FacetValue(BaseModel):
    """How many of the passages that match have this value."""

    model_config = _shown({"value": "harbour-review", "count": 12})

    value: str
    count: int


class Answer(BaseModel):
    """What a search gives: evidence, best first, and how strong it is."""

    model_config = _shown(
        {
            "query": "flood plans",
            "mode": "hybrid",
            "total": 12,
            "generation": _GENERATION,
            "strength": "strong",
            "strength_score": 0.93,
            "hits": [_EVIDENCE],
            "facets": {"document": [{"value": "harbour-review", "count": 12}]},
            "notes": ["The Harbour Survey is not part of this corpus: it is about tides."],
            "also": ["Harbour Board"],
            "next": None,
        }
    )

    query: str
    mode: str
    total: int = Field(description="Passages that match, as far as the search looked.")
    generation: str = Field(description="Name of the index that answered.")
    strength: str = Field(description="`strong`, `weak` or `none`.")
    strength_score: float = Field(description="Calibrated, 0 to 1.")
    hits: list[Evidence]
    facets: dict[str, list[FacetValue]]
    notes: list[str] = Field(
        default_factory=list[str],
        description="What to know beside the hits: digests among them, content, look-alikes.",
    )
    also: list[str] = Field(
        default_factory=list[str],
        description="Other names of what is asked, from a glossary: searched for with less weight.",
    )
    next: str | None = Field(description="Cursor of the next page; null at the end.")


def _exemplify_listing(schema: _Example, listing: type[BaseModel]) -> None:
    (record,) = get_args(listing.model_fields["items"].annotation)
    if isinstance(record, TypeVar):
        return
    example = record.model_config["json_schema_extra"]["examples"][0]
    page: _Example = {"total": 1, "generation": _GENERATION, "items": [example], "next": None}
    schema["examples"] = [page]


class Listing(BaseModel, Generic[_T]):
    """One page of a list; ask again with `cursor` set to `next` for the following one."""

    model_config = ConfigDict(frozen=True, json_schema_extra=_exemplify_listing)

    total: int
    generation: str
    items: list[_T]
    next: str | None = Field(description="Cursor of the next page; null at the end.")


_RANKED: _Example = {
    "query_id": "q1",
    "rank": 1,
    "score": 1.43,
    "passage_id": _PASSAGE,
    "document": "harbour-review",
    "source": "harbour-review.pdf",
    "pdf_page": 39,
    "pdf_page_end": 39,
    "text": _WORDS,
}


class Ranked(BaseModel):
    """One line of a run: a passage ranked for one of many queries."""

    model_config = _shown(_RANKED)

    query_id: str
    rank: int
    score: float
    passage_id: str
    document: str
    source: str
    pdf_page: int | None
    pdf_page_end: int | None
    text: str


class Run(BaseModel):
    """The answers to a batch of queries, query after query, best first within each."""

    model_config = _shown({"generation": _GENERATION, "items": [_RANKED]})

    generation: str
    items: list[Ranked]


_DOCUMENT: _Example = {
    "id": "harbour-review",
    "title": "Harbour Review: Final Report",
    "author": "Dame Ann Example",
    "publisher": "Harbour Office",
    "date": "2021-06-01",
    "dated": None,
    "kind": "final_report",
    "paper_number": "HC 9999",
    "edition": "official",
    "digest_of": None,
    "licence": "Open Government Licence v3.0",
    "attribution": "Contains public sector information licensed under the OGL v3.0.",
    "source": "harbour-review.pdf",
    "url": "https://example.org/harbour-review.pdf",
    "permalink": "/v1/documents/harbour-review",
    "sha256": _DIGEST,
    "page_count": 120,
    "responds_to": None,
    "inquiry": "harbour",
    "content_note": "It describes deaths by drowning.",
    "corrections": "Write to the harbour office.",
    "passages": 412,
    "recommendations": 12,
    "citation": {**_CITATION, "permalink": "/v1/documents/harbour-review"},
}


class Document(BaseModel):
    """A document of the corpus, as its manifest and its file describe it."""

    model_config = _shown(_DOCUMENT)

    id: str
    title: str
    author: str | None
    publisher: str | None
    date: datetime.date | None
    dated: str | None = Field(
        default=None, description="The date in words, where the day is not known."
    )
    kind: Kind
    paper_number: str | None
    edition: Edition
    digest_of: str | None = Field(
        default=None, description="Id of the published document that this is a digest of."
    )
    licence: str | None
    attribution: str | None
    source: str
    url: str | None
    permalink: str
    sha256: str
    page_count: int = Field(description="Pages of the file; 0 for what has none.")
    responds_to: str | None = Field(description="Id of the document this one answers.")
    inquiry: str | None
    content_note: str | None = Field(
        default=None, description="What to know before reading, as the corpus's manifest has it."
    )
    corrections: str | None = Field(
        default=None, description="How to ask for a correction or a removal."
    )
    passages: int
    recommendations: int
    citation: Citation | None = Field(description="Of the whole; null where it has no words.")


_PAGE_LINE: _Example = {
    "number": 39,
    "printed_page": "34",
    "page_label": "39",
    "status": "text",
    "reason": None,
    "confidence": None,
}


class PageLine(BaseModel):
    """How one page of a document fared."""

    model_config = _shown(_PAGE_LINE)

    number: int = Field(description="Page of the file, from 1.")
    printed_page: str | None
    page_label: str | None
    status: PageStatus
    reason: str | None = Field(description="Why it is scanned, empty or failed.")
    confidence: float | None = Field(description="Of optical recognition, 0 to 1.")


class Fidelity(BaseModel):
    """What reading did to the source's words, counted against an independent extraction."""

    model_config = _shown(
        {
            "pages": {"text": 118, "empty": 2},
            "source_words": 41000,
            "words_lost": 3,
            "words_added": 0,
            "sentences": 2100,
            "sentences_severed": 1,
            "furniture_in_body": 0,
            "passages": 412,
            "exceptions": [],
        }
    )

    pages: dict[str, int]
    source_words: int
    words_lost: int
    words_added: int
    sentences: int
    sentences_severed: int
    furniture_in_body: int
    passages: int
    exceptions: list[str]


class DocumentDetail(Document):
    """A document with its pages and what reading did to its words."""

    model_config = _shown({**_DOCUMENT, "pages": [_PAGE_LINE], "fidelity": None})

    pages: list[PageLine]
    fidelity: Fidelity | None


class PlacedPassage(BaseModel):
    """A passage's words on a page; `start` and `end` count within the page's text."""

    model_config = _shown({"passage_id": _PASSAGE, "start": 0, "end": 79})

    passage_id: str
    start: int
    end: int


class PageDetail(PageLine):
    """One page: its body text, the passages on it and its picture."""

    model_config = _shown(
        {
            **_PAGE_LINE,
            "document_id": "harbour-review",
            "width": 595.0,
            "height": 842.0,
            "text": _WORDS,
            "char_start": 120394,
            "char_end": 120473,
            "passages": [{"passage_id": _PASSAGE, "start": 0, "end": 79}],
            "image": "/v1/documents/harbour-review/pages/39?format=png",
            "image_refused": None,
        }
    )

    document_id: str
    width: float = Field(description="In points.")
    height: float
    text: str = Field(description="The body text on the page, without running heads and notes.")
    char_start: int | None
    char_end: int | None
    passages: list[PlacedPassage]
    image: str | None
    image_refused: str | None = Field(description="Why there is no picture, where there is none.")


_DUTY: _Example = {
    "text": "publish a flood plan each year",
    "actor": "The board",
    "act": "publish a flood plan each year",
    "deadline": "each year",
}


class Duty(BaseModel):
    """An operative part of a recommendation that a reply can be held to, in its exact words."""

    model_config = _shown(_DUTY)

    text: str
    actor: str | None
    act: str
    deadline: str | None


_FIRST: _Example = {"first": _PASSAGE, "first_cited": _CITATION["cite_as"]}


class EvidenceCount(BaseModel):
    """How many passages are linked to a recommendation; 0 where none was found."""

    model_config = _shown({"total": 3, "by_basis": {"cited": 1, "nearby": 2}, **_FIRST})

    total: int = Field(description="Passages that bear on it, those that state it left out.")
    by_basis: dict[str, int]
    first: str | None = Field(description="Id of the surest.")
    first_cited: str | None = Field(description="The surest, cited by page and paragraph.")


_REPLIED: _Example = {
    "document_id": "harbour-response",
    "status": "accepted_in_part",
    "quotation": "We accept this in part.",
    "responder": "Harbour Board",
}


class Replied(BaseModel):
    """How a recommendation was answered, in a word, with the words that say so."""

    model_config = _shown(_REPLIED)

    document_id: str
    status: ResponseStatus
    quotation: str | None
    responder: str | None


_HAPPENED: _Example = {
    "recommendation_id": _RECOMMENDATION,
    "date": "2022-05-01",
    "dated": "May 2022 (exact day not seen)",
    "status": "The board says that a first plan is drawn up",
    "who": "Harbour Board",
    "source": "the board's minutes",
    "quotation": None,
    "standing": "secondary",
    "passage_id": "harbour-minutes:2.1",
}


class Event(BaseModel):
    """What somebody stated or did about a recommendation since; never our own verdict."""

    model_config = _shown(_HAPPENED)

    recommendation_id: str
    date: datetime.date | None = Field(description="The first day of what is known.")
    dated: str = Field(description="The date as far as it is known.")
    status: str
    who: str
    source: str
    quotation: str | None
    standing: Standing | None = Field(description="How far the account was checked.")
    passage_id: str | None = Field(description="The passage that tells it, where it is here.")


_RECOMMENDED: _Example = {
    "id": _RECOMMENDATION,
    "document_id": "harbour-review",
    "number": "4",
    "kind": "recommendation",
    "title": None,
    "text": "The board should publish a flood plan each year.",
    "sub_parts": [],
    "addressee": ["Harbour Board"],
    "deadline": "each year",
    "cited_paragraphs": ["3.12"],
    "group": None,
    "themes": ["leadership_governance"],
    "reconstructed_number": None,
    "aliases": [],
    "duties": [_DUTY],
    "evidence": {"total": 3, "by_basis": {"cited": 1, "nearby": 2}, **_FIRST},
    "responses": [_REPLIED],
    "latest": _HAPPENED,
    "citation": {
        **_CITATION,
        "permalink": f"/v1/recommendations/{_RECOMMENDATION}",
    },
}


class Recommendation(BaseModel):
    """A formal recommendation, or a numbered conclusion, in its exact words."""

    model_config = _shown(_RECOMMENDED)

    id: str
    document_id: str
    number: str | None = Field(description="As printed; null where that was not seen.")
    kind: str = Field(description="`recommendation` or `conclusion`.")
    title: str | None
    text: str
    sub_parts: list[str]
    addressee: list[str]
    deadline: str | None
    cited_paragraphs: list[str] = Field(
        description="Paragraph numbers the document prints beside it."
    )
    group: str | None = Field(description="The heading it stands under, where they are grouped.")
    themes: list[str] = Field(description="Tags it bears on, as a corpus says.")
    reconstructed_number: str | None = Field(
        description="Its place in a list of our own making; never the report's own number."
    )
    aliases: list[str] = Field(description="Other ids it is known by.")
    duties: list[Duty]
    evidence: EvidenceCount
    responses: list[Replied]
    latest: Event | None = Field(description="The last dated event.")
    citation: Citation


_DUTY_REPLY: _Example = {
    "duty": "publish a flood plan each year",
    "mention": "quoted",
    "words": "We will publish a flood plan.",
}


class DutyReply(BaseModel):
    """What a reply makes of one duty: where its words are, not whether it is met."""

    model_config = _shown(_DUTY_REPLY)

    duty: str
    mention: Mention
    words: str | None


_ANSWERED: _Example = {
    "recommendation_id": _RECOMMENDATION,
    "document_id": "harbour-response",
    "status": "accepted_in_part",
    "quotation": "We accept this in part.",
    "responder": "Harbour Board",
    "date": "2021-09-01",
    "alignment": "number",
    "text": "We accept this in part. We will publish a flood plan.",
    "duties": [_DUTY_REPLY],
    "citation": _CITATION,
}


class Answered(BaseModel):
    """An answer to a recommendation, in its exact words, with the words its status rests on."""

    model_config = _shown(_ANSWERED)

    recommendation_id: str
    document_id: str
    status: ResponseStatus
    quotation: str | None = Field(description="The words that justify the status.")
    responder: str | None
    date: datetime.date | None
    alignment: Alignment | None = Field(description="How the answer was told to be one to this.")
    text: str | None
    duties: list[DutyReply]
    citation: Citation | None = Field(description="Of the answer; null where there is none.")


_DESCENDED: _Example = {
    "recommendation_id": _RECOMMENDATION,
    "recommendation_text": "The board should publish a flood plan each year.",
    "earlier_id": "ferry-inquiry:recommendation-2",
    "earlier_text": "Flood plans should be public.",
    "relation": "builds_on",
    "basis": "similar",
    "score": 0.83,
    "why": None,
}


class Lineage(BaseModel):
    """A recommendation that follows one of another document."""

    model_config = _shown(_DESCENDED)

    recommendation_id: str
    recommendation_text: str
    earlier_id: str
    earlier_text: str
    relation: LineageRelation
    basis: Basis
    score: float
    why: str | None = Field(description="What they share, where that was written by hand.")


class Support(BaseModel):
    """A recommendation with the passages that bear on it, and with what followed it."""

    model_config = _shown(
        {
            "recommendation": _RECOMMENDED,
            "generation": _GENERATION,
            "total": 1,
            "items": [
                {**_EVIDENCE, "score": None, "lanes": {}, "highlights": [], "explanation": None}
            ],
            "responses": [_ANSWERED],
            "events": [_HAPPENED],
            "lineage": [_DESCENDED],
        }
    )

    recommendation: Recommendation
    generation: str
    total: int
    items: list[Evidence] = Field(description="Passages, the surest first.")
    responses: list[Answered]
    events: list[Event] = Field(description="In order of date, the undated last.")
    lineage: list[Lineage]


class Finding(Tagged):
    """A finding in its sentence; `start` and `end` count within `text`, the sentence."""

    model_config = _shown(
        {
            **_TAGGED,
            "passage_id": _PASSAGE,
            "document_id": "harbour-review",
            "text": "The board had no plan for a flood at the lower gates.",
            "citation": _CITATION,
        }
    )

    passage_id: str
    document_id: str
    text: str
    citation: Citation


class Bar(BaseModel):
    """A probability, and what it had to reach."""

    model_config = _shown({"value": 0.97, "least": 0.86, "passed": True})

    value: float
    least: float
    passed: bool


class Part(BaseModel):
    """What something adds to the sums that decide, in log-odds; below nought it speaks against."""

    model_config = _shown({"evidence": 0.4, "tag": 1.2})

    evidence: float = Field(description="Of the words being evidence of any failing.")
    tag: float = Field(description="Of this tag, over the mean of all tags.")


class WeighedTerm(Part):
    """A word, or two neighbours, that weighed; its offsets count within the explanation's text."""

    model_config = _shown({"text": "no plan", "start": 14, "end": 21, "evidence": 0.4, "tag": 1.2})

    text: str
    start: int
    end: int


class FiredRule(BaseModel):
    """A rule that fired; its offsets count within the explanation's text."""

    model_config = _shown(
        {
            "rule": "leadership_governance.no_plan",
            "tag": "leadership_governance",
            "seeks": "A body without a plan.",
            "confidence": 0.8,
            "text": "board had no plan",
            "start": 4,
            "end": 21,
        }
    )

    rule: str
    tag: str
    seeks: str = Field(description="What it looks for.")
    confidence: float
    text: str = Field(description="The words on which it fired.")
    start: int
    end: int


_THEME: _Example = {
    "theme": "leadership_governance",
    "label": "Leadership and governance",
    "examples": 223,
    "likeness": 0.61,
    "example_id": "first-0371",
    "example": "The committee met twice in three years.",
    "evidence": 2.1,
    "tag": 6.4,
}


class NearTheme(Part):
    """Labelled example sentences of one theme: how near in meaning, and what they add."""

    model_config = _shown(_THEME)

    theme: str = Field(description="A tag; or what kind of text it is that carries none.")
    label: str
    examples: int
    likeness: float = Field(description="Cosine of the words and the nearest of them.")
    example_id: str
    example: str = Field(description="The nearest. It is invented, and never to be quoted as fact.")


class Cue(BaseModel):
    """Why a label was given; offsets count within the explanation's text, null for no one place."""

    model_config = _shown(
        {"value": "found", "why": "a word of judging", "text": "no plan", "start": 14, "end": 21}
    )

    value: str
    why: str
    text: str | None
    start: int | None
    end: int | None


class TagShare(BaseModel):
    """How likely a tag is among all tags."""

    model_config = _shown({"tag": "leadership_governance", "share": 0.83})

    tag: str
    share: float


class FindingExplanation(BaseModel):
    """Why a finding was given, worked out again from the words it stands in.

    Parts add up: `base`, `rules`, all words and all examples make the log-odds of `evidence`.
    """

    model_config = _shown(
        {
            "finding": {
                **_TAGGED,
                "passage_id": _PASSAGE,
                "document_id": "harbour-review",
                "text": "The board had no plan for a flood at the lower gates.",
                "citation": _CITATION,
            },
            "label": "Leadership and governance",
            "definition": "How an organisation is run and held to account.",
            "summary": ["Given by what was learned from labelled sentences."],
            "by": "learned_and_rule",
            "text": "The board had no plan for a flood at the lower gates.",
            "evidence": {"value": 0.97, "least": 0.86, "passed": True},
            "share": {"value": 0.83, "least": 0.26, "passed": True},
            "own": {"value": 0.61, "least": 0.2, "passed": True},
            "company": 0.0,
            "together": False,
            "likeliest": [{"tag": "leadership_governance", "share": 0.83}],
            "terms": [{"text": "no plan", "start": 14, "end": 21, "evidence": 0.4, "tag": 1.2}],
            "fired": [],
            "rules": {"evidence": 0.6, "tag": 2.0},
            "themes": [_THEME],
            "base": {"evidence": -0.7, "tag": 0.1},
            "voice": {
                "value": "inquiry",
                "why": "nobody else is named for it",
                "text": None,
                "start": None,
                "end": None,
            },
            "stance": {
                "value": "found",
                "why": "a word of judging",
                "text": "no plan",
                "start": 14,
                "end": 21,
            },
            "given": True,
            "with_vectors": True,
        }
    )

    finding: Finding
    label: str = Field(description="Of the tag.")
    definition: str = Field(description="Of the tag.")
    summary: list[str] = Field(description="The same in sentences.")
    by: str = Field(
        description="`learned`, `learned_and_rule`; `rule_kept`, which stands for want of a"
        " likelier tag; `rule`, where nothing judged it."
    )
    text: str = Field(description="The sentences that were judged together.")
    evidence: Bar | None = Field(description="That they are evidence of any failing.")
    share: Bar | None = Field(description="Of this tag among all tags.")
    own: Bar | None = Field(
        description="Of this tag by itself, which is enough where the share is not."
    )
    company: float | None = Field(
        description="Log-odds that the whole passage adds to the tag; 0 where the text is all of"
        " it, and outside documents."
    )
    together: bool = Field(
        description="Whether the two count together, as in documents: the `least` of each is what"
        " the other leaves to be reached, for the tag to be likelier than not."
    )
    likeliest: list[TagShare]
    terms: list[WeighedTerm] = Field(description="The heaviest first, for and against.")
    fired: list[FiredRule] = Field(description="Rules of any tag.")
    rules: Part | None = Field(description="What all rules that fired add.")
    themes: list[NearTheme] = Field(description="The nearest first.")
    base: Part | None = Field(description="What every text begins with.")
    voice: Cue
    stance: Cue
    given: bool = Field(description="Whether these words earn the same finding when read again.")
    with_vectors: bool = Field(description="Whether meaning was asked, not words and rules alone.")


class Link(BaseModel):
    """A passage that bears on a recommendation, and why we say so."""

    model_config = _shown(
        {
            "recommendation_id": _RECOMMENDATION,
            "recommendation_number": "4",
            "passage_id": _PASSAGE,
            "relation": "cross_reference",
            "basis": "cited",
            "score": 1.0,
            "words": "(see paragraph 3.12)",
            "text": _WORDS,
            "citation": _CITATION,
        }
    )

    recommendation_id: str
    recommendation_number: str | None
    passage_id: str
    relation: Relation
    basis: Basis
    score: float
    words: str | None = Field(
        description="For basis `cited` where the recommending document says so; for basis"
        " `curated` those of the passage that are meant."
    )
    text: str = Field(description="The passage's words.")
    citation: Citation


class Tag(BaseModel):
    """A tag of the taxonomy, what it covers, and how often it was found."""

    model_config = _shown(
        {
            "tag": "leadership_governance",
            "label": "Leadership and governance",
            "definition": "How an organisation is run and held to account.",
            "includes": ["boards and oversight bodies"],
            "excludes": ["a rank named in passing"],
            "example": "The board met twice in three years.",
            "findings": 31,
            "recommendations": [_RECOMMENDATION],
            "groups": ["Safe gates"],
        }
    )

    tag: str
    label: str
    definition: str
    includes: list[str]
    excludes: list[str]
    example: str
    findings: int
    recommendations: list[str] = Field(
        description="Ids of recommendations that bear on it, as told by hand."
    )
    groups: list[str] = Field(description="Headings that these stand under.")


_CELL: _Example = {
    "tag": "leadership_governance",
    "value": "3 Flood plans",
    "count": 31,
    "document_id": "harbour-review",
    "stances": {"found": 24, "reported": 7},
}


class Cell(BaseModel):
    """How many findings of a tag fall under one value of the matrix's other side."""

    model_config = _shown(_CELL)

    tag: str
    value: str = Field(description="A chapter's is its title; empty before the first.")
    count: int
    document_id: str | None = Field(
        description="Of a document or a chapter: titles may be the same in several."
    )
    stances: dict[Stance, int] = Field(description="The count parted by how findings are put.")


class Matrix(BaseModel):
    """Findings counted by tag and one other field; cells with none are left out."""

    model_config = _shown(
        {
            "by": "chapter",
            "generation": _GENERATION,
            "items": [_CELL],
        }
    )

    by: str
    generation: str
    items: list[Cell]


class Resolved(BaseModel):
    """An id that was once issued, and what became of its words."""

    model_config = _shown(
        {
            "id": "harbour-review:3.11",
            "status": "moved",
            "passage_id": _PASSAGE,
            "evidence": {
                **_EVIDENCE,
                "score": None,
                "lanes": {},
                "highlights": [],
                "explanation": None,
            },
        }
    )

    id: str
    status: AliasStatus
    passage_id: str | None
    evidence: Evidence | None = Field(description="The passage that now stands for it.")


class Health(BaseModel):
    """Whether the service answers, and from which index."""

    model_config = _shown({"status": "ready", "generation": _GENERATION})

    status: str
    generation: str | None


class Version(BaseModel):
    """What is running."""

    model_config = _shown({"casebook": "0.1.0", "contract": "v1", "generation": _GENERATION})

    casebook: str
    contract: str
    generation: str


class Fault(BaseModel):
    """One part of a request that cannot be used."""

    model_config = _shown({"field": "query.k", "message": "Input should be at most 100"})

    field: str
    message: str


class Problem(BaseModel):
    """An error as RFC 9457 has it: what was wrong, and what to do next."""

    model_config = _shown(
        {
            "type": "urn:casebook:problem:unknown-id",
            "title": "Unknown id",
            "status": 404,
            "detail": "There is no passage harbour-review:9.99. Search for its words instead.",
            "errors": [],
        }
    )

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] = Field(default_factory=list[Fault])


_CHANGE: _Example = {
    "kind": "negation",
    "quoted": "a",
    "source": "no",
    "quoted_start": 14,
    "quoted_end": 15,
    "source_start": 14,
    "source_end": 16,
}


class Change(BaseModel):
    """Words that differ. The gravest kind is said: a negation before a number before a name."""

    model_config = _shown(_CHANGE)

    kind: ChangeKind
    quoted: str = Field(description="As the quotation has it; empty where it left words out.")
    source: str = Field(description="As the document has it; empty where words were added.")
    quoted_start: int = Field(description="Within the quotation's `text`.")
    quoted_end: int
    source_start: int = Field(description="Within the place's `text`.")
    source_end: int


_PLACE: _Example = {
    "document_id": "harbour-review",
    "passage_id": _PASSAGE,
    "text": "The board had no plan for a flood at the lower gates.",
    "verdict": "altered",
    "changes": [_CHANGE],
    "layout": [],
    "omitted": [],
    "voice": "inquiry",
    "stance": "found",
    "speakers": [],
    "citation": _CITATION,
}


class QuotedPlace(BaseModel):
    """Where quoted words stand, whose they are there, and what of them was changed."""

    model_config = _shown(_PLACE)

    document_id: str
    passage_id: str | None
    text: str = Field(description="The document's own words there.")
    verdict: Verdict = Field(description="Of this place: `exact`, `typographic` or `altered`.")
    changes: list[Change]
    layout: list[str] = Field(description="Differences of the layout alone, in words.")
    omitted: list[str] = Field(description="What each ellipsis or insertion stands for.")
    voice: Voice = Field(description="Whose words they are there.")
    stance: Stance = Field(description="How they are put forward there.")
    speakers: list[str] = Field(description="People named there, or last before.")
    citation: Citation


class Fragment(BaseModel):
    """A piece of a stitched quotation, and where it stands."""

    model_config = _shown({"quoted": "Nobody had asked for one", "places": [_PLACE]})

    quoted: str
    places: list[QuotedPlace]


_CLAIM: _Example = {
    "documents": ["harbour-review"],
    "speaker": None,
    "voice": "inquiry",
    "unknown": None,
}


class Claim(BaseModel):
    """What the prose says of a quotation's source."""

    model_config = _shown(_CLAIM)

    documents: list[str] = Field(description="Ids of the documents that may be meant.")
    speaker: str | None = Field(description="As the prose names them.")
    voice: Voice | None
    unknown: str | None = Field(description="A source that no document here is called by.")


_VERIFIED: _Example = {
    "text": "The board had a plan for a flood at the lower gates.",
    "start": 18,
    "end": 70,
    "verdict": "altered",
    "accepted": False,
    "summary": "Altered: 1 change, with a negation among what changed.",
    "claim": _CLAIM,
    "warnings": [],
    "total": 1,
    "places": [_PLACE],
    "fragments": [],
    "digests": [],
    "near": [],
}


class Verified(BaseModel):
    """A quotation, what it is, and every place it stands at."""

    model_config = _shown(_VERIFIED)

    text: str
    start: int = Field(description="Within the text that was given, as it was read.")
    end: int
    verdict: Verdict
    accepted: bool = Field(description="Exact, or different in typography alone.")
    summary: str
    claim: Claim
    warnings: list[str]
    total: int = Field(description="Places altogether; no more than 20 are shown.")
    places: list[QuotedPlace] = Field(description="Those that fit the claim first.")
    fragments: list[Fragment] = Field(description="The pieces of a stitched quotation.")
    digests: list[QuotedPlace] = Field(
        description="Where our own digests have the words, which proves nothing."
    )
    near: list[Evidence] = Field(
        description="Passages near in meaning where the words were not found: a search's answer,"
        " and no source of the quotation."
    )


class Verification(BaseModel):
    """The quotations of a text, checked one by one against the documents."""

    model_config = _shown(
        {"generation": _GENERATION, "counts": {"altered": 1}, "quotations": [_VERIFIED]}
    )

    generation: str
    counts: dict[Verdict, int] = Field(description="Quotations by verdict.")
    quotations: list[Verified]


class Cited(BaseModel):
    """A citation as another program or a person wants it, and what it is a citation of."""

    model_config = _shown(
        {
            "id": _PASSAGE,
            "style": "oscola",
            "media_type": "text/plain",
            "content": "Dame Ann Example, Harbour Review: Final Report (HC 9999, 2021) para 3.12,"
            " p 34 <https://example.org/harbour-review.pdf#page=39>\n",
            "text": _WORDS,
            "citation": _CITATION,
        }
    )

    id: str
    style: str
    media_type: str
    content: str
    text: str | None = Field(description="The cited words; none for a document as a whole.")
    citation: Citation


class Checked(BaseModel):
    """One thing that a citation says, held against the file."""

    model_config = _shown({"what": "file", "passed": True, "detail": "SHA-256 is the one cited"})

    what: str
    passed: bool | None = Field(description="None where it cannot be told.")
    detail: str


class CheckedCitation(BaseModel):
    """A citation held against nothing but the file that it cites."""

    model_config = _shown(
        {
            "sound": True,
            "checks": [{"what": "file", "passed": True, "detail": "SHA-256 is the one cited"}],
        }
    )

    sound: bool = Field(description="Nothing that it says is wrong.")
    checks: list[Checked]
