"""Passages cut in other ways, searched and scored alike: `python -m eval.cutting [--record]`.

Whole paragraphs, as they are served, against windows of so many characters that take no notice of
paragraphs. Judged places are credited to whatever passage holds them, and a reader reads as many
characters of either. Findings and links stay out of both, as they hang on passages.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from eval import retrieval
from eval.crediting import Assessor
from eval.evaluation import HEADLINE, evaluation
from eval.flag import flagged
from eval.indexed import Subject, opened, prepared, subjects
from eval.results import Figure, Result, circumstances, write
from eval.retrieval import PACKAGES
from eval.significance import Difference, difference
from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.embedder import Embedder
from index.search import Mode
from ingest.library import Library
from ingest.model import Passage, Span, words_hash

SIZES = (300, 600, 900, 1_200)
"""Characters of a window."""
Cut = Callable[[str, Sequence[Passage]], tuple[Passage, ...]]
Values = Mapping[str, Mapping[str, float]]
"""By query, then by measure."""


def as_they_are(text: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Whole paragraphs, as they are served."""
    return tuple(passages)


def windows(size: int) -> Cut:
    """Stretches of at most so many characters, headings and all."""

    def cut(text: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        made: list[Passage] = []
        end = max((passage.span.end for passage in passages), default=0)
        start = min((passage.span.start for passage in passages), default=0)
        while start < end:
            span = _window(text, start, min(end, start + size), last=end)
            words = span.of(text)
            if words.strip():
                first = next(passage for passage in passages if passage.span.end > span.start)
                made.append(_stretch(first, span, words, number=len(made) + 1))
            start = span.end
        return tuple(made)

    return cut


def _window(text: str, start: int, end: int, *, last: int) -> Span:
    """To the last space before the end, so that no word is cut in two."""
    space = text.rfind(" ", start, end) if end < last else -1
    return Span(start, space + 1 if space > start else end)


def _stretch(first: Passage, span: Span, words: str, *, number: int) -> Passage:
    """A passage under the section of the first that it holds a part of."""
    return replace(
        first,
        id=f"{first.document}:w{number:06}",
        span=span,
        paragraphs=(),
        quote_sha256=words_hash(words),
    )


def values(subject: Subject, library: Library, cut: Cut, embedder: Embedder) -> Values:
    """What the served search is worth on a collection whose documents are cut so."""
    with tempfile.TemporaryDirectory() as folder:
        _recut(library, Library(Path(folder)), cut)
        build_index(Path(folder), embedder=embedder, engine=EdgeEngine())
        with closing(Casebook(Path(folder), embedder=embedder, engine=EdgeEngine())) as recut:
            assessor = Assessor(subject.collection, recut.shelf, library)
            runs = retrieval.runs(recut, subject.collection, assessor, modes=[Mode.HYBRID])
            found = evaluation(subject.collection, assessor, runs, subject=Mode.HYBRID.value)
    return found.score(Mode.HYBRID.value).by_query


def _recut(library: Library, into: Library, cut: Cut) -> None:
    for id in library.ids():
        dossier = library.dossier(id)
        passages = cut(dossier.reading.text, dossier.passages)
        into.write(
            replace(dossier, passages=passages, findings=(), links=(), pointers=(), aliases=())
        )
    for catalogue in library.catalogues():
        into.keep_catalogue(catalogue)


def compared(sizes: Sequence[int] = SIZES) -> Iterator[tuple[str, str, Difference]]:
    """Windows of each size to whole paragraphs: the collection, the measure, the difference."""
    embedder = prepared()
    for subject in subjects():
        with closing(opened(subject, embedder=embedder)) as served:
            library = Library(served.data)
        whole = values(subject, library, as_they_are, embedder)
        for size in sizes:
            cut = values(subject, library, windows(size), embedder)
            for measure in HEADLINE:
                found = difference(
                    [cut[query][measure] for query in whole],
                    [whole[query][measure] for query in whole],
                )
                yield f"windows of {size:,} characters, {subject.name}", measure, found


def main() -> None:
    """Prints each comparison."""
    kept = flagged("--record", means="keep them", does=main.__doc__)
    figures: list[Figure] = []
    for what, measure, found in compared():
        each = found.interval
        name = f"{measure}, {what}"
        print(f"{name}: {each.mean:+.3f} ({each.low:+.3f} to {each.high:+.3f})", flush=True)
        for end, value in (("", each.mean), (", least", each.low), (", most", each.high)):
            figures.append(Figure(what=name + end, value=round(value, 3), repeatable=False))
    if kept:
        write(
            Result(
                name="cutting",
                title="Fixed windows for whole paragraphs, differences",
                circumstances=circumstances(*PACKAGES),
                figures=tuple(figures),
            )
        )


if __name__ == "__main__":
    main()
