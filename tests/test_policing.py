"""Coded sentences of a policing report are found again in it, with the findings that are theirs."""

from pathlib import Path

from eval.policing import answers, rows
from ingest.findings.tagger import Tagger
from ingest.findings.taxonomy import bundled_taxonomy


def test_every_sentence_that_the_readers_agree_on_is_found_again(real_documents: Path) -> None:
    found = list(answers(real_documents, Tagger(bundled_taxonomy())))
    assert len(found) == sum(row.tags[0] == row.tags[1] for row in rows())


def test_a_finding_is_counted_in_its_own_sentence_alone(real_documents: Path) -> None:
    for _, answer in answers(real_documents, Tagger(bundled_taxonomy())):
        (sentence,) = answer.tagged.sentences
        assert all(finding.sentence == sentence.span for finding in answer.tagged.findings)
        assert answer.given == {finding.tag for finding in answer.tagged.findings}


def test_readers_may_differ_and_such_a_sentence_is_not_measured() -> None:
    assert {len(set(row.tags)) for row in rows()} == {1, 2}


def test_only_known_tags_are_coded() -> None:
    known = {tag.id for tag in bundled_taxonomy().tags}
    assert known >= {tag for row in rows() for tags in row.tags for tag in tags}
