"""Words as somebody gets them who copies from the published file: here with pypdf."""

from functools import cache
from pathlib import Path
from unicodedata import normalize

from pypdf import PdfReader

from eval.stretches import Break, Stretch
from index.shelf import Volume
from ingest.model import Line

_Letters = tuple[str, tuple[int, ...]]
"""Letters and digits in lower case, with the place of each in the page's text."""


class Copier:
    """Copies stretches from one file."""

    def __init__(self, path: Path, volume: Volume) -> None:
        self._reader = PdfReader(path)
        self._lines = volume.stored.reading.lines
        self._page = cache(self._read)

    def copied(self, stretch: Stretch) -> str | None:
        """Its words with the line breaks, hyphens and note markers of the page.

        None where it stands on two pages, or pypdf has its letters in another order.
        """
        lines = [line for line in self._lines if line.span.overlap(stretch.span)]
        if Break.PAGE in stretch.breaks or not lines:
            return None
        return self._found(lines[0], stretch)

    def _found(self, line: Line, stretch: Stretch) -> str | None:
        text, (letters, places) = self._page(line.page)
        for words in (_with_markers(stretch), stretch.text):
            wanted, _ = _folded(words)
            if letters.count(wanted) == 1:
                at = letters.index(wanted)
                return text[places[at] : places[at + len(wanted) - 1] + 1]
        return None

    def _read(self, page: int) -> tuple[str, _Letters]:
        text = self._reader.pages[page - 1].extract_text()
        return text, _folded(text)


def _with_markers(stretch: Stretch) -> str:
    text = stretch.text
    for at, marker in reversed(stretch.notes):
        text = text[:at] + marker + text[at:]
    return text


def _folded(text: str) -> _Letters:
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in normalize("NFKC", character).lower():
            if letter.isalnum():
                letters.append(letter)
                places.append(place)
    return "".join(letters), tuple(places)
