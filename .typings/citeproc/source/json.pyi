from collections.abc import Mapping, Sequence

from citeproc.source import BibliographySource
from pydantic import JsonValue

class CiteProcJSON(BibliographySource):
    def __init__(self, json_data: Sequence[Mapping[str, JsonValue]]) -> None: ...
