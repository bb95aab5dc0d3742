"""Other names of what a query names, from the glossaries of the corpora that are searched."""

from collections.abc import Iterable, Iterator, Mapping

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
        return tuple(self.others(query))

    def others(self, query: str) -> Mapping[str, str]:
        """The same, each with the words of the query that it stands for."""
        asked, found = _in_a_row(query), dict[str, str]()
        for term in self._terms:
            used = next((stems for _, stems in term if stems in asked), None)
            for name in _unused(term, asked) if used else ():
                found.setdefault(name, _written(query, asked, used or ""))
        return found


def _stemmed(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if stems := _in_a_row(name):
            yield name, stems


def _in_a_row(text: str) -> str:
    """Its stems, each between spaces; empty where there are none."""
    stems = [stem for stem, _, _ in placed(text)]
    return f" {' '.join(stems)} " if stems else ""


def _unused(term: tuple[tuple[str, str], ...], asked: str) -> Iterator[str]:
    yield from (name for name, stems in term if stems not in asked)


def _written(query: str, asked: str, used: str) -> str:
    """The words of the query whose stems are these."""
    first = asked[: asked.index(used)].count(" ")
    last = first + used.strip().count(" ")
    words = placed(query)[first : last + 1]
    return query[words[0][1] : max(end for _, _, end in words)]
