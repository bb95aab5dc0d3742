"""The tagger beside the plainest that learns from the same rows: `python -m eval.plainhead`.

A logistic regression for each tag, over TF-IDF and the sentence's vector, and one for how evidence
is put: scikit-learn's own settings throughout, nothing chosen, no rules. Once as it comes, and once
with the few rows of a tag weighing as much as the many others. All read the sentences written for
development by themselves, and among others: there the plain heads read each sentence apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from eval import findings, paragraphs
from eval.curve import Remembered
from eval.findings import Answer, WrittenRow, answered
from eval.flag import flagged
from eval.inquiries import real_documents
from eval.lineage import MODELS
from eval.results import Figure, Result, circumstances, write
from eval.tables import rendered
from eval.tally import Tally, bounded, ends, rate_figure, ratio_figure, together
from index.embedder import DEFAULT_MODEL
from index.export import prepare_embedder
from ingest.findings.examples import Example, bundled_examples
from ingest.findings.tagger import TaggedText, Tagger, bundled_tagger
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Finding, Span, Stance, Voice
from ingest.sentences import sentences
from ingest.similarity import Encoder

NAME = "plainhead"
_STEPS = 1000
"""More than any of them takes."""
_TAGGED, _NOT = "tagged", ""

Weighing = Literal["balanced"]


class PlainHead:
    """Learned when it is made."""

    def __init__(
        self, examples: Sequence[Example], encoder: Encoder, *, weighing: Weighing | None = None
    ) -> None:
        texts = [example.text for example in examples]
        self._encoder = encoder
        self._terms = TfidfVectorizer().fit(texts)
        rows = self._rows(texts)
        evidence = [number for number, example in enumerate(examples) if example.tags]
        stances = [examples[number].stance.value for number in evidence]
        self._stance = _regression(weighing).fit(rows[evidence], stances)
        self._tags = {
            tag.id: _regression(weighing).fit(
                rows, [_TAGGED if tag.id in example.tags else _NOT for example in examples]
            )
            for tag in bundled_taxonomy().tags
        }

    def read(self, texts: Sequence[str]) -> list[TaggedText]:
        """The tags of each text, all with the one stance it is put in."""
        rows = self._rows(texts)
        stances = [Stance(each) for each in self._stance.predict(rows).tolist()]
        given = {tag: head.predict(rows).tolist() for tag, head in self._tags.items()}
        return [
            TaggedText(
                findings=tuple(
                    _finding(text, tag, stances[number])
                    for tag, found in given.items()
                    if found[number] == _TAGGED
                ),
                sentences=(),
            )
            for number, text in enumerate(texts)
        ]

    def _rows(self, texts: Sequence[str]) -> csr_array:
        vectors = csr_array(self._encoder.passages(texts))
        return hstack([self._terms.transform(texts), vectors], format="csr")


def _regression(weighing: Weighing | None) -> LogisticRegression:
    return LogisticRegression(class_weight=weighing, max_iter=_STEPS)


def _finding(text: str, tag: str, stance: Stance) -> Finding:
    whole = Span(0, len(text))
    return Finding(
        passage="",
        tag=tag,
        span=whole,
        sentence=whole,
        voice=Voice.INQUIRY,
        stance=stance,
        confidence=1.0,
        rule=NAME,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """What one way of tagging makes of the same sentences."""

    name: str
    answers: Sequence[Answer]
    among: Sequence[Answer]
    """The same sentences where others stand beside them."""
    strays: Tally
    """Tags in other inquiries, of how many sentences; by passage."""


def tagger(name: str, by: Tagger, folder: Path) -> Contender:
    """The project's own, with or without what it learned."""
    rows = findings.written_rows(folder)
    return Contender(
        name=name,
        answers=[answered(row, by.tag(row.text)) for row in rows],
        among=paragraphs.answers(folder, rows, by),
        strays=together(each.strays for each in findings.elsewhere(folder, by)),
    )


def plain(name: str, head: PlainHead, folder: Path) -> Contender:
    """A plain head, which no sentence beside another disturbs."""
    rows = findings.written_rows(folder)
    read = head.read([row.text for row in rows])
    return Contender(
        name=name,
        answers=[answered(row, found) for row, found in zip(rows, read, strict=True)],
        among=apart(rows, head),
        strays=_strays(folder, head),
    )


def apart(rows: Sequence[WrittenRow], head: PlainHead) -> list[Answer]:
    """The rows read sentence by sentence."""
    parts = [[span.of(row.text) for span in sentences(row.text)] for row in rows]
    return [
        answered(row, TaggedText(findings=tuple(found), sentences=()))
        for row, found in zip(rows, _found(parts, head), strict=True)
    ]


def _strays(folder: Path, head: PlainHead) -> Tally:
    passages = [each.text for _, texts in findings.other_inquiries(folder) for each in texts]
    parts = [[span.of(text) for span in sentences(text)] for text in passages]
    found = _found(parts, head)
    return Tally.of((len(each), len(part)) for each, part in zip(found, parts, strict=True))


def _found(parts: Sequence[Sequence[str]], head: PlainHead) -> Iterator[list[Finding]]:
    """What is found in the sentences of each, all read at one time."""
    read = iter(head.read([sentence for part in parts for sentence in part]))
    for part in parts:
        yield [finding for each in islice(read, len(part)) for finding in each.findings]


def figures(contender: Contender, confirmed: frozenset[str]) -> Iterator[Figure]:
    """How good it is; `confirmed` are the ids of the rows that no rule was written with."""
    name, answers, among = contender.name, contender.answers, contender.among
    for where, read in (("", answers), (", among other sentences", among)):
        kept = [answer for answer in read if answer.id in confirmed]
        yield bounded(f"{name}: macro F1 over 17 tags{where}", findings.macro_f1(read))
        yield bounded(f"{name}: macro F1, confirmed{where}", findings.macro_f1(kept))
    yield ratio_figure(f"{name}: recall, implicit", _implicit(answers))
    yield ratio_figure(f"{name}: recall, implicit, among other sentences", _implicit(among))
    yield rate_figure(
        f"{name}: lexical traps tagged", findings.tagged(findings.of_kind(answers, "lexical_trap"))
    )
    yield rate_figure(f"{name}: denied, shown as found", findings.denied_as_found(answers))
    yield replace(
        ratio_figure(f"{name}: tags per 1,000 sentences of other inquiries", contender.strays),
        value=round(1000 * contender.strays.ratio, 2),
        of=contender.strays.total,
        interval=ends(contender.strays.interval, times=1000),
    )


def _implicit(answers: Sequence[Answer]) -> Tally:
    return findings.tag_score(findings.of_kind(answers, "implicit")).recall


def contenders(folder: Path, encoder: Encoder) -> Iterator[Contender]:
    """Rules alone, the plain heads, and what is served."""
    examples = bundled_examples()
    yield tagger("rules alone", Tagger(bundled_taxonomy()), folder)
    yield plain("plain head", PlainHead(examples, encoder), folder)
    balanced = PlainHead(examples, encoder, weighing="balanced")
    yield plain("plain head, balanced", balanced, folder)
    yield tagger("served", bundled_tagger(encoder), folder)


def compared(folder: Path, encoder: Encoder) -> Result:
    """All of them, measured now: six minutes of one core."""
    confirmed = frozenset(row.id for row in findings.written_rows(folder, confirmed=True))
    return Result(
        name=NAME,
        title="Findings by other means",
        circumstances=circumstances("numpy", "scikit-learn", "spacy"),
        figures=tuple(
            figure for each in contenders(folder, encoder) for figure in figures(each, confirmed)
        ),
    )


def main() -> None:
    """Prints how good each is, and records it where that is asked for."""
    recording = flagged("--record", means="record it too", does=main.__doc__)
    encoder = Remembered(prepare_embedder(DEFAULT_MODEL, MODELS))
    found = compared(real_documents(), encoder)
    print(rendered(found))
    if recording:
        write(found)


if __name__ == "__main__":
    main()
