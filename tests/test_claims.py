"""Claims that a text raises without making them, and what it then says of them."""

import pytest

from ingest.findings.claims import is_dismissed, raised
from ingest.findings.tagger import tag
from ingest.model import Kind, Span, Stance, Voice

SUGGESTED = "It was suggested to us that supervisors had ignored the racist messages."


def _stance(text: str) -> Stance:
    """Of the first finding."""
    return tag(text, document_kind=Kind.FINAL_REPORT).findings[0].stance


@pytest.mark.parametrize(
    "before",
    [
        "The suggestion that",
        "The allegation was put to us that",
        "We were invited to conclude that",
        "The Panel was asked to consider whether",
        "We have looked at whether",
        "Local rumour had it that",
    ],
)
def test_what_stands_behind_such_words_is_raised_and_not_made(before: str) -> None:
    text = f"{before} recruits were bullied"
    cue = raised(text.lower(), Span(len(text) - 7, len(text)))
    assert cue is not None
    assert cue.end <= len(before)


@pytest.mark.parametrize(
    "frame",
    [
        "recruits were bullied, and the suggestion that nobody knew is remarkable.",
        "we were asked to consider whether to publish; recruits were bullied.",
        "the claim form was lost, and recruits were bullied.",
    ],
)
def test_what_stands_elsewhere_is_made(frame: str) -> None:
    at = frame.index("bullied")
    assert raised(frame, Span(at, at + 7)) is None


@pytest.mark.parametrize(
    "following",
    [
        "There is nothing in that.",
        "They did not.",
        "We looked at each of them. The allegation is unfounded.",
        "We asked eleven women who had served there. None of them recognised it.",
        "We do not accept that.",
        "The records are to the contrary.",
        "We have read the whole of the file. No such message is in it.",
    ],
)
def test_a_claim_that_is_rejected_in_what_follows_is_denied(following: str) -> None:
    assert _stance(f"{SUGGESTED} {following}") is Stance.DENIED


@pytest.mark.parametrize(
    "following",
    [
        "The Force says that it is not true.",
        "The messages are set out in the appendix.",
        "We heard from four of the sergeants.",
        "They did. They did so for eleven months.",
    ],
)
def test_a_claim_that_the_document_does_not_reject_is_no_denial(following: str) -> None:
    assert _stance(f"{SUGGESTED} {following}") is Stance.REPORTED


def test_what_another_paragraph_rejects_is_another_claim() -> None:
    assert _stance(f"{SUGGESTED}\n\nThere is nothing in that.") is Stance.REPORTED


def test_an_answer_further_off_is_not_looked_for() -> None:
    three = [("the file is long.", Voice.INQUIRY)] * 3
    assert not is_dismissed([*three, ("there is nothing in that.", Voice.INQUIRY)])
    assert is_dismissed([*three[1:], ("there is nothing in that.", Voice.INQUIRY)])


@pytest.mark.parametrize(
    "following",
    [
        "Supervisors saw nothing wrong in them.",
        "We have no reason to doubt them.",
        "That could not, in our view, be excused.",
        "This cannot be said to be chance.",
        "We found no record of any action being taken.",
        "There was no such procedure then.",
    ],
)
def test_what_bears_a_claim_out_is_no_rejection(following: str) -> None:
    assert not is_dismissed([(following, Voice.INQUIRY)])


@pytest.mark.parametrize(
    ("text", "put"),
    [
        ("The suggestion that recruits were bullied is simply wrong.", "denied"),
        ("The allegation that recruits were bullied does not stand up to scrutiny.", "denied"),
        ("We asked whether recruits were bullied and we are sure that they were not.", "denied"),
        ("We looked at whether supervisors acted and found that they bullied recruits.", "found"),
        ("The panel considered whether to publish, and officers bullied the witnesses.", "found"),
        ("We find the allegation that the sergeant bullied probationers proved.", "found"),
    ],
)
def test_what_a_sentence_says_of_its_own_claim_decides(text: str, put: str) -> None:
    assert _stance(text) == put
