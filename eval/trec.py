"""The text formats of TREC: topics, qrels and runs.

    topics*     <top> with <num> and <title>, or lines of an id, a tab and the query
    qrels*      query, iteration, document, grade
    a run       query, Q0, document, rank, score, tag

They know whole documents only: what is judged or ranked is a document or passage by its id.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.collection import Collection, Judgement, Topic, checked, text_of
from index.durable import write_durably
from ingest.errors import CorpusError

TOPICS, QRELS = "topics.txt", "qrels.txt"
RELEVANT = 1
"""The least grade that the tools of these forms count as relevant, unless they are told other."""
_TOPIC = re.compile(r"<top>(.*?)</top>", re.DOTALL)
_FIELD = re.compile(r"<(num|title)>\s*(?:Number:|Topic:)?\s*([^<]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a run."""

    query: str
    document: str
    score: float


def is_trec(folder: Path) -> bool:
    """Whether the folder has topics and qrels."""
    return bool(_files(folder, "topics")) and bool(_files(folder, "qrels"))


def read(folder: Path) -> Collection:
    """The collection in a folder; raises CorpusError where a line is wrong."""
    topics = [topic for path in _files(folder, "topics") for topic in _topics(path)]
    judgements = [line for path in _files(folder, "qrels") for line in _qrels(path)]
    return checked(
        Collection(
            name=folder.resolve().name,
            topics=tuple(topics),
            judgements=tuple(judgements),
            relevant=RELEVANT,
        )
    )


def write(collection: Collection, folder: Path) -> None:
    """Topics and qrels; raises CorpusError where a name has a space, which the format lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    topics = (f"{_name(topic.id)}\t{' '.join(topic.text.split())}" for topic in collection.topics)
    qrels = (
        f"{_name(each.query)} 0 {_name(each.document)} {each.grade}"
        for each in collection.judgements
    )
    _write(folder / TOPICS, topics)
    _write(folder / QRELS, qrels)


def write_run(path: Path, ranked: Iterable[tuple[str, Sequence[Line]]], *, tag: str) -> None:
    """A run of each query's lines, best first.

    Tools sort by score, and by name where scores are equal: those that are get a little apart.
    """
    _write(
        path,
        (
            f"{_name(query)} Q0 {_name(line.document)} {rank} {score:.9g} {_name(tag)}"
            for query, ranking in ranked
            for rank, (line, score) in enumerate(
                zip(ranking, _falling(ranking), strict=True), start=1
            )
        ),
    )


def read_run(path: Path, lines: Iterable[str]) -> Iterator[Line]:
    """The lines of a run, in the order of the file; raises CorpusError."""
    for number, line in enumerate(lines, start=1):
        if fields := line.split():
            try:
                query, _, document, _, score, _ = fields
                yield Line(query=query, document=document, score=_finite(score))
            except ValueError:
                raise _wrong(path, number, "query Q0 document rank score tag") from None


def _finite(score: str) -> float:
    """Raises ValueError for what nothing can be sorted by."""
    if not math.isfinite(value := float(score)):
        raise ValueError(score)
    return value


def _falling(ranking: Sequence[Line]) -> Iterator[float]:
    last = float("inf")
    for line in ranking:
        last = min(line.score, last - 1e-6)
        yield last


def _topics(path: Path) -> Iterator[Topic]:
    text = text_of(path)
    if "<top>" in text:
        for topic in _TOPIC.findall(text):
            fields = {
                name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(topic)
            }
            if not (fields.get("num") and fields.get("title")):
                raise CorpusError(
                    f"{path.name} has a topic without <num> or <title>.", remedy="Add them."
                )
            yield Topic(id=fields["num"], text=fields["title"])
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            query, tab, words = line.partition("\t")
            if not (tab and query.strip() and words.strip()):
                raise _wrong(path, number, "an id, a tab and the query")
            yield Topic(id=query.strip(), text=words.strip())


def _qrels(path: Path) -> Iterator[Judgement]:
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if fields := line.split():
            try:
                query, _, document, grade = fields
                # Some collections mark spam with a negative grade.
                yield Judgement(query=query, document=document, grade=max(0, int(grade)))
            except ValueError:
                raise _wrong(path, number, "query iteration document grade") from None


def _files(folder: Path, kind: str) -> list[Path]:
    return sorted(path for path in folder.glob(f"*{kind}*") if path.is_file())


def _name(name: str) -> str:
    if not name or re.search(r"\s", name):
        raise CorpusError(
            f"{name!r} cannot be named in TREC's formats.", remedy="Use a name without spaces."
        )
    return name


def _wrong(path: Path, number: int, wanted: str) -> CorpusError:
    return CorpusError(f"{path.name}, line {number}: not {wanted}.", remedy="Correct the line.")


def _write(path: Path, lines: Iterable[str]) -> None:
    write_durably(path, "".join(f"{line}\n" for line in lines).encode())
