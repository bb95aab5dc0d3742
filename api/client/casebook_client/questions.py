"""What is asked of the service, and what comes back, without anything being sent.

Each question is a generator: it yields the requests to be sent, is sent each answer's body, and
returns the result. So the paging is written once for callers that wait and callers that await.
"""

import datetime
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self, TypedDict, TypeVar, cast, get_args
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from casebook_client import wire
from casebook_client.errors import BadRequest, NotUnderstood
from casebook_client.progress import Progress
from casebook_client.results import Explanation, Hits, Passage, Results, Support, Verdicts

MOST = 100
"""Records on the largest page that the service gives."""

AT_ONCE = 50
"""Queries of a batch in one request; each takes some milliseconds, and a request has a limit."""

Mode = Literal["hybrid", "dense", "lexical"]
Across = Literal["document", "chapter", "voice", "stance"]
Style = Literal["oscola", "bibtex", "ris", "csl-json", "annotation"]
Written = Literal["text", "markdown", "html"]
Values = str | Sequence[str]
Queries = Mapping[str, str] | Sequence[str]
"""Queries by their ids, or without."""
Day = str | datetime.date
_T = TypeVar("_T")
_Model = TypeVar("_Model", bound=BaseModel)


class Filters(TypedDict, total=False):
    """What a passage must match: any of the values of a filter, and every filter given."""

    tag: Values
    document: Values
    voice: Values
    stance: Values
    recommendation: Values
    edition: Values
    date_from: Day
    date_to: Day


class Beside(Filters, total=False):
    """What a search takes beside its words."""

    like: Values
    """Ids of passages like which more are wanted; they themselves are not found again."""
    unlike: Values
    """Ids of passages that are not what is wanted."""


Option = str | int | list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: with a body it is a POST, else a GET."""

    path: str
    query: Mapping[str, Option] = field(default_factory=dict[str, Option])
    body: Mapping[str, object] | None = None

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"

    def page(self, cursor: str | None) -> Self:
        """One page of a list, the first where there is no cursor."""
        place: dict[str, Option] = {"cursor": cursor} if cursor else {}
        return replace(self, query={**self.query, "limit": MOST, **place})


Steps = Generator[Request, bytes, _T]


def search(query: str, *, k: int, mode: Mode, beside: Beside, progress: Progress) -> Steps[Hits]:
    """The k best passages, over as many pages as that takes."""
    words = {"q": query} if query or not beside.get("like") else {}
    asked = {**words, "mode": mode, **_options(beside)}
    first = page = yield from _answer(asked, k=k)
    hits = list(first.hits)
    while page.next and len(hits) < k:
        progress(len(hits), min(k, first.total))
        page = yield from _answer({**asked, "cursor": page.next}, k=k - len(hits))
        hits += page.hits
    if page is not first:
        progress(len(hits), len(hits))
    return Hits(first, hits)


def _answer(asked: Mapping[str, object], *, k: int) -> Steps[wire.Answer]:
    request = Request(path="/v1/search", body={**asked, "k": min(k, MOST)})
    return parsed(wire.Answer, (yield request))


def batch(
    queries: Queries, *, k: int, mode: Mode, filters: Filters, progress: Progress
) -> Steps[Results[wire.Ranked]]:
    """A ranking for each query, in the order given."""
    numbered = _numbered(queries)
    asked = {"k": k, "mode": mode, **_options(filters)}
    ranked: list[wire.Ranked] = []
    for start in range(0, len(numbered), AT_ONCE):
        some = numbered[start : start + AT_ONCE]
        body = yield Request(path="/v1/search/batch", body={**asked, "queries": some})
        ranked += parsed(wire.Run, body).items
        if len(numbered) > AT_ONCE:
            progress(start + len(some), len(numbered))
    return Results(ranked, kind=wire.Ranked)


def _numbered(queries: Queries) -> list[dict[str, str]]:
    """The queries under their ids; those without are numbered from 1."""
    if isinstance(queries, str):
        queries = [queries]
    if not isinstance(queries, Mapping):
        queries = {str(number): query for number, query in enumerate(queries, start=1)}
    return [{"id": str(id), "query": query} for id, query in queries.items()]


def passage(id: str) -> Steps[Passage]:
    """One passage."""
    return parsed(Passage, (yield Request(path=f"/v1/passages/{_segment(id)}")))


def documents(*, progress: Progress) -> Steps[Results[wire.Document]]:
    """Every document."""
    return (
        yield from _listed(Request(path="/v1/documents"), wire.Listing[wire.Document], progress)
    )


def recommendations(document: Values, *, progress: Progress) -> Steps[Results[wire.Recommendation]]:
    """Every recommendation of the documents, or of all."""
    asked = Request(path="/v1/recommendations", query=_options(Filters(document=document)))
    return (yield from _listed(asked, wire.Listing[wire.Recommendation], progress))


def evidence(recommendation: str) -> Steps[Support]:
    """The passages that bear on a recommendation, and what followed it."""
    body = yield Request(path=f"/v1/recommendations/{_segment(recommendation)}/evidence")
    return Support(parsed(wire.Support, body))


def findings(filters: Filters, *, progress: Progress) -> Steps[Results[wire.Finding]]:
    """Every finding that matches."""
    asked = Request(path="/v1/findings", query=_options(filters))
    return (yield from _listed(asked, wire.Listing[wire.Finding], progress))


def explain(finding: str) -> Steps[Explanation]:
    """Why a finding was given."""
    body = yield Request(path=f"/v1/findings/{_segment(finding)}/explanation")
    return parsed(Explanation, body)


def matrix(by: Across, filters: Filters) -> Steps[Results[wire.Cell]]:
    """Findings counted by tag and one other field."""
    body = yield Request(path="/v1/findings/matrix", query={"by": by, **_options(filters)})
    return Results(parsed(wire.Matrix, body).items, kind=wire.Cell)


def verify(claimed: Mapping[str, str | None]) -> Steps[Verdicts]:
    """The quotations of a text, or one quotation, checked."""
    body = {name: value for name, value in claimed.items() if value is not None}
    return Verdicts(parsed(wire.Verification, (yield Request(path="/v1/verify", body=body))))


def cite(id: str, style: Style) -> Steps[str]:
    """A citation as another program reads it."""
    body = yield Request(path=f"/v1/citations/{_segment(id)}", query={"style": style})
    return body.decode("utf-8")


def _listed(
    asked: Request, listing: type[wire.Listing[_Model]], progress: Progress
) -> Steps[Results[_Model]]:
    """Every record of a list, over as many pages as that takes."""
    first = page = parsed(listing, (yield asked.page(None)))
    items = list(first.items)
    while page.next:
        progress(len(items), first.total)
        page = parsed(listing, (yield asked.page(page.next)))
        items += page.items
    if page is not first:
        progress(len(items), len(items))
    (kind,) = get_args(listing.model_fields["items"].annotation)
    return Results(items, kind=kind)


def _options(filters: Filters) -> dict[str, list[str] | str]:
    """The filters as the service takes them, empty ones left out."""
    given = {name: _option(name, value) for name, value in filters.items()}
    return {name: value for name, value in given.items() if value}


def _option(name: str, value: object) -> list[str] | str:
    if name in ("date_from", "date_to"):
        return str(value)
    several = [value] if isinstance(value, str) else cast(Iterable[object], value)
    return [str(each) for each in several]


def parsed(model: type[_Model], body: bytes) -> _Model:
    """The object of an answer; raises NotUnderstood."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in wrong["loc"]) or "the answer"
        raise NotUnderstood(
            f"The service's answer cannot be read: {place}: {wrong['msg'].lower()}.",
            remedy="Install the client that came with the service.",
        ) from None


def _segment(id: str) -> str:
    """The id as a part of a path; raises BadRequest where it is empty or leads elsewhere."""
    if id.strip(".") == "":
        raise BadRequest(f"{id!r} is the id of nothing; lists and searches give ids.", fields={})
    return quote(id, safe=":~.")
