"""How sure an answer is said to be goes by its chance, and a matched word says what it is for."""

from typing import cast

import pytest

from api import terminal
from api.wire import Answer, Evidence, Explanation, MatchedTerm


def answered(*hits: Evidence, strength: str = "strong", score: float = 0.93) -> Answer:
    return Answer(
        query="flood plans",
        mode="hybrid",
        total=len(hits),
        generation="0" * 16,
        strength=strength,
        strength_score=score,
        hits=list(hits),
        facets={},
        next=None,
    )


@pytest.mark.parametrize(
    ("strength", "score", "said"),
    [
        ("none", 0.05, "Nothing strong here. No passage matches. (none, 0.05)"),
        ("weak", 0.35, "Nothing strong here. No passage matches. (weak, 0.35)"),
        ("strong", 0.62, "Perhaps answered here: a chance of 0.62."),
        ("strong", 0.93, ""),
    ],
)
def test_an_answer_is_said_to_be_as_sure_as_it_is(
    strength: str, score: float, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.print_answer(answered(strength=strength, score=score))
    assert " ".join(capsys.readouterr().out.split()) == said


def test_a_word_of_another_name_is_shown_with_what_it_is_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    extra = cast(dict[str, list[object]], Evidence.model_config.get("json_schema_extra"))
    shown = Evidence.model_validate(extra["examples"][0])
    terms = [
        MatchedTerm(word="Board", count=2, worth=3.0, stands_for="HB"),
        MatchedTerm(word="flood", count=1, worth=2.0),
    ]
    told = Explanation(terms=terms, sentence=None, fusion={})
    hit = shown.model_copy(update={"explanation": told})
    terminal.print_answer(answered(hit), explain=True)
    assert "Board x2 (for “HB”), flood x1; score" in " ".join(capsys.readouterr().out.split())
