"""What each passage of a ranking earns from the places that were judged.

A place is credited to the first passage that holds at least half of its characters, or 200 of
them, and to no later one. So passages cut in any way compare: what counts is the text that they
bring up, not how many pieces it comes in.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from eval.collection import Collection, Judgement, Place
from eval.locating import Located, Regions, merged, shared, size
from index.shelf import Shelf
from ingest.library import Library
from ingest.model import Document, Span

ENOUGH = 200
"""Characters of a place that earn it, however long it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A judged place where it lies in the canonical text."""

    document: str
    """Id; of a document that is not in the index, the name it was judged under."""
    grade: int
    regions: Regions
    least: float
    """Characters that earn it."""

    def is_met(self, excerpt: "Excerpt") -> bool:
        if excerpt.document != self.document:
            return False
        return shared(excerpt.regions, self.regions) >= self.least


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """What a ranking shows at one rank."""

    document: str
    regions: Regions
    length: int
    """Characters to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one rank of a ranking brought."""

    earned: tuple[int, ...]
    """Grades of the places credited to it, none of which was credited before."""
    met: bool
    """Whether it holds anything relevant or marginal, credited before or not."""
    judged: bool
    """Whether it holds a judged place, relevant or not, or half of it lies in such places."""
    length: int
    """Characters to be read."""

    @property
    def gain(self) -> int:
        return max(self.earned, default=0)


class Assessor:
    """Credits rankings of an index by the judgements of a collection."""

    def __init__(self, collection: Collection, shelf: Shelf, library: Library) -> None:
        self.collection = collection
        self.shelf = shelf
        self._library = library
        self._located: dict[str, Located] = {}
        self._aliases: dict[str, Mapping[str, Span | None]] = {}

    @cached_property
    def targets(self) -> Mapping[str, tuple[Target, ...]]:
        """By query, also those of grade 0, which earn nothing and are known."""
        found: defaultdict[str, list[Target]] = defaultdict(list)
        for judgement in self.collection.judgements:
            found[judgement.query].append(self._target(judgement))
        return {query: tuple(targets) for query, targets in found.items()}

    @property
    def every_target(self) -> Iterator[Target]:
        return chain.from_iterable(self.targets.values())

    @property
    def lost(self) -> tuple[Judgement, ...]:
        """Relevant places that are not in the index's text, which count as never found."""
        return tuple(
            judgement
            for topic in self.collection.topics
            for judgement, target in zip(
                self.collection.by_query[topic.id], self.targets.get(topic.id, ()), strict=True
            )
            if judgement.grade and not target.regions
        )

    def steps(self, query: str, ranking: Iterable[Excerpt]) -> tuple[Step, ...]:
        """One for each rank."""
        targets = self.targets.get(query, ())
        credited: set[int] = set()
        steps: list[Step] = []
        for excerpt in ranking:
            met = {n for n, target in enumerate(targets) if target.is_met(excerpt)}
            earned = [targets[n].grade for n in sorted(met - credited)]
            steps.append(
                Step(
                    earned=tuple(grade for grade in earned if grade),
                    met=any(targets[n].grade for n in met),
                    judged=bool(met) or _is_known(excerpt, targets),
                    length=excerpt.length,
                )
            )
            credited |= met
        return tuple(steps)

    def passage(self, passage_id: str, document_id: str) -> Excerpt:
        """A passage of the index."""
        span = self.shelf.volume(document_id).passages[passage_id].span
        return Excerpt(document=document_id, regions=(span,), length=len(span))

    def named(self, name: str) -> Excerpt:
        """A passage, present or past, or a whole document by its id.

        What is not in the index has no regions, and earns nothing.
        """
        if stands := self._stands(name):
            home, span = stands
            return Excerpt(document=home, regions=(span,), length=len(span))
        for document in self._named(name):
            whole = self.located(document).whole
            return Excerpt(document=document.id, regions=whole, length=size(whole))
        return Excerpt(document=name, regions=(), length=0)

    def quoted(self, text: str, document: str, pages: Sequence[int]) -> Excerpt:
        """Text that another system shows from a document, by its words."""
        named = self._named(document)
        regions = self.located(named[0]).quoted(text, pages) if named else ()
        return Excerpt(
            document=named[0].id if named else document, regions=regions, length=len(text)
        )

    def knows(self, name: str) -> bool:
        """Whether a document or passage that is judged under this name is here."""
        return bool(self._named(name) or self._stands(name))

    def placed(self, place: Place, document: str) -> Excerpt:
        """What another system shows from a document, by where it stands."""
        named = self._named(document)
        return Excerpt(
            document=named[0].id if named else document,
            regions=self.located(named[0]).placed([place]) if named else (),
            length=len(place.span),
        )

    def by_passage(self) -> Collection:
        """The same collection with the passages of the index judged instead of places.

        A passage has the highest grade of the places that it meets. What knows whole documents
        only, and no offsets, takes this for what it is.
        """
        judged: dict[tuple[str, str], int] = {}
        for query, targets in self.targets.items():
            for document in {target.document for target in targets} & self.shelf.volumes.keys():
                for passage in self.shelf.volume(document).passages:
                    excerpt = self.passage(passage, document)
                    grades = [target.grade for target in targets if target.is_met(excerpt)]
                    if grades:
                        judged[query, passage] = max(grades)
        judgements = (
            Judgement(query=query, document=passage, grade=grade)
            for (query, passage), grade in sorted(judged.items())
        )
        return replace(self.collection, judgements=tuple(judgements))

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Id, title of the document, and words of every passage of the index."""
        for volume in self.shelf.volumes.values():
            for passage in volume.passages.values():
                yield passage.id, volume.document.title, passage.span.of(volume.text)

    def located(self, document: Document) -> Located:
        """The text of a document, in which places are found."""
        if document.id not in self._located:
            source = self._library.source(document) if document.page_count else None
            stored = self.shelf.volume(document.id).stored
            self._located[document.id] = Located(stored, source)
        return self._located[document.id]

    def _target(self, judgement: Judgement) -> Target:
        for document in self._named(judgement.document):
            located = self.located(document)
            if _opens_as_judged(judgement, located):
                regions = located.judged(judgement)
                least = min(ENOUGH, size(regions) / 2) if judgement.places else 1
                return Target(
                    document=document.id, grade=judgement.grade, regions=regions, least=least
                )
        if not judgement.places and (stands := self._stands(judgement.document)):
            home, span = stands
            least = min(ENOUGH, len(span) / 2)
            return Target(document=home, grade=judgement.grade, regions=(span,), least=least)
        return Target(
            document=judgement.document, grade=judgement.grade, regions=(), least=float("inf")
        )

    def _named(self, name: str) -> Sequence[Document]:
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Document]]:
        """Documents by id, by file name, and by file name without its ending."""
        found: defaultdict[str, list[Document]] = defaultdict(list)
        for volume in self.shelf.volumes.values():
            document = volume.document
            names = (document.id, document.source, document.source.rpartition(".")[0])
            for name in dict.fromkeys(names):
                found[name].append(document)
        return found

    def _stands(self, passage_id: str) -> tuple[str, Span] | None:
        """Where the words of a passage id are now, if they are: its document and span."""
        document = passage_id.partition(":")[0]
        if document not in self.shelf.volumes:
            return None
        if passage := self.shelf.volume(document).passages.get(passage_id):
            return document, passage.span
        span = self._issued(document).get(passage_id)
        return (document, span) if span else None

    def _issued(self, document: str) -> Mapping[str, Span | None]:
        """Every id that the document's passages ever had, and where its words are now."""
        if document not in self._aliases:
            aliases = self.shelf.volume(document).stored.aliases
            self._aliases[document] = {alias.id: alias.span for alias in aliases}
        return self._aliases[document]


def _opens_as_judged(judgement: Judgement, located: Located) -> bool:
    """Whether offsets that were counted in one edition are used on it, and on no other."""
    if judgement.anchor is None or not judgement.places:
        return True
    return located.holds(judgement.anchor, judgement.places[0])


def _is_known(excerpt: Excerpt, targets: Sequence[Target]) -> bool:
    known = [
        region
        for target in targets
        if target.document == excerpt.document
        for region in target.regions
    ]
    read = shared(excerpt.regions, merged(known, gap=0))
    return bool(excerpt.regions) and 2 * read >= size(excerpt.regions)
