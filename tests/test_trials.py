"""Quotations made by a seed are what they are said to be, before anything is measured by them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from readings import Text, reading

from eval import trials
from eval.filler import babble, fill
from eval.stretches import Break, Stretch, Stretches, letters, stretches
from eval.tampering import TAMPERINGS, vocabulary
from eval.trials import TRUE, Sort, Trial, Trials, prose
from eval.typography import SETTINGS
from eval.verification import Outcome
from index.quotations import Quotation, plain_prose, quotations
from index.shelf import Shelf, Volume
from index.verification import Verifier
from ingest.library import Library
from ingest.model import Document, Dossier, Note, Reading, Span, Stamp, words_hash

_NOUNS = ("harbour", "warden", "keeper", "lantern", "ferry", "anchor", "captain", "signal", "tide")
_VERBS = ("inspected", "repaired", "abandoned", "described", "measured", "surveyed", "reported")
_PLACES = ("Northgate", "Millbank", "Eastport", "Ashford", "Kingsmere")
_NAMES = ("Mr Ardent", "Mrs Bellows", "Dr Corder", "Professor Dunmore", "Ms Everly")


def sentences(chance: random.Random) -> Iterator[str]:
    """Invented sentences that between them have everything that can be set or altered otherwise."""
    while True:
        noun, other, verb = chance.choice(_NOUNS), chance.choice(_NOUNS), chance.choice(_VERBS)
        place, name, year = (
            chance.choice(_PLACES),
            chance.choice(_NAMES),
            chance.randint(1900, 2020),
        )
        yield chance.choice(
            (
                f"The {noun} officers must not have {verb} the first {other} at {place} in {year}.",
                f"It was not adequate – the {noun} said “{verb}” of {chance.randint(20, 99)}"
                f" {other}s near {place} and offered no explanation for {year}.",
                f"{name} told the Inquiry that the {noun} should have {verb} twelve {other}s at"
                f" {place} before the winter of {year}.",
            )
        )


def written(chance: random.Random) -> Reading:
    """Forty numbered paragraphs on pages of their own, with a note called in each."""
    words = sentences(chance)
    made = reading(
        [
            Text(f"{number}. {' '.join(islice(words, 6))}", number=str(number))
            for number in range(1, 41)
        ],
        pages=[str(number) for number in range(1, 41)],
    )
    notes = [
        Note(
            marker=str(number),
            span=paragraph.span,
            anchor=made.text.index(" of ", paragraph.span.start),
        )
        for number, paragraph in enumerate(made.paragraphs, 1)
        if " of " in paragraph.span.of(made.text)
    ]
    return replace(made, notes=tuple(notes))


def dossier(id: str, title: str, made: Reading) -> Dossier:
    sha256 = words_hash(made.text)
    return Dossier(
        document=Document(
            id=id, title=title, source=f"{id}.pdf", source_sha256=sha256, page_count=40
        ),
        stamp=Stamp(source_sha256=sha256, pipeline="1", settings={}),
        reading=made,
        passages=(),
    )


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    data = tmp_path_factory.mktemp("trials")
    library, chance = Library(data), random.Random(1)
    library.write(dossier("harbour", "The Harbour Lights Inquiry", written(chance)))
    library.write(dossier("ferries", "Audit of Northern Ferries", written(chance)))
    return Shelf(data)


@pytest.fixture
def volumes(shelf: Shelf) -> Sequence[Volume]:
    return list(shelf.volumes.values())


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of each, and none that need a published file."""
    for name, count in {
        "EXACT": 6,
        "COPIED": 0,
        "SET_OTHERWISE": 2,
        "ALTERED": 2,
        "STITCHED": 2,
        "ELSEWHERE": 4,
        "SPOKEN": 4,
        "ABSENT": 4,
    }.items():
        monkeypatch.setattr(trials, name, count)


def made(volumes: Sequence[Volume], seed: int) -> list[Trial]:
    absent = ["Nobody here has ever written a single word about the moon and the winter snow."]
    return list(Trials(volumes, random.Random(seed)).all({}, absent))


@pytest.mark.usefixtures("few")
def test_the_same_seed_makes_the_same_quotations(volumes: Sequence[Volume]) -> None:
    assert made(volumes, 3) == made(volumes, 3)
    assert made(volumes, 3) != made(volumes, 4)


@pytest.mark.usefixtures("few")
def test_every_sort_is_made(volumes: Sequence[Volume]) -> None:
    by_hand = {Sort.COPIED, Sort.DIGEST, Sort.PARAPHRASE}
    assert {trial.sort for trial in made(volumes, 3)} == set(Sort) - by_hand


@pytest.mark.usefixtures("few")
def test_what_is_altered_stands_nowhere_and_what_is_true_where_it_says(
    volumes: Sequence[Volume],
) -> None:
    texts = {volume.document.id: volume.text for volume in volumes}
    everything = "\n".join(letters(text) for text in texts.values())
    for trial in made(volumes, 5):
        if trial.sort in (Sort.ALTERED, Sort.ABSENT):
            assert letters(trial.quotation) not in everything
        if trial.sort is Sort.EXACT:
            (spot,) = trial.spots
            assert spot.span.of(texts[spot.document]).split() == trial.quotation.split()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.usefixtures("few")
def test_nothing_altered_or_absent_is_ever_called_exact(shelf: Shelf, seed: int) -> None:
    verifier = Verifier(shelf)
    outcomes = [
        Outcome(
            trial=trial,
            verified=verifier.verify(plain_prose(trial.prose))[0]
            if trial.prose
            else verifier.check(whole(trial.quotation), trial.claim),
            seconds=0.0,
            near=(),
        )
        for trial in made(list(shelf.volumes.values()), seed)
    ]
    assert [str(each) for each in outcomes if each.falsely_exact] == []
    # Shuffled and babbled words of so formulaic a text may well be a version of some sentence.
    plain = (*TRUE, Sort.ALTERED, Sort.WRONG_DOCUMENT, Sort.WRONG_SPEAKER)
    assert [str(each) for each in outcomes if each.trial.sort in plain and not each.right] == []


def whole(words: str) -> Quotation:
    return Quotation(text=words, span=Span(0, len(words)))


def test_a_stretch_says_what_it_runs_across(volumes: Sequence[Volume]) -> None:
    for stretch in stretches(volumes[0]):
        assert (Break.PARAGRAPH in stretch.breaks) == ("\n\n" in stretch.text)
        assert (Break.PAGE in stretch.breaks) == ("\n\n" in stretch.text)
        assert (Break.NOTE in stretch.breaks) == bool(stretch.notes)
        assert all(label.of(stretch.text).strip(". ").isdigit() for label in stretch.labels)


def test_no_stretch_is_drawn_twice(volumes: Sequence[Volume]) -> None:
    drawn = Stretches(volumes, random.Random(2))
    spans = [(s.document, s.span) for s in (drawn.draw(broken=False) for _ in range(50))]
    assert len(set(spans)) == 50


@pytest.mark.parametrize("way", TAMPERINGS)
def test_a_tampering_says_where_it_is(volumes: Sequence[Volume], way: str) -> None:
    chance, words = random.Random(way), vocabulary([volume.text for volume in volumes])
    drawn = list(stretches(volumes[0]))
    tampered = [(s, t) for s in drawn if (t := TAMPERINGS[way](s, chance, words))]
    assert tampered
    for stretch, changed in tampered:
        assert changed.text != stretch.text
        assert changed.text[: changed.changed.start] == stretch.text[: changed.changed.start]
        assert stretch.text.endswith(changed.text[changed.changed.end :])


@pytest.mark.parametrize("way", SETTINGS)
def test_a_setting_leaves_the_words_that_stay(volumes: Sequence[Volume], way: str) -> None:
    chance = random.Random(way)
    settings = [(s, t) for s in stretches(volumes[0]) if (t := SETTINGS[way](s, chance))]
    assert settings
    for stretch, text in settings:
        assert text != stretch.text
        assert set(words_of(text)) - set(words_of(stretch.text)) <= {
            *words_of("the witness in that year sic emphasis added they it body"),
            *(marker for _, marker in stretch.notes),
            *pieces(stretch, text),
        }


def words_of(text: str) -> list[str]:
    for sign, spelt in (
        ("ﬃ", "ffi"),
        ("ﬁ", "fi"),
        ("ﬂ", "fl"),
        ("ﬀ", "ff"),
        ("\u00ad", ""),
        ("\u200b", ""),
    ):
        text = text.replace(sign, spelt)
    return "".join(c if c.isalnum() else " " for c in text.lower().replace("[t]", "t")).split()


def pieces(stretch: Stretch, text: str) -> set[str]:
    """Halves of broken words, and words with their note's marker, which are only re-spaced."""
    return (
        set(words_of(text))
        if letters(text) == letters(stretch.text)
        else {f"{word}{marker}" for word in words_of(stretch.text) for _, marker in stretch.notes}
    )


@pytest.mark.parametrize("place", range(3))
def test_prose_quotes_the_words_as_they_are(place: int) -> None:
    words = "The board, it said, “had no plan” at all.\n\nNobody’s keeper asked."
    (quotation,) = quotations(plain_prose(prose(words, place) or ""))
    assert letters(quotation.text) == letters(words)
    assert prose("He said “no", place) is None


def test_filler_has_the_passages_asked_for_and_no_word_of_its_own(tmp_path: Path) -> None:
    source = "the board had no plan for the gates and no board"
    fill(tmp_path, [source], passages=201, chance=random.Random(1))
    volumes = Shelf(tmp_path).volumes.values()
    assert sum(len(volume.passages) for volume in volumes) == 400
    assert {word for volume in volumes for word in volume.text.split()} <= set(source.split())


def test_babble_follows_its_source() -> None:
    words = list(islice(babble(["a b c a b d"], random.Random(1), order=2), 60))
    assert set(zip(words, words[1:], words[2:], strict=False)) & {("a", "b", "c"), ("a", "b", "d")}
