"""Recommendations that ask again for what an earlier document asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from dossiers import dossier

from index.lexical import words
from ingest.joins import joins
from ingest.library import Library, StoredDossier
from ingest.model import Basis, Edition, Lineage, LineageRelation, Recommendation
from ingest.recommendations.lineage import Weighed, lineage
from ingest.similarity import Vectors

VET = "Officers should be vetted again every five years."
AGAIN = "Every five years officers should be vetted again."
MORE = (
    "Officers should be vetted again every five years by a unit of its own, with a register of "
    "interests, interviews at home and an appeal to an independent judge."
)
LIGHT = "The quay should be lit."


class ByWords:
    """Likeness of meaning is that of the words."""

    def passages(self, document: str) -> Vectors:
        raise NotImplementedError(document)

    def words(self, texts: Sequence[str]) -> Vectors:
        stems = [self.stems(text) for text in texts]
        known = sorted({stem for each in stems for stem in each})
        vectors = np.array([[float(stem in each) for stem in known] for each in stems], np.float32)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def stems(self, text: str) -> Sequence[str]:
        return [stem for stem, _, _ in words(text)]


class AllAlike(ByWords):
    """Everything means the same."""

    def passages(self, document: str) -> Vectors:
        return self.words([document])

    def words(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), np.float32)


def _stored(
    data: Path, id: str, texts: Sequence[str], day: date | None, *, of: str | None = None
) -> StoredDossier:
    made = dossier(id, texts, day=day, edition=Edition.DIGEST if of else Edition.OFFICIAL)
    named = of or id
    told = tuple(
        Recommendation(
            id=f"{named}:{number}",
            document=id,
            number=str(number),
            kind="recommendation",
            span=passage.span,
            title=None,
            sub_parts=(),
            addressee=(),
            deadline=None,
        )
        for number, passage in enumerate(made.passages, 1)
    )
    document = replace(made.document, digest_of=of)
    Library(data).write(replace(made, document=document, recommendations=told))
    return Library(data).stored(id)


def _ends(found: Sequence[Lineage]) -> list[tuple[str, str, LineageRelation]]:
    return [(line.recommendation, line.earlier, line.relation) for line in found]


def test_the_later_of_two_that_ask_the_same_repeats_the_earlier(tmp_path: Path) -> None:
    early = _stored(tmp_path, "early", [VET, LIGHT], date(1999, 2, 24))
    late = _stored(tmp_path, "late", [AGAIN], date(2023, 3, 21))
    found = list(lineage([late, early], ByWords()))
    assert _ends(found) == [("late:1", "early:1", LineageRelation.REPEATS)]
    assert found[0].basis is Basis.SIMILAR
    assert 0.75 <= found[0].score <= 1


def test_one_that_asks_for_much_more_builds_on_the_earlier(tmp_path: Path) -> None:
    stems = [ByWords().stems(text) for text in (VET, MORE, LIGHT)]
    weighed = Weighed(stems)
    assert weighed.shared(0, 1) == 1.0
    assert weighed.shared(0, 2) == 0.0
    assert weighed.weight(1) > 1.6 * weighed.weight(0)


def test_what_has_no_date_or_the_same_has_no_lineage(tmp_path: Path) -> None:
    early = _stored(tmp_path, "early", [VET], None)
    late = _stored(tmp_path, "late", [AGAIN], date(2023, 3, 21))
    twin = _stored(tmp_path, "twin", [VET], date(2023, 3, 21))
    assert list(lineage([early, late, twin], ByWords())) == []


def test_a_digest_does_not_repeat_the_document_it_is_of(tmp_path: Path) -> None:
    report = _stored(tmp_path, "report", [VET], date(2020, 1, 1))
    digest = _stored(tmp_path, "report-digest", [AGAIN], date(2021, 1, 1), of="report")
    assert list(lineage([report, digest], ByWords())) == []


def test_what_was_written_by_hand_is_not_told_again_by_likeness(tmp_path: Path) -> None:
    early = _stored(tmp_path, "early", [VET], date(1999, 2, 24))
    _stored(tmp_path, "late", [AGAIN], date(2023, 3, 21))
    written = Lineage(
        recommendation="late:1",
        earlier="early:1",
        relation=LineageRelation.BUILDS_ON,
        basis=Basis.CURATED,
        score=1.0,
    )
    library = Library(tmp_path)
    library.write(replace(library.dossier("late"), lineage=(written,)))
    assert joins([early, library.stored("late")], AllAlike()).lineage == ()
