"""Labelled sentences are whole, and a faulty one is named."""

from pathlib import Path

import pytest

from ingest.errors import CorpusError
from ingest.findings.examples import Sort, bundled_examples, read
from ingest.findings.taxonomy import bundled_taxonomy

GOOD = (
    '{"id": "a-1", "text": "They hid his boots.", "spans": [{"tag": "bullying", "start": 0, '
    '"end": 18}], "stance": "found", "voice": "inquiry", "kind": "implicit"}'
)
UNTAGGED = {Sort.LEXICAL_TRAP, Sort.OUT_OF_DOMAIN, Sort.NEUTRAL}


def test_every_tag_has_examples_by_several_writers() -> None:
    for tag in bundled_taxonomy().tags:
        writers = {example.writer for example in bundled_examples() if tag.id in example.tags}
        assert len(writers) >= 3


def test_only_examples_of_evidence_have_tags() -> None:
    for example in bundled_examples():
        assert bool(example.tags) is (example.kind not in UNTAGGED), example.id


def test_an_example_knows_its_writer_and_the_words_that_carry_its_tag(tmp_path: Path) -> None:
    file = tmp_path / "fifth.jsonl"
    file.write_text(GOOD + "\n", encoding="utf-8")
    (example,) = read(file)
    assert (example.writer, example.tags) == ("fifth", frozenset({"bullying"}))
    assert example.spans[0].span.of(example.text) == "They hid his boots"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not JSON"),
        (GOOD.replace("bullying", "laziness"), "'laziness' is no tag of the taxonomy"),
        (GOOD.replace("18", "20"), "0 to 20 is no part of the 19 characters"),
        (GOOD.replace('"end": 18', '"end": 0'), "0 to 0 is no part"),
        (GOOD.replace("found", "foundish"), "stance"),
        (GOOD.replace('"id"', '"name"'), "id: Field required"),
    ],
)
def test_a_faulty_example_is_named_by_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "fifth.jsonl"
    file.write_text(f"{GOOD}\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"findings/fifth\.jsonl, line 2") as caught:
        list(read(file))
    assert said in str(caught.value)
