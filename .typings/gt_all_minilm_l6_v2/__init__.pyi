"""The packaged model's folder; the package ships no types."""

from pathlib import Path

def get_model_path() -> Path: ...
