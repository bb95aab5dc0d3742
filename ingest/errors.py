"""Errors a person can act on.

    CasebookError
    ├── SourceError           a file that cannot be read as a document
    │   ├── UnreadableFile    missing, no permission, a folder, empty
    │   ├── WrongFormat       not the format its name or first bytes claim
    │   ├── EncryptedFile     needs a password
    │   ├── DamagedFile       truncated, looping, malformed beyond reading
    │   └── OverLimit         more memory, time, pages or bytes than allowed
    ├── CorpusError           a manifest, digest or taxonomy that is wrong
    ├── NotThatDocument       a file that is not the document it is said to be
    ├── FetchError            a document that cannot be downloaded
    │   ├── NotAllowed        an address, redirect or host that is not followed
    │   ├── Unavailable       the server does not answer, refuses, or takes too long
    │   └── NotAsExpected     other bytes than the document's
    ├── LibraryError          a data directory that is missing, held, stale or damaged
    │   ├── NotBuilt          nothing has been built here yet
    │   ├── HeldElsewhere     another process holds it
    │   ├── StaleData         made by another version, embedder or setting
    │   ├── DamagedData       stored words do not match their hash
    │   └── WriteFailed       disk full, no permission
    ├── ModelError            a model that is named and not here, or cannot be used
    ├── UnknownId             no such document, passage or recommendation
    ├── BadQuery              a query, filter or cursor that cannot be answered as asked
    └── ServiceError          a Qdrant server that is not there, refuses, or is not safe to use

Each is bad input or a bad environment, never a defect of ours: a defect keeps its traceback.
"""


class CasebookError(Exception):
    """What was wrong, with the value, and what to do next; shown to the person as it stands."""

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


class SourceError(CasebookError):
    """A file that cannot be read as a document; `page` is the PDF page it happened on, if one."""

    def __init__(self, problem: str, *, remedy: str, file: str, page: int | None = None) -> None:
        place = file if page is None else f"{file}, page {page}"
        super().__init__(f"{place}: {problem}", remedy=remedy)
        self.file = file
        self.page = page


class UnreadableFile(SourceError):
    """The file is missing, empty, a folder, or not ours to read."""


class WrongFormat(SourceError):
    """The file is not what its name or first bytes claim."""


class EncryptedFile(SourceError):
    """The file needs a password."""


class DamagedFile(SourceError):
    """The file is truncated, loops, or is malformed beyond reading."""


class OverLimit(SourceError):
    """Reading the file takes more memory, time, pages or bytes than allowed."""


class CorpusError(CasebookError):
    """A manifest, digest or taxonomy is wrong."""


class NotThatDocument(CasebookError):
    """A file is not the published document that it is said to be, as far as can be told."""


class FetchError(CasebookError):
    """A document cannot be downloaded; its digest, where there is one, stays."""


class NotAllowed(FetchError):
    """An address, redirect or host that is not followed; nothing was asked of it."""


class Unavailable(FetchError):
    """The server does not answer, refuses, or takes too long."""


class NotAsExpected(FetchError):
    """What the server gives is not the document: another format, another hash, no end."""


class LibraryError(CasebookError):
    """A data directory cannot be used as it stands."""


class NotBuilt(LibraryError):
    """Nothing has been built in this data directory yet."""


class HeldElsewhere(LibraryError):
    """Another process holds the data directory."""


class StaleData(LibraryError):
    """Stored data was made by another version, embedder or setting."""


class DamagedData(LibraryError):
    """Stored words do not match the hash they were stored with."""


class WriteFailed(LibraryError):
    """The disk is full or not writable; what was there before still stands."""


class ModelError(CasebookError):
    """A model that a setting names is not on this machine, or cannot be used."""


class UnknownId(CasebookError):
    """There is no document, passage or recommendation of this id."""


class BadQuery(CasebookError):
    """A query, filter or cursor cannot be answered as asked."""


class ServiceError(CasebookError):
    """A Qdrant server is not there, refuses, or is not safe to use; or none of ours can be."""
