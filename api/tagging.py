"""Findings, voice and stance of any text: the lines of `casebook tag`."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import BadQuery
from ingest.findings.tagger import TaggedText, tag
from ingest.model import Kind, Stance, Voice
from ingest.similarity import Encoder


class TextLine(BaseModel):
    """A text to tag, and what stands around it."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str
    before: str = ""
    after: str = ""
    document_kind: Kind = Kind.OTHER


class FoundLine(BaseModel):
    """A finding; offsets within the text that was given."""

    tag: str
    start: int
    end: int
    voice: Voice
    stance: Stance
    confidence: float
    rule: str


class SentenceLine(BaseModel):
    """A sentence; offsets within the text that was given."""

    start: int
    end: int
    voice: Voice
    stance: Stance


class TaggedLine(BaseModel):
    """What was found in one text."""

    id: str
    findings: list[FoundLine]
    sentences: list[SentenceLine]


def tagged(
    lines: Iterable[str], *, name: str, encoder: Encoder | None = None
) -> Iterator[TaggedLine]:
    """One line out for each line in; raises BadQuery naming the line that is no text to tag.

    Without an encoder what was learned judges by words and rules alone.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            given = _text(line, place=f"{name}, line {number}")
            yield _line(given, _tag(given, encoder))


def tagged_text(text: str, *, encoder: Encoder | None = None) -> TaggedLine:
    """The same of one text, which has no id."""
    given = TextLine(id="", text=text)
    return _line(given, _tag(given, encoder))


def _text(line: str, *, place: str) -> TextLine:
    try:
        return TextLine.model_validate_json(line)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in wrong["loc"])
        raise BadQuery(
            f"{place}: not a text to tag ({f'{field}: ' if field else ''}{wrong['msg']}).",
            remedy='Write one JSON object a line: {"id": "t1", "text": "..."}.',
        ) from None


def _tag(given: TextLine, encoder: Encoder | None) -> TaggedText:
    return tag(
        given.text,
        before=given.before,
        after=given.after,
        document_kind=given.document_kind,
        encoder=encoder,
    )


def _line(given: TextLine, tagged: TaggedText) -> TaggedLine:
    return TaggedLine(
        id=given.id,
        findings=[
            FoundLine(
                tag=found.tag,
                start=found.span.start,
                end=found.span.end,
                voice=found.voice,
                stance=found.stance,
                confidence=found.confidence,
                rule=found.rule,
            )
            for found in tagged.findings
        ],
        sentences=[
            SentenceLine(
                start=sentence.span.start,
                end=sentence.span.end,
                voice=sentence.voice,
                stance=sentence.stance,
            )
            for sentence in tagged.sentences
        ],
    )
