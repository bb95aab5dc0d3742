"""Words come back with boxes in points, in reading order, however the page lies."""

from itertools import pairwise

import pytest
from PIL import Image, ImageDraw

from ingest.model import Box
from ingest.reading import ocr

SENTENCES = (
    "The force did not keep a record of complaints",
    "and no officer was asked to explain the delay",
    "before the inquiry began its work in the spring",
)
DPI = 200
needs_tesseract = pytest.mark.skipif(ocr.available() is not None, reason=str(ocr.available()))


def page_saying(*lines: str) -> Image.Image:
    """An A5 page with its first line 100 pixels from the top and left."""
    page = Image.new("L", (1165, 1650), 255)
    for row, line in enumerate(lines):
        ImageDraw.Draw(page).text((100, 100 + 80 * row), line, font_size=44, fill=0)
    return page


def words(page: ocr.RecognisedPage) -> str:
    return " ".join(word.text for word in page.words)


@needs_tesseract
def test_printed_words_come_back_in_reading_order() -> None:
    page = ocr.recognise(page_saying(*SENTENCES), dpi=DPI)
    assert words(page) == " ".join(SENTENCES)
    assert page.confidence is not None
    assert 0.9 < page.confidence <= 1
    assert page.reason is None


@needs_tesseract
def test_boxes_are_points_from_the_top_left_corner() -> None:
    box = ocr.recognise(page_saying(*SENTENCES), dpi=DPI).words[0].box
    assert isinstance(box, Box)
    assert box.x0 == pytest.approx(100 * 72 / DPI, abs=2)
    assert 100 * 72 / DPI - 2 < box.top < box.bottom < 160 * 72 / DPI


@needs_tesseract
def test_words_of_one_line_share_their_line_and_no_others() -> None:
    page = ocr.recognise(page_saying(*SENTENCES), dpi=DPI)
    lines: dict[tuple[int, int, int], list[str]] = {}
    for word in page.words:
        lines.setdefault((word.block, word.paragraph, word.line), []).append(word.text)
    assert [" ".join(line) for line in lines.values()] == list(SENTENCES)
    assert all(first < second for first, second in pairwise(lines))


@needs_tesseract
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read(angle: int) -> None:
    page = ocr.recognise(page_saying(*SENTENCES * 4).rotate(angle, expand=True), dpi=DPI)
    assert words(page) == " ".join(SENTENCES * 4)


@needs_tesseract
def test_a_blank_page_says_that_it_has_no_words() -> None:
    page = ocr.recognise(page_saying(), dpi=DPI)
    assert page.words == ()
    assert page.confidence is None
    assert page.reason == "Tesseract found no words"


def test_an_enormous_picture_is_not_tried() -> None:
    page = ocr.recognise(Image.new("1", (10_000, 10_000)), dpi=DPI)
    assert page.reason == "the picture of the page has 10000 by 10000 pixels"


@needs_tesseract
def test_a_page_that_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "SECONDS", 0.01)
    page = ocr.recognise(page_saying(*SENTENCES), dpi=DPI)
    assert page.reason == "Tesseract took longer than 0.01 seconds"


def test_a_missing_tesseract_is_a_reason_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "no-such-tesseract")
    assert "not installed" in str(ocr.available())
    assert "not installed" in str(ocr.recognise(page_saying("words"), dpi=DPI).reason)


@needs_tesseract
def test_pages_read_side_by_side_keep_their_order() -> None:
    pages = ocr.recognise_each([page_saying(f"page {name}") for name in SENTENCES], dpi=DPI)
    assert [words(page) for page in pages] == [f"page {name}" for name in SENTENCES]
