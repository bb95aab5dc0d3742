"""How alike words are, by meaning and by words, as the index compares them.

`Semantics` is what the joins between documents ask of an embedder; the index implements it with
the vectors that it keeps of passages, so that none is embedded twice.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Semantics(Protocol):
    """Unit vectors, so that a dot product is the cosine, and the stems that words are told by."""

    def passages(self, document: str) -> Vectors:
        """One row for each passage of the document, in reading order."""
        ...

    def words(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in their order; at most some 180 words of each are read."""
        ...

    def stems(self, text: str) -> Sequence[str]:
        """Of every word but stop words, in order."""
        ...


class Encoder(Protocol):
    """What turns sentences into unit vectors, for the tagger; the index's embedder is one."""

    @property
    def name(self) -> str: ...

    @property
    def weights_sha256(self) -> str: ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in their order."""
        ...
