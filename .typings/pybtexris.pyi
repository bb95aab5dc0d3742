from pybtex.database import BibliographyData

class RISParser:
    def parse_string(self, text: str) -> BibliographyData: ...
