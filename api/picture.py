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
from typing import Protocol, cast

import pypdfium2  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
from PIL import Image, ImageChops, ImageDraw
from pydantic import TypeAdapter

from ingest.errors import DamagedFile, OverLimit
from ingest.model import Box

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


class _Sheet(Protocol):
    """What is used of a pypdfium2 page, which has no types of its own."""

    def get_size(self) -> tuple[float, float]: ...
    def render(self, *, scale: float) -> "_Bitmap": ...


class _Bitmap(Protocol):
    def to_pil(self) -> Image.Image: ...


def _draw(pdf: Path, page: int, marked: Sequence[_Corners]) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        sheet = cast(_Sheet, document[page - 1])
        scale = min(2.0, _LONGEST_SIDE / max(sheet.get_size()))
        image = sheet.render(scale=scale).to_pil().convert("RGB")
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
    _draw(Path(sys.argv[1]), int(sys.argv[2]), marked).save(sys.stdout.buffer, "PNG")


if __name__ == "__main__":
    main()
