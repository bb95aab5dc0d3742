"""The client that asks and waits."""

import time
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, Unpack

import httpx2

from casebook_client import questions, wire
from casebook_client.answers import outcome, unreachable
from casebook_client.connection import LOCAL, address, headers
from casebook_client.errors import CasebookError
from casebook_client.progress import Progress, shown
from casebook_client.questions import (
    Across,
    Beside,
    Filters,
    Mode,
    Queries,
    Request,
    Steps,
    Style,
    Values,
    Written,
)
from casebook_client.results import Explanation, Hits, Passage, Results, Support, Verdicts
from casebook_client.retries import Retries

_T = TypeVar("_T")


class Casebook:
    """A Casebook service. Every method raises CasebookError, whose text says what to do."""

    def __init__(
        self,
        url: str = LOCAL,
        *,
        key: str | None = None,
        timeout: float = 30.0,
        retries: Retries | None = None,
        progress: Progress = shown,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """`timeout` is in seconds; the key is that of CASEBOOK_API_KEY where none is given."""
        base = address(url)
        self._http = httpx2.Client(
            base_url=base,
            headers=headers(base, key),
            timeout=timeout,
            transport=transport,
            follow_redirects=True,
        )
        self._retries = retries or Retries()
        self._progress = progress

    @classmethod
    def open(cls, data: str | Path, *, progress: Progress = shown) -> Self:
        """The corpus of a data directory, asked in this process; raises CannotOpen.

        The engine must be installed; the methods and their results are the same.
        """
        # Imported here: an asynchronous runtime takes a while, and a service elsewhere needs none.
        from casebook_client.inprocess import InProcess, engine

        return cls(transport=InProcess(engine(Path(data))), key="", progress=progress)

    def search(
        self, query: str = "", *, k: int = 10, mode: Mode = "hybrid", **beside: Unpack[Beside]
    ) -> Hits:
        """Cited, recommendation-linked evidence, best first.

        `like` and `unlike` take ids of passages like which more is wanted, or less; with `like`
        the query may be empty.
        """
        return self._run(
            questions.search(query, k=k, mode=mode, beside=beside, progress=self._progress)
        )

    def batch(
        self, queries: Queries, *, k: int = 10, mode: Mode = "hybrid", **filters: Unpack[Filters]
    ) -> Results[wire.Ranked]:
        """A ranking for each of many queries, by id where they are a mapping, else from 1."""
        return self._run(
            questions.batch(queries, k=k, mode=mode, filters=filters, progress=self._progress)
        )

    def passage(self, id: str) -> Passage:
        """One passage; an id whose words have moved leads to where they are now."""
        return self._run(questions.passage(id))

    def documents(self) -> Results[wire.Document]:
        """Every document of the corpus."""
        return self._run(questions.documents(progress=self._progress))

    def recommendations(self, document: Values = ()) -> Results[wire.Recommendation]:
        """The recommendations of the documents, or all, with evidence, answers, latest event."""
        return self._run(questions.recommendations(document, progress=self._progress))

    def evidence(self, recommendation: str) -> Support:
        """The passages that bear on a recommendation, by its id, and what followed it."""
        return self._run(questions.evidence(recommendation))

    def findings(self, **filters: Unpack[Filters]) -> Results[wire.Finding]:
        """Every finding that matches, each in its sentence, with its voice and stance."""
        return self._run(questions.findings(filters, progress=self._progress))

    def explain(self, finding: str) -> Explanation:
        """Why a finding was given, by its id: what weighed, whose words, how put."""
        return self._run(questions.explain(finding))

    def matrix(self, by: Across = "document", **filters: Unpack[Filters]) -> Results[wire.Cell]:
        """How many findings of each tag, by document, chapter, voice or stance; no empty ones."""
        return self._run(questions.matrix(by, filters))

    def verify(
        self,
        text: str | None = None,
        *,
        quotation: str | None = None,
        format: Written = "text",
        document: str | None = None,
        speaker: str | None = None,
    ) -> Verdicts:
        """Each quotation of a text, or one by itself, compared with the published words.

        `document` and `speaker` say whose words they are claimed to be.
        """
        claimed = {"text": text, "quotation": quotation, "document": document, "speaker": speaker}
        return self._run(questions.verify({**claimed, "format": format}))

    def cite(self, id: str, style: Style = "oscola") -> str:
        """The citation of a passage, recommendation or document, as other programs read it."""
        return self._run(questions.cite(id, style))

    def close(self) -> None:
        """Lets go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self, steps: Steps[_T]) -> _T:
        try:
            request = next(steps)
            while True:
                request = steps.send(self._body(request))
        except StopIteration as end:
            result: _T = end.value
            return result

    def _body(self, request: Request) -> bytes:
        """The answer's body, asked for as often as the retries allow."""
        attempt = 1
        while not isinstance(answer := self._ask(request), bytes):
            pause = self._retries.pause(attempt, answer)
            if pause is None:
                raise answer
            time.sleep(pause)
            attempt += 1
        return answer

    def _ask(self, request: Request) -> bytes | CasebookError:
        try:
            return outcome(
                self._http.request(
                    request.method, request.path, params=request.query, json=request.body
                )
            )
        except httpx2.RequestError as error:
            return unreachable(error, str(self._http.base_url))
