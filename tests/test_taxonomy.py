"""The taxonomy is seventeen documented tags, and a wrong one is refused by name."""

from pathlib import Path

import pytest

from ingest.errors import CorpusError
from ingest.findings.taxonomy import bundled_taxonomy, inflections, parse_taxonomy, read_taxonomy

SMALL = """
policing = ["police"]
elsewhere = []
traps = []
[classes]
women = ["woman|women"]
[[tags]]
id = "sexism"
label = "Sexism"
definition = "Worse treatment of women."
includes = []
excludes = []
example = "He mocked her."
[[tags.rules]]
id = "sexism.mocked"
seeks = "Women mocked."
words = ["@women", "mock~"]
confidence = 0.7
"""


def test_the_bundled_taxonomy_has_seventeen_tags_each_with_rules_that_say_what_they_seek() -> None:
    tags = bundled_taxonomy().tags
    assert len(tags) == 17
    assert all(tag.definition and tag.includes and tag.excludes and tag.example for tag in tags)
    assert all(rule.seeks.endswith(".") for tag in tags for rule in tag.rules)


def test_alternatives_stand_for_classes_and_inflections() -> None:
    taxonomy = parse_taxonomy(SMALL, file="small.toml")
    assert taxonomy.phrases("@women") == {"woman", "women"}
    assert {"mock", "mocks", "mocked", "mocking"} <= taxonomy.phrases("mock~")


@pytest.mark.parametrize(
    ("word", "form"),
    [("stop", "stopped"), ("bully", "bullied"), ("close", "closing"), ("search", "searches")],
)
def test_regular_forms_are_spelt_as_english_spells_them(word: str, form: str) -> None:
    assert form in inflections(word)


def test_the_fingerprint_follows_what_is_tagged_and_not_how_the_file_is_laid_out() -> None:
    first = parse_taxonomy(SMALL, file="small.toml").fingerprint()
    assert parse_taxonomy("# a remark\n" + SMALL, file="other.toml").fingerprint() == first
    assert parse_taxonomy(SMALL.replace("0.7", "0.8"), file="small.toml").fingerprint() != first


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("confidence = 0.7", "confidence = 7.0"), "sexism.mocked"),
        (("confidence = 0.7", "confidence = 0.7\nweight = 2"), "weight"),
        (("@women", "@men"), "no word class '@men'"),
        (('id = "sexism.mocked"', 'id = "other.mocked"'), "does not begin with the tag's id"),
        (('label = "Sexism"', ""), "tags 'sexism', label"),
        (("mock~", "mock~||jeer"), "sexism.mocked"),
        (("[classes]", "[classes"), "not TOML"),
    ],
)
def test_a_wrong_taxonomy_is_refused_with_its_file_and_place(
    change: tuple[str, str], told: str
) -> None:
    with pytest.raises(CorpusError) as refusal:
        parse_taxonomy(SMALL.replace(*change), file="small.toml")
    assert "small.toml" in str(refusal.value)
    assert told in str(refusal.value)
    assert refusal.value.remedy


def test_an_id_given_twice_is_refused() -> None:
    twice = SMALL + SMALL[SMALL.index("[[tags]]") :]
    with pytest.raises(CorpusError, match="'sexism' is defined 2 times"):
        parse_taxonomy(twice, file="small.toml")


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"absent\.toml"):
        read_taxonomy(tmp_path / "absent.toml")
