"""What the served embedder's eight-bit weights cost beside the same weights in full."""

from pathlib import Path

from index.embedder import DEFAULT_MODEL, TransformerEmbedder
from index.export import packaged_model


class FullPrecision(TransformerEmbedder):
    """The packaged model as it is published, in float32, by PyTorch."""

    def __init__(self, model: Path | None = None) -> None:
        super().__init__(str(model or packaged_model()))

    @property
    def name(self) -> str:
        return f"{DEFAULT_MODEL}/float32"
