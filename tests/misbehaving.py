"""A reading process whose reader misbehaves in the way that the file's first word names."""

import os
import signal
import subprocess
import sys
import time
from logging import getLogger
from pathlib import Path

from ingest.errors import EncryptedFile
from ingest.model import Extraction, Paragraph, ParagraphKind, Reading, Span
from ingest.reading import child as reading_child
from ingest.reading.fileformat import Format


def reading(text: str) -> Reading:
    whole = Paragraph(span=Span(0, 3), kind=ParagraphKind.BODY, section=())
    return Reading(
        text=text,
        extraction=Extraction.MARKUP,
        pages=(),
        lines=(),
        paragraphs=(whole,),
        notes=(),
        hidden=(),
    )


def recurse(depth: int) -> int:
    return recurse(depth + 1) + 1


def hoard() -> None:
    held: list[bytearray] = []
    while True:
        held.append(bytearray(2**20))


def flood() -> None:
    while True:
        os.write(2, b"page " * 10_000)


def misbehave(path: Path) -> Reading:
    match path.read_text().split()[0]:
        case "text":
            print("a library prints on standard output")
        case "crash":
            getLogger("ingest.page").debug("page %d", 6)
            getLogger("ingest.page").debug("page %d", 7)
            os.kill(os.getpid(), signal.SIGSEGV)
        case "spin":
            while True:
                pass
        case "sleep":
            subprocess.run(["sleep", "60"], check=False)
        case "hoard":
            hoard()
        case "burst":
            held = bytearray(b"x") * (170 * 2**20)
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGABRT if held else 0)
        case "recurse":
            recurse(0)
        case "exit":
            sys.exit(0)
        case "vanish":
            os._exit(0)
        case "interrupt":
            raise KeyboardInterrupt
        case "refuse":
            raise EncryptedFile("it is locked: twice.", remedy="Unlock it.", file="x", page=3)
        case "surrogate":
            raise ValueError("\ud800")
        case "unsendable":
            return reading("abc\ud800")
        case "overrun":
            return reading("ab")
        case "bulky":
            return reading("words " * 2**20)
        case "flood":
            flood()
        case "secrets":
            return reading(" ".join(("names", *os.environ)))
        case "nap":
            time.sleep(1.5)
        case _:
            raise ValueError("unknown misbehaviour")
    return reading("words that were read")


if __name__ == "__main__":
    reading_child.READERS[Format.TEXT] = misbehave
    reading_child.main()
