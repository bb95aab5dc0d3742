"""PDFs of our own: pages set by hand, so that a test can say what stands where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest.model import Paragraph, ParagraphKind, Reading
from ingest.reading.pdf import read_pdf
from ingest.reading.pdffile import pdf_facts

WIDTH, HEIGHT = A4
LEFT, RIGHT = 90.0, 505.0
BODY, BOLD, ITALIC = "Times-Roman", "Times-Bold", "Times-Italic"


@dataclass(slots=True)
class Paper:
    """A document in the making; every page is a function that draws on it."""

    canvas: Canvas
    y: float = 90.0
    pages: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    def line(
        self, text: str, *, x: float = LEFT, size: float = 11, font: str = BODY, y: float = 0
    ) -> None:
        """One line from the top of the page down, or at `y` points from the top."""
        at = y or self.y
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - at, text)
        if not y:
            self.y += 1.3 * size

    def paragraph(
        self,
        text: str,
        *,
        x: float = LEFT,
        right: float = RIGHT,
        hang: float = 0,
        size: float = 11,
        font: str = BODY,
    ) -> None:
        """Words set over as many lines as they take, the first line further out by `hang`."""
        for number, line in enumerate(_filled(text, right - x, hang, size, font)):
            self.line(line, x=x if number == 0 else x + hang, size=size, font=font)
        self.y += 8

    def marker(self, number: str, *, after: str, size: float = 11) -> None:
        """A note's number, raised behind words that were set as the last line."""
        x = LEFT + stringWidth(after, BODY, size)
        self.canvas.setFont(BODY, 0.6 * size)
        self.canvas.drawString(x, HEIGHT - (self.y - 1.3 * size) + 0.35 * size, number)

    def turn(self) -> None:
        """Goes to the next page."""
        self.canvas.showPage()
        self.y = 90.0


def _filled(text: str, width: float, hang: float, size: float, font: str) -> Sequence[str]:
    lines = [""]
    for word in text.split(" "):
        room = width if len(lines) == 1 else width - hang
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, font, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def printed(path: Path, draw: Callable[[Paper], None]) -> Reading:
    """What reading the drawn document gives."""
    canvas = Canvas(str(path), pagesize=A4)
    draw(Paper(canvas))
    canvas.save()
    return read_pdf(path, facts=pdf_facts(path))


def texts(reading: Reading, *kinds: ParagraphKind) -> list[str]:
    """The words of every paragraph of these kinds, in order."""
    return [p.span.of(reading.text) for p in of_kind(reading, *kinds)]


def of_kind(reading: Reading, *kinds: ParagraphKind) -> list[Paragraph]:
    return [p for p in reading.paragraphs if p.kind in kinds]
