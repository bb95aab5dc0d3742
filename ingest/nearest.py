"""What to ask for in place of an id that nothing has."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

_MOST = 3
_LIKE = 0.5
_LISTED_BY = {
    "document": "casebook documents",
    "passage": "casebook passages",
    "recommendation": "casebook recommendations",
    "tag": "casebook findings --matrix stance",
}


def remedy(noun: str, asked: str, known: Iterable[str]) -> str:
    """The nearest of those known, three at most, and the command that lists them.

    All of them where no command does: they are as few as there are stances.
    """
    names = sorted(set(known))
    if not names:
        return f"No {noun} is indexed."
    listed_by = _LISTED_BY.get(noun)
    near = _nearest(asked, names) or ([] if listed_by else names)
    said = [f"Did you mean {', '.join(near)}?"] if near else []
    if listed_by:
        said.append(f"`{listed_by}` lists them all.")
    return " ".join(said)


def _nearest(asked: str, names: list[str]) -> list[str]:
    """Those written much alike; where none is, those that hold what was asked for."""
    holding = (name for name in names if asked and asked.casefold() in name)
    alike = get_close_matches(asked, names, n=_MOST, cutoff=_LIKE)
    return alike or list(islice(holding, _MOST))
