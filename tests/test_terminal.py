"""How sure an answer is said to be goes by its chance; of a likely one nothing is said."""

import pytest

from api import terminal
from api.wire import Answer


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
    answer = Answer(
        query="flood plans",
        mode="hybrid",
        total=0,
        generation="0" * 16,
        strength=strength,
        strength_score=score,
        hits=[],
        facets={},
        next=None,
    )
    terminal.print_answer(answer)
    assert " ".join(capsys.readouterr().out.split()) == said
