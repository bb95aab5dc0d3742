"""The collections at hand with their documents, read and indexed as `casebook build` does it.

What was built stays, so that the next time only what changed is done again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from eval import collection
from eval.collection import Collection
from eval.inquiries import real_documents
from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.embedder import DEFAULT_MODEL, Embedder
from index.export import prepare_embedder
from index.lock import hold
from ingest.build import Method, State, build
from ingest.errors import CorpusError
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.library import Library
from ingest.sources.corpus import corpus

DATA = Path(__file__).parent.parent / ".casebook"
UNANSWERABLE = Path(__file__).parent / "gold" / "unanswerable.jsonl"
CASEY, INQUIRIES = "casey", "inquiries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A collection and the documents that it judges."""

    name: str
    collection: Collection
    documents: str
    """A bundled corpus, or a folder."""


def subjects() -> Iterator[Subject]:
    """The bundled collection, and that of the real documents where they are."""
    judged = collection.read(collection.bundled(CASEY))
    yield Subject(name=CASEY, collection=judged, documents=CASEY)
    try:
        folder = real_documents()
    except CorpusError:
        return
    yield Subject(
        name=INQUIRIES,
        collection=with_unanswerable(collection.read(folder / "gold" / "retrieval" / "dev")),
        documents=str(folder / "corpora" / "inquiries"),
    )


def with_unanswerable(judged: Collection) -> Collection:
    """The collection and our own questions that nothing in its documents answers."""
    return replace(judged, topics=(*judged.topics, *collection.topics(UNANSWERABLE)))


def opened(subject: Subject, *, embedder: Embedder | None = None) -> Casebook:
    """The subject's documents, built if need be; raises CorpusError where one cannot be read."""
    model = embedder or prepared()
    data = DATA / "eval" / subject.name / model.name.replace("/", "-")
    _build(subject, data, model)
    return Casebook(data, embedder=model, engine=EdgeEngine())


def prepared() -> Embedder:
    """The served embedder."""
    return prepare_embedder(DEFAULT_MODEL, DATA / "models")


def _build(subject: Subject, data: Path, embedder: Embedder) -> None:
    chosen, library = corpus([subject.documents]), Library(data)
    method = Method(
        count_tokens=embedder.count_tokens,
        tokenizer=f"{embedder.name} {embedder.weights_sha256}",
        encoder=embedder,
    )
    data.parent.mkdir(parents=True, exist_ok=True)
    # `hold` refuses whoever comes second; the parts of `make check` run side by side and wait.
    with FileLock(data.parent / f"{data.name}.lock"), hold(data):
        for catalogue in chosen.catalogues:
            library.keep_catalogue(catalogue)
        for outcome in build(chosen.sources, library, method):
            if outcome.state is State.FAILED and outcome.error:
                raise outcome.error
        for gone in set(library.ids()) - {source.id for source in chosen.sources}:
            library.remove(gone)
        build_index(
            data,
            embedder=embedder,
            engine=EdgeEngine(),
            tags=[tag.id for tag in bundled_taxonomy().tags],
        )
