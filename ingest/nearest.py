"""What to ask for in place of an id that nothing has."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import islice

_MOST = 3
_LIKE = 0.5
_COMPARED = 2_000
"""Names; to compare twenty thousand takes half a second."""
_LISTED_BY = {
    "document": "`casebook documents` lists them all.",
    "passage": "`casebook passages` lists them all.",
    "recommendation": "`casebook recommendations` lists them all.",
    "tag": "`casebook findings --matrix stance` lists those that something has.",
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
        said.append(listed_by)
    return " ".join(said)


def _nearest(asked: str, names: Sequence[str]) -> list[str]:
    """Those written much alike, of the same document where there are many; where none is, those
    that hold what was asked for."""
    document = asked.partition(":")[0]
    of_document = [name for name in names if name.partition(":")[0] == document]
    compared = of_document if len(names) > _COMPARED else names
    alike = get_close_matches(asked, compared[:_COMPARED], n=_MOST, cutoff=_LIKE)
    holding = (name for name in names if asked and asked.casefold() in name.casefold())
    return alike or list(islice(holding, _MOST))
