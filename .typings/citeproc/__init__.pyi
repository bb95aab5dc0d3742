from collections.abc import Sequence
from types import ModuleType

from citeproc.source import BibliographySource

class CitationStylesStyle:
    def __init__(self, style: str, *, validate: bool) -> None: ...

class CitationItem:
    def __init__(self, key: str) -> None: ...

class Citation:
    def __init__(self, cites: Sequence[CitationItem]) -> None: ...

class CitationStylesBibliography:
    def __init__(
        self, style: CitationStylesStyle, source: BibliographySource, formatter: ModuleType
    ) -> None: ...
    def register(self, citation: Citation) -> None: ...
    def bibliography(self) -> Sequence[object]: ...
