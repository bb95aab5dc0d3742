"""Words of a page that is a picture: Tesseract, one page at a time, through pytesseract.

Page segmentation is Tesseract's mode 3. On 15 pages of reports whose text layer is known, at
300 dpi grey, it found 95.2% of the words in reading order, as did mode 1 at a fifth more time;
modes 4 and 6 read across columns and tables and found 92.8%. Two pages at a time are quicker than
one page on two threads: OMP_THREAD_LIMIT=1 belongs in the environment.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from statistics import fmean
from typing import cast

import pytesseract  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
from PIL.Image import Image

from ingest.model import Box

SECONDS = 60
"""For one page; a dense one takes two to four at 300 dpi."""
MAXIMUM_PIXELS = 60_000_000
"""A3 at 400 dpi is 31 million."""
_UPRIGHT = 3
_ANY_WAY_UP = 1
"""Page segmentation modes of Tesseract: automatic, and automatic after finding which way is up."""
_DOUBTFUL = 0.5
"""Mean confidence; six upright pages had .68 to .96, the same read sideways .27 to .36."""
_image_to_data = cast(
    Callable[..., str],
    pytesseract.image_to_data,  # pyright: ignore[reportUnknownMemberType]
)
"""Tesseract's table as text, which is what pytesseract gives unless asked otherwise."""
_WORD = 5
"""Level of a row that is a word, in Tesseract's table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedWord:
    """A word as recognised; words of one line share `block`, `paragraph` and `line`."""

    text: str
    box: Box
    confidence: float
    """0 to 1."""
    block: int
    """From 1 in reading order; `paragraph` counts within it, `line` within the paragraph."""
    paragraph: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPage:
    """The words of a page in reading order; none, with a reason, where it could not be read."""

    words: tuple[RecognisedWord, ...]
    confidence: float | None
    """Mean over the words, 0 to 1; None where there are none."""
    reason: str | None = None


def available() -> str | None:
    """Why pages cannot be recognised here; None where they can."""
    try:
        languages = cast(list[str], pytesseract.get_languages())
    except (OSError, RuntimeError) as error:
        return f"Tesseract is not installed ({str(error).splitlines()[0]})"
    return None if "eng" in languages else "Tesseract has no English language data"


def recognise(image: Image, *, dpi: float) -> RecognisedPage:
    """The words in a page's picture, with boxes in points; of a sideways page, too."""
    if image.width * image.height > MAXIMUM_PIXELS:
        return _unread(f"the picture of the page has {image.width} by {image.height} pixels")
    page = _recognised(image, dpi=dpi, segmentation=_UPRIGHT)
    if page.confidence is None or page.confidence >= _DOUBTFUL:
        return page
    turned = _recognised(image, dpi=dpi, segmentation=_ANY_WAY_UP)
    return turned if (turned.confidence or 0) > page.confidence else page


def _recognised(image: Image, *, dpi: float, segmentation: int) -> RecognisedPage:
    picture = image.convert("L")
    picture.format = "PPM"  # uncompressed on its way to Tesseract: a tenth of the time saved
    try:
        table = _image_to_data(
            picture,
            lang="eng",
            config=f"--psm {segmentation} --dpi {dpi:.0f}",
            timeout=SECONDS,
        )
    except pytesseract.TesseractNotFoundError:
        return _unread("Tesseract is not installed")
    except pytesseract.TesseractError as error:
        return _unread(f"Tesseract failed: {str(error)[:200]}")
    except RuntimeError:
        return _unread(f"Tesseract took longer than {SECONDS} seconds")
    return _page(tuple(_words(table, points=72 / dpi)))


def recognise_each(
    images: Iterable[Image], *, dpi: float, workers: int = 2
) -> Iterator[RecognisedPage]:
    """The words in each picture, in order, `workers` pages at a time.

    Pictures are drawn from `images` in the caller's thread, and few are held at once.
    """
    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[Future[RecognisedPage]] = deque()
        for image in images:
            ahead.append(pool.submit(recognise, image, dpi=dpi))
            if len(ahead) > workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _words(table: str, *, points: float) -> Iterator[RecognisedWord]:
    """The words of Tesseract's table; `points` is the size of a pixel."""
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if int(row["level"]) == _WORD and row["text"].strip():
            left, top, width, height = (
                int(row[side]) * points for side in ("left", "top", "width", "height")
            )
            yield RecognisedWord(
                text=row["text"].strip(),
                box=Box(x0=left, top=top, x1=left + width, bottom=top + height),
                confidence=max(0.0, float(row["conf"])) / 100,
                block=int(row["block_num"]),
                paragraph=int(row["par_num"]),
                line=int(row["line_num"]),
            )


def _page(words: tuple[RecognisedWord, ...]) -> RecognisedPage:
    if not words:
        return _unread("Tesseract found no words")
    return RecognisedPage(words=words, confidence=fmean(word.confidence for word in words))


def _unread(reason: str) -> RecognisedPage:
    return RecognisedPage(words=(), confidence=None, reason=reason)
