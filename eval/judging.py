"""Learns which sentences judge (`ingest/findings/judging.py`) from coded ones.

    python -m eval.judging              prints each sign's points, and how well all of it does
    python -m eval.judging --record     and writes it to corpora/findings/judging.json

First come the points of the signs: a logistic regression, held close to what each sign means, for
with few sentences to learn from a rare sign keeps what is known of it. Then another one weighs
these points, those of the sentences beside it, and the vector. How well it does on an inquiry is
measured with what was learned from the others. Only sentences drawn at random for development are
used (`eval/gold/speakers.jsonl`), never those kept for confirming, and none of the gold rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from eval.flag import flagged
from eval.inquiries import real_documents
from eval.lineage import MODELS
from eval.regression import Numbers, logistic
from eval.speakers import CodedSentence, Heard, heard
from index.durable import write_durably
from index.embedder import DEFAULT_MODEL
from index.export import prepare_embedder
from ingest.findings.examples import FOLDER
from ingest.findings.frame import frame_of, lower
from ingest.findings.judging import FILE, Sum, Weighing, beside
from ingest.findings.learned import embedder_stamp
from ingest.findings.signs import SIGNS, signs
from ingest.findings.tagger import Tagger
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Stance, Voice
from ingest.similarity import Encoder

_FIRMLY = 2.0
"""How firmly points are held to what the signs mean: to about 0.7 of it."""
_SPREAD = 0.6
"""And each of the vector's dimensions to nothing."""
_INQUIRIES = (("hc18", "covid"), ("hc1119", "post-office"), ("hc381", "hc1099"))
MEANT: Mapping[str, float] = {
    "a word of failing": 2.0,
    "what should have been": 3.0,
    "what could or would have been": 1.5,
    "a word of blame or regret": 1.5,
    "a word of lacking": 1.5,
    "too much of something": 1.2,
    "a word of concern": 0.7,
    "the inquiry says what it finds": 3.0,
    "the inquiry's opinion": 1.0,
    "the answering body's opinion": 1.5,
    "said to be somebody's view, or how it really is": 1.0,
    "something is called clear, likely, right or the like": 1.2,
    "a noun that judges": 0.5,
    "an adjective or adverb that judges": 0.6,
    "a word of importance": 0.8,
    "a cause or an effect": 0.7,
    "something is said to show something": 0.7,
    "a word of concluding": 0.5,
    "a word of contrast": 0.4,
    "a negation": 0.5,
    "would, might or may": 0.6,
    "will": 0.2,
    "a word of degree": 0.5,
    "a word of supposing": 0.5,
    "a question": 1.0,
    "if": 0.0,
    "what something is for": 0.1,
    "what is under way": -0.2,
    "a day": -0.8,
    "a number or a sum": -0.4,
    "a step that was taken": -0.7,
    "a verb of telling a story": -0.3,
    "a person": -0.4,
    "an item of a list": -0.5,
    "a cell of a table": -1.0,
}
MEANT_START = -1.5
"""What each sign means, in points, and what a sentence starts with: where the fitting begins."""
Judged = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Sentences, a row each, with those beside them."""

    around: NDArray[np.float64]
    """Of the sentence before, the sentence and the one after: which signs each bears, and a last
    column that says whether there is any."""
    vectors: NDArray[np.float64]
    judges: Judged
    inquiry: NDArray[np.int_]

    def of(self, chosen: Judged) -> "Told":
        return Told(
            around=self.around[chosen],
            vectors=self.vectors[chosen],
            judges=self.judges[chosen],
            inquiry=self.inquiry[chosen],
        )


def learned(told: Told, *, embedder: str = "") -> Weighing:
    """Points of each sign, and what they and all else count.

    All starts are moved to where judgements and background are told alike well.
    """
    points = _points(told)
    parts = _parts(told, points)
    return Weighing(
        embedder=embedder,
        signs={sign.why: value for sign, value in zip(SIGNS, points.tolist(), strict=False)},
        start=float(points[-1]),
        worded=_sum(parts, told.judges),
        full=_sum(np.hstack([parts, told.vectors]), told.judges),
    )


def scores(told: Told, by: Weighing) -> tuple[Numbers, Numbers, Numbers]:
    """By signs alone, with those beside them, and with vectors: at 0 or more they judge."""
    points = np.array([*(by.signs[sign.why] for sign in SIGNS), by.start])
    parts = _parts(told, points)
    return (
        parts[:, 0],
        parts @ _weights(by.worded),
        parts @ _weights(by.full) + told.vectors @ np.array(by.full.direction),
    )


def _points(told: Told) -> Numbers:
    borne = told.around[:, 1]
    meant = np.array([*(MEANT[sign.why] for sign in SIGNS), MEANT_START])
    points = logistic(borne, told.judges, around=meant, held=np.full(len(meant), _FIRMLY))
    points[-1] -= _fairest(borne @ points, told.judges)
    return points


def _parts(told: Told, points: Numbers) -> Numbers:
    """What is added up of each, but for its vector; where no sentence is there are no points."""
    return np.array([beside(three.tolist())[1] for three in told.around @ points])


def _sum(columns: Numbers, judges: Judged) -> Sum:
    around = np.zeros(columns.shape[1])
    around[0] = 1
    held = np.full(len(around), _SPREAD)
    held[:4] = _FIRMLY
    weights = logistic(columns, judges, around=around, held=held)
    weights[3] -= _fairest(columns @ weights, judges)
    own, before, after, start, *direction = weights.round(3).tolist()
    return Sum(own=own, before=before, after=after, start=start, direction=direction)


def _weights(of: Sum) -> Numbers:
    return np.array([of.own, of.before, of.after, of.start])


def _fairest(given: Numbers, judges: Judged) -> float:
    """The score from which judgements and background are told alike well."""
    cuts = np.unique(given)
    recalls = [_recalls(judges, given >= cut) for cut in cuts]
    return float(cuts[int(np.argmax([min(pair) for pair in recalls]))])


def crossed(told: Told) -> Numbers:
    """Three columns of scores, by what was learned from the other inquiries."""
    given = np.zeros((len(told.judges), 3))
    for inquiry in np.unique(told.inquiry):
        here = told.inquiry == inquiry
        given[here] = np.stack(scores(told.of(here), learned(told.of(~here))), axis=1)
    return given


def _recalls(wanted: Judged, given: Judged) -> tuple[float, float]:
    """Of judgements, and of background."""
    return float(given[wanted].mean()), float((~given[~wanted]).mean())


def told_of(coded: Iterable[Heard], by: Encoder) -> Told:
    """Of coded sentences those that an inquiry or a response tells itself."""
    chosen = [each for each in coded if _tells(each.row)]
    return Told(
        around=np.array([[_borne(words) for words in _three(each)] for each in chosen]),
        vectors=np.asarray(by.passages([each.words for each in chosen]), dtype=np.float64),
        judges=np.array([each.row.stance[0] is Stance.FOUND for each in chosen]),
        inquiry=np.array([_inquiry(each.row.document) for each in chosen]),
    )


def _tells(row: CodedSentence) -> bool:
    agreed = row.stance[0] is row.stance[1] and row.voice[0] is row.voice[1]
    own = row.voice[0] is Voice.INQUIRY or "response" in row.document
    return agreed and own and row.stance[0] in {Stance.FOUND, Stance.BACKGROUND}


def _three(each: Heard) -> tuple[str, str, str]:
    return each.before, each.words, each.after


def _borne(words: str) -> list[float]:
    frame, _ = frame_of(lower(words))
    borne = {sign.why for sign, _ in signs(frame)}
    return [*(float(sign.why in borne) for sign in SIGNS), float(bool(words))]


def _inquiry(document: str) -> int:
    of = [n for n, names in enumerate(_INQUIRIES) if document.startswith(names)]
    if not of:
        raise ValueError(f"{document} is of no inquiry known here: add its name to _INQUIRIES")
    return of[0]


def _report(told: Told, by: Weighing, others: Mapping[str, Told]) -> Iterator[str]:
    for why, value in by.signs.items():
        yield f"{value:5.1f}  {why}"
    yield f"{by.start:5.1f}  the start"
    yield from _lines("learned from the other inquiries", told.judges, crossed(told).T)
    for name, other in others.items():
        yield from _lines(name, other.judges, scores(other, by))


def _lines(name: str, wanted: Judged, columns: Iterable[Numbers]) -> Iterator[str]:
    ways = ("signs", "and those beside", "and the vector")
    for way, given in zip(ways, columns, strict=True):
        judgements, background = _recalls(wanted, given >= 0)
        yield (
            f"{name}, {way}: {(wanted == (given >= 0)).mean():.1%} right of {len(wanted)}"
            f" (judgements {judgements:.0%}, background {background:.0%})"
        )


def main() -> None:
    """Learns which sentences judge and prints how well it is told, beside those kept apart."""
    kept = flagged("--record", means="write what was learned", does=main.__doc__)
    by = prepare_embedder(DEFAULT_MODEL, MODELS)
    coded = list(heard(real_documents(), Tagger(bundled_taxonomy())))
    seen = told_of([each for each in coded if each.row.seen], by)
    aside = told_of([each for each in coded if not each.row.seen], by)
    found = learned(seen, embedder=embedder_stamp(by))
    for line in _report(seen, found, {"kept for confirming": aside}):
        print(line)
    if kept:
        with as_file(files("corpora") / FOLDER) as folder:
            stored = TypeAdapter(Weighing).dump_json(found, indent=1)
            write_durably(folder / FILE, stored + b"\n")


if __name__ == "__main__":
    main()
