"""Ids that were once issued, and where their words are now."""

from api.problem import Gone
from index.casebook import Casebook
from ingest.model import AliasStatus


def present(casebook: Casebook, id: str) -> str:
    """Id of the passage that has the words this id stood for; raises Gone or UnknownId."""
    alias = casebook.resolve(id)
    if alias.passage and alias.status in (AliasStatus.KEPT, AliasStatus.MOVED):
        return alias.passage
    instead = f"Read {alias.passage} in its place." if alias.passage else "Search for them."
    raise Gone(f"The words that {id} stood for are {alias.status}.", remedy=instead)
