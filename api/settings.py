"""What can be set from outside: environment variables that start with CASEBOOK_, and Qdrant's own.

Read at the edges only: the command line and the service's start.
"""

from functools import cache
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.errors import CasebookError


class Settings(BaseSettings):
    """Every setting with its default; a command's option wins over the environment."""

    model_config = SettingsConfigDict(env_prefix="CASEBOOK_", frozen=True, extra="ignore")

    data: Path = Path(".casebook")
    """The data directory."""
    model: str = "all-MiniLM-L6-v2"
    """The embedder: the packaged model, a model's folder, or a name in the cache of the hub."""
    reranker: Path | None = None
    """The folder of a cross-encoder that reads the best passages again; None is off."""
    workers: int = Field(default=2, ge=1, le=64)
    """Documents read at the same time while building."""
    qdrant_url: str | None = Field(
        default=None, validation_alias=AliasChoices("QDRANT_URL", "CASEBOOK_QDRANT_URL")
    )
    """A Qdrant server; None is the engine in this process."""
    qdrant_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("QDRANT_API_KEY", "CASEBOOK_QDRANT_API_KEY")
    )
    qdrant_shards: int = Field(default=1, ge=1)
    qdrant_replicas: int = Field(default=1, ge=1)
    qdrant_insecure: bool = False
    """Allow a server beyond this machine without TLS and key."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    contact: str = "the operator of this service"
    """Who is asked for a key, and for a correction or removal."""
    keys: Path | None = None
    """The file of API keys; None is `keys.json` in the data directory."""
    key_requests_per_minute: int | None = Field(default=None, ge=0)
    """Of each key; 0 is any number, None 600 where the service is public, else any number."""
    address_requests_per_minute: int | None = Field(default=None, ge=0)
    """Of each address without a good key; 0 is any number, None 300 where public, else any."""
    maximum_body_bytes: int = Field(default=1_000_000, ge=1)
    request_seconds: float = Field(default=20.0, gt=0)
    page_image_seconds: float = Field(default=10.0, gt=0)


@cache
def settings() -> Settings:
    """The settings of this process, read once; raises CasebookError where one is not usable."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in wrong["loc"]).upper()
        raise CasebookError(
            f"The environment's setting {name} is not usable: {wrong['msg'].lower()}.",
            remedy="Correct or unset CASEBOOK_* and QDRANT_* variables.",
        ) from None
