"""One thing with everything that hangs on it, for `casebook show`."""

from rich.text import Text

from api import terminal, view, wire
from index.casebook import Casebook
from index.editions import ids_of
from ingest.errors import UnknownId


def show(casebook: Casebook, id: str, *, as_json: bool) -> None:
    """Prints the document, recommendation or passage of this id; raises UnknownId."""
    if ids_of(id, casebook.shelf.documents):
        _document(casebook, id, as_json=as_json)
    elif casebook.shelf.is_recommendation(id):
        _recommendation(casebook, id, as_json=as_json)
    else:
        _passage(casebook, id, as_json=as_json)


def _document(casebook: Casebook, id: str, *, as_json: bool) -> None:
    document = view.document_detail(casebook.shelf, casebook.volume(id))
    if as_json:
        terminal.print_json(document)
    else:
        terminal.print_document(document)


def _recommendation(casebook: Casebook, id: str, *, as_json: bool) -> None:
    support = view.support(casebook, casebook.recommendation(id))
    if as_json:
        terminal.print_json(support)
    else:
        terminal.print_support(support)


def _passage(casebook: Casebook, id: str, *, as_json: bool) -> None:
    try:
        evidence = view.evidence(casebook.passage(id))
    except UnknownId:
        return _former(view.resolved(casebook, casebook.resolve(id)), as_json=as_json)
    if as_json:
        terminal.print_json(evidence)
    else:
        terminal.print_evidence(evidence)
    return None


def _former(resolved: wire.Resolved, *, as_json: bool) -> None:
    """An id that was once issued: what became of its words comes first."""
    if as_json:
        return terminal.print_json(resolved)
    said = f"{resolved.id}: its words are {resolved.status}."
    terminal.output.print(Text(said, style="bold yellow"))
    if resolved.evidence:
        terminal.print_evidence(resolved.evidence)
    return None
