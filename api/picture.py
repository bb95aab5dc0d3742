"""A page of a PDF as a picture, with lines marked; drawn in a child process with limits.

`python -m api.picture FILE PAGE` reads boxes as JSON on stdin and writes a PNG on stdout.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw
from pydantic import TypeAdapter

from ingest.errors import DamagedFile, OverLimit
from ingest.model import Box
from ingest.reading.pdfium import Pdf

_LONGEST_SIDE = 1_600
_MEMORY_BYTES = 1_000_000_000
_MARK = (255, 221, 64)

_Corners = tuple[float, float, float, float]


def picture(pdf: Path, page: int, *, marked: Sequence[Box], seconds: float) -> bytes:
    """The page, from 1, as PNG; raises DamagedFile or OverLimit where it cannot be drawn."""
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "api.picture", str(pdf), str(page)],
            input=json.dumps([astuple(box) for box in marked]).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OverLimit(
            f"drawing it takes more than {seconds:g} seconds.",
            remedy="Open the published file instead.",
            file=pdf.name,
            page=page,
        ) from None
    if child.returncode != 0:
        raise DamagedFile(
            "the page cannot be drawn.",
            remedy="Open the published file instead.",
            file=pdf.name,
            page=page,
        )
    return child.stdout


def _drawn(pdf: Path, page: int, marked: Sequence[_Corners]) -> Image.Image:
    with Pdf(pdf) as document:
        sheet = document.page(page)
        scale = min(2.0, _LONGEST_SIDE / max(sheet.width, sheet.height))
        image = sheet.picture(dpi=72 * scale, colour=True).convert("RGB")
        sheet.close()
    overlay = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(overlay)
    for x0, top, x1, bottom in marked:
        pen.rectangle((x0 * scale, top * scale, x1 * scale, bottom * scale), fill=_MARK)
    # Multiplied, so that the words stay as black as they were printed.
    return ImageChops.multiply(image, overlay)


def main() -> None:
    """Draws what the arguments and stdin say."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    marked = TypeAdapter(list[_Corners]).validate_json(sys.stdin.buffer.read())
    _drawn(Path(sys.argv[1]), int(sys.argv[2]), marked).save(sys.stdout.buffer, "PNG")


if __name__ == "__main__":
    main()
