"""What a PDF file says of itself, before any of its text is read: pages, labels, outline, title.

pypdf reads it under its own limits (https://pypdf.readthedocs.io/en/stable/user/security.html),
drawn tighter here. A damaged page tree is an error; a damaged outline, label tree or title is
left out with a reason in `problems`.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from pypdf import PageObject, PasswordType, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import Destination, IndirectObject, NumberObject, RectangleObject

from ingest.errors import DamagedFile, EncryptedFile, OverLimit, SourceError

_Read = TypeVar("_Read")

MAXIMUM_PAGES = 5_000
_MAXIMUM_BOOKMARKS = 10_000
_MAXIMUM_BOOKMARK_DEPTH = 32
_MAXIMUM_TITLE = 1_000
"""Characters kept of a title, a bookmark or a label."""
_MAXIMUM_PROBLEMS = 20
_EXPORT = "Fetch it again, or open it in a PDF viewer and export it to a new PDF."
_LETTER = (612.0, 792.0)
"""Points; what PDF readers show where a page gives no usable size."""
_LARGEST_SIDE = 14_400.0
"""Points; 200 inches, the largest page of ISO 32000-1 annex C.2."""

_limits = partial(
    apply_configuration,
    page_tree_maximum_entries=4 * MAXIMUM_PAGES,
    outline_maximum_entries=_MAXIMUM_BOOKMARKS,
    outline_maximum_depth=_MAXIMUM_BOOKMARK_DEPTH,
    named_destinations_maximum_depth=_MAXIMUM_BOOKMARK_DEPTH,
)
"""pypdf's configuration with our limits, as a context manager."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """An entry of the outline; `level` counts from 1, `page` is the PDF page it leads to."""

    level: int
    title: str
    page: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageShape:
    """A page's size in points as it is seen: cropped, then turned by `rotation` degrees."""

    width: float
    height: float
    rotation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFacts:
    """What the file says of itself."""

    page_count: int
    encrypted: bool
    """Encrypted, though it opens without a password."""
    labels: tuple[str, ...]
    """One per page where the file has labels of its own, else none."""
    outline: tuple[Bookmark, ...]
    """In the order of the outline, flattened."""
    title: str | None
    shapes: tuple[PageShape, ...]
    """One per page."""
    problems: tuple[str, ...] = ()
    """What was damaged and left out."""


def pdf_facts(path: Path) -> PdfFacts:
    """What the PDF says of itself; raises EncryptedFile, DamagedFile or OverLimit."""
    with _limits(), _damage_named(path):
        reader = PdfReader(path)
        _refuse_password(reader, path)
        pages = _list_pages(reader, path)
        problems: list[str] = []
        return PdfFacts(
            page_count=len(pages),
            encrypted=reader.is_encrypted,
            labels=_unless_damaged("page labels", partial(_labels, reader), problems) or (),
            outline=_unless_damaged("outline", partial(_outline, reader), problems) or (),
            title=_unless_damaged("title", partial(_title, reader), problems),
            shapes=tuple(
                _unless_damaged(f"size of page {number}", partial(_shape, page), problems)
                or PageShape(width=_LETTER[0], height=_LETTER[1], rotation=0)
                for number, page in enumerate(pages, 1)
            ),
            problems=tuple(problems[:_MAXIMUM_PROBLEMS]),
        )


@contextmanager
def _damage_named(path: Path) -> Generator[None, None, None]:
    """Turns whatever pypdf raises into a typed error that names the file."""
    try:
        yield
    except (SourceError, MemoryError):
        raise
    except NotImplementedError as error:
        if "encryption" not in str(error):
            raise _damaged(error, path) from error
        raise _locked("is protected in a way that is not supported", path) from error
    except LimitReachedError as error:
        raise OverLimit(
            f"the file asks for more than a PDF should need ({error}).",
            remedy=_EXPORT,
            file=str(path),
        ) from error
    except Exception as error:
        raise _damaged(error, path) from error


def _damaged(error: Exception, path: Path) -> DamagedFile:
    return DamagedFile(
        f"the PDF cannot be followed ({type(error).__name__}: {_clean(str(error))}).",
        remedy=_EXPORT,
        file=str(path),
    )


def _locked(how: str, path: Path) -> EncryptedFile:
    return EncryptedFile(
        f"the PDF {how}.",
        remedy="Save a copy without protection, where its owner allows that.",
        file=str(path),
    )


def _refuse_password(reader: PdfReader, path: Path) -> None:
    """Raises EncryptedFile where an empty password does not open the file."""
    if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
        raise _locked("needs a password", path)


def _list_pages(reader: PdfReader, path: Path) -> Sequence[PageObject]:
    pages = reader.pages
    if not pages:
        raise DamagedFile(
            "the PDF has no pages.",
            remedy=_EXPORT,
            file=str(path),
        )
    if len(pages) > MAXIMUM_PAGES:
        raise OverLimit(
            f"the PDF has {len(pages):,} pages; the limit is {MAXIMUM_PAGES:,}.",
            remedy="Split it into volumes.",
            file=str(path),
        )
    return pages


def _unless_damaged(what: str, read: Callable[[], _Read], problems: list[str]) -> _Read | None:
    """What `read` gives; None, and a reason in `problems`, where it cannot."""
    try:
        return read()
    except Exception as error:
        problems.append(f"{what} left out: {type(error).__name__}: {_clean(str(error))}")
        return None


def _labels(reader: PdfReader) -> tuple[str, ...]:
    """The file's own label of each page; raises ValueError where pypdf had to make any up."""
    if "/PageLabels" not in reader.root_object:
        return ()
    with _complaints() as heard:
        found = reader.page_labels
    if heard:
        raise ValueError(heard[0])
    return tuple(_clean(label) for label in found)


@contextmanager
def _complaints() -> Generator[list[str], None, None]:
    """What pypdf warns of in the meantime: it repairs by guessing, and says so only in its log."""
    heard: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("pypdf")
    logger.addHandler(handler)
    try:
        yield heard
    finally:
        logger.removeHandler(handler)


def _outline(reader: PdfReader) -> tuple[Bookmark, ...]:
    numbers = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(reader.pages, 1)
        if page.indirect_reference is not None
    }
    return tuple(
        Bookmark(level=level, title=_clean(entry.title or ""), page=_target(entry, numbers))
        for level, entry in _flattened(reader.outline)
    )


def _flattened(entries: Iterable[object], level: int = 1) -> Iterator[tuple[int, Destination]]:
    """pypdf's nested lists as pairs of level and entry; a list holds children of what precedes."""
    for entry in entries:
        if isinstance(entry, Destination):
            yield level, entry
        else:
            yield from _flattened(cast(Iterable[object], entry), level + 1)


def _target(entry: Destination, numbers: dict[int, int]) -> int | None:
    """The PDF page an outline entry leads to: by reference, or by position counted from 0."""
    page = cast(object, entry.page)  # pypdf's declared type leaves out positions
    if isinstance(page, IndirectObject):
        return numbers.get(page.idnum)
    if isinstance(page, NumberObject) and 0 <= page < len(numbers):
        return int(page) + 1
    return None


def _title(reader: PdfReader) -> str | None:
    found = reader.metadata.title if reader.metadata else None
    return _clean(found) or None if found else None


def _shape(page: PageObject) -> PageShape:
    """The page as it is seen; raises ValueError where it has no usable size."""
    width = _shared(page.mediabox, page.cropbox, low=0)
    height = _shared(page.mediabox, page.cropbox, low=1)
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise ValueError(f"{width:g} by {height:g} points")
    rotation = int(page.rotation / 90) % 4 * 90  # towards zero, as pdfium does
    if rotation in (90, 270):
        width, height = height, width
    return PageShape(width=width, height=height, rotation=rotation)


def _shared(media: RectangleObject, crop: RectangleObject, *, low: int) -> float:
    """How far both boxes reach along one axis; corners may come in either order."""
    media_start, media_end = sorted((float(media[low]), float(media[low + 2])))
    crop_start, crop_end = sorted((float(crop[low]), float(crop[low + 2])))
    return min(media_end, crop_end) - max(media_start, crop_start)


def _clean(words: str) -> str:
    """One line of printable characters, shortened."""
    kept = "".join(c if c.isprintable() else " " for c in words[: 2 * _MAXIMUM_TITLE])
    return " ".join(kept.split())[:_MAXIMUM_TITLE]
