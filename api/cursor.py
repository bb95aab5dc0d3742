"""Opaque cursors: where the next page begins, bound to the question and to the index."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from pydantic import TypeAdapter, ValidationError

from api.problem import StaleCursor
from ingest.errors import BadQuery


@dataclass(frozen=True, slots=True)
class _Place:
    generation: str
    question: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursors:
    """Cursors of one question over one generation."""

    generation: str
    question: str
    """Whatever tells this question from another, its page size included or not."""

    furthest: int
    """Nothing begins beyond this."""

    def after(self, offset: int, *, total: int) -> str | None:
        """The cursor of the page that begins at `offset`; None where nothing is left."""
        if offset >= min(total, self.furthest + 1):
            return None
        place = json.dumps([self.generation, self._digest, offset], separators=(",", ":"))
        return urlsafe_b64encode(place.encode()).decode().rstrip("=")

    def offset(self, cursor: str | None) -> int:
        """Where the page begins; raises BadQuery for another question's, StaleCursor if old."""
        if cursor is None:
            return 0
        place = _place(cursor)
        if place.generation != self.generation:
            raise StaleCursor(
                "The corpus was rebuilt since this page was asked for.",
                remedy="Start again without a cursor.",
            )
        if place.question != self._digest or place.offset > self.furthest:
            raise _bad_cursor()
        return place.offset

    @property
    def _digest(self) -> str:
        return sha256(self.question.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _place(cursor: str) -> _Place:
    try:
        content = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        place = _Place(*TypeAdapter(tuple[str, str, int]).validate_json(content, strict=True))
    except (ValueError, ValidationError):
        raise _bad_cursor() from None
    if place.offset < 1:
        raise _bad_cursor()
    return place


def _bad_cursor() -> BadQuery:
    return BadQuery(
        "The cursor does not belong to this question.",
        remedy="Use the `next` of an answer with the same parameters, or none.",
    )
