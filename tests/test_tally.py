"""What is counted sentence by sentence has an interval over the sentences, the same each time."""

from dataclasses import replace
from datetime import date

import pytest

from eval.results import Circumstances, Figure, Result, differences
from eval.significance import interval, wilson
from eval.tables import plain_row
from eval.tally import Tally, mean, together

FEW = Tally.of([(1, 1)] * 3 + [(0, 1)] * 58)


def test_a_rate_has_the_same_interval_each_time_and_holds_its_value() -> None:
    found = FEW.interval
    assert (FEW.count, FEW.total) == (3, 61)
    assert found == replace(FEW).interval
    assert found.low < found.mean < found.high
    assert found.mean == pytest.approx(3 / 61)


def test_the_interval_of_a_share_is_that_of_a_mean_over_the_same_sentences() -> None:
    shares = Tally.of([(1, 1)] * 70 + [(0, 1)] * 30).interval
    means = interval([1.0] * 70 + [0.0] * 30)
    assert (shares.low, shares.high) == pytest.approx((means.low, means.high), abs=0.015)


def test_findings_of_one_sentence_are_drawn_together() -> None:
    apart = Tally.of([(1, 1)] * 40 + [(0, 1)] * 40).interval
    held = Tally.of([(4, 4)] * 10 + [(0, 4)] * 10).interval
    assert held.high - held.low > 1.5 * (apart.high - apart.low)


@pytest.mark.parametrize("count", [0, 48])
def test_none_or_all_of_few_leaves_room_for_doubt(count: int) -> None:
    found = Tally.of((int(row < count), 1) for row in range(48)).interval
    assert (found.low, found.high) == wilson(count, 48)
    assert found.high - found.low > 0.05


def test_nothing_counted_among_nothing_is_zero() -> None:
    assert Tally.of([]).interval.high == Tally.of([(0, 0)]).interval.high == 0


def test_a_mean_of_rates_is_steadier_than_each() -> None:
    halves = [Tally.of([(1 - side, 1), (side, 1)] * 20) for side in (0, 1)]
    both = mean([Tally.of((int(row % 3 == 0), 1) for row in range(40)), *halves])
    assert both.mean == pytest.approx((14 / 40 + 1) / 3)
    assert both.high - both.low < halves[0].interval.high - halves[0].interval.low
    assert mean(halves).low == mean(halves).high == pytest.approx(0.5)


def test_sentences_of_several_documents_are_drawn_as_one() -> None:
    assert together([FEW, FEW]).interval.mean == FEW.interval.mean
    assert together([FEW, FEW]).interval.low > FEW.interval.low


def test_a_table_shows_an_interval_with_the_few_cases_it_is_of() -> None:
    rate = Figure(what="denied, shown as found", value=4.92, unit="%", of=61)
    assert plain_row(rate)[2] == "4.92% (of 61)"
    assert plain_row(replace(rate, interval=(0.0, 10.87)))[2] == "4.92% (0 to 10.87%; 3 of 61)"
    assert plain_row(Figure(what="F1", value=0.8, interval=(0.7, 0.9)))[2] == "0.8 (0.7 to 0.9)"


def _recorded(figure: Figure) -> Result:
    about = Circumstances(
        commit=None,
        date=date(2026, 11, 27),
        processor="",
        cores=1,
        memory_gib=1.0,
        system="",
        python="",
        packages={},
    )
    return Result(name="findings", title="Findings", circumstances=about, figures=(figure,))


def test_an_interval_that_was_recorded_is_compared_and_a_new_one_is_not() -> None:
    plain = Figure(what="micro F1", value=0.8)
    bounded, other = (replace(plain, interval=ends) for ends in ((0.7, 0.9), (0.6, 0.9)))
    assert differences(_recorded(plain), _recorded(bounded)) == []
    assert differences(_recorded(bounded), _recorded(bounded)) == []
    assert differences(_recorded(bounded), _recorded(other)) == [
        "micro F1, 95% interval: recorded (0.7, 0.9), now (0.6, 0.9)"
    ]
