"""The plain text of a PDF's pages, in which judgements count their characters."""
# pyright: basic
# pypdfium2 ships neither types nor stubs.

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]


def plain_pages(path: Path) -> list[str]:
    """One text a page, as pdfium gives it, with lines that end in a single newline."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
