"""The report: whole in one file, with every query in it, and nothing that a page could run."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from eval import plots
from eval.evaluation import Comparison, Evaluation, Flags, Score, Slice
from eval.metrics import FOOTNOTE, MEASURES
from eval.plots import Dot, Row, Scale
from eval.report import page
from eval.significance import Difference, Interval

MEAN = Interval(mean=0.5, low=0.4, high=0.6)
NASTY = '<script>alert("&")</script>'


def score(run: str, *values: float) -> Score:
    return Score(
        run=run,
        maker=None,
        means=dict.fromkeys(MEASURES, MEAN),
        by_query={f"q{n}": dict.fromkeys(MEASURES, value) for n, value in enumerate(values)},
        slices=(Slice(label="also_type", value="a <b>", queries=3, means={"nDCG@10": 0.5}),),
        curve=tuple(k / 100 for k in range(1, 101)),
        milliseconds=(2.0, 3.0, 40.0),
        flags=Flags(
            unanswerable=1,
            unanswerable_flagged=0,
            answerable=3,
            answerable_flagged=1,
            missed=("u",),
            wrong=("q1",),
        ),
        unknown=0,
        strengths={"q0": 0.9, "q1": 0.2, "q2": 0.7, "u": 0.8},
    )


EVALUATION = Evaluation(
    collection="harbour & gates",
    queries={"q0": "flood plans", "q1": NASTY, "q2": "fees", "u": "who paid?"},
    judged=3,
    nothing_answers=("u",),
    places=7,
    relevant=2,
    lost=("q2: lost.pdf",),
    scores=(score("hybrid", 1.0, 0.5, 0.0), score("lexical", 0.4, 0.5, 0.3)),
    comparisons=(
        Comparison(
            run="hybrid",
            baseline="lexical",
            measure="nDCG@10",
            difference=Difference(interval=Interval(mean=0.1, low=-0.3, high=0.6), p=0.5),
            corrected_p=0.5,
        ),
    ),
)


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    written = page(EVALUATION)
    root = html.document_fromstring(written)
    assert not root.xpath("//script | //link | //img | //iframe | //object | //@onclick | //@href")
    assert not re.search(r"https?://|url\(|@import", written)
    assert NASTY not in written
    assert root.xpath('//meta[@name="robots"]/@content') == ["noindex"]


def test_every_query_is_there_the_worst_first_and_the_unjudged_last() -> None:
    root = html.document_fromstring(page(EVALUATION))
    (details,) = root.xpath("//details")
    rows = [row.xpath("string(td[2])") for row in details.xpath(".//tbody/tr")]
    assert rows == ["fees", NASTY, "flood plans", "who paid?"]
    words = " ".join(root.xpath("string(//body)").split())
    assert "1 better, 1 the same, 1 worse" in words
    assert "wrongly flagged" in words
    assert "1 judged places are not in the index" in words
    assert FOOTNOTE in words


def test_every_plot_is_well_formed_and_its_marks_have_titles() -> None:
    written = page(EVALUATION)
    drawings = re.findall(r"<svg.*?</svg>", written, re.DOTALL)
    assert len(drawings) == 6
    for drawing in drawings:
        root = etree.fromstring(drawing)
        marks = root.xpath("//circle | //rect")
        assert all(mark.findtext("title") for mark in marks)
        assert not re.search(r'="-?(nan|inf)', drawing)
    assert sum("flood plans" in drawing for drawing in drawings) == 2


def test_a_run_that_was_not_made_here_has_neither_latency_nor_strengths() -> None:
    bare = tuple(replace(each, milliseconds=(), strengths={}) for each in EVALUATION.scores)
    written = page(replace(EVALUATION, scores=bare))
    assert "Latency" not in written
    assert "Does it know" not in written


def test_one_run_alone_is_compared_with_nothing() -> None:
    written = page(replace(EVALUATION, scores=EVALUATION.scores[:1], comparisons=()))
    assert "Query by query" not in written


@given(low=st.floats(min_value=0.001, max_value=1e4), times=st.floats(min_value=1.5, max_value=1e4))
@pytest.mark.parametrize("logarithmic", [True, False])
def test_ticks_lie_on_the_scale_and_are_few(low: float, times: float, logarithmic: bool) -> None:
    scale = Scale(low=low, high=low * times, start=0, end=100, logarithmic=logarithmic)
    ticks = scale.ticks()
    assert len(ticks) <= 16
    assert all(-0.01 <= scale(tick) <= 100.01 for tick in ticks)
    assert list(ticks) == sorted(set(ticks))


def test_dots_without_intervals_share_a_line_and_the_measured_run_is_on_top() -> None:
    row = Row(label="keyword", dots=tuple(Dot(series=n, value=0.5, title=f"{n}") for n in range(3)))
    circles = etree.fromstring(str(plots.dots([row]))).xpath("//circle")
    assert len({circle.get("cy") for circle in circles}) == 1
    assert circles[-1].findtext("title") == "0"
