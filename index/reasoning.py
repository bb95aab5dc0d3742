"""Why a finding was given, worked out again from its document as it was read."""

from dataclasses import dataclass, replace
from itertools import islice
from threading import Lock

from index.embedder import Embedder
from index.evidence import quotation
from index.shelf import Volume
from ingest.findings.reasons import Reasons, reasons
from ingest.findings.tagger import bundled_tagger, passage_texts
from ingest.model import Finding, Passage, Span

_ONE_AT_A_TIME = Lock()
"""The tagger switches parts of its pipeline off and on; threads must not do so to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoned:
    """A finding in its passage, and why it was given."""

    finding: Finding
    passage: Passage
    text: str
    """The passage's words."""
    reasons: Reasons
    with_vectors: bool
    """Whether meaning was asked too, and not only words and rules."""


def reasoned(volume: Volume, finding: Finding, embedder: Embedder) -> Reasoned:
    """Raises DamagedData where the passage's words are not those indexed."""
    passage = volume.passages[finding.passage]
    words = quotation(volume, passage)
    texts = passage_texts(
        volume.text,
        tuple(volume.passages.values()),
        volume.stored.paragraphs,
        kind=volume.document.kind,
    )
    upto = tuple(islice(texts, volume.order[passage.id] + 1))
    with _ONE_AT_A_TIME:
        examined = bundled_tagger(embedder).examined(upto)
    return Reasoned(
        finding=finding,
        passage=passage,
        text=words,
        reasons=reasons(examined, _within(finding, passage.span)),
        with_vectors=examined.learned is not None and examined.learned.encoder is not None,
    )


def _within(finding: Finding, passage: Span) -> Finding:
    """The finding with its offsets counted from the start of the passage."""
    return replace(
        finding, span=finding.span.within(passage), sentence=finding.sentence.within(passage)
    )
