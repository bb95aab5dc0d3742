"""Keys of a service that is shared: who holds one and what for, and of the key its hash alone.

A key is 256 random bits. Nobody can guess one, so a plain SHA-256 of it is enough: a slow hash
protects what people think up themselves.
"""

import hmac
import secrets
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from api.settings import Settings
from index.durable import as_write_failed, write_durably
from ingest.errors import BadQuery, DamagedData, HeldElsewhere, LibraryError, UnknownId

PREFIX = "casebook_"
"""Begins every key, so that one left lying about is seen to be one."""

_SECONDS_TO_WAIT = 10
_OWNER_ONLY = 0o600

_Name = Annotated[str, StringConstraints(pattern=r"^\w[\w .@+-]{0,79}$")]
_Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class NoKeys(LibraryError):
    """A service that wants a key of everybody, and nobody has one."""


class Scope(StrEnum):
    """What a key is good for."""

    READ = "read"
    """Every question."""
    ADMIN = "admin"
    """Every question, and what the service says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Who holds a key, and what for."""

    name: _Name
    scope: Scope
    sha256: _Sha256
    added: datetime
    revoked: datetime | None = None


class Holder(BaseModel):
    """Who holds a key, as it is listed: nothing of the key."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    name: str
    scope: Scope
    added: datetime
    revoked: datetime | None


class NewKey(Holder):
    """A key with its secret, which is shown this once."""

    key: str


_KEYS = TypeAdapter(tuple[Key, ...])
_NAME: TypeAdapter[str] = TypeAdapter(_Name)


def key_file(settings: Settings, data: Path) -> Path:
    """Where the keys of the service over a data directory are."""
    return settings.keys or data / "keys.json"


class Keyring:
    """The keys of a file; a change of the file holds from the next look on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, ...] | None = None
        self._keys: tuple[Key, ...] = ()

    def known(self) -> tuple[Key, ...]:
        """Every key, revoked ones too, the oldest first; raises DamagedData."""
        seen = _version(self.path)
        if seen != self._seen:
            self._keys = _read(self.path)
            self._seen = seen
        return self._keys

    def in_use(self) -> tuple[Key, ...]:
        """The keys that open something."""
        return tuple(key for key in self.known() if key.revoked is None)

    def find(self, secret: bytes) -> Key | None:
        """The key, which may be revoked, or None; every one is compared, in constant time."""
        shown = _hash(secret)
        found = [key for key in self.known() if hmac.compare_digest(key.sha256, shown)]
        return found[0] if found else None

    def add(self, name: str, scope: Scope) -> tuple[Key, str]:
        """A new key and its secret, which is kept nowhere; raises BadQuery or WriteFailed."""
        secret = PREFIX + secrets.token_urlsafe(32)
        key = Key(name=_named(name), scope=scope, sha256=_hash(secret.encode()), added=_now())
        with self._changing():
            if any(held.name == key.name for held in self.in_use()):
                raise BadQuery(
                    f"{key.name} holds a key already.", remedy="Revoke it, or give another name."
                )
            self._write([*self.known(), key])
        return key, secret

    def revoke(self, whose: str) -> Key:
        """The key of this name, or with this secret, which opens nothing from now on.

        Raises UnknownId or WriteFailed.
        """
        known_by = {whose, _hash(whose.encode())}
        with self._changing():
            found = next((k for k in self.in_use() if {k.name, k.sha256} & known_by), None)
            if found is None:
                raise UnknownId(
                    f"{_told(whose)} is not in use ({self.path}).",
                    remedy="`casebook keys list` shows those that are.",
                )
            revoked = replace(found, revoked=_now())
            self._write(revoked if key == found else key for key in self.known())
        return revoked

    @contextmanager
    def _changing(self) -> Generator[None]:
        # Not the data directory's lock: revoking a key must not wait for a build to end.
        with as_write_failed(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(f"{self.path}.lock")
            try:
                lock.acquire(timeout=_SECONDS_TO_WAIT)
            except Timeout:
                raise HeldElsewhere(
                    f"{self.path} is being changed by another process.", remedy="Try again."
                ) from None
            try:
                yield
            finally:
                lock.release()

    def _write(self, keys: Iterable[Key]) -> None:
        content = _KEYS.dump_json(tuple(keys), indent=1)
        write_durably(self.path, content + b"\n", mode=_OWNER_ONLY)


def _version(path: Path) -> tuple[int, ...] | None:
    """What differs once the file was replaced; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    return stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size


def _read(path: Path) -> tuple[Key, ...]:
    try:
        return _KEYS.validate_json(path.read_bytes())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in wrong["loc"])
        raise _unreadable(path, f"{place or 'the file'}: {wrong['msg'].lower()}") from None


def _unreadable(path: Path, why: str) -> DamagedData:
    return DamagedData(
        f"The keys in {path} cannot be read ({why}).",
        remedy="Permit reading it or put back a copy; without the file nobody holds a key.",
    )


def _named(name: str) -> str:
    if name.startswith(PREFIX):
        raise BadQuery("A key cannot be the name of a key.", remedy="Name who is to hold it.")
    try:
        return _NAME.validate_python(name.strip())
    except ValidationError:
        raise BadQuery(
            f"{name!r} cannot be the name of a key.",
            remedy="Use up to 80 letters, digits, spaces and . @ + - _, a letter or digit first.",
        ) from None


def _told(whose: str) -> str:
    """As an error may have it: a secret is never repeated."""
    return "This key" if whose.startswith(PREFIX) else f"A key of {whose!r}"


def _hash(secret: bytes) -> str:
    return sha256(secret).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
