"""What a corpus says by hand of its recommendations, in either edition."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.errors import CorpusError
from ingest.joins import pointed
from ingest.library import Library
from ingest.model import (
    Basis,
    Document,
    Dossier,
    Edition,
    Kind,
    LineageRelation,
    Passage,
    Reading,
    Recommendation,
    Relation,
    Span,
    Stamp,
    words_hash,
)
from ingest.reading.markup import read_markup
from ingest.sources.corpus import bundled, corpus
from ingest.sources.curation import Curation, curated, curations, paragraph_named
from ingest.sources.likewords import Likeness

RECOMMENDATIONS = """
[[recommendation]]
document = "harbour"
slug = "gates"
title = "Inspect the gates"
summary = "The lower gates should be inspected every spring by an engineer."
reconstructed_number = "1"
group = "Safety"
paragraphs = ["2.1", "2.3"]
words = "The lower … each spring."
evidence = [{ document = "harbour", paragraphs = ["3.1", "Table 3.1"] }]

[[recommendation]]
document = "harbour"
slug = "pilots"
title = "Train the pilots"
summary = "Pilots should be trained at night."
number = "2"
paragraphs = ["2.2"]
words = "pilots should be trained"

[[recommendation]]
document = "ferry"
slug = "boats"
title = "Count the boats"
summary = "Boats should be counted."
paragraphs = ["1.1"]
"""
EVENTS = """
[[event]]
recommendations = ["harbour.gates"]
dated = "date not found"
status = "A rota is drawn up"
who = "The Board"
source = "its minutes"
standing = "secondary"

[[event]]
recommendations = ["harbour.gates", "ferry.boats"]
date = 2020-05-01
dated = "May 2020"
status = "Accepted"
who = "The Board"
source = "its letter"
standing = "verified"
document = "harbour"
paragraph = "3.1"
"""
LINEAGE = """
[[lineage]]
recommendation = "harbour.gates"
earlier = "ferry.boats"
relation = "builds_on"
why = "Both ask that somebody looks."
"""
DIGEST = """# The harbour report

## 2 What it recommends

2.1 The lower gates should be looked at by an engineer each spring. Its number in our list is a
reconstruction. [secondary]

2.2 Recommendation 2: All pilots should be trained at night. [verified]

2.3 As remembered, so should the upper gates. [unverified]

## 3 What it found

3.1 Nobody had looked at the gates. [secondary]

Table 3.1: Gates looked at, by year

| Year | Gates |
|---|---|
| 2019 | none |
"""
REPORT = """# The harbour report

Recommendation 1: The quay should be lit after dark by the council.

Recommendation 2: Pilots are to be trained at night before they are given a licence.

Recommendation 3: An engineer should inspect the lower gates in every spring of the year.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in (
        ("recommendations", RECOMMENDATIONS),
        ("events", EVENTS),
        ("lineage", LINEAGE),
        ("themes", '[[theme]]\ntag = "leadership"\nrecommendations = ["gates"]\n'),
    ):
        (tmp_path / f"{name}.toml").write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def curation(folder: Path) -> Curation:
    return curations(folder)["harbour"]


def _reading(folder: Path, words: str) -> Reading:
    path = folder / "harbour.md"
    path.write_text(words, encoding="utf-8")
    return read_markup(path)


def _dossier(folder: Path, words: str, *, edition: Edition) -> Dossier:
    reading = _reading(folder, words)
    id = "harbour" if edition is Edition.OFFICIAL else "harbour-digest"
    document = Document(
        id=id,
        title="The harbour report",
        source="harbour.md",
        source_sha256=words_hash(words),
        page_count=0,
        kind=Kind.FINAL_REPORT,
        edition=edition,
        digest_of=None if edition is Edition.OFFICIAL else "harbour",
    )
    from ingest.recommendations.extraction import recommendations

    formal = recommendations(document, reading) if edition is Edition.OFFICIAL else ()
    return Dossier(
        document=document,
        stamp=Stamp(source_sha256=words_hash(words), pipeline="1", settings={}),
        reading=reading,
        passages=tuple(
            _passage(id, reading, name) for name in ("2.1", "2.2", "2.3", "3.1", "Table 3.1")
        )
        if edition is Edition.DIGEST
        else (),
        recommendations=formal,
    )


def _passage(document: str, reading: Reading, number: str) -> Passage:
    span = paragraph_named(number, reading.paragraphs, reading.text)
    assert span
    return Passage(
        id=f"{document}:{number}",
        document=document,
        span=span,
        section=(),
        paragraphs=(number,),
        page_start=None,
        page_end=None,
        printed_start=None,
        printed_end=None,
        quote_sha256=words_hash(span.of(reading.text)),
        extraction=reading.extraction,
        hidden_text=False,
    )


@pytest.fixture
def digest(tmp_path: Path, curation: Curation) -> Dossier:
    return curated(_dossier(tmp_path, DIGEST, edition=Edition.DIGEST), curation)


@pytest.fixture
def report(tmp_path: Path, curation: Curation) -> Dossier:
    return curated(_dossier(tmp_path, REPORT, edition=Edition.OFFICIAL), curation)


def _said(dossier: Dossier, span: Span) -> str:
    return " ".join(span.of(dossier.reading.text).split())


def test_a_digest_tells_a_recommendation_under_the_published_documents_id(digest: Dossier) -> None:
    gates, pilots = digest.recommendations
    assert (gates.id, gates.document) == ("harbour.gates", "harbour-digest")
    assert _said(digest, gates.span) == (
        "The lower gates should be looked at by an engineer each spring."
    )
    assert [_said(digest, span) for span in gates.occurrences] == [
        "As remembered, so should the upper gates."
    ]
    assert (gates.group, gates.themes) == ("Safety", ("leadership",))
    assert _said(digest, pilots.span) == "pilots should be trained"


def test_a_reconstructed_number_is_never_the_reports_own(digest: Dossier) -> None:
    gates, pilots = digest.recommendations
    assert (gates.number, gates.reconstructed_number) == (None, "1")
    assert (pilots.number, pilots.reconstructed_number) == ("2", None)


def test_the_paragraphs_of_a_digest_state_what_they_tell(digest: Dossier) -> None:
    assert [(link.recommendation, link.passage) for link in digest.links] == [
        ("harbour.gates", "harbour-digest:2.1"),
        ("harbour.gates", "harbour-digest:2.3"),
        ("harbour.pilots", "harbour-digest:2.2"),
    ]
    assert {(link.relation, link.basis) for link in digest.links} == {
        (Relation.STATES, Basis.CURATED)
    }


def test_published_words_give_the_printed_number_and_keep_the_slug(report: Dossier) -> None:
    by_number = {each.number: each for each in report.recommendations}
    assert by_number["2"].id == "harbour.pilots"
    assert by_number["2"].aliases == ("harbour:recommendation-2",)
    assert by_number["3"].id == "harbour.gates"
    assert by_number["3"].reconstructed_number is None
    assert by_number["1"].id == "harbour:recommendation-1"


def test_a_recommendation_that_fits_none_of_the_printed_keeps_apart(
    tmp_path: Path, curation: Curation
) -> None:
    words = "# R\n\nRecommendation 1: The quay should be lit.\n\nRecommendation 3: Paint it.\n"
    made = curated(_dossier(tmp_path, words, edition=Edition.OFFICIAL), curation)
    assert [each.id for each in made.recommendations] == [
        "harbour:recommendation-1",
        "harbour:recommendation-3",
    ]


def test_events_come_in_order_of_date_and_only_to_their_own_document(digest: Dossier) -> None:
    assert [(event.recommendation, event.dated) for event in digest.events] == [
        ("harbour.gates", "May 2020"),
        ("harbour.gates", "date not found"),
    ]
    assert digest.events[0].date == date(2020, 5, 1)
    assert (digest.events[0].document, digest.events[0].paragraph) == ("harbour-digest", "3.1")


def test_lineage_says_on_what_basis_and_why(digest: Dossier) -> None:
    (line,) = digest.lineage
    assert (line.recommendation, line.earlier) == ("harbour.gates", "ferry.boats")
    assert (line.relation, line.basis) == (LineageRelation.BUILDS_ON, Basis.CURATED)
    assert line.why == "Both ask that somebody looks."


def test_a_paragraph_pointed_at_is_linked_where_its_document_is_here(
    tmp_path: Path, digest: Dossier
) -> None:
    library = Library(tmp_path / "data")
    library.write(digest)
    links = list(pointed([library.stored("harbour-digest")]))
    assert [(link.recommendation, link.passage) for link in links] == [
        ("harbour.gates", "harbour-digest:3.1"),
        ("harbour.gates", "harbour-digest:Table 3.1"),
    ]
    meant = [_said(digest, link.words) for link in links if link.words]
    assert meant[0] == "3.1 Nobody had looked at the gates. [secondary]"
    assert meant[1].startswith("Table 3.1: Gates looked at") and meant[1].endswith("none")
    assert (links[0].relation, links[0].basis) == (Relation.MOTIVATES, Basis.CURATED)


def test_a_paragraph_that_nobody_printed_cannot_be_pointed_at(
    tmp_path: Path, digest: Dossier
) -> None:
    lost = replace(digest.pointers[0], paragraph="9.9")
    library = Library(tmp_path / "data")
    library.write(replace(digest, pointers=(lost,)))
    with pytest.raises(CorpusError, match=r"harbour\.gates: harbour-digest has no '9\.9'"):
        list(pointed([library.stored("harbour-digest")]))


def test_a_paragraph_of_a_document_that_is_not_here_waits_for_it(
    tmp_path: Path, digest: Dossier
) -> None:
    awaited = replace(digest.pointers[0], document="ferry-digest")
    library = Library(tmp_path / "data")
    library.write(replace(digest, pointers=(awaited,)))
    assert list(pointed([library.stored("harbour-digest")])) == []


def test_what_is_written_by_hand_survives_the_library(tmp_path: Path, digest: Dossier) -> None:
    library = Library(tmp_path / "data")
    library.write(digest)
    kept = library.dossier("harbour-digest")
    assert (kept.recommendations, kept.pointers, kept.events, kept.lineage) == (
        digest.recommendations,
        digest.pointers,
        digest.events,
        digest.lineage,
    )


@pytest.mark.parametrize(
    ("name", "words", "complaint"),
    [
        ("events", EVENTS.replace("harbour.gates", "harbour.doors"), "no recommendation 'harbour"),
        ("lineage", LINEAGE.replace("ferry.boats", "ferry.trains"), "no recommendation 'ferry"),
        ("lineage", LINEAGE.replace("builds_on", "copies"), "entry 1: relation"),
        ("events", EVENTS.replace("dated = ", "when = "), "entry 1: dated: Field required"),
        ("recommendations", RECOMMENDATIONS * 2, "two recommendations have the id"),
        ("recommendations", "[[recommended]]\nx = 1\n", "'recommended' is not known here"),
        ("recommendations", "[[", "recommendations.toml: "),
    ],
)
def test_a_fault_is_named_with_its_file(
    folder: Path, name: str, words: str, complaint: str
) -> None:
    (folder / f"{name}.toml").write_text(words, encoding="utf-8")
    with pytest.raises(CorpusError, match=complaint):
        curations(folder)


def test_a_paragraph_that_the_digest_lacks_is_an_error(tmp_path: Path, curation: Curation) -> None:
    lacking = DIGEST.replace("2.3 As", "2.4 As")
    dossier = replace(_dossier(tmp_path, DIGEST, edition=Edition.DIGEST), passages=())
    short = replace(dossier, reading=_reading(tmp_path, lacking))
    with pytest.raises(CorpusError, match=r"harbour-digest has no paragraph '2\.3'"):
        curated(short, curation)


def test_a_folder_without_the_files_says_nothing(tmp_path: Path) -> None:
    assert curations(tmp_path) == {}


def test_words_alike_to_two_texts_are_given_to_neither() -> None:
    texts = [
        "Pilots should be trained at night.",
        "Pilots should be trained by day.",
        "The quay should be lit by lamps.",
    ]
    assert list(Likeness(texts).pairs(["Pilots should be trained."])) == []
    assert list(Likeness(texts).pairs(["The quay should be lit."])) == [(0, 2)]


def _bundled_recommendations() -> list[Recommendation]:
    return [
        recommendation
        for source in corpus(bundled()).sources
        if source.curation.recommendations and source.edition is Edition.DIGEST
        for recommendation in curated(
            _read(source.path, source.id), source.curation
        ).recommendations
    ]


def _read(path: Path, id: str) -> Dossier:
    from ingest.reading.pdf import read_pdf
    from ingest.reading.pdffile import pdf_facts

    return Dossier(
        document=Document(
            id=id,
            title=id,
            source=path.name,
            source_sha256="0" * 64,
            page_count=1,
            edition=Edition.DIGEST,
        ),
        stamp=Stamp(source_sha256="0" * 64, pipeline="1", settings={}),
        reading=read_pdf(path, facts=pdf_facts(path)),
        passages=(),
    )


def test_the_sixteen_are_there_and_only_the_tenth_has_its_number() -> None:
    casey = [r for r in _bundled_recommendations() if r.id.startswith("casey-final-report.")]
    assert len(casey) == 16
    assert [r.number for r in casey if r.number] == ["10"]
    others = sorted(int(r.reconstructed_number) for r in casey if r.reconstructed_number)
    assert others == [*range(1, 10), *range(11, 17)]
    assert len({r.group for r in casey}) == 7
    assert all(r.themes for r in casey if r.id not in _WITHOUT_THEME)


_WITHOUT_THEME = {
    "casey-final-report.progress-reviews",
    "casey-final-report.structural-break-up",
}
