"""An acronym stands for the words before the bracket in which it is brought in."""

import pytest

from eval.acronyms import explained


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("The Harbour Board (HB) met.", [("Harbour Board", "HB")]),
        ("of the Local Tide\nForums (LTFs)", [("Local Tide Forums", "LTF")]),
        ("the Board for Quays (BQ)", [("Board for Quays", "BQ")]),
        ("a Group of Quays (Wales)", []),
        ("the Harbour Board (XB)", []),
        ("(HB) and (see the annex)", []),
    ],
)
def test_the_letters_are_found_in_the_words_before(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(explained(text)) == pairs


def test_the_shortest_stretch_of_words_is_taken() -> None:
    text = "Quays and canteens of the Quay Canteen (QC), and the Quay Board (QB)."
    assert list(explained(text)) == [("Quay Canteen", "QC"), ("Quay Board", "QB")]
