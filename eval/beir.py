"""The folders of the BEIR benchmark.

    corpus.jsonl       {"_id", "title", "text"}
    queries.jsonl      {"_id", "text"} and, where it is known, "metadata" with "answerable"
    qrels/test.tsv     query-id, corpus-id and score, under a header

What is judged is a whole document of the corpus by its id. The queries are those of all splits: one
without a line in the qrels may be another split's, and is asked only where it is said that nothing
answers it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pydantic import TypeAdapter

from eval.collection import Collection, Judgement, Topic, checked, lines, text_of
from eval.trec import RELEVANT
from index.durable import write_durably
from ingest.errors import CorpusError

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels"
_HEADER = "query-id\tcorpus-id\tscore"


@dataclass(frozen=True, slots=True)
class Text:
    """A document of the corpus."""

    _id: str
    text: str
    title: str = ""

    @property
    def id(self) -> str:
        return self._id

    @property
    def file(self) -> str:
        """A name that it can be kept and built under."""
        return f"{quote(self._id, safe=' ')}.txt"


@dataclass(frozen=True, slots=True)
class _Query:
    _id: str
    text: str
    metadata: Mapping[str, object] | None = None

    @property
    def topic(self) -> Topic:
        answerable = (self.metadata or {}).get("answerable")
        return Topic(
            id=self._id,
            text=self.text,
            answerable=answerable if isinstance(answerable, bool) else None,
        )


def is_beir(folder: Path) -> bool:
    """Whether the folder has the three parts."""
    parts = (folder / CORPUS, folder / QUERIES, folder / QRELS)
    return all(part.exists() for part in parts)


def read(folder: Path, *, split: str = "test") -> Collection:
    """The queries of a split that are judged, and those that nothing answers.

    Raises CorpusError where a line is wrong.
    """
    judgements = tuple(_qrels(folder / QRELS / f"{split}.tsv"))
    judged = {judgement.query for judgement in judgements}
    written = [query.topic for query in lines(folder / QUERIES, _Query)]
    topics = tuple(each for each in written if each.id in judged or each.answerable is False)
    return checked(
        Collection(
            name=folder.resolve().name,
            topics=topics,
            judgements=judgements,
            relevant=RELEVANT,
            left_out=len(written) - len(topics),
        )
    )


def corpus(folder: Path) -> Iterator[Text]:
    """Its documents."""
    return lines(folder / CORPUS, Text)


def unpack(folder: Path, to: Path) -> int:
    """Writes each document as a text file that `casebook build` takes; how many there are."""
    to.mkdir(parents=True, exist_ok=True)
    count = 0
    for text in corpus(folder):
        content = f"{text.title}\n\n{text.text}".strip() + "\n"
        (to / text.file).write_text(content, encoding="utf-8")
        count += 1
    return count


def write(collection: Collection, texts: Iterable[Text], folder: Path) -> None:
    """The three parts."""
    (folder / QRELS).mkdir(parents=True, exist_ok=True)
    queries = map(_query, collection.topics)
    qrels = (f"{each.query}\t{each.document}\t{each.grade}" for each in collection.judgements)
    _write(folder / CORPUS, map(TypeAdapter(Text).dump_json, texts))
    query = TypeAdapter(_Query)
    _write(folder / QUERIES, (query.dump_json(each, exclude_none=True) for each in queries))
    _write(folder / QRELS / "test.tsv", (line.encode() for line in (_HEADER, *qrels)))


def _query(topic: Topic) -> _Query:
    known = None if topic.answerable is None else {"answerable": topic.answerable}
    return _Query(topic.id, topic.text, known)


def _qrels(path: Path) -> Iterator[Judgement]:
    for number, row in enumerate(text_of(path).splitlines()[1:], start=2):
        try:
            query, document, grade = row.split("\t")
            yield Judgement(query=query, document=document, grade=max(0, int(grade)))
        except ValueError:
            raise CorpusError(
                f"{path.name}, line {number}: not query-id, corpus-id and score.",
                remedy="Correct the line.",
            ) from None


def _write(path: Path, rows: Iterable[bytes]) -> None:
    write_durably(path, b"".join(row + b"\n" for row in rows))
