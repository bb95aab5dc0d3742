"""References that a document prints after its statements: "(Recommendation, Paragraph 17)"."""

import re

from ingest.model import Span

_PARAGRAPH_NUMBER = r"(?:[A-Z]{1,2}\d{0,2}\.)?\d{1,4}(?:\.\d{1,3})*"
_REFERENCE = re.compile(
    r"[\[(]\s*(?:(?P<label>conclusion|recommendation)s?\s*[,:;]?\s*)?(?:see\s+)?"
    r"(?:paragraphs?|paras?\.?|¶+)\s*"
    rf"(?P<numbers>{_PARAGRAPH_NUMBER}(?:\s*(?:,|;|and|&|to|–|-)\s*{_PARAGRAPH_NUMBER})*)"
    r"\s*[\])]\.?",
    re.I,
)
_RANGE = re.compile(rf"({_PARAGRAPH_NUMBER})(?:\s*(?:to|–|-)\s*({_PARAGRAPH_NUMBER}))?")
_LONGEST_RANGE = 60


def refers(words: str) -> bool:
    """Whether a reference to paragraphs in brackets stands anywhere in the words."""
    return _REFERENCE.search(words) is not None


def label(reference: str) -> str | None:
    """What a reference calls the statement before it: `conclusion` or `recommendation`."""
    found = _REFERENCE.match(reference)
    return found["label"].casefold() if found and found["label"] else None


def reference_at_end(text: str, span: Span) -> Span | None:
    """The reference that `span` ends with."""
    for found in _REFERENCE.finditer(text, span.start, span.end):
        if not text[found.end() : span.end].strip(" ."):
            return Span(*found.span())
    return None


def reference_after(text: str, end: int) -> Span | None:
    """The cross-reference to paragraphs that stands right after `end`, in brackets."""
    gap = re.compile(r"\s*").match(text, end)
    found = _REFERENCE.match(text, gap.end() if gap else end)
    return Span(*found.span()) if found else None


def referred_numbers(words: str) -> tuple[str, ...]:
    """The numbers that a reference names, ranges written out: "17 to 19" is 17, 18 and 19."""
    return tuple(
        dict.fromkeys(
            number
            for first, last in _RANGE.findall(words)
            for number in (_between(first, last) if last else [first])
        )
    )


def _between(first: str, last: str) -> list[str]:
    prefix, low = _split_number(first)
    other, high = _split_number(last)
    if (prefix != other and other) or not 0 <= high - low <= _LONGEST_RANGE:
        return [first, last]
    return [f"{prefix}{value}" for value in range(low, high + 1)]


def _split_number(number: str) -> tuple[str, int]:
    head, _, tail = number.rpartition(".")
    return (f"{head}." if head else "", int(tail))
