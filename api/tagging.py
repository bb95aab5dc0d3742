"""Findings, voice and stance of any text: the lines of `casebook tag`."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SerializeAsAny, ValidationError

from api.commands import lines_of, name_of
from api.terminal import notes
from ingest.errors import BadQuery
from ingest.findings.speech import Sentence
from ingest.findings.tagger import TaggedText, tag
from ingest.model import Finding, Kind, Stance, Voice
from ingest.similarity import Encoder

PLAIN = ".txt"
"""How the name of a file of plain text ends."""
LONG = 100_000
"""Characters of one text from which it is said that it takes a while."""
_BETWEEN_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")


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


class FoundWords(FoundLine):
    """A finding with the words that earned it."""

    text: str


class SentenceLine(BaseModel):
    """A sentence; offsets within the text that was given."""

    start: int
    end: int
    voice: Voice
    stance: Stance


class SentenceWords(SentenceLine):
    """A sentence with its words, why it is that voice, and which of them it goes by, if any."""

    text: str
    why: str
    by: str | None


class TaggedLine(BaseModel):
    """What was found in one text."""

    id: str
    findings: list[SerializeAsAny[FoundLine]]
    sentences: list[SerializeAsAny[SentenceLine]]


def given(
    file: Path | None, text: str | None, *, plain: bool = False, kind: Kind | None = None
) -> Iterable[TextLine]:
    """What a command was given: lines of JSON, plain text by paragraphs, or one text without an id.

    The file is stdin for None or `-`. Raises BadQuery where there are both a file and a text.
    """
    if text is not None:
        if file is not None or plain:
            raise BadQuery(
                "A text was given, and a file or plain text too.", remedy="Leave one of them out."
            )
        return [TextLine(id="", text=text, document_kind=kind or Kind.OTHER)]
    if plain or (file is not None and file.suffix.lower() == PLAIN):
        return paragraphs("".join(lines_of(file)), kind=kind or Kind.OTHER)
    return texts(lines_of(file), name=name_of(file), kind=kind or Kind.OTHER)


def texts(lines: Iterable[str], *, name: str, kind: Kind = Kind.OTHER) -> Iterator[TextLine]:
    """The text of each line of JSON; raises BadQuery naming the line that is no text to tag.

    They are from a document of this kind where the line names no other.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            read = _text(line, place=f"{name}, line {number}")
            said = "document_kind" in read.model_fields_set
            yield read if said else read.model_copy(update={"document_kind": kind})


def paragraphs(text: str, *, kind: Kind = Kind.OTHER) -> Iterator[TextLine]:
    """The paragraphs of a text, which blank lines part, by their number, each after the other."""
    before = ""
    parts = filter(str.strip, _BETWEEN_PARAGRAPHS.split(text.replace("\r\n", "\n").strip()))
    for number, paragraph in enumerate(parts, start=1):
        yield TextLine(id=str(number), text=paragraph, before=before, document_kind=kind)
        before = f"{paragraph}\n\n"


def tagged(
    given: Iterable[TextLine], *, words: bool = False, encoder: Encoder | None = None
) -> Iterator[TaggedLine]:
    """What is found in each text in turn, with `words` what stands there and why it is that voice.

    Without an encoder what was learned judges by words and rules alone.
    """
    for each in given:
        _say_long(each.text)
        yield _line(each, _tag(each, encoder), words=words)


def _say_long(text: str) -> None:
    if len(text) >= LONG:
        notes.print(f"One text of {len(text):,} characters: this takes a while.")


def _text(line: str, *, place: str) -> TextLine:
    try:
        return TextLine.model_validate_json(line)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in wrong["loc"])
        raise BadQuery(
            f"{place}: not a text to tag ({f'{field}: ' if field else ''}{wrong['msg']}).",
            remedy='Write one JSON object a line, {"id": "t1", "text": "..."}, or say --plain '
            f"where it is plain text (a name that ends in {PLAIN} says so too).",
        ) from None


def _tag(given: TextLine, encoder: Encoder | None) -> TaggedText:
    return tag(
        given.text,
        before=given.before,
        after=given.after,
        document_kind=given.document_kind,
        encoder=encoder,
    )


def _line(given: TextLine, tagged: TaggedText, *, words: bool) -> TaggedLine:
    findings = [_found(each) for each in tagged.findings]
    sentences = [_sentence(each) for each in tagged.sentences]
    if not words:
        return TaggedLine(id=given.id, findings=findings, sentences=sentences)
    return TaggedLine(
        id=given.id,
        findings=[
            FoundWords(**dict(each), text=given.text[each.start : each.end]) for each in findings
        ],
        sentences=[
            _worded(each, sentence.span.of(given.text), sentence)
            for each, sentence in zip(sentences, tagged.sentences, strict=True)
        ],
    )


def _found(found: Finding) -> FoundLine:
    return FoundLine(
        tag=found.tag,
        start=found.span.start,
        end=found.span.end,
        voice=found.voice,
        stance=found.stance,
        confidence=found.confidence,
        rule=found.rule,
    )


def _sentence(sentence: Sentence) -> SentenceLine:
    return SentenceLine(
        start=sentence.span.start,
        end=sentence.span.end,
        voice=sentence.voice,
        stance=sentence.stance,
    )


def _worded(line: SentenceLine, text: str, sentence: Sentence) -> SentenceWords:
    cue = sentence.heard
    by = cue.words.of(text) if cue.words else None
    return SentenceWords(**dict(line), text=text, why=cue.why, by=by)
