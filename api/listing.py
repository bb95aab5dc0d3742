"""Answers that are lists: one page at a time, as JSON or as CSV."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar, get_args

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.responses import JSONResponse

from api import table
from api.cursor import Cursors
from api.parameters import Format, ListParameters
from api.turns import Turns
from api.wire import Listing
from index.casebook import Casebook

MOST_RECORDS = 10_000_000
"""No list is longer."""

_Noun = TypeVar("_Noun")
_Record = TypeVar("_Record", bound=BaseModel)

Responses = dict[int | str, dict[str, object]]

CSV: Responses = {200: {"content": {table.MEDIA_TYPE: {"schema": {"type": "string"}}}}}
"""Said of an address that answers with CSV too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The corpus that was asked, and how."""

    casebook: Casebook
    request: Request

    def cursors(self, question: str, *, furthest: int = MOST_RECORDS) -> Cursors:
        """Cursors of this address and question."""
        return Cursors(
            generation=self.casebook.generation,
            question=self.request.url.path + question,
            furthest=furthest,
        )

    def wants_csv(self, format: Format | None) -> bool:
        """`format` decides, else the Accept header."""
        accepts = self.request.headers.get("accept", "")
        return format is Format.CSV or (format is None and table.MEDIA_TYPE in accepts)

    @property
    def turns(self) -> Turns:
        """Those in which the service searches."""
        turns: Turns = self.request.app.state.turns
        return turns

    def address(self, cursor: str | None) -> str | None:
        """This question's address with another cursor; None without one."""
        if cursor is None:
            return None
        url = self.request.url.include_query_params(cursor=cursor)
        return f"{url.path}?{url.query}"


async def asked(request: Request) -> Asked:
    """The live generation, which this request keeps to its end, and the request."""
    # Not in a thread of its own: handing over to one takes longer than looking which is live.
    return Asked(request.app.state.live.now(), request)


Asking = Annotated[Asked, Depends(asked)]


def listed(
    asked: Asked,
    parameters: ListParameters,
    *,
    records: Sequence[_Noun],
    show: Callable[[_Noun], _Record],
    page: type[Listing[_Record]],
) -> Response:
    """The page that the parameters ask for, only its own records being shown."""
    cursors = asked.cursors(parameters.question())
    begin = cursors.offset(parameters.cursor)
    end = begin + parameters.limit
    items = [show(record) for record in records[begin:end]]
    following = cursors.after(end, total=len(records))
    if asked.wants_csv(parameters.format):
        (kind,) = get_args(page.model_fields["items"].annotation)
        return as_csv(items, kind, next_page=asked.address(following))
    generation = asked.casebook.generation
    return as_json(page(total=len(records), generation=generation, items=items, next=following))


def as_json(answer: BaseModel) -> Response:
    """The object as it is, without a second validation."""
    return Response(answer.model_dump_json(), media_type=JSONResponse.media_type)


def as_csv(
    records: Iterable[_Record], kind: type[_Record], *, next_page: str | None = None
) -> Response:
    """The records as a table, the next page named in a Link header."""
    headers = {"Link": f'<{next_page}>; rel="next"'} if next_page else None
    content = "".join(table.lines(records, kind))
    return Response(content, media_type=table.MEDIA_TYPE, headers=headers)
