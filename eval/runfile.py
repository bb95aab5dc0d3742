"""Runs as files: TREC's six columns, or the lines of `casebook batch` and of any other system.

Lines of the second kind name a file, its pages and the text shown, which is found again by its
words; so a system that cuts documents otherwise is measured by the same judgements. In place of
the text a line may have `start` and `end`, counted as those of judgements are.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import FiniteFloat, TypeAdapter

from eval import trec
from eval.collection import Place, lines, text_of
from eval.crediting import Assessor, Excerpt
from eval.retrieval import Answered, Maker, Ranked, Run
from index.durable import write_durably
from index.shelf import Volume
from ingest.errors import CorpusError
from ingest.model import Passage, Span


@dataclass(frozen=True, slots=True)
class _Line:
    query_id: str
    rank: int
    text: str | None = None
    source: str | None = None
    document: str | None = None
    score: FiniteFloat = 0.0
    passage_id: str | None = None
    pdf_page: int | None = None
    pdf_page_end: int | None = None
    start: int | None = None
    end: int | None = None


_line = TypeAdapter(_Line)
_maker = TypeAdapter(Maker | None)


def read(path: Path, assessor: Assessor) -> Run:
    """Another run over the same documents; raises CorpusError where a line is wrong."""
    text = text_of(path)
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


def write(run: Run, path: Path, assessor: Assessor) -> None:
    """The run in TREC's format, or as lines with the text shown where the name ends in `.jsonl`.

    Beside it goes what made it, as JSON: neither format has a place for that. Only the second
    can be compared with over an index of other passages. Its lines have offsets where a passage
    stands on one page; of several pages they have the text as printed, with what is between them,
    for who knows the pages only would not find it otherwise.
    """
    if path.suffix == ".jsonl":
        rows = (_line.dump_json(line, exclude_none=True) + b"\n" for line in _lines(run, assessor))
        write_durably(path, b"".join(rows))
    else:
        _write_columns(run, path)
    write_durably(
        path.with_name(f"{path.name}.made-by.json"), _maker.dump_json(run.maker, indent=1)
    )


def _lines(run: Run, assessor: Assessor) -> Iterator[_Line]:
    for query, answered in run.answers.items():
        for rank, ranked in enumerate(answered.ranking, start=1):
            volume = assessor.shelf.volume(ranked.excerpt.document)
            passage = volume.passages[ranked.id]
            text, span = _printed(passage, volume, assessor)
            yield _Line(
                query_id=query,
                rank=rank,
                text=text,
                source=volume.document.source,
                document=volume.document.id,
                score=ranked.score,
                passage_id=ranked.id,
                pdf_page=passage.page_start,
                pdf_page_end=passage.page_end,
                start=span.start if span else None,
                end=span.end if span else None,
            )


def _printed(passage: Passage, volume: Volume, assessor: Assessor) -> tuple[str, Span | None]:
    """What a line shows of a passage, and where it stands on its page if it has but one."""
    located = assessor.located(volume.document)
    words = passage.span.of(volume.text)
    match located.places(passage.span):
        case [place]:
            return words, place.span
        case [first, *_, last]:
            return located.between(first, last), None
        case _:
            return words, None


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
            excerpt = _excerpt(path, line, source, assessor)
            name = line.passage_id or f"{source} {line.pdf_page} {line.rank}"
            yield line.query_id, Ranked(id=name, score=line.score, excerpt=excerpt)


def _excerpt(path: Path, line: _Line, source: str, assessor: Assessor) -> Excerpt:
    if line.text is not None:
        if own := _own(line, assessor):
            return own
        return assessor.quoted(line.text, source, tuple(_pages(line)))
    try:
        span = Span(*(-1 if at is None else at for at in (line.start, line.end)))
    except ValueError:
        raise CorpusError(
            f"{path.name} shows nothing of {source} for {line.query_id} at rank {line.rank}.",
            remedy="Add `text`, or `start` and `end`, which is not counted in.",
        ) from None
    return assessor.placed(Place(page=line.pdf_page, span=span), source)


def _own(line: _Line, assessor: Assessor) -> Excerpt | None:
    """A passage of this index, where the line shows it as `write` does."""
    volume = assessor.shelf.volumes.get(line.document or "")
    passage = volume.passages.get(line.passage_id or "") if volume else None
    if volume is None or passage is None or _printed(passage, volume, assessor)[0] != line.text:
        return None
    return assessor.passage(passage.id, volume.document.id)


def _pages(line: _Line) -> Iterator[int]:
    if line.pdf_page is not None:
        yield from range(line.pdf_page, (line.pdf_page_end or line.pdf_page) + 1)
