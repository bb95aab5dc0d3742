"""Whether nothing answers a question is told by bounds that its own inquiry did not set."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval import doubts
from eval.doubts import WAYS, Question, Way, area, compared, table, without
from index.search import Ranking

BY_ONE = Way(name="one", by=("one",))
BOTH = Way(name="both", by=("one", "two"))


def asked(group: str, above: Mapping[str, float], below: Mapping[str, float]) -> Iterator[Question]:
    """Twenty that are answered, a little apart, and as many that are not."""
    for number in range(20):
        for answered, told in ((True, above), (False, below)):
            slight = {name: value + number / 1_000 for name, value in told.items()}
            yield Question(group=group, answered=answered, told=slight, near_miss=None)


def test_a_bound_is_set_by_the_other_inquiries() -> None:
    one = asked("one", {"one": 0.9}, {"one": 0.1})
    two = asked("two", {"one": 0.4}, {"one": 0.2})
    found = compared(BY_ONE, [*one, *two])
    # The bound of the first is too high for the second, and not the other way about.
    assert (found.flagged, found.wrongly) == (1.0, 0.5)
    assert found.areas == {"one": 1.0, "two": 1.0}


def test_weights_find_what_tells_them_apart() -> None:
    told = {"one": 0.5, "two": 0.9}, {"one": 0.5, "two": 0.1}
    found = compared(BOTH, [*asked("one", *told), *asked("two", *told)])
    assert found.areas == {"one": 1.0, "two": 1.0}
    assert found.flagged == 1.0
    assert found.wrongly <= 0.05


def test_what_is_as_high_counts_half() -> None:
    assert area(np.array([1.0, 0.5]), np.array([0.5])) == pytest.approx(0.75)


def test_a_near_miss_lacks_what_was_relevant_and_nothing_else() -> None:
    scores = np.array([3.0, 2.0, 1.0])
    ranking = Ranking(rows=np.array([7, 4, 9]), parts={"dense": scores}, cosines=None)
    left = without(ranking, {4, 5})
    assert left.rows.tolist() == [7, 9]
    assert left.scores.tolist() == [3.0, 1.0]


def test_what_is_flagged_is_told_by_inquiry_and_at_other_bounds() -> None:
    one = asked("one", {"one": 0.9}, {"one": 0.5})
    two = asked("two", {"one": 0.4}, {"one": 0.2})
    found = compared(BY_ONE, [*one, *two])
    # What the second inquiry lets by is all that the first has.
    assert found.by_group == {"one": 0.0, "two": 1.0}
    assert found.at_most == 0.5
    assert found.at_more == {0.1: 0.5, 0.2: 0.5, 0.3: 0.5}


def test_near_misses_are_told_by_being_lower() -> None:
    missed = [
        replace(each, near_miss={"one": 0.5 if place % 4 else 2.0}) if each.answered else each
        for place, each in enumerate(asked("one", {"one": 0.9}, {"one": 0.1}))
    ]
    other = list(asked("two", {"one": 0.9}, {"one": 0.1}))
    assert compared(BY_ONE, [*missed, *other]).above_near_miss == 0.5


def test_the_table_of_the_readme_is_what_was_recorded() -> None:
    record = doubts.read()
    assert record is not None
    assert [each.way for each in record.ways] == list(WAYS)
    text = (Path(doubts.__file__).parent / "README.md").read_text("utf-8")
    assert table(record.ways) in text
