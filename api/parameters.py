"""What may be asked: the parameters of every address, named as the command's options are.

An unknown parameter is refused: a misspelt filter left out in silence would be a wrong answer.
"""

import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from index.search import LONGEST_QUERY, Mode
from index.search import Query as Search
from index.store import Filters
from ingest.model import Edition, Stance, Voice

MAXIMUM_LIMIT = 100
MAXIMUM_BATCH = 200
DEEPEST = 10_000
"""The furthest place in a ranking at which a page may begin."""

_LANGUAGE = (
    'Passages with "words in quotation marks", letter for letter, come first, and so do those '
    "where `one NEAR/5 other` stand within 5 words of each other. `NOT word`, `-word` or "
    '`NOT "some words"` leaves out what has them.'
)
_Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_QUERY, pattern=r"\S"),
]
Id = Annotated[str, StringConstraints(min_length=1, max_length=300)]
FindingId = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""That of a passage, and more."""
_Ids = Annotated[list[Id], Field(max_length=50)]
_Examples = Annotated[list[Id], Field(max_length=20)]
_Limit = Annotated[int, Field(ge=1, le=MAXIMUM_LIMIT)]
_Cursor = Annotated[str, StringConstraints(max_length=500)]


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"


class ListParameters(BaseModel):
    """Which page of a list, and in which form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: _Limit = Field(default=20, description="Records on a page.")
    cursor: _Cursor | None = Field(default=None, description="`next` of the page before.")
    format: Format | None = Field(
        default=None, description="Otherwise the Accept header decides; JSON if it does not."
    )

    def question(self) -> str:
        """Everything asked for but the page and its form."""
        return self.model_dump_json(exclude={"limit", "cursor", "format"})


class FilterFields(BaseModel):
    """What a passage must match: any of the values of a field, and every field that is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tag: _Ids = Field(default=[], description="Tags of the taxonomy.", examples=[["racism"]])
    document: _Ids = Field(default=[], description="Document ids.")
    voice: list[Voice] = Field(default=[], description="Whose words a finding is in.")
    stance: list[Stance] = Field(default=[], description="How a finding is put forward.")
    recommendation: _Ids = Field(default=[], description="Ids of linked recommendations.")
    edition: list[Edition] = Field(default=[], description="Published words, or our digest.")
    date_from: datetime.date | None = Field(default=None, description="Published on or after.")
    date_to: datetime.date | None = Field(default=None, description="Published on or before.")

    def filters(self) -> Filters:
        """As the index takes them."""
        return Filters(
            tags=tuple(self.tag),
            documents=tuple(self.document),
            voices=tuple(self.voice),
            stances=tuple(self.stance),
            recommendations=tuple(self.recommendation),
            editions=tuple(self.edition),
            date_from=self.date_from,
            date_to=self.date_to,
        )


class FilteredList(FilterFields, ListParameters):
    """A page of a list of what matches."""


class SearchParameters(FilterFields):
    """A question, and which of its answers."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"q": "flood plans", "k": 5, "mode": "hybrid"}]},
    )

    q: _Words | None = Field(
        default=None,
        description=f"What is looked for, in words; needed unless `like` says it. {_LANGUAGE}",
        examples=["flood plans"],
    )
    like: _Examples = Field(
        default=[],
        description="Ids of passages like which more are wanted; they are not among the answers.",
    )
    unlike: _Examples = Field(default=[], description="Ids of passages that are not wanted.")
    k: _Limit = Field(default=10, description="Passages on a page.")
    mode: Mode = Field(default=Mode.HYBRID, description="Which lanes search.")
    cursor: _Cursor | None = Field(default=None, description="`next` of the page before.")
    format: Format | None = Field(default=None, description="JSON unless told otherwise.")

    def query(self, offset: int) -> Search:
        """As the index takes it, the first `offset` hits passed over."""
        return Search(
            text=self.q or "",
            k=self.k,
            offset=offset,
            mode=self.mode,
            filters=self.filters(),
            like=tuple(self.like),
            unlike=tuple(self.unlike),
        )

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.q is None and not self.like:
            raise ValueError("Neither `q` nor `like` says what is looked for.")
        return self

    def question(self) -> str:
        """Everything asked for but the page and its form."""
        return self.model_dump_json(exclude={"k", "cursor", "format"})


class BatchQuery(BaseModel):
    """One of many queries."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    query: _Words = Field(description=f"What is looked for, in words. {_LANGUAGE}")


class BatchParameters(FilterFields):
    """Many questions at once."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"queries": [{"id": "q1", "query": "flood plans"}]}]},
    )

    queries: list[BatchQuery] = Field(min_length=1, max_length=MAXIMUM_BATCH)
    k: _Limit = Field(default=50, description="Passages for each query.")
    mode: Mode = Mode.HYBRID
    format: Format | None = None

    def query(self, text: str) -> Search:
        """One of the queries as the index takes it."""
        return Search(text=text, k=self.k, mode=self.mode, filters=self.filters())


class Neighbours(ListParameters):
    """How many of the nearest, and which page of them."""

    k: _Limit = Field(default=10, description="Passages altogether.")


class ContextParameters(BaseModel):
    """How far around."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reach: Annotated[int, Field(ge=1, le=20)] = Field(
        default=1, description="Passages on either side."
    )


class Across(StrEnum):
    """What findings are counted by beside their tag."""

    DOCUMENT = "document"
    CHAPTER = "chapter"
    """The topmost section of a document."""
    VOICE = "voice"
    STANCE = "stance"


class MatrixParameters(FilterFields):
    """Which findings are counted, and by what."""

    by: Across = Across.DOCUMENT
    format: Format | None = None


class RecommendationList(ListParameters):
    """A page of recommendations."""

    document: _Ids = Field(default=[], description="Document ids.")


class LinkList(ListParameters):
    """A page of links."""

    document: _Ids = Field(default=[], description="Ids of the documents that recommend.")
    recommendation: _Ids = Field(default=[], description="Ids of recommendations.")


class PageForm(StrEnum):
    JSON = "json"
    PNG = "png"


class PageParameters(BaseModel):
    """A page as an object or as a picture, with what marked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: PageForm | None = None
    passage: Id | None = Field(default=None, description="Id of the passage to mark.")


class TextFormat(StrEnum):
    """How a text to be checked is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


class VerifyParameters(BaseModel):
    """One quotation, or a text with quotations in it, and what is claimed of them."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"text": "The Review found that “the board had a plan for a flood”."}]
        },
    )

    text: str | None = Field(default=None, description="Prose with quotations in it.")
    quotation: str | None = Field(default=None, description="One quotation, in place of a text.")
    format: TextFormat = Field(default=TextFormat.TEXT, description="Of the text.")
    document: Id | None = Field(
        default=None, description="The document they are said to be from, by id or title."
    )
    speaker: Id | None = Field(default=None, description="Whose words they are said to be.")


class Style(StrEnum):
    """How a citation is written."""

    OSCOLA = "oscola"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl"
    CSL_JSON = "csl-json"
    """The same as `csl`."""
    ANNOTATION = "annotation"


class CiteParameters(BaseModel):
    """In which style."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    style: Style = Field(
        default=Style.OSCOLA,
        description="For people, for reference managers, or a W3C Web Annotation.",
    )


class Form(BaseModel):
    """In which form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Format | None = None
