"""The words of single pages as pypdf gets them, in a child process with limits.

`python -m api.pagetext FILE PAGE...` writes a JSON object of texts by page number on stdout.
"""

import resource
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

_MEMORY_BYTES = 900 * 2**20
_LONGEST = 200_000
"""Characters of a page; no printed one has so many."""
_TEXTS = TypeAdapter(dict[int, str])


def page_texts(pdf: Path, pages: Collection[int], *, seconds: float) -> Mapping[int, str] | None:
    """Each page's words, pages counted from 1; None where pypdf cannot read them."""
    numbers = [str(page) for page in sorted(pages)]
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "api.pagetext", str(pdf.absolute()), *numbers],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=True,
        )
        return _TEXTS.validate_json(child.stdout)
    except (subprocess.SubprocessError, ValidationError):
        return None


def main() -> None:
    """Reads the pages that the arguments name."""
    from pypdf import PdfReader

    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    reader = PdfReader(sys.argv[1])
    texts = {
        int(page): reader.pages[int(page) - 1].extract_text()[:_LONGEST] for page in sys.argv[2:]
    }
    sys.stdout.buffer.write(_TEXTS.dump_json(texts))


if __name__ == "__main__":
    main()
