"""Written sentences among real ones that tell of something else, as they stand in documents.

A sentence by itself is judged by itself; in a paragraph others stand beside it. The real ones come
from a report on policing, and the tagger finds nothing in them; all is tagged as such a report is.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice, pairwise
from pathlib import Path

import numpy as np

from eval.findings import Answer, WrittenRow, answered
from eval.inquiries import read, sources
from ingest.findings.tagger import TaggedText, Tagger
from ingest.model import Kind, Span
from ingest.sentences import sentences

REPORT = "hc381"
"""How the name of the report begins."""
_WORDS = range(8, 36)
_PAIRS = 200
_KIND = Kind.FINAL_REPORT

Pair = tuple[str, str]


def answers(real_documents: Path, rows: Sequence[WrittenRow], by: Tagger) -> list[Answer]:
    """What is found in each row between two sentences of the report; the same each time."""
    pairs = list(islice(_untagged(real_documents, by), _PAIRS))
    return [between(row, pair, by) for row, pair in zip(rows, cycle(pairs), strict=False)]


def _untagged(real_documents: Path, by: Tagger) -> Iterator[Pair]:
    """Neighbours in which nothing is found, in an order drawn by lot."""
    pairs: list[Pair] = list(_neighbours(real_documents))
    order: list[int] = np.random.default_rng(20261126).permutation(len(pairs)).tolist()
    for number in order:
        if not by.tag(" ".join(pairs[number]), document_kind=_KIND).findings:
            yield pairs[number]


def _neighbours(real_documents: Path) -> Iterator[Pair]:
    """Sentences of middling length, one after the other in a passage."""
    (source,) = (each for each in sources(real_documents) if each.file.startswith(REPORT))
    document = read(real_documents, source)
    for passage in document.passages:
        text = passage.span.of(document.reading.text)
        told = [each.of(text) for each in sentences(text)]
        for one, other in pairwise(told):
            if len(one.split()) in _WORDS and len(other.split()) in _WORDS:
                yield one, other


def between(row: WrittenRow, pair: Pair, by: Tagger) -> Answer:
    """What is found in the row's own words where it stands between these two."""
    before, after = pair
    own = Span(len(before) + 1, len(before) + 1 + len(row.text))
    tagged = by.tag(f"{before} {row.text} {after}", document_kind=_KIND)
    inside = (each for each in tagged.findings if each.span.overlap(own))
    found = TaggedText(findings=tuple(inside), sentences=tagged.sentences)
    return answered(row, found)
