"""The service: cited evidence over HTTP."""

from fastapi import FastAPI

from api import openapi
from api.admission import ANYBODY, Admission, Terms
from api.freshness import Freshness
from api.limits import BodyLimit, TimeLimit
from api.problem import answer_errors
from api.routes import (
    citations,
    documents,
    findings,
    health,
    passages,
    recommendations,
    search,
    verification,
)
from api.settings import Settings
from api.telemetry import Metrics, Telemetry
from api.turns import Turns
from index.casebook import Live

_DESCRIPTION = """
Cited, recommendation-linked evidence from the documents of public inquiries. Every result is a
quotation with the pages, offsets and hashes to check it by. Offsets count Unicode code points, end
exclusive. The documents speak of violence, abuse and discrimination, and of people who were harmed:
nothing here is to be used to profile anyone. A service that is shared may want a key, sent as
`Authorization: Bearer KEY`. For one, and for a correction or removal, ask {contact}.
"""


class _Service(FastAPI):
    def openapi(self) -> openapi.Object:
        if self.openapi_schema is None:
            self.openapi_schema = openapi.contract(self)
        return self.openapi_schema


def service(live: Live, settings: Settings, terms: Terms = ANYBODY) -> FastAPI:
    """The service over a corpus, which may be rebuilt meanwhile; anybody may ask unless told."""
    app = _Service(
        title="Casebook",
        description=_DESCRIPTION.strip().format(contact=settings.contact),
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
    )
    app.state.live = live
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.turns = Turns()
    for routes in (
        *(search, passages, documents, recommendations, findings),
        *(verification, citations, health),
    ):
        app.include_router(routes.router)
    answer_errors(app)
    # The last added is the outermost: a request meets these from the bottom up.
    app.add_middleware(Freshness, generation=lambda: live.now().generation)
    app.add_middleware(BodyLimit, maximum=settings.maximum_body_bytes)
    app.add_middleware(TimeLimit, seconds=settings.request_seconds)
    app.add_middleware(Admission, terms=terms)
    app.add_middleware(Telemetry, metrics=app.state.metrics)
    return app
