"""What more labelled sentences buy, and whether a confidence is to be believed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from eval import curve
from eval.calibration import bins, series
from eval.charts import learning_chart, reliability_chart
from eval.curve import Curve, Point, Read, Remembered
from eval.findings import (
    Answer,
    Elsewhere,
    FindingsScores,
    LabelScore,
    SpokenRow,
    TaggedRow,
    tag_score,
)
from eval.measure import MEASURED
from eval.overview import figures
from eval.policing import TaggedSentence
from eval.results import Detail, Figure, Result, circumstances, read, write
from eval.significance import wilson
from eval.speakers import SpeakerScores
from eval.tally import Tally
from ingest.findings.examples import bundled_examples
from ingest.findings.frame import Cue
from ingest.findings.speech import Sentence
from ingest.findings.tagger import TaggedText
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Finding, Span, Stance, Voice
from ingest.similarity import Vectors


class _Counting:
    """An encoder that counts what it is asked for."""

    name, weights_sha256 = "counting", "0" * 64

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32).reshape(-1, 2)


def _answer(wanted: str, given: str, confidence: float) -> Answer:
    finding = Finding(
        passage="",
        tag=given,
        span=Span(0, 1),
        sentence=Span(0, 1),
        voice=Voice.INQUIRY,
        stance=Stance.FOUND,
        confidence=confidence,
        rule="",
    )
    return Answer(
        id="",
        kind="plain",
        stance=None,
        voice=None,
        wanted=frozenset([wanted]),
        spans=(),
        tagged=TaggedText(findings=(finding,), sentences=()),
    )


_CODED = TaggedSentence(
    document="a.pdf",
    letters=9,
    sha256="0" * 64,
    tags=(frozenset({"racism"}), frozenset({"racism"})),
    seen=False,
)
_TAGGED = TaggedRow(
    id="t-1", document="a.pdf", before="", sentence="One said.", after="", tags=_CODED.tags
)
_SPOKEN = SpokenRow(
    id="v-1",
    document="a.pdf",
    before="",
    sentence="Another said.",
    after="",
    voice=(Voice.WITNESS, Voice.WITNESS),
    stance=(Stance.FOUND, Stance.FOUND),
)
_HEARD = Sentence(
    span=Span(0, 13), voice=Voice.INQUIRY, stance=Stance.FOUND, heard=Cue("nobody else is named")
)
_ANSWERS = [
    *(_answer("racism", "racism", 0.95) for _ in range(9)),
    *(_answer("bullying", "racism", 0.95) for _ in range(1)),
    *(_answer("racism", "bullying", 0.15) for _ in range(4)),
    *(_answer("bullying", "bullying", 0.15) for _ in range(2)),
]


def _curve() -> Curve:
    read = Read(macro_f1=0.7, implicit_recall=0.5)
    points = [
        Point(share=share, rows=int(4000 * share), apart=apart, development=read, writer=read)
        for apart in ("first", "second")
        for share in curve.SHARES
    ]
    return Curve(
        circumstances=circumstances("numpy"),
        points=tuple(points),
        rules=replace(read, macro_f1=0.51),
        shipped=read,
        shipped_rows=4800,
    )


def test_a_text_is_embedded_once_whatever_asks_for_it() -> None:
    encoder = _Counting()
    remembered = Remembered(encoder)
    first = remembered.passages(["a", "bb", "a"])
    second = remembered.passages(["bb", "ccc"])
    assert encoder.asked == ["a", "bb", "ccc"]
    assert first.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert second.tolist() == [[2, 1], [3, 1]]
    assert len(remembered.passages([])) == 0


def test_writers_kept_apart_have_written_of_every_tag() -> None:
    apart = curve.writers(bundled_examples())
    assert len(apart) >= 5
    for writer in apart:
        own = [example for example in bundled_examples() if example.writer == writer]
        held = {tag for example in own for tag in example.tags}
        assert held == {tag.id for tag in bundled_taxonomy().tags}


def test_a_curve_is_read_as_it_was_written(tmp_path: Path) -> None:
    recorded = _curve()
    curve.write(recorded, tmp_path)
    assert curve.read(tmp_path) == recorded


def test_the_interval_of_a_tag_holds_its_value_and_narrows_with_rows() -> None:
    scarce, ample = tag_score(_ANSWERS, "racism"), tag_score(_ANSWERS * 20, "racism")
    for few, many in (
        (scarce.precision.interval, ample.precision.interval),
        (scarce.recall.interval, ample.recall.interval),
        (scarce.f1.interval, ample.f1.interval),
    ):
        assert few.mean == many.mean
        assert few.low < many.low <= many.mean <= many.high < few.high


def test_a_tag_that_nobody_wants_or_gives_has_no_precision_and_no_interval() -> None:
    score = tag_score(_ANSWERS, "ableism")
    found = (score.precision.interval, score.recall.interval, score.f1.interval)
    assert {(each.mean, each.low, each.high) for each in found} == {(0, 0, 0)}


def test_bins_say_how_often_a_confidence_is_right() -> None:
    low, high = bins(_ANSWERS)
    assert (low.findings, low.said, low.right) == (6, 0.15, round(2 / 6, 4))
    assert (high.findings, high.said, high.right) == (10, 0.95, 0.9)
    assert all(each.low < each.right < each.high for each in (low, high))


def test_the_interval_of_a_share_stays_within_bounds() -> None:
    assert wilson(0, 5)[0] == pytest.approx(0, abs=1e-9)
    assert wilson(5, 5)[1] == pytest.approx(1, abs=1e-9)
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-3)


def test_labels_are_counted_by_what_was_wanted_and_given() -> None:
    pairs = (("found", "found"), ("found", "denied"), ("reported", "found"))
    labels, rows = LabelScore.of(pairs).table()
    assert labels == ("found", "reported", "denied")
    assert rows == [["found", 1, 0, 1], ["reported", 1, 0, 0]]


def test_a_figure_is_told_in_full_below_the_table() -> None:
    detail = Detail(columns=("wanted, given as", "found"), rows=(("denied", 3),))
    figure = Figure(what="stance right", value=0.5, detail=detail)
    measured = Result(name="x", title="X", circumstances=circumstances(), figures=(figure,))
    titles = [getattr(shown, "title", None) for shown in figures(measured)]
    assert "stance right" in titles


def test_the_names_in_a_detailed_table_are_whole_on_eighty_columns() -> None:
    columns = ("tag", "precision", "95%", "recall", "95%", "F1", "95%", "wanted")
    row = ("recruitment_progression", *(0.78, "0.59 to 1.00") * 3, 24)
    figure = Figure(what="macro F1", value=0.5, detail=Detail(columns=columns, rows=(row,)))
    measured = Result(name="x", title="X", circumstances=circumstances(), figures=(figure,))
    console = Console(width=80, file=StringIO(), record=True)
    console.print(*figures(measured))
    told = console.export_text()
    assert "recruitment_progression" in told and "precision" in told


@pytest.mark.parametrize(
    "drawn",
    [
        learning_chart(_curve()),
        reliability_chart([series("written & read", _ANSWERS)]),
    ],
    ids=["learning", "reliability"],
)
def test_a_chart_is_a_picture_that_loads_nothing(drawn: str) -> None:
    assert drawn.startswith("<svg") and "<script" not in drawn
    assert "href" not in drawn.replace("xmlns:xlink", "")


def test_a_reliability_chart_names_each_series_with_its_error() -> None:
    told = series("sentences", _ANSWERS)
    drawn = reliability_chart([told])
    assert f"calibration error {told.error:.3f}" in drawn


def _giving(found: object) -> Callable[..., object]:
    """Whatever it is asked."""

    def give(*_: object, **__: object) -> object:
        return found

    return give


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Sequence[Figure]:
    """The figures of findings, of few sentences and no documents."""
    labels, none = LabelScore.of([("found", "found"), ("found", "denied")]), Tally.of([(1, 2)])
    scores = FindingsScores(
        answers=tuple(_ANSWERS),
        tagged=tuple((_TAGGED, answer) for answer in _ANSWERS),
        heard=((_SPOKEN, _HEARD), (_SPOKEN, replace(_HEARD, stance=Stance.DENIED))),
    )
    heard = SpeakerScores(coded=0, heard=())
    for name, found in (
        ("findings.tagger", None),
        ("findings.measure", scores),
        ("findings.elsewhere", [Elsewhere(document="other", strays=none)]),
        ("findings.written_rows", []),
        ("paragraphs.answers", _ANSWERS),
        ("policing.answers", [(_CODED, answer) for answer in _ANSWERS]),
        ("speakers.measure", (heard, heard)),
        ("speakers.invented", (labels, labels)),
    ):
        monkeypatch.setattr(f"eval.{name}", _giving(found))
    _, figures = MEASURED["findings"]
    return figures(Path())


def test_every_rate_of_findings_has_an_interval_that_holds_it(measured: Sequence[Figure]) -> None:
    untold = ("calibration error", "always the commonest", "found again")
    for figure in measured:
        if figure.what.endswith(untold):
            assert figure.interval is None
        else:
            assert figure.interval is not None, figure.what
            low, high = figure.interval
            assert low <= figure.value <= high, figure.what


def test_findings_are_recorded_with_their_intervals(
    measured: Sequence[Figure], tmp_path: Path
) -> None:
    made = Result(name="x", title="X", circumstances=circumstances(), figures=tuple(measured))
    write(made, folder=tmp_path)
    assert read("x", folder=tmp_path) == made


def test_the_curve_is_no_part_of_what_every_check_measures() -> None:
    assert "learning" not in MEASURED and "calibration" not in MEASURED


def test_a_sentence_printed_in_both_halves_confirms_nothing() -> None:
    seen, kept = replace(_TAGGED, id="t-1"), replace(_TAGGED, id="t-2", sentence="A third said.")
    reprinted = replace(_SPOKEN, id="v-2", sentence=seen.sentence)
    scores = FindingsScores(
        tagged=((seen, _ANSWERS[0]), (kept, _ANSWERS[0])),
        heard=((_SPOKEN, _HEARD), (reprinted, _HEARD)),
    )
    assert [row.id for row in scores.confirmed.rows] == ["t-2", "v-1"]
