"""Every measurement of quality, one after the other: `make measure`."""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from eval import (
    calibration,
    duties,
    findings,
    lineage,
    paragraphs,
    policing,
    recommendations,
    responses,
    similar,
    speakers,
    structure,
    verification,
)
from eval.agreement import kappa, second_reading
from eval.flag import flagged
from eval.inquiries import real_documents
from eval.results import Detail, Figure, Result, circumstances, differences, read, share, write
from eval.tables import rendered
from eval.tally import bounded, ends, mean, rate_figure, ratio_figure, together
from ingest.errors import CorpusError
from ingest.findings.tagger import Tagger
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import ResponseStatus

CASEY = Path(__file__).parent.parent / "corpora" / "casey"


def recommendation_figures(folder: Path) -> tuple[Figure, ...]:
    """How many of the formal recommendations are found, of those read by hand."""
    scores = recommendations.measure(folder)
    rows = scores.rows
    cited = [row for row in rows if row.cited and row.resolved]
    return (
        share(
            "recommendations and conclusions found, number and span right",
            scores.found,
            len(rows),
            at_least=98,
            exceptions=tuple(f"{row.document} {row.number}: missed" for row in scores.missed),
        ),
        share("given, number and span right", scores.found, scores.given, at_least=98),
        Figure(
            what="recommendations invented",
            value=len(scores.invented),
            of=scores.given,
            at_most=0,
            exceptions=scores.invented,
        ),
        share("printed cross-references right and resolved", len(cited), len(rows), at_least=98),
        share("number of sub-parts right", sum(row.sub_parts for row in rows), len(rows)),
        share("addressee right", sum(row.addressee for row in rows), len(rows)),
        share("deadline right", sum(row.deadline for row in rows), len(rows)),
    )


def duty_figures(folder: Path) -> tuple[Figure, ...]:
    """How well recommendations are parted into what a reply can be held to."""
    rows = duties.measure(folder)
    parts, given = sum(row.wanted for row in rows), sum(row.given for row in rows)
    found = sum(row.found for row in rows)
    wrong = tuple(str(row) for row in rows if not row.whole)
    return (
        share("parts that a reader found, given", found, parts, exceptions=wrong),
        share("parts given that the reader found", found, given),
        share("recommendations parted as the reader did", len(rows) - len(wrong), len(rows)),
    )


def response_figures(folder: Path) -> tuple[Figure, ...]:
    """How many answers are found and judged as readers did; those read by recognition apart."""
    scores = responses.measure(folder)
    rows = scores.rows
    wrong = [row for row in rows if row.status is not None and not row.status_right]
    return (
        share(
            "answers aligned with what they answer, span right",
            sum(row.aligned for row in rows),
            len(rows),
            at_least=97,
            exceptions=tuple(str(row) for row in rows if not row.aligned),
        ),
        share("of those read by recognition", *_aligned(scores.of(recognised=True))),
        share(
            "status right, or one that a reader could also give",
            sum(row.status_right for row in rows),
            len(rows),
            at_least=90,
            exceptions=tuple(f"{row}: {row.status}, not {row.gold.status}" for row in wrong),
        ),
        share("of those read by recognition", *_status(scores.of(recognised=True))),
        share("of those in words of their own", *_status(scores.of(recognised=False))),
        share(
            "status the first that the reader gave",
            *_status(rows, strictly=True),
            exceptions=scores.confused(),
        ),
        share("status if always accepted", *_always_accepted(rows)),
        share("status rests on the words that the reader named", *_same_words(rows)),
        Figure(what="answers found that there are none of", value=len(scores.beside), at_most=0),
    )


_Answers = Sequence[responses.JudgedResponse]


def _aligned(rows: _Answers) -> tuple[int, int]:
    return sum(row.aligned for row in rows), len(rows)


def _status(rows: _Answers, *, strictly: bool = False) -> tuple[int, int]:
    right = (row.status is row.gold.status if strictly else row.status_right for row in rows)
    return sum(right), len(rows)


def _always_accepted(rows: _Answers) -> tuple[int, int]:
    return sum(ResponseStatus.ACCEPTED in row.gold.statuses for row in rows), len(rows)


def _same_words(rows: _Answers) -> tuple[int, int]:
    return sum(row.words for row in rows), len(rows)


def lineage_figures(folder: Path) -> tuple[Figure, ...]:
    """How well recommendations that ask again for the same are told from others."""
    scores = lineage.measure(folder)
    return (
        share("invented pairs that ask for the same, shown", scores.true_shown, scores.true),
        share("invented pairs that do not, shown", scores.others_shown, scores.others),
        share("pairs from unrelated inquiries, shown", scores.unrelated_shown, scores.unrelated),
    )


def similar_figures(folder: Path) -> tuple[Figure, ...]:
    """How many of the passages shown as like a recommendation led to it, of those read by hand."""
    scores = similar.measure(folder)
    confirmed, served = scores.confirmed, scores.served
    beyond = [each for each in served if not each.is_near]
    near = [each for each in scores.near if each.grade is not None]
    asked = {each.pair[:3] for each in served}
    return (
        Figure(what="pairs of recommendation and passage read by hand", value=len(scores.pairs)),
        share("pairs whose passage is cut as it was read", scores.found, len(scores.pairs)),
        share(
            "shown, led to the recommendation; all chosen without the inquiry",
            *_led(confirmed),
            at_least=80,
        ),
        *(
            share(f"of those in {document}", *_led(shown))
            for document, shown in _by_document(confirmed).items()
        ),
        share("shown, at least on its subject", *_led(confirmed, grade=1)),
        share("known to have led to one, shown", _led(confirmed)[0], scores.known),
        share("shown as served, led to the recommendation", *_led(served)),
        share("of those that do not stand near it", *_led(beyond)),
        share("recommendations and conclusions with any", len(asked), scores.recommendations),
        share("shown as standing near and read, led to the recommendation", *_led(near)),
        *_second_reading(scores.pairs),
    )


def _led(shown: Sequence[similar.Shown], *, grade: int = similar.MOTIVATES) -> tuple[int, int]:
    """How many were judged so or better, of all: one that nobody judged is none."""
    return sum((each.grade or 0) >= grade for each in shown), len(shown)


def _by_document(shown: Sequence[similar.Shown]) -> dict[str, list[similar.Shown]]:
    documents: dict[str, list[similar.Shown]] = {}
    for each in shown:
        documents.setdefault(each.pair[0], []).append(each)
    return documents


def _second_reading(pairs: Sequence[similar.GoldPair]) -> Iterator[Figure]:
    """How far a second reader agrees, once there is one."""
    second = [pair.second for pair in pairs if pair.second is not None]
    first = [pair.first for pair in pairs if pair.second is not None]
    if second:
        led = similar.MOTIVATES
        yield Figure(what="pairs read twice", value=len(second))
        yield _plain("kappa of what led to it", kappa(_from(led, first), _from(led, second)))
        yield _plain(
            "kappa of the three grades, squared weights", kappa(first, second, quadratic=True)
        )


def judgement_figures(_: Path) -> tuple[Figure, ...]:
    """How far a second reader, who saw neither grades nor systems, judged as the first."""
    pairs = second_reading(CASEY)
    first, second = [pair.first for pair in pairs], [pair.second for pair in pairs]
    passed_over = [pair.second for pair in pairs if pair.first == 0]
    return (
        Figure(what="pairs of question and paragraph graded twice", value=len(pairs)),
        _plain("kappa of the four grades, squared weights", kappa(first, second, quadratic=True)),
        _plain("kappa of what helps at all", kappa(_from(1, first), _from(1, second))),
        _plain("kappa of what answers (2 or 3)", kappa(_from(2, first), _from(2, second))),
        share(
            "found by a system, passed over by the first reader, and some help to the second",
            sum(grade > 0 for grade in passed_over),
            len(passed_over),
        ),
    )


def _from(grade: int, grades: Sequence[int]) -> list[int]:
    return [int(each >= grade) for each in grades]


def finding_figures(folder: Path) -> tuple[Figure, ...]:
    """How good tags, voices and stances are, on the halves that nothing was written with an eye
    on, and on all rows, whose number steadies the figures of each tag."""
    tagger = findings.tagger()
    whole = findings.measure(folder, by=tagger)
    confirmed = whole.confirmed
    kept, seen = speakers.measure(folder)
    return (
        *_tag_figures("all rows", whole),
        *_tag_figures("confirmed", confirmed),
        *_label_figures("all rows", whole),
        *_label_figures("confirmed", confirmed),
        *_label_figures("drawn at random, kept for confirming", kept),
        *_label_figures("drawn at random, seen", seen, goals=False),
        share(
            "drawn at random: sentences found again",
            len(kept.heard) + len(seen.heard),
            kept.coded + seen.coded,
        ),
        *_invented_figures(),
        *_paragraph_figures(folder, tagger),
        *_policing_figures(folder, tagger),
        *_stray_figures(list(findings.elsewhere(folder, tagger))),
    )


def _tag_figures(of: str, scores: findings.FindingsScores) -> Iterator[Figure]:
    written = scores.answers
    macro = bounded(f"{of}: macro F1 over 17 tags", findings.macro_f1(written))
    yield replace(macro, at_least=0.75, detail=_tags(written))
    yield ratio_figure(f"{of}: micro F1", findings.tag_score(written).f1)
    for kind in ("plain", "implicit", "negation", "multi"):
        recall = findings.tag_score(findings.of_kind(written, kind)).recall
        least = 0.45 if kind == "implicit" else None
        yield replace(ratio_figure(f"{of}: recall, {kind}", recall), at_least=least)
    traps, outside = (findings.of_kind(written, kind) for kind in ("lexical_trap", "out_of_domain"))
    yield rate_figure(f"{of}: lexical traps tagged", findings.tagged(traps), at_most=5)
    yield rate_figure(f"{of}: other subjects tagged", findings.tagged(outside))
    yield rate_figure(f"{of}: denied, shown as found", findings.denied_as_found(written), at_most=3)
    yield rate_figure(f"{of}: not denied, shown as denied", findings.shown_as_denied(written))
    for name, labels in (
        ("voice", findings.found_voices(written)),
        ("stance", findings.found_stances(written)),
    ):
        yield _labelled(f"{of}: {name} of right findings", labels)
    overlapping = rate_figure(f"{of}: words overlap the coder's", findings.overlapping(written))
    yield replace(overlapping, at_least=90)
    error = _plain(f"{of}: expected calibration error", calibration.calibration_error(written))
    yield replace(error, detail=_calibration(written))
    micro = findings.tag_score(scores.real).f1
    yield replace(ratio_figure(f"{of}: micro F1 on real policing sentences", micro), at_least=0.7)


def _tags(answers: Sequence[findings.Answer]) -> Detail:
    """Each tag's measures, with their 95% intervals."""
    rows: list[tuple[str | int | float, ...]] = []
    for tag in bundled_taxonomy().tags:
        score = findings.tag_score(answers, tag.id)
        cells: list[str | float] = []
        for measure in (score.precision.interval, score.recall.interval, score.f1.interval):
            cells += [round(measure.mean, 3), f"{measure.low:.2f} to {measure.high:.2f}"]
        rows.append((tag.id, *cells, score.recall.total))
    measures = ("precision", "95%", "recall", "95%", "F1", "95%")
    return Detail(columns=("tag", *measures, "wanted"), rows=tuple(rows))


def _calibration(answers: Sequence[findings.Answer]) -> Detail:
    """Findings by confidence: how sure they are, and how often right."""
    rows = [
        (each.findings, each.said, each.right, f"{each.low:.2f} to {each.high:.2f}")
        for each in calibration.bins(answers)
    ]
    return Detail(columns=("findings", "confidence", "right", "95%"), rows=tuple(rows))


def _confusion(score: findings.LabelScore) -> Detail:
    """What was wanted by what was given."""
    labels, rows = score.table()
    return Detail(columns=("wanted, given as", *labels), rows=tuple(map(tuple, rows)))


def _label_figures(
    of: str, scores: findings.FindingsScores | speakers.SpeakerScores, *, goals: bool = True
) -> Iterator[Figure]:
    for name, score, labels, accuracy, recall in (
        ("voice", scores.voice, findings.VOICES, 0.93, 0.88),
        ("stance", scores.stance, findings.STANCES, 0.85, 0.8),
    ):
        right = _labelled(f"{of}: {name} right", score)
        yield replace(right, at_least=accuracy if goals else None)
        yield _plain(f"{of}: {name} if always the commonest", score.majority)
        recalls = mean([score.recall(label) for label in labels])
        each = bounded(f"{of}: {name}, mean recall of {len(labels)}", recalls)
        yield replace(each, at_least=recall if goals else None)
    testimony = f"{of}: testimony shown as the inquiry's finding"
    yield rate_figure(testimony, scores.testimony_as_found, at_most=2 if goals else None)


def _paragraph_figures(folder: Path, tagger: Tagger) -> Iterator[Figure]:
    """Of the same written sentences, each between two of a report in which nothing is found."""
    whole = paragraphs.answers(folder, findings.written_rows(folder), tagger)
    ids = {row.id for row in findings.written_rows(folder, confirmed=True)}
    confirmed = [answer for answer in whole if answer.id in ids]
    for of, found in (("all rows", whole), ("confirmed", confirmed)):
        among = f"{of}, in a paragraph"
        yield bounded(f"{among}: macro F1 over 17 tags", findings.macro_f1(found))
        implicit = findings.tag_score(findings.of_kind(found, "implicit"))
        yield ratio_figure(f"{among}: recall, implicit", implicit.recall)
        yield rate_figure(f"{among}: denied, shown as found", findings.denied_as_found(found))
        traps = findings.of_kind(found, "lexical_trap")
        yield rate_figure(f"{among}: lexical traps tagged", findings.tagged(traps))


def _policing_figures(folder: Path, tagger: Tagger) -> Iterator[Figure]:
    """Of real sentences as they are tagged in their documents."""
    coded = list(policing.answers(folder, tagger))
    kept = [answer for row, answer in coded if not row.seen]
    for of, found in (("all rows", [answer for _, answer in coded]), ("confirmed", kept)):
        score = findings.tag_score(found)
        as_read = f"{of}, policing documents as read"
        yield replace(ratio_figure(f"{as_read}: micro F1", score.f1), at_least=0.7)
        yield ratio_figure(f"{as_read}: precision", score.precision)
        yield ratio_figure(f"{as_read}: recall", score.recall)


def _invented_figures() -> Iterator[Figure]:
    for name, score in zip(("voice", "stance"), speakers.invented(), strict=True):
        yield _labelled(f"invented in context: {name} right", score)


def _stray_figures(elsewhere: Sequence[findings.Elsewhere]) -> Iterator[Figure]:
    strays = together(each.strays for each in elsewhere)
    yield Figure(
        what="tags per 1,000 sentences of inquiries not about policing",
        value=round(1000 * strays.ratio, 2),
        of=strays.total,
        at_most=10,
        exceptions=tuple(
            f"{each.document}: {each.strays.count} in {each.strays.total}" for each in elsewhere
        ),
        interval=ends(strays.interval, times=1000),
    )


def _labelled(what: str, score: findings.LabelScore) -> Figure:
    """How many labels are right, and what was given for each."""
    return replace(ratio_figure(what, score.right), of=score.right.total, detail=_confusion(score))


def _plain(what: str, value: float) -> Figure:
    return Figure(what=what, value=round(value, 3))


MEASURED: dict[str, tuple[str, Callable[[Path], tuple[Figure, ...]]]] = {
    structure.NAME: (structure.TITLE, structure.measure),
    "recommendations": ("Recommendations in three inquiries", recommendation_figures),
    "duties": ("Duties of the recommendations of three inquiries", duty_figures),
    "similar": ("Passages that led to recommendations, told by likeness", similar_figures),
    "responses": ("Answers to the recommendations of three inquiries", response_figures),
    "lineage": ("Recommendations that repeat earlier ones", lineage_figures),
    "judgements": ("Judgements of the Casey questions, read twice", judgement_figures),
    "findings": ("Findings, voice and stance", finding_figures),
    verification.NAME: (verification.TITLE, verification.measure),
}


UNHEARD = logging.NullHandler()
"""Keeps pypdf's warnings off the terminal; `ingest.reading.pdffile` still has to hear them."""


def results(folder: Path) -> Iterator[Result]:
    """Each measurement of the real documents in the folder, made now."""
    return (result(name, folder) for name in MEASURED)


def result(name: str, folder: Path) -> Result:
    """The measurement of this name, made now; raises KeyError where there is none."""
    logging.getLogger("pypdf").addHandler(UNHEARD)
    title, figures = MEASURED[name]
    return Result(
        name=name,
        title=title,
        circumstances=circumstances("pypdf", "pypdfium2", "spacy"),
        figures=figures(folder),
    )


EMBEDDING = {"similar", "lineage", "findings"}
"""The measurements that rest on vectors, which differ in their last bits between processors: the
same code tagged 2 of 24 sentences on other subjects on one, and 3 on another."""


def check(folder: Path) -> list[str]:
    """Where a repeatable figure is not what was recorded, one line each."""
    return [
        f"{repeated.name}: {each}"
        for repeated in results(folder)
        for each in changes(read(repeated.name), repeated)
    ]


def changes(recorded: Result | None, repeated: Result) -> list[str]:
    """What is not as recorded; loosely where vectors were made on another kind of processor."""
    if recorded is None:
        return ["never recorded"]
    elsewhere = recorded.circumstances.processor != repeated.circumstances.processor
    return differences(recorded, repeated, loosely=elsewhere and recorded.name in EMBEDDING)


def main() -> None:
    """Measures everything, records and prints it."""
    means = "compare with what is recorded instead"
    checking = flagged("--check", means=means, does=main.__doc__)
    try:
        folder = real_documents()
    except CorpusError as error:
        if not checking:
            sys.exit(f"error: {error}")
        print(f"SKIPPED the recorded figures: {error}")
        return
    if checking:
        faults = check(folder)
        sys.exit("\n".join([*faults, "`make measure` records anew."]) if faults else None)
    for measured in results(folder):
        write(measured)
        print(rendered(measured))
        for figure in measured.figures:
            for exception in figure.exceptions:
                print(f"{figure.what}: {exception}")


if __name__ == "__main__":
    main()
