"""What a corpus says by hand of its recommendations, in three files beside its manifest.

    recommendations.toml   each under a slug of its theme, with the digest's paragraphs that tell it
                           and those, of any digest, that bear on it
    events.toml            what somebody stated or did since, dated and sourced; append-only
    lineage.toml           recommendations that follow earlier ones of other documents

A recommendation's id is the published document's with the slug behind a full stop, whichever
edition it is read from. In the published words it is known by its printed number, where that was
seen, or by how much it says of what the digest says; it takes that number, and the id that reading
gave it becomes an alias.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from ingest.errors import CorpusError
from ingest.model import (
    Basis,
    Document,
    Dossier,
    Edition,
    Lineage,
    LineageRelation,
    Link,
    Paragraph,
    ParagraphKind,
    Passage,
    Pointer,
    Recommendation,
    Relation,
    Span,
    Standing,
    StatusEvent,
)
from ingest.sources.likewords import Likeness
from ingest.sources.tomlfile import entries

FILES = ("recommendations.toml", "events.toml", "lineage.toml", "themes.toml")

_STRICT = ConfigDict(extra="forbid")
_Words = Annotated[str, Field(min_length=1)]
_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
_Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*\.[a-z0-9][a-z0-9-]*$")]
_MARK = re.compile(r"\s*\[(?:verified|secondary|unverified|about)\]\s*$")
_ELLIPSIS = "…"
_TABULAR = {ParagraphKind.CAPTION, ParagraphKind.TABLE}
_LABEL = re.compile(r"(?:\d+\.\d+\s+)?(?:Recommendation \d+:\s*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """Numbered paragraphs of a document's digest that bear on a recommendation."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    document: _Slug
    """The published document that the digest is of."""
    paragraphs: Annotated[tuple[_Words, ...], Field(min_length=1)]
    relation: Relation = Relation.MOTIVATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """A recommendation as written by hand."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    document: _Slug
    slug: _Slug
    title: _Words
    summary: _Words
    """Its substance in our words, by which it is known in the published ones."""
    paragraphs: Annotated[tuple[_Words, ...], Field(min_length=1)]
    """Of the document's digest; the first states it."""
    words: _Words | None = None
    """Those of the first that state it, where they are not all; `…` for what lies between."""
    number: _Words | None = None
    """As printed; left out unless it was seen."""
    reconstructed_number: _Words | None = None
    group: _Words | None = None
    evidence: tuple[Bearing, ...] = ()
    themes: tuple[_Words, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.document}.{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something stated or done since, as written by hand; what it bears on comes with it."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    recommendations: Annotated[tuple[_Id, ...], Field(min_length=1)]
    dated: _Words
    status: _Words
    who: _Words
    source: _Words
    standing: Standing
    date: datetime.date | None = None
    quotation: _Words | None = None
    document: _Slug | None = None
    paragraph: _Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """A recommendation that follows an earlier one, as written by hand."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    recommendation: _Id
    earlier: _Id
    relation: LineageRelation
    why: _Words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Theme:
    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    tag: _Words
    recommendations: tuple[_Slug, ...] = ()
    groups: tuple[_Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Curation:
    """All that is said by hand of one published document's recommendations."""

    recommendations: tuple[Curated, ...] = ()
    events: tuple[Event, ...] = ()
    lineage: tuple[Descent, ...] = ()


def curations(folder: Path) -> Mapping[str, Curation]:
    """By published document; empty where the folder holds none of the files.

    Raises CorpusError for a fault in one, and where an entry names a recommendation that none
    of them describes.
    """
    written = _written(folder)
    known = {each.id for each in written}
    events = entries(folder / "events.toml", "event", Event)
    lineage = entries(folder / "lineage.toml", "lineage", Descent)
    named = [each for event in events for each in event.recommendations]
    named += [end for each in lineage for end in (each.recommendation, each.earlier)]
    for recommendation in named:
        if recommendation not in known:
            raise CorpusError(
                f"{folder}: no recommendation {recommendation!r} is described.",
                remedy="Describe it in recommendations.toml, or correct the id.",
            )
    return {
        document: Curation(
            recommendations=tuple(each for each in written if each.document == document),
            events=tuple(each for each in events if _of(document, each.recommendations)),
            lineage=tuple(each for each in lineage if _of(document, [each.recommendation])),
        )
        for document in dict.fromkeys(each.document for each in written)
    }


def _written(folder: Path) -> tuple[Curated, ...]:
    tags: defaultdict[str, list[str]] = defaultdict(list)
    for theme in entries(folder / "themes.toml", "theme", _Theme):
        for slug in theme.recommendations:
            tags[slug].append(theme.tag)
    described = entries(folder / "recommendations.toml", "recommendation", Curated)
    written = tuple(replace(each, themes=(*each.themes, *tags[each.slug])) for each in described)
    for number, each in enumerate(written):
        if each.id in {other.id for other in written[:number]}:
            raise CorpusError(
                f"{folder}: two recommendations have the id {each.id!r}.",
                remedy="Give one of them another slug.",
            )
    return written


def _of(document: str, recommendations: Iterable[str]) -> bool:
    return any(each.partition(".")[0] == document for each in recommendations)


def curated(dossier: Dossier, curation: Curation) -> Dossier:
    """The dossier with what is said by hand; raises CorpusError for a paragraph it lacks."""
    if not curation.recommendations:
        return dossier
    if dossier.document.edition is Edition.DIGEST:
        told = [_told(dossier, each) for each in curation.recommendations]
        dossier = replace(
            dossier,
            recommendations=tuple(told),
            links=tuple(_stated(told, dossier.passages)),
        )
    else:
        dossier = _renamed(dossier, _known(dossier, curation.recommendations))
    return replace(
        dossier,
        pointers=tuple(_pointers(curation.recommendations)),
        events=tuple(_events(dossier.document, curation.events)),
        lineage=tuple(_lineage(curation.lineage)),
    )


# --- In a digest ------------------------------------------------------------------------------


def _told(dossier: Dossier, written: Curated) -> Recommendation:
    """The digest's account of a recommendation."""
    first, *others = (_statement(dossier, number) for number in written.paragraphs)
    first = _part(dossier, first, written)
    return Recommendation(
        id=written.id,
        document=dossier.document.id,
        number=written.number,
        kind="recommendation",
        span=first,
        title=written.title,
        sub_parts=(),
        addressee=(),
        deadline=None,
        occurrences=tuple(others),
        group=written.group,
        themes=written.themes,
        reconstructed_number=written.reconstructed_number,
    )


def _statement(dossier: Dossier, number: str) -> Span:
    """The words of a paragraph less its number and its standing."""
    reading = dossier.reading
    paragraph = paragraph_named(number, reading.paragraphs, reading.text)
    if paragraph is None:
        raise CorpusError(
            f"{dossier.document.id} has no paragraph {number!r}.",
            remedy="Correct recommendations.toml.",
        )
    words = paragraph.of(reading.text)
    label = _LABEL.match(words)
    start = label.end() if label else 0
    return Span(paragraph.start + start, paragraph.start + len(_MARK.sub("", words)))


def paragraph_named(name: str, paragraphs: Sequence[Paragraph], text: str) -> Span | None:
    """The paragraph with that printed number, or the table whose caption opens with that name."""
    if not name[0].isalpha():
        numbered = (p for p in paragraphs if p.number == name and p.kind not in _TABULAR)
        return next((paragraph.span for paragraph in numbered), None)
    opening = re.compile(rf"{re.escape(name)}(?!\w|\.\d)")
    for place, paragraph in enumerate(paragraphs):
        if opening.match(text, paragraph.span.start):
            below = [p for p in paragraphs[place + 1 : place + 2] if p.kind in _TABULAR]
            return Span(paragraph.span.start, (below or [paragraph])[0].span.end)
    return None


def _part(dossier: Dossier, statement: Span, written: Curated) -> Span:
    """The words given of a statement, compared as if every run of white space were one space."""
    if written.words is None:
        return statement
    given = written.words.split(_ELLIPSIS)
    pattern = ".*?".join(r"\s+".join(map(re.escape, part.split())) for part in given)
    found = re.search(pattern, statement.of(dossier.reading.text), re.S)
    if found is None:
        raise CorpusError(
            f"{dossier.document.id}, {written.paragraphs[0]}: {written.words[:60]!r} is not there.",
            remedy="Correct `words` in recommendations.toml.",
        )
    return Span(statement.start + found.start(), statement.start + found.end())


def _stated(told: Sequence[Recommendation], passages: Sequence[Passage]) -> Iterator[Link]:
    for recommendation in told:
        places = (recommendation.span, *recommendation.occurrences)
        for passage in passages:
            stating = [place for place in places if passage.span.overlap(place)]
            if stating:
                yield Link(
                    recommendation=recommendation.id,
                    passage=passage.id,
                    relation=Relation.STATES,
                    basis=Basis.CURATED,
                    score=1.0,
                    words=Span(
                        max(stating[0].start, passage.span.start),
                        min(stating[0].end, passage.span.end),
                    ),
                )


# --- In the published words -------------------------------------------------------------------


def _known(dossier: Dossier, written: Sequence[Curated]) -> dict[str, Curated]:
    """What was written by hand, by the id that reading gave the recommendation."""
    read = [each for each in dossier.recommendations if each.kind == "recommendation"]
    numbers = {each.number: each.id for each in read}
    known = {numbers[each.number]: each for each in written if each.number in numbers}
    left = [each for each in read if each.id not in known]
    open_ = [each for each in written if each.number is None]
    text = dossier.reading.text
    likeness = Likeness([each.span.of(text) for each in left])
    for mine, theirs in likeness.pairs([each.summary for each in open_]):
        known[left[theirs].id] = open_[mine]
    return known


def _renamed(dossier: Dossier, known: Mapping[str, Curated]) -> Dossier:
    """The dossier with the slugs' ids in place of those that reading gave."""
    ids = {read: written.id for read, written in known.items()}

    def renamed(recommendation: Recommendation) -> Recommendation:
        written = known.get(recommendation.id)
        if written is None:
            return recommendation
        return replace(
            recommendation,
            id=written.id,
            title=recommendation.title or written.title,
            group=written.group,
            themes=written.themes,
            aliases=(recommendation.id,),
        )

    return replace(
        dossier,
        recommendations=tuple(map(renamed, dossier.recommendations)),
        duties=tuple(
            replace(each, recommendation=ids.get(each.recommendation, each.recommendation))
            for each in dossier.duties
        ),
        links=tuple(
            replace(each, recommendation=ids.get(each.recommendation, each.recommendation))
            for each in dossier.links
        ),
    )


# --- In either --------------------------------------------------------------------------------


def _pointers(written: Iterable[Curated]) -> Iterator[Pointer]:
    for each in written:
        for bearing in each.evidence:
            for paragraph in bearing.paragraphs:
                yield Pointer(
                    recommendation=each.id,
                    document=f"{bearing.document}-digest",
                    paragraph=paragraph,
                    relation=bearing.relation,
                )


def _events(document: Document, events: Iterable[Event]) -> Iterator[StatusEvent]:
    """In order of date, the undated last."""
    own = document.digest_of or document.id
    ordered = sorted(events, key=lambda each: (each.date is None, each.date or datetime.date.max))
    for event in ordered:
        for recommendation in event.recommendations:
            if _of(own, [recommendation]):
                yield StatusEvent(
                    recommendation=recommendation,
                    date=event.date,
                    dated=event.dated,
                    status=event.status,
                    who=event.who,
                    source=event.source,
                    quotation=event.quotation,
                    standing=event.standing,
                    document=f"{event.document}-digest" if event.document else None,
                    paragraph=event.paragraph,
                )


def _lineage(written: Iterable[Descent]) -> Iterator[Lineage]:
    for each in written:
        yield Lineage(
            recommendation=each.recommendation,
            earlier=each.earlier,
            relation=each.relation,
            basis=Basis.CURATED,
            score=1.0,
            why=each.why,
        )
