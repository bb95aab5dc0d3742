"""Other names of what a query names, from the glossaries of the corpora that are searched."""

from collections.abc import Iterable, Iterator

from index.lexical import placed
from ingest.model import Term


class Glossary:
    """Terms of one or more corpora, by each of their names."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = tuple(tuple(_stemmed((term.name, *term.same))) for term in terms)

    def also(self, query: str) -> tuple[str, ...]:
        """Names that the query does not use, of things that it names by another, in our order.

        A name counts as used where all its words stand in a row, whatever their endings; what
        holds none but stop words is never found.
        """
        asked = _in_a_row(query)
        return tuple(dict.fromkeys(name for term in self._terms for name in _others(term, asked)))


def _stemmed(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if stems := _in_a_row(name):
            yield name, stems


def _in_a_row(text: str) -> str:
    """Its stems, each between spaces; empty where there are none."""
    stems = [stem for stem, _, _ in placed(text)]
    return f" {' '.join(stems)} " if stems else ""


def _others(term: tuple[tuple[str, str], ...], asked: str) -> Iterator[str]:
    if any(stems in asked for _, stems in term):
        yield from (name for name, stems in term if stems not in asked)
