"""Runs as files: TREC's six columns, or the lines of `casebook batch` and of any other system.

Lines of the second kind name a file, its pages and the text shown, which is found again by its
words; so a system that cuts documents otherwise is measured by the same judgements.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from eval import trec
from eval.collection import lines
from eval.crediting import Assessor
from eval.retrieval import Answered, Maker, Ranked, Run
from index.durable import write_durably
from index.shelf import Shelf
from ingest.errors import CorpusError


@dataclass(frozen=True, slots=True)
class _Line:
    query_id: str
    rank: int
    text: str
    source: str | None = None
    document: str | None = None
    score: float = 0.0
    passage_id: str | None = None
    pdf_page: int | None = None
    pdf_page_end: int | None = None


_line = TypeAdapter(_Line)
_maker = TypeAdapter(Maker | None)


def read(path: Path, assessor: Assessor) -> Run:
    """Another run over the same documents; raises CorpusError where a line is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"{path} cannot be read as a run.", remedy="Name a run that is there, in UTF-8."
        ) from error
    ranked = (
        _shown(path, assessor) if text.lstrip().startswith("{") else _named(path, text, assessor)
    )
    rankings: defaultdict[str, list[Ranked]] = defaultdict(list)
    for query, each in ranked:
        rankings[query].append(each)
    asked = {topic.id for topic in assessor.collection.topics}
    if not asked.intersection(rankings):
        raise CorpusError(
            f"{path.name} answers none of the queries of {assessor.collection.name}.",
            remedy="Name a run of this collection.",
        )
    return Run(
        name=path.stem,
        maker=None,
        answers={query: Answered(ranking=tuple(ranking)) for query, ranking in rankings.items()},
    )


def write(run: Run, path: Path, shelf: Shelf) -> None:
    """The run in TREC's format, or as lines with the text shown where the name ends in `.jsonl`.

    Beside it goes what made it, as JSON: neither format has a place for that. Only the second
    can be compared with over an index of other passages.
    """
    if path.suffix == ".jsonl":
        rows = (_line.dump_json(line) + b"\n" for line in _lines(run, shelf))
        write_durably(path, b"".join(rows))
    else:
        _write_columns(run, path)
    write_durably(
        path.with_name(f"{path.name}.made-by.json"), _maker.dump_json(run.maker, indent=1)
    )


def _lines(run: Run, shelf: Shelf) -> Iterator[_Line]:
    for query, answered in run.answers.items():
        for rank, ranked in enumerate(answered.ranking, start=1):
            volume = shelf.volume(ranked.excerpt.document)
            passage = volume.passages[ranked.id]
            yield _Line(
                query_id=query,
                rank=rank,
                text=passage.span.of(volume.text),
                source=volume.document.source,
                document=volume.document.id,
                score=ranked.score,
                passage_id=ranked.id,
                pdf_page=passage.page_start,
                pdf_page_end=passage.page_end,
            )


def _write_columns(run: Run, path: Path) -> None:
    ranked = (
        (
            query,
            [
                trec.Line(query=query, document=ranked.id, score=ranked.score)
                for ranked in answered.ranking
            ],
        )
        for query, answered in run.answers.items()
    )
    trec.write_run(path, ranked, tag=run.name)


def _named(path: Path, text: str, assessor: Assessor) -> Iterator[tuple[str, Ranked]]:
    """Sorted by score, as trec_eval does, ties in the order of the file."""
    written = trec.read_run(path, text.split("\n"))
    for line in sorted(written, key=lambda line: -line.score):
        excerpt = assessor.named(line.document)
        yield line.query, Ranked(id=line.document, score=line.score, excerpt=excerpt)


def _shown(path: Path, assessor: Assessor) -> Iterator[tuple[str, Ranked]]:
    asked = {topic.id for topic in assessor.collection.topics}
    for line in sorted(lines(path, _Line), key=lambda line: line.rank):
        source = line.source or line.document
        if source is None:
            raise CorpusError(f"{path.name} names no source of a text.", remedy="Add `source`.")
        if line.query_id in asked:
            excerpt = assessor.quoted(line.text, source, tuple(_pages(line)))
            name = line.passage_id or f"{source} {line.pdf_page} {line.rank}"
            yield line.query_id, Ranked(id=name, score=line.score, excerpt=excerpt)


def _pages(line: _Line) -> Iterator[int]:
    if line.pdf_page is not None:
        yield from range(line.pdf_page, (line.pdf_page_end or line.pdf_page) + 1)
