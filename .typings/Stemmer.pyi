"""The part of PyStemmer used here; the library ships no types."""

class Stemmer:
    def __init__(self, language: str, cache_size: int = ..., /) -> None: ...
    def stemWord(self, word: str, /) -> str: ...  # noqa: N802
