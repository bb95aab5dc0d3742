"""The service keeps its promises, and answers bad requests with problems and never with a 5xx."""

import csv
import json
import logging
import time
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from harbour import (
    DIGEST,
    DIGESTED,
    FORMER,
    GATES,
    GONE,
    PLAN,
    RECOMMENDATION,
    REVIEW,
    STATED,
    WITNESS,
    build_harbour,
)
from httpx2 import Response
from PIL import Image
from pydantic import JsonValue
from toyembedder import ToyEmbedder

from api.app import service
from api.cursor import Cursors
from api.settings import Settings
from api.telemetry import JsonLines
from index.casebook import Live
from index.edge import EdgeEngine
from ingest.library import Library


def _served(data: Path, settings: Settings | None = None) -> FastAPI:
    live = Live(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    return service(live, settings or Settings())


@pytest.fixture(scope="module")
def client(harbour: Path) -> Iterator[TestClient]:
    with TestClient(_served(harbour), follow_redirects=False) as client:
        yield client


def _record(response: Response) -> dict[str, JsonValue]:
    assert response.status_code == 200, response.text
    return cast(dict[str, JsonValue], response.json())


def _items(response: Response, name: str = "items") -> list[dict[str, JsonValue]]:
    return cast(list[dict[str, JsonValue]], _record(response)[name])


def _is_problem(response: Response, status: int) -> bool:
    told = cast(dict[str, JsonValue], response.json())
    return (
        response.status_code == status == told["status"]
        and response.headers["content-type"] == "application/problem+json"
        and bool(told["title"] and told["detail"])
    )


# What is asked is answered.


def test_a_hit_explains_itself(client: TestClient) -> None:
    hits = _items(client.get("/v1/search", params={"q": "flood plan"}), "hits")
    for hit in hits:
        told = cast(dict[str, JsonValue], hit["explanation"])
        parts = cast(dict[str, float], told["fusion"])
        assert sum(parts.values()) == pytest.approx(hit["score"])
    first = cast(dict[str, JsonValue], hits[0]["explanation"])
    sentence = cast(dict[str, int], first["sentence"])
    text = cast(str, hits[0]["text"])
    assert "flood" in text[sentence["start"] : sentence["end"]]
    assert first["sentence_by"] == "exact words"
    words = [term["word"] for term in cast(list[dict[str, JsonValue]], first["terms"])]
    assert set(words) == {"flood", "plan"}


def test_more_like_a_passage_is_asked_by_its_id(client: TestClient) -> None:
    asked = {"like": [GATES], "unlike": [WITNESS]}
    got = _items(client.get("/v1/search", params=asked), "hits")
    posted = _items(client.post("/v1/search", json=asked), "hits")
    assert [hit["passage_id"] for hit in got] == [hit["passage_id"] for hit in posted]
    assert not {GATES, WITNESS} & {str(hit["passage_id"]) for hit in got}
    assert _is_problem(client.get("/v1/search"), 422)
    assert _is_problem(client.get("/v1/search", params={"like": "no-such-passage"}), 404)


def test_what_is_left_out_is_left_out_of_a_batch_too(client: TestClient) -> None:
    queries = [{"id": "q", "query": "flood plan -gates"}]
    ranked = _items(client.post("/v1/search/batch", json={"queries": queries}))
    assert GATES not in {str(line["passage_id"]) for line in ranked}
    whole = [{"id": "q", "query": "flood plan"}]
    ranked = _items(client.post("/v1/search/batch", json={"queries": whole}))
    assert GATES in {str(line["passage_id"]) for line in ranked}


def test_a_search_gives_cited_evidence_with_facets(client: TestClient) -> None:
    answer = _record(client.get("/v1/search", params={"q": "flood plan", "k": 3}))
    assert list(answer) == [
        "query",
        "mode",
        "total",
        "generation",
        "strength",
        "strength_score",
        "hits",
        "facets",
        "notes",
        "also",
        "next",
    ]
    first = cast(list[dict[str, JsonValue]], answer["hits"])[0]
    assert first["passage_id"] in {GATES, STATED}


def test_a_posted_search_gives_the_same(client: TestClient) -> None:
    got = _record(client.get(f"/v1/search?q=flood plan&k=3&mode=lexical&document={REVIEW}"))
    asked = {"q": "flood plan", "k": 3, "mode": "lexical", "document": [REVIEW]}
    posted = _record(client.post("/v1/search", json=asked))
    assert posted["hits"] == got["hits"]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("document", DIGEST, {DIGESTED}),
        ("tag", "leadership_governance", {GATES, WITNESS}),
        ("voice", "witness", {WITNESS}),
        ("stance", "found", {GATES}),
        ("recommendation", RECOMMENDATION, {GATES, STATED}),
        ("edition", "digest", {DIGESTED}),
        ("date_from", "2022-01-01", {f"{PLAN}:1"}),
        ("date_to", "2021-12-31", {GATES, WITNESS, STATED}),
    ],
)
def test_a_filter_holds_in_searches_and_lists(
    client: TestClient, name: str, value: str, expected: set[str]
) -> None:
    hits = _items(client.get("/v1/search", params={"q": "gates", name: value}), "hits")
    assert {str(hit["passage_id"]) for hit in hits} <= expected
    listed = _items(client.get("/v1/passages", params={name: value}))
    assert {str(passage["passage_id"]) for passage in listed} == expected


def test_several_values_of_a_filter_widen_it(client: TestClient) -> None:
    asked = {"document": [DIGEST, PLAN]}
    assert _record(client.get("/v1/passages", params=asked))["total"] == 2


def test_a_batch_ranks_each_query_in_turn(client: TestClient) -> None:
    queries = [{"id": "a", "query": "flood"}, {"id": "b", "query": "dusk"}]
    items = _items(client.post("/v1/search/batch", json={"queries": queries, "k": 2}))
    assert [(item["query_id"], item["rank"]) for item in items] == [
        ("a", 1),
        ("a", 2),
        ("b", 1),
        ("b", 2),
    ]
    assert {str(item["source"]) for item in items} <= {
        "harbour-review.pdf",
        "harbour-letter.md",
        "harbour-plan.pdf",
    }


def test_a_passage_answers_under_its_permalink(client: TestClient) -> None:
    passage = _record(client.get(f"/v1/passages/{GATES}"))
    citation = cast(dict[str, str], passage["citation"])
    assert _record(client.get(citation["permalink"])) == passage


def test_the_context_of_a_passage_are_its_neighbours(client: TestClient) -> None:
    around = _record(client.get(f"/v1/passages/{WITNESS}/context"))
    before = cast(list[dict[str, JsonValue]], around["before"])
    after = cast(list[dict[str, JsonValue]], around["after"])
    assert [p["passage_id"] for p in (*before, *after)] == [GATES, STATED]


def test_a_passage_is_not_similar_to_itself(client: TestClient) -> None:
    near = _items(client.get(f"/v1/passages/{GATES}/similar", params={"k": 2}))
    assert len(near) == 2
    assert GATES not in {str(passage["passage_id"]) for passage in near}


@pytest.mark.parametrize(
    ("style", "media_type", "begins"),
    [
        ("oscola", "text/plain; charset=utf-8", "Dame Ann Example, Harbour Review"),
        ("bibtex", "application/x-bibtex", "@techreport{"),
        ("ris", "application/x-research-info-systems", "TY  - RPRT"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "[{"),
        ("annotation", "application/ld+json", "{"),
    ],
)
def test_a_citation_comes_in_the_style_asked_for(
    client: TestClient, style: str, media_type: str, begins: str
) -> None:
    answer = client.get(f"/v1/citations/{GATES}", params={"style": style})
    assert answer.headers["content-type"] == media_type
    assert answer.text.startswith(begins)


def test_a_citation_of_words_that_are_gone_is_gone(client: TestClient) -> None:
    assert _is_problem(client.get(f"/v1/citations/{GONE}"), 410)


def test_a_recommendation_leads_to_the_words_that_justify_it(client: TestClient) -> None:
    support = _record(client.get(f"/v1/recommendations/{RECOMMENDATION}/evidence"))
    items = cast(list[dict[str, JsonValue]], support["items"])
    assert [item["passage_id"] for item in items] == [STATED, GATES]


def test_documents_recommendations_links_and_findings_are_listed(client: TestClient) -> None:
    totals = {
        name: _record(client.get(f"/v1/{name}"))["total"]
        for name in ("documents", "recommendations", "links", "findings", "taxonomy")
    }
    assert totals == {
        "documents": 3,
        "recommendations": 1,
        "links": 2,
        "findings": 2,
        "taxonomy": 17,
    }


def test_a_finding_is_had_by_its_id_and_says_why_it_was_given(client: TestClient) -> None:
    for listed in _items(client.get("/v1/findings")):
        assert _record(client.get(f"/v1/findings/{listed['id']}")) == listed
        told = _record(client.get(f"/v1/findings/{listed['id']}/explanation"))
        assert told["finding"] == listed
        assert told["given"] is False, "made by hand, so its words do not earn it"


@pytest.mark.parametrize("rest", ["", "/explanation"])
def test_an_unknown_finding_is_a_problem_that_names_those_there_are(
    client: TestClient, rest: str
) -> None:
    refused = client.get(f"/v1/findings/{GATES}{rest}")
    assert _is_problem(refused, 404)
    assert "is a passage, not a finding" in refused.text


def test_the_matrix_tells_testimony_from_findings(client: TestClient) -> None:
    cells = _items(client.get("/v1/findings/matrix", params={"by": "voice"}))
    assert {str(cell["value"]): cell["count"] for cell in cells} == {"inquiry": 1, "witness": 1}


def test_a_page_has_its_words_and_its_passages_offsets(client: TestClient) -> None:
    page = _record(client.get(f"/v1/documents/{REVIEW}/pages/2"))
    text = str(page["text"])
    (placed,) = cast(list[dict[str, int]], page["passages"])
    assert text[placed["start"] : placed["end"]].startswith("4.1 The board should")
    assert (page["printed_page"], page["image_refused"]) == ("35", None)


def test_every_answer_asks_not_to_be_indexed(client: TestClient) -> None:
    for address in ("/livez", "/v1/documents", "/nowhere", "/v1/search"):
        assert client.get(address).headers["x-robots-tag"] == "noindex"


# Pages as pictures.


def test_a_page_is_drawn_with_the_passage_marked(client: TestClient) -> None:
    address = f"/v1/documents/{REVIEW}/pages/2"
    plain = client.get(address, params={"format": "png"})
    marked = client.get(address, params={"passage": STATED}, headers={"Accept": "image/png"})
    assert plain.headers["content-type"] == marked.headers["content-type"] == "image/png"
    assert _colour(plain.content, x=300, y=89.5) == (255, 255, 255)
    assert _colour(marked.content, x=300, y=89.5) == (255, 221, 64)


def _colour(png: bytes, *, x: float, y: float) -> object:
    """Of a spot in points of a page that is 842 high."""
    image = Image.open(BytesIO(png)).convert("RGB")
    scale = image.height / 842
    return image.getpixel((round(x * scale), round(y * scale)))


def test_a_page_without_a_known_licence_is_not_copied(client: TestClient) -> None:
    refused = client.get(f"/v1/documents/{PLAN}/pages/1?format=png")
    assert _is_problem(refused, 403)
    assert "licence" in refused.json()["detail"]
    assert "licence" in str(_record(client.get(f"/v1/documents/{PLAN}/pages/1"))["image_refused"])


def test_what_has_no_pages_has_no_pictures(client: TestClient) -> None:
    assert _is_problem(client.get(f"/v1/documents/{DIGEST}/pages/1?format=png"), 406)
    assert _is_problem(client.get(f"/v1/documents/{DIGEST}/pages/1"), 404)


@pytest.mark.parametrize("number", ["0", "3", "-1", "999999999999999999999"])
def test_a_page_that_is_not_there_is_not_found(client: TestClient, number: str) -> None:
    assert _is_problem(client.get(f"/v1/documents/{REVIEW}/pages/{number}"), 404)


def test_a_passage_of_another_document_cannot_be_marked(client: TestClient) -> None:
    asked = {"format": "png", "passage": DIGESTED}
    assert _is_problem(client.get(f"/v1/documents/{REVIEW}/pages/1", params=asked), 404)


# Ids that were issued before.


def test_an_id_whose_words_moved_leads_to_them(client: TestClient) -> None:
    moved = client.get(f"/v1/passages/{FORMER}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/v1/passages/{GATES}")


def test_an_id_whose_words_are_gone_says_so(client: TestClient) -> None:
    assert _is_problem(client.get(f"/v1/passages/{GONE}"), 410)


# Lists: cursors and tables.


def test_cursors_lead_through_every_record_once(client: TestClient) -> None:
    seen: list[str] = []
    asked: dict[str, str | int] = {"limit": 2}
    while True:
        page = _record(client.get("/v1/passages", params=asked))
        seen += [str(item["passage_id"]) for item in cast(list[dict[str, str]], page["items"])]
        if page["next"] is None:
            break
        asked["cursor"] = str(page["next"])
    assert len(seen) == len(set(seen)) == page["total"] == 5


def test_a_search_is_paged_without_repeating_itself(client: TestClient) -> None:
    whole = _items(client.get("/v1/search", params={"q": "flood plan", "k": 5}), "hits")
    first = _record(client.get("/v1/search", params={"q": "flood plan", "k": 2}))
    rest = f"/v1/search?q=flood plan&k=3&cursor={first['next']}"
    second = _record(client.get(rest))
    hits = [*cast(list[JsonValue], first["hits"]), *cast(list[JsonValue], second["hits"])]
    assert hits == whole
    assert second["next"] is None


@pytest.mark.parametrize(
    "cursor", ["", "x", "????", "W10", "bnVsbA", "é", "A" * 400, "WyJhIiwiYiIsLTFd"]
)
def test_a_cursor_that_is_none_is_refused(client: TestClient, cursor: str) -> None:
    assert _is_problem(client.get("/v1/passages", params={"cursor": cursor}), 400)
    assert _is_problem(client.get("/v1/search", params={"q": "x", "cursor": cursor}), 400)


def test_a_cursor_of_another_question_is_refused(client: TestClient) -> None:
    page = _record(client.get("/v1/passages", params={"limit": 1}))
    asked = {"cursor": str(page["next"]), "document": REVIEW}
    assert _is_problem(client.get("/v1/passages", params=asked), 400)
    assert _is_problem(client.get("/v1/findings", params={"cursor": str(page["next"])}), 400)


def test_a_cursor_of_a_replaced_index_is_gone(client: TestClient) -> None:
    stale = Cursors(generation="before", question="any", furthest=10).after(1, total=2)
    assert _is_problem(client.get("/v1/passages", params={"cursor": str(stale)}), 410)


@pytest.mark.parametrize(
    "address",
    [
        "/v1/search?q=flood",
        "/v1/passages",
        f"/v1/passages/{GATES}/similar",
        "/v1/documents",
        "/v1/recommendations",
        f"/v1/recommendations/{RECOMMENDATION}/evidence",
        "/v1/taxonomy",
        "/v1/findings",
        "/v1/findings/matrix",
        "/v1/links",
    ],
)
def test_every_list_is_a_table_too(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(answer.text)))
    asked = client.get(address, headers={"Accept": "application/json"})
    assert len(rows) == len(_items(asked, "hits" if "search" in address else "items"))


def test_the_next_page_of_a_table_is_in_its_link_header(client: TestClient) -> None:
    page = client.get("/v1/passages", params={"format": "csv", "limit": 3})
    following = page.headers["link"].removeprefix("<").removesuffix('>; rel="next"')
    rest = client.get(following)
    assert len(list(csv.DictReader(StringIO(rest.text)))) == 2
    assert "link" not in rest.headers


# What was not rebuilt need not be sent again.


def test_what_is_held_already_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/v1/search?q=flood")
    held = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    again = client.get("/v1/search?q=flood", headers=held)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get("/v1/search?q=gates", headers=held).status_code == 200


def test_a_table_and_an_object_have_different_tags(client: TestClient) -> None:
    tags = {
        client.get("/v1/documents", headers={"Accept": accepted}).headers["etag"]
        for accepted in ("text/csv", "application/json")
    }
    assert len(tags) == 2


def test_an_error_has_no_tag(client: TestClient) -> None:
    assert "etag" not in client.get("/v1/passages/nothing").headers


def test_a_rebuild_is_served_at_once_and_changes_the_tag(tmp_path: Path) -> None:
    build_harbour(tmp_path)
    with TestClient(_served(tmp_path)) as client:
        before = client.get("/v1/documents")
        Library(tmp_path).remove(PLAN)
        # What is left is stored again and indexed anew, without the plan.
        from index.build import build_index

        build_index(tmp_path, embedder=ToyEmbedder(), engine=EdgeEngine())
        after = client.get("/v1/documents", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["total"] == 2
    assert after.headers["etag"] != before.headers["etag"]


# Bad requests.


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"q": ""},
        {"q": "   "},
        {"q": "x" * 2_001},
        {"q": "x", "k": "0"},
        {"q": "x", "k": "101"},
        {"q": "x", "k": "many"},
        {"q": "x", "mode": "psychic"},
        {"q": "x", "voice": "nobody"},
        {"q": "x", "stance": "sitting"},
        {"q": "x", "edition": "pirated"},
        {"q": "x", "date_from": "yesterday"},
        {"q": "x", "typo": "x"},
        {"q": "x", "cursor": "y" * 501},
        {"q": "x", "document": ["y"] * 51},
        {"q": "x", "format": "xml"},
    ],
)
def test_a_search_that_cannot_be_read_is_refused(
    client: TestClient, parameters: dict[str, str | list[str]]
) -> None:
    assert _is_problem(client.get("/v1/search", params=parameters), 422)
    assert _is_problem(client.post("/v1/search", json=parameters), 422)


@pytest.mark.parametrize(
    "parameters",
    [
        {"tag": "nothing"},
        {"document": "nothing"},
        {"document": "../../etc/passwd"},
        {"recommendation": "nothing"},
        {"date_from": "2022-01-02", "date_to": "2022-01-01"},
    ],
)
def test_a_filter_that_names_nothing_is_refused(
    client: TestClient, parameters: dict[str, str]
) -> None:
    for address in ("/v1/search", "/v1/passages", "/v1/findings", "/v1/findings/matrix"):
        asked = parameters | ({"q": "x"} if address == "/v1/search" else {})
        assert _is_problem(client.get(address, params=asked), 400)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"q": 1}', b"\xff\xfe"])
def test_a_body_that_is_no_question_is_refused(client: TestClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for address in ("/v1/search", "/v1/search/batch"):
        assert client.post(address, content=body, headers=headers).status_code in {400, 422}


def test_a_batch_of_too_many_queries_is_refused(client: TestClient) -> None:
    queries = [{"id": str(number), "query": "x"} for number in range(201)]
    assert _is_problem(client.post("/v1/search/batch", json={"queries": queries}), 422)


_STRANGE_IDS = (
    "nothing",
    "harbour-review:9.99",
    "..",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f",
    "....//",
    "a\x00b",
    "\u202e",
    "x" * 250,
    "harbour-review:",
    ":",
    "~~~",
    "' OR 1=1",
)


@pytest.mark.parametrize("id", _STRANGE_IDS)
@pytest.mark.parametrize(
    "address",
    [
        "/v1/passages/{}",
        "/v1/passages/{}/context",
        "/v1/passages/{}/similar",
        "/v1/documents/{}",
        "/v1/documents/{}/pages/1",
        "/v1/documents/{}/pages/1?format=png",
        "/v1/recommendations/{}",
        "/v1/recommendations/{}/evidence",
    ],
)
def test_an_id_of_nothing_is_not_found(client: TestClient, address: str, id: str) -> None:
    assert _is_problem(client.get(address.format(quote(id, safe=""))), 404)


def test_an_unknown_id_is_told_what_is_near_it(client: TestClient) -> None:
    assert GATES in client.get(f"/v1/passages/{REVIEW}:3.1").json()["detail"]


def test_an_endless_id_is_refused(client: TestClient) -> None:
    assert _is_problem(client.get(f"/v1/passages/{'x' * 3_000}"), 422)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1", 404),
        ("GET", "/v2/search", 404),
        ("GET", "/v1/documents/", 404),
        ("POST", "/v1/documents", 405),
        ("DELETE", f"/v1/passages/{GATES}", 405),
        ("PUT", "/v1/search", 405),
    ],
)
def test_what_is_not_there_is_a_problem(
    client: TestClient, method: str, address: str, status: int
) -> None:
    assert _is_problem(client.request(method, address), status)


def test_a_body_that_is_too_large_is_refused_however_it_comes(harbour: Path) -> None:
    settings = Settings(maximum_body_bytes=1_000)
    with TestClient(_served(harbour, settings)) as client:
        assert _is_problem(client.post("/v1/search", content=b"x" * 1_001), 413)
        pieces = (b"x" * 100 for _ in range(11))
        assert _is_problem(client.post("/v1/search", content=pieces), 413)
        fitting = json.dumps({"q": "flood"}).encode().ljust(1_000)
        headers = {"Content-Type": "application/json"}
        assert client.post("/v1/search", content=fitting, headers=headers).status_code == 200


def test_a_request_that_takes_too_long_is_ended(
    harbour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(self: ToyEmbedder, text: str) -> None:
        time.sleep(1)

    with TestClient(_served(harbour, Settings(request_seconds=0.05))) as client:
        monkeypatch.setattr(ToyEmbedder, "query", slowly)
        answer = client.get("/v1/search?q=flood")
    assert _is_problem(answer, 503)
    assert answer.headers["retry-after"] == "5"


def test_a_missing_index_is_told_and_the_process_lives(tmp_path: Path) -> None:
    build_harbour(tmp_path)
    with TestClient(_served(tmp_path)) as client:
        (tmp_path / "index" / "current").unlink()
        assert _is_problem(client.get("/readyz"), 503)
        assert _is_problem(client.get("/v1/documents"), 503)
        assert client.get("/livez").status_code == 200


# What the service says of itself.


def test_a_defect_is_a_problem_that_tells_nothing_of_our_insides(
    harbour: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(self: ToyEmbedder, text: str) -> None:
        raise ValueError(f"secret {text}")

    with TestClient(_served(harbour), raise_server_exceptions=False) as client:
        monkeypatch.setattr(ToyEmbedder, "query", breaks)
        answer = client.get("/v1/search?q=flood")
    assert _is_problem(answer, 500)
    assert "secret" not in answer.text
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    line = json.loads(JsonLines().format(record))
    assert line["error"] == "ValueError"
    assert "flood" not in json.dumps(line)


def test_neither_metrics_nor_logs_hold_the_query_or_an_id(
    harbour: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "casebook"), TestClient(_served(harbour)) as client:
        client.get("/v1/search?q=confidential")
        client.get(f"/v1/passages/{GATES}")
        client.get("/confidential")
        metrics = client.get("/metrics").text
    formatted = [JsonLines().format(record) for record in caplog.records]
    said = metrics + "".join(line for line in formatted if "casebook" in line or "route" in line)
    assert '"route": "/v1/search"' in said
    assert 'route="/v1/passages/{id}"' in said
    assert "confidential" not in said
    assert GATES not in said


def test_metrics_count_by_route_and_status(harbour: Path) -> None:
    with TestClient(_served(harbour)) as client:
        client.get("/v1/documents")
        client.get("/v1/documents")
        client.get("/nowhere")
        metrics = client.get("/metrics").text
    counted = 'casebook_requests_total{method="GET",route="%s",status="%s"} %s'
    assert counted % ("/v1/documents", 200, "2.0") in metrics
    assert counted % ("unknown", 404, "1.0") in metrics


def test_the_version_names_the_contract_and_the_index(client: TestClient) -> None:
    version = _record(client.get("/version"))
    assert version["contract"] == "v1"
    assert version["generation"] == _record(client.get("/readyz"))["generation"]
