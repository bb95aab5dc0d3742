"""Documents in: canonical text, pages, passages, findings, recommendations. Knows nobody else."""

__version__ = "0.1.0"
