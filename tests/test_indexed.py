"""The collections at hand: what is measured is what lies in their folders now."""

from pathlib import Path

import pytest
from toyembedder import ToyEmbedder

from eval import indexed
from eval.collection import Collection, Judgement, Topic
from eval.command import assessor
from eval.indexed import CASEY, INQUIRIES, Subject, opened, subjects
from ingest.errors import CorpusError, SourceError


@pytest.fixture
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Subject:
    monkeypatch.setattr(indexed, "DATA", tmp_path / "data")
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("review", "letter"):
        (folder / f"{name}.md").write_text(f"# The {name}\n\n1. Words of the {name}.\n")
    judged = Collection(
        name="harbour",
        topics=(Topic(id="q", text="words"),),
        judgements=(Judgement(query="q", document="review.md", grade=2),),
    )
    return Subject(name="harbour", collection=judged, documents=str(folder))


def ids(subject: Subject) -> list[str]:
    casebook = opened(subject, embedder=ToyEmbedder())
    found = [document.id for document in casebook.documents()]
    casebook.close()
    return found


def test_what_is_built_follows_the_folder(subject: Subject) -> None:
    assert ids(subject) == ["letter", "review"]
    (Path(subject.documents) / "letter.md").unlink()
    assert ids(subject) == ["review"]
    (Path(subject.documents) / "plan.md").write_text("# Plan\n\n1. A plan.\n")
    assert ids(subject) == ["plan", "review"]


def test_a_document_that_cannot_be_read_is_not_left_out_in_silence(subject: Subject) -> None:
    (Path(subject.documents) / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(SourceError, match="broken"):
        opened(subject, embedder=ToyEmbedder())


def test_a_subject_can_be_assessed_over_what_was_built(subject: Subject) -> None:
    casebook = opened(subject, embedder=ToyEmbedder())
    (target,) = assessor(casebook, subject.collection).every_target
    assert target.document == "review"
    casebook.close()


def test_the_bundled_collection_is_always_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise CorpusError("No real documents.", remedy="Name them.")

    monkeypatch.setattr(indexed, "real_documents", nowhere)
    assert [each.name for each in subjects()] == [CASEY]


def test_that_of_the_real_documents_is_at_hand_where_they_are(
    real_documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexed, "real_documents", lambda: real_documents)
    assert [each.name for each in subjects()] == [CASEY, INQUIRIES]
