"""A data directory, open for reading: everything that can be asked of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.editions import superseded, widened
from index.embedder import Embedder
from index.evidence import evidence
from index.explanation import Asked, Explained, explained
from index.feedback import Feedback
from index.generation import REBUILD, Generation, Rows, current
from index.glossary import Glossary
from index.notes import notes, told
from index.reranker import Reranker
from index.search import (
    LONGEST_QUERY,
    Index,
    Mode,
    Query,
    Ranking,
    Search,
    check_filters,
    check_text,
    search,
)
from index.shelf import Shelf, Volume, found
from index.store import Engine, Field, Filters
from index.strength import Strength, strength
from index.verification import Verifier
from ingest.errors import DamagedData, LibraryError, StaleData
from ingest.model import (
    Alias,
    Document,
    Edition,
    Evidence,
    Finding,
    Link,
    Passage,
    Recommendation,
    Relation,
    Stance,
    Voice,
)
from ingest.standing import imprint

if TYPE_CHECKING:
    from index.reasoning import Reasoned

NEAR = 3
"""Passages offered for words that were not found."""
KEPT = 4_096
"""Passages whose evidence is kept: those that answer one query answer the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """How many passages have a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search found."""

    query: Query
    total: int
    """Passages that pass the query's filters."""
    generation: str
    strength: Strength
    """Of the query and its filters: the same in every mode."""
    hits: tuple[Explained, ...]
    facets: Mapping[str, tuple[FacetCount, ...]]
    """By field in lower case, over all passages that pass the filters."""
    notes: tuple[str, ...] = ()
    """What a reader should know beside the hits."""
    also: tuple[str, ...] = ()
    """Other names, from a glossary, that were searched for too, with less weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A passage with those next to it in its document, nearest first on either side."""

    passage: Evidence
    before: tuple[Evidence, ...]
    after: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """A passage that bears on a recommendation, and why we say so."""

    link: Link
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many findings have a document, chapter, tag, voice and stance in common."""

    document: str
    chapter: str
    """The topmost section that they stand in; empty for what stands before any."""
    tag: str
    voice: Voice
    stance: Stance
    count: int


class Casebook:
    """One generation of the index and its documents; safe to share between threads.

    The documents are those that were indexed: a build that reads them anew changes nothing
    here. `Live` follows the builds.
    """

    def __init__(
        self,
        data: Path,
        *,
        embedder: Embedder,
        engine: Engine,
        pipeline: str | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Raises NotBuilt, DamagedData, ServiceError, or StaleData where another model, engine
        or format made the index, or not `pipeline` a document."""
        self.data = data
        self._pipeline = pipeline
        self._reranker = reranker
        self._generation, self._index, self._shelf = self._open(embedder, engine)
        # A generation never changes, so neither do its counts, nor what hangs on a passage.
        self._count = lru_cache(maxsize=256)(self._counted)
        self._evidence = lru_cache(maxsize=KEPT)(self._cited)

    @property
    def generation(self) -> str:
        return self._generation.name

    @property
    def tags(self) -> tuple[str, ...]:
        """Tags that can be asked for, whether or not anything has them."""
        return self._generation.stamp.tags

    @property
    def embedder(self) -> Embedder:
        """What made its vectors."""
        return self._index.embedder

    @property
    def reranker(self) -> Reranker | None:
        """What reads the best passages of a hybrid search again."""
        return self._reranker

    def is_live(self) -> bool:
        """Whether no other generation has taken this one's place."""
        return current(self.data) == self.generation

    def close(self) -> None:
        self._index.store.close()

    def search(self, query: Query) -> Answer:
        """Raises BadQuery."""
        check_text(query)
        asked = self._checked(query)
        ranking = self._index.rank(asked)
        words = query.wording.plain
        also = self._index.glossary.others(words if query.mode is not Mode.DENSE else "")
        hits = self._explained(ranking, asked, also)
        documents = (hit.citation.document for hit in hits)
        total, facets = self._count(asked.filters)
        return Answer(
            query=query,
            total=total - len(ranking.met.unwanted),
            generation=self.generation,
            strength=self._strength(asked, ranking),
            hits=hits,
            facets=facets,
            notes=(
                *told(query.wording, ranking.met),
                *notes(words, documents, self._shelf.catalogues),
            ),
            also=tuple(also),
        )

    def searcher(self, mode: Mode = Mode.HYBRID) -> Search:
        """The same search without the evidence, for measuring."""
        ranked = search(self._index, mode)
        return lambda query: ranked(self._checked(query))

    def rank(self, query: Query, feedback: Feedback | None = None) -> Ranking:
        """All candidates with the parts of their scores, for measuring; raises BadQuery."""
        index = replace(self._index, feedback=feedback) if feedback else self._index
        return index.rank(self._checked(query))

    def facets(self, filters: Filters) -> Mapping[str, tuple[FacetCount, ...]]:
        """Passages by value of each field, among those that pass; raises BadQuery."""
        return self._count(self.checked(filters))[1]

    def passage(self, passage_id: str) -> Evidence:
        """Raises UnknownId."""
        return self._evidence(passage_id)

    def context(self, passage_id: str, *, reach: int = 1) -> Context:
        """The passage with up to `reach` on either side; raises UnknownId."""
        passage = self._passage(passage_id)
        volume = self._shelf.volume(passage.document)
        place = volume.order[passage_id]
        passages = tuple(volume.passages.values())
        return Context(
            passage=self._evidence(passage_id),
            before=self._all(reversed(passages[max(0, place - reach) : place])),
            after=self._all(passages[place + 1 : place + 1 + reach]),
        )

    def similar(self, passage_id: str, k: int = 10) -> tuple[Evidence, ...]:
        """The `k` passages nearest in meaning, the passage itself left out; raises UnknownId."""
        self._passage(passage_id)
        names = self._index.rows.passages
        row = names.index(passage_id)
        lane = self._index.store.nearest(self._index.vectors[row], filters=Filters(), limit=k + 1)
        found_rows: list[int] = lane.rows.tolist()
        near = [names[at] for at in found_rows if at != row]
        return tuple(map(self._evidence, near[:k]))

    def documents(self) -> tuple[Document, ...]:
        """Sorted by id."""
        return tuple(volume.document for volume in self._shelf.volumes.values())

    def volume(self, document_id: str) -> Volume:
        """A document with its text, passages and findings, or our digest of it where only that
        is here; raises UnknownId."""
        return self._shelf.volume(document_id)

    def recommendations(self) -> tuple[Recommendation, ...]:
        """In the order of documents, then of the text."""
        return tuple(self._shelf.recommendations.values())

    def recommendation(self, recommendation_id: str) -> Recommendation:
        """Raises UnknownId."""
        return self._shelf.recommendation(recommendation_id)

    def evidence_for(self, recommendation_id: str) -> tuple[Support, ...]:
        """Passages linked to the recommendation, best first; raises UnknownId."""
        self._shelf.recommendation(recommendation_id)
        return tuple(
            Support(link=link, evidence=self.passage(link.passage))
            for link in self._shelf.evidence.get(recommendation_id, ())
        )

    def findings(self, filters: Filters | None = None) -> tuple[Finding, ...]:
        """In the order of documents, then of the text; raises BadQuery."""
        asked = self.checked(filters or Filters())
        return tuple(
            finding
            for volume in self._shelf.volumes.values()
            if asked.admits_document(volume.document)
            for finding in volume.stored.findings
            if asked.admits_finding(finding) and self._is_admitted(volume, finding, asked)
        )

    def reasons(self, finding_id: str) -> "Reasoned":
        """Why a finding was given, worked out again from its passage; raises UnknownId."""
        # Asked for now and then, and takes what the tagger takes: nothing else waits for that.
        from index.reasoning import reasoned

        finding = self._shelf.finding(finding_id)
        passage = self._passage(finding.passage)
        return reasoned(self._shelf.volume(passage.document), finding, self._index.embedder)

    def matrix(self, filters: Filters | None = None) -> tuple[Cell, ...]:
        """Findings counted by what they have in common: in the order of documents, then of the
        text for chapters, then by tag, voice and stance; raises BadQuery."""
        counts = Counter(
            (passage.document, passage.section[:1], finding.tag, finding.voice, finding.stance)
            for finding in self.findings(filters)
            for passage in (self._passage(finding.passage),)
        )
        order = {
            chapter: place for place, chapter in enumerate(dict.fromkeys(c[:2] for c in counts))
        }
        return tuple(
            Cell(
                document=document,
                chapter="".join(chapter),
                tag=tag,
                voice=voice,
                stance=stance,
                count=count,
            )
            for (document, chapter, tag, voice, stance), count in sorted(
                counts.items(), key=lambda each: (order[each[0][:2]], each[0])
            )
        )

    def resolve(self, passage_id: str) -> Alias:
        """What became of a passage id, present or past; raises UnknownId."""
        return self._shelf.resolve(passage_id)

    @property
    def shelf(self) -> Shelf:
        """The documents and the joins between them: responses, lineage, links."""
        return self._shelf

    @cached_property
    def verifier(self) -> Verifier:
        """Checks quotations against the documents; made when first asked for."""
        return Verifier(self._shelf)

    def near(self, words: str) -> tuple[Evidence, ...]:
        """The few passages nearest to words that stand nowhere: what may have been paraphrased."""
        return self.search(Query(text=words[:LONGEST_QUERY], k=NEAR)).hits

    def _open(self, embedder: Embedder, engine: Engine) -> tuple[Generation, Index, Shelf]:
        while True:
            name = current(self.data)
            try:
                return self._parts(embedder, engine)
            except LibraryError:
                # A build may have taken this generation away while it was being opened.
                if name == current(self.data):
                    raise

    def _parts(self, embedder: Embedder, engine: Engine) -> tuple[Generation, Index, Shelf]:
        generation = Generation.open(self.data)
        generation.check_engine(engine.name)
        generation.check_embedder(embedder)
        _check_pipeline(generation, self._pipeline)
        shelf = Shelf(generation.folder, generation.joins)
        if tuple(shelf.volumes) != tuple(generation.stamp.documents):
            raise DamagedData(
                f"{generation.folder} lacks documents that were indexed.", remedy=REBUILD
            )
        index = Index(
            embedder=embedder,
            store=engine.open(generation.name, generation.folder),
            bm25=generation.stamp.bm25,
            rows=generation.rows,
            vectors=generation.context,
            neighbours=generation.rows.neighbours,
            superseded=_superseded(generation.rows, shelf),
            imprint=_imprint(generation.rows, shelf),
            glossary=Glossary(term for each in shelf.catalogues for term in each.glossary),
            vocabulary=generation.vocabulary,
            text=partial(_text, generation.rows, shelf),
            recommends=_recommends(generation.rows, shelf),
            sentences=generation.sentences,
            words=generation.words,
            reranker=self._reranker,
        )
        return generation, index, shelf

    def _counted(self, filters: Filters) -> tuple[int, Mapping[str, tuple[FacetCount, ...]]]:
        """How many passages pass, and how many of them have each value of each field."""
        store = self._index.store
        facets = {
            field.name.lower(): tuple(
                FacetCount(value=value, count=count)
                for value, count in store.facets(field, filters).items()
            )
            for field in Field
        }
        return store.count(filters), facets

    def _passage(self, passage_id: str) -> Passage:
        document = found("passage", passage_id, self._homes)
        return self._shelf.volume(document).passages[passage_id]

    @cached_property
    def _homes(self) -> Mapping[str, str]:
        """The document of each passage."""
        rows = self._generation.rows
        return dict(zip(rows.passages, rows.documents, strict=True))

    def _cited(self, passage_id: str) -> Evidence:
        """What is shown of the passage, whatever is asked."""
        return evidence(self._shelf, self._passage(passage_id))

    def _explained(
        self, ranking: Ranking, query: Query, also: Mapping[str, str]
    ) -> tuple[Explained, ...]:
        """The hits that the query asks for."""
        hits = self._index.hits(ranking, query)
        asked = Asked.of(query, also, self._index.vocabulary)
        near = self._index.sentences_near(ranking, query)
        return tuple(
            explained(self._evidence(hit.passage), hit, asked, cosines)
            for hit, cosines in zip(hits, near, strict=True)
        )

    def _all(self, passages: Iterable[Passage]) -> tuple[Evidence, ...]:
        return tuple(self._evidence(passage.id) for passage in passages)

    def _is_admitted(self, volume: Volume, finding: Finding, filters: Filters) -> bool:
        passage = volume.passages[finding.passage]
        links = self._shelf.links.get(passage.id, ())
        return filters.admits_passage(passage, {link.recommendation for link in links})

    def _checked(self, query: Query) -> Query:
        """With every id under which what it names is here; raises BadQuery or UnknownId."""
        for passage in (*query.like, *query.unlike):
            self._passage(passage)
        return replace(query, filters=self.checked(query.filters))

    def _strength(self, query: Query, ranking: Ranking) -> Strength:
        """Of the hybrid ranking of its words, whatever else shapes the one that is shown."""
        plain = replace(query, mode=Mode.HYBRID)
        if query.wording.plain.strip():
            plain = replace(plain, like=(), unlike=())
        found = ranking if plain == query else self._index.rank(plain)
        return strength(self._index, plain, found)

    def checked(self, filters: Filters) -> Filters:
        """The filters, with every id under which a document asked for is here; raises BadQuery."""
        stamp = self._generation.stamp
        own = tuple(map(self._shelf.own_id, filters.recommendations))
        asked = widened(replace(filters, recommendations=own), self._shelf.documents)
        check_filters(
            asked,
            documents=stamp.documents,
            tags=stamp.tags,
            recommendations=stamp.recommendations,
        )
        return asked


class Live:
    """The newest generation at any time: a build, or a document taken out, shows at once."""

    def __init__(
        self,
        data: Path,
        *,
        embedder: Embedder,
        engine: Engine,
        pipeline: str | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Raises as `Casebook` does."""
        self._open = partial(
            Casebook,
            data,
            embedder=embedder,
            engine=engine,
            pipeline=pipeline,
            reranker=reranker,
        )
        self._casebook = self._open()
        self._lock = Lock()

    def now(self) -> Casebook:
        """Raises as `Casebook` does where a new generation cannot be opened.

        One that was replaced is closed when the last question to it has been answered.
        """
        if not self._casebook.is_live():
            with self._lock:
                if not self._casebook.is_live():
                    self._casebook = self._open()
        return self._casebook


def _text(rows: Rows, shelf: Shelf, row: int) -> str:
    """The words of the passage in a row."""
    volume = shelf.volumes[rows.documents[row]]
    return volume.passages[rows.passages[row]].span.of(volume.text)


def _recommends(rows: Rows, shelf: Shelf) -> NDArray[np.bool_]:
    """Rows in which a recommendation stands."""
    stated = {
        passage
        for passage, links in shelf.links.items()
        if any(link.relation is Relation.STATES for link in links)
    }
    return np.array([passage in stated for passage in rows.passages], dtype=np.bool_)


def _superseded(rows: Rows, shelf: Shelf) -> NDArray[np.bool_]:
    """Rows of digests whose published words are here too."""
    documents = superseded(shelf.documents)
    return np.array([document in documents for document in rows.documents], dtype=np.bool_)


def _imprint(rows: Rows, shelf: Shelf) -> NDArray[np.bool_]:
    """Rows in which digests speak of themselves."""
    of_itself = {
        name: imprint(volume.document, volume.text, volume.passages.values())
        for name, volume in shelf.volumes.items()
        # The words of others need not be read for it.
        if volume.document.edition is Edition.DIGEST
    }
    return np.array(
        [
            passage in of_itself.get(document, ())
            for passage, document in zip(rows.passages, rows.documents, strict=True)
        ],
        dtype=np.bool_,
    )


def _check_pipeline(generation: Generation, pipeline: str | None) -> None:
    for document, stamp in generation.stamp.documents.items():
        if pipeline not in (None, stamp.pipeline):
            raise StaleData(
                f"{document} was read by pipeline {stamp.pipeline}, not {pipeline}.",
                remedy=REBUILD,
            )
