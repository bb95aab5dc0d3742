"""A recommendation parted into what a reply can be held to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import Text, reading

from ingest.model import Document, Duty, Kind, ParagraphKind, Recommendation, Span
from ingest.recommendations.duties import duties
from ingest.recommendations.extraction import recommendations


def asked(words: str, *parts: str, kind: str = "recommendation") -> Recommendation:
    """A recommendation of these words; `parts` are those that it letters or bullets."""
    return Recommendation(
        id="report:recommendation-1",
        document="report",
        number="1",
        kind=kind,
        span=Span(0, len(words)),
        title=None,
        sub_parts=tuple(Span(words.index(part), words.index(part) + len(part)) for part in parts),
        addressee=(),
        deadline=None,
    )


def parted(words: str, *parts: str) -> list[str]:
    return [duty.span.of(words) for duty in duties(asked(words, *parts), words)]


def acts(words: str, *parts: str) -> list[tuple[str | None, str]]:
    return [(duty.actor, duty.act) for duty in duties(asked(words, *parts), words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "The Board should inspect each gate and report to the Minister every year.",
            [
                "The Board should inspect each gate",
                "report to the Minister every year",
            ],
        ),
        ("The Board should review and publish the plan.", None),
        ("The Board should work with pilots to inspect the gates and publish the result.", None),
        (
            "The Board should inspect the gates, publish the result and appoint an engineer.",
            [
                "The Board should inspect the gates",
                "publish the result",
                "appoint an engineer",
            ],
        ),
        (
            "The Board shall pay for the lights, and the Ministry shall maintain them.",
            ["The Board shall pay for the lights", "the Ministry shall maintain them"],
        ),
        (
            "Pilots should train on both boats, while also keeping a log of each voyage.",
            ["Pilots should train on both boats", "keeping a log of each voyage"],
        ),
        ("The Ministry should set up a body which shall keep the log and publish it.", None),
        ("No boat should be hired after 1 May 2031.", None),
    ],
)
def test_acts_with_objects_of_their_own_are_parts(words: str, expected: list[str] | None) -> None:
    assert parted(words) == (expected or [words.removesuffix(".")])


def test_sentences_that_explain_are_no_parts() -> None:
    words = (
        "The Board should buy two radios. This will keep crews safe. The radios need not be new. "
        "They should be tested each week."
    )
    assert parted(words) == [
        "The Board should buy two radios",
        "They should be tested each week",
    ]


def test_what_is_lettered_is_a_part_with_whoever_the_list_names() -> None:
    words = "By 1 May 2031 the Board must: (a) close the gate; and (b) light the mole."
    assert acts(words, "(a) close the gate; and ", "(b) light the mole.") == [
        ("the Board", "close the gate"),
        ("the Board", "light the mole"),
    ]
    found = duties(asked(words, "(a) close the gate; and ", "(b) light the mole."), words)
    assert [duty.span.of(words) for duty in found] == ["close the gate", "light the mole"]
    assert {duty.deadline for duty in found} == {"By 1 May 2031"}


def test_an_act_takes_the_verb_that_leads_its_list() -> None:
    words = "The log should include:\n\n• each voyage;\n\n• the crew of it."
    assert acts(words, "each voyage;", "the crew of it.") == [
        (None, "include each voyage"),
        (None, "include the crew of it"),
    ]


def test_words_before_a_list_are_a_part_where_they_ask_for_something() -> None:
    words = "The Board should write a manual for pilots that: (a) is short; and (b) is free."
    assert parted(words, "(a) is short; and ", "(b) is free.") == [
        "The Board should write a manual for pilots that",
        "is short",
        "is free",
    ]


def test_lettered_choices_are_one_part() -> None:
    words = "The Board should either (a) sell the boat or (b) repair it."
    assert parted(words, "(a) sell the boat or ", "(b) repair it.") == [words.removesuffix(".")]


def test_a_conclusion_asks_for_nothing() -> None:
    words = "The Board should have inspected the gate."
    assert duties(asked(words, kind="conclusion"), words) == ()


def test_a_recommendation_without_a_directing_word_is_one_part() -> None:
    assert parted("An end to night sailings.") == ["An end to night sailings"]


_LINE = st.sampled_from(
    [
        "The Board should inspect the gate and report to the Minister; and it must pay for lights.",
        "The Ministry should:",
        "• abolish the fee, and publish the reason; and",
        "• keep the log.",
        "(a) either sail or (b) stay",
        "This will help.",
        "and; the; or",
        "They must not sail",
        "We recommend that the Board publish its log.",
    ]
)


@given(st.lists(_LINE, min_size=1, max_size=8))
def test_parts_stand_in_order_within_the_words_and_never_overlap(lines: list[str]) -> None:
    made = reading(
        [
            Text("Recommendations", ParagraphKind.HEADING),
            Text("Recommendation 1:", ParagraphKind.HEADING, ("Recommendations",)),
            *(Text(line, section=("Recommendations", "Recommendation 1:")) for line in lines),
        ]
    )
    document = Document(
        id="report",
        title="Report",
        source="report.txt",
        source_sha256="",
        page_count=0,
        kind=Kind.FINAL_REPORT,
    )
    found = recommendations(document, made)
    assert found
    for recommendation in found:
        _check(recommendation, duties(recommendation, made.text), made.text)


def _check(recommendation: Recommendation, found: tuple[Duty, ...], text: str) -> None:
    assert found
    at = recommendation.span.start
    for duty in found:
        assert at <= duty.span.start < duty.span.end <= recommendation.span.end
        assert duty.span.of(text) == duty.span.of(text).strip()
        assert duty.act
        at = duty.span.end
