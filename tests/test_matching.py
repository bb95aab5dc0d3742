"""A place is found wherever most of the words stand, and compared sign by sign."""

import pytest

from index.matching import Layout, Located, Matcher
from ingest.model import ChangeKind, Verdict

REPORT = (
    "Mr Shore and his crew were sent home. Mr Shore and his crew were left out of it. "
    "Mr Shore and his crew suffered great financial losses. He wrote that “[the board] … did"
    " not answer” on the 10th of June.\n\n"
    "• the gate committee, which met twice;\n\n"
    "• the 12 wardens, who never met\n\n"
    "4.2. The wardens were paid before the end of the long month. The clerk, who kept the book"
    " and counted every coin of it twice over, was paid before the end of the long month."
)
SECOND = "Harbour Office answers to the storm of 2020: Reply of the Board in Session 2021"


def placed(word: str, *, after: int = 0) -> int:
    return REPORT.index(word, after) + len(word)


LAYOUT = Layout(
    labels=((REPORT.index("4.2."), REPORT.index("4.2.") + 3),),
    notes=tuple(
        sorted(((placed("met twice"), "7"), (placed("wardens"), "8"), (placed("the 12"), "9")))
    ),
)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(["Other words.", REPORT, SECOND], layout=lambda text: LAYOUT)


def changed(located: Located) -> list[tuple[str, str]]:
    return [(change.quoted, change.source) for change in located.matches[0].changes]


def test_an_altered_sentence_is_found_among_others_that_begin_like_it(matcher: Matcher) -> None:
    located = matcher.locate("Mr Shore and his crew truly suffered great financial losses.")
    assert changed(located) == [("truly", "")]


def test_a_word_left_out_after_the_first_is_the_only_change(matcher: Matcher) -> None:
    located = matcher.locate("The were paid before the end of the long month.")
    assert changed(located) == [("", "wardens")]


def test_a_text_that_says_the_same_twice_is_no_reason_to_stitch(matcher: Matcher) -> None:
    located = matcher.locate("The guards were paid before the end of the long month.")
    assert changed(located) == [("guards", "wardens")]


def test_an_altered_title_at_the_start_of_a_text_is_found(matcher: Matcher) -> None:
    located = matcher.locate(
        "Harbour Office answers to the great storm of 2020: Reply of the Board"
    )
    assert [match.text for match in located.matches] == [2]
    assert changed(located) == [("great", "")]


def test_brackets_and_ellipses_of_the_documents_own_are_its_words(matcher: Matcher) -> None:
    located = matcher.locate("He wrote that “[the board] … did indeed answer” on the 10th of June")
    assert changed(located) == [("indeed", "not")]
    assert located.matches[0].changes[0].kind is ChangeKind.NEGATION


@pytest.mark.parametrize(
    "words",
    [
        "on the 10 th of June",
        "the gate committee, which met twice;7\n• the 12 wardens, who never met",
        "the gate committee, which met twice; 7 • the 12 wardens, who never met",
        "the 12 wardens8, who never met",
        "the 12 wardens [8], who never met",
        "• the 12 wardens, who never met The wardens were paid",
    ],
)
def test_what_a_page_sets_beside_the_words_is_typography(matcher: Matcher, words: str) -> None:
    assert {match.verdict for match in matcher.locate(words).matches} == {Verdict.TYPOGRAPHIC}


@pytest.mark.parametrize(
    "words",
    [
        "the 129 wardens, who never met",
        "the 12 wardens9, who never met",
        "the gate committee, which met twice 8 times",
    ],
)
def test_a_number_is_no_marker_where_none_is_called(matcher: Matcher, words: str) -> None:
    (match,) = matcher.locate(words).matches
    assert match.verdict is Verdict.ALTERED
    assert ChangeKind.NUMBER in {change.kind for change in match.changes}


def test_words_spread_over_a_longer_place_are_no_version_of_it(matcher: Matcher) -> None:
    located = matcher.locate("clerk counted coin paid before long month warden nobody seven")
    assert located == Located()


def test_the_nearest_of_two_places_of_a_word_is_meant(matcher: Matcher) -> None:
    located = matcher.locate("The gulls, who kept the book and counted every coin of it")
    assert located.matches[0].span.of(REPORT).startswith("The clerk")


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("the gate committee, which met twice;\n\n• the 12 wardens", Verdict.EXACT),
        ("the gate committee, which met twice; • the 12 wardens", Verdict.EXACT),
        ("4.2. The wardens were\n  paid before", Verdict.EXACT),
        ("“[the board] … did not answer”", Verdict.EXACT),
        ("The wardens were  paid before", Verdict.TYPOGRAPHIC),
        ("The wardens were\u00a0paid before", Verdict.TYPOGRAPHIC),
        ("• the gate committee, which met twice; •", Verdict.EXACT),
    ],
)
def test_line_breaks_are_not_typography_and_other_spaces_are(
    matcher: Matcher, words: str, verdict: Verdict
) -> None:
    assert matcher.locate(words).matches[0].verdict is verdict


def test_words_are_found_as_another_page_sets_them_too() -> None:
    text = "The board met. 5. The keeper slept."
    other = "The board met. The keeper slept."
    layout = Layout(labels=((15, 17),))
    matcher = Matcher([text, other], layout=lambda number: Layout() if number else layout)
    words = "The board met. The keeper slept."
    assert [match.text for match in matcher.locate(words).matches] == [1]
    assert [match.text for match in matcher.set_otherwise(words)] == [1, 0]
