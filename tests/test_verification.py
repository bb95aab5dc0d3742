"""A verdict rests on signs compared one by one, and never on a likeness."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from harbour import DIGEST, GATES, REVIEW, STATED, WITNESS

from index.claims import Claim
from index.quotations import Quotation, plain_prose
from index.shelf import Shelf
from index.verification import Verified, Verifier
from ingest.errors import BadQuery
from ingest.model import ChangeKind, Span, Stance, Verdict, Voice

WORDS = "The board had no plan for a flood at the lower gates."


@pytest.fixture(scope="module")
def verifier(harbour: Path) -> Verifier:
    return Verifier(Shelf(harbour))


def check(verifier: Verifier, words: str, claim: Claim | None = None) -> Verified:
    return verifier.check(Quotation(text=words, span=Span(0, len(words))), claim)


def passages(verified: Verified) -> Sequence[str | None]:
    return [place.passage for place in verified.places]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (WORDS, Verdict.EXACT),
        ("no plan for a\n  flood at the lower gates", Verdict.EXACT),
        ("told us that “=alarms were switched off” during", Verdict.EXACT),
        ('told us that "=alarms were switched off" during', Verdict.TYPOGRAPHIC),
        ("the board had no plan for a flood", Verdict.TYPOGRAPHIC),
        ("The board had no plan for a flood.", Verdict.TYPOGRAPHIC),
        ("The board had no plan for a \ufb02ood at the lower gates.", Verdict.TYPOGRAPHIC),
        ("The board had no plan for a fl\u00adood", Verdict.TYPOGRAPHIC),
        ("The board had no plan for a flo- od at the lower", Verdict.TYPOGRAPHIC),
        ("[t]he board had no plan for a flood", Verdict.TYPOGRAPHIC),
        ("The [harbour] board had no plan for a flood", Verdict.TYPOGRAPHIC),
        ("The board had no plan … at the lower gates.", Verdict.TYPOGRAPHIC),
        ("The board had no plan [...] Nobody asked for one", Verdict.TYPOGRAPHIC),
        ("Nobody asked for one. A gatekeeper told us", Verdict.TYPOGRAPHIC),
        ("Nobody asked for one. 3.13 A gatekeeper told us", Verdict.EXACT),
        ("The board had a plan for a flood at the lower gates.", Verdict.ALTERED),
        ("The board had no plan, for a flood at the lower gates.", Verdict.ALTERED),
        ("The Board had no plan for a flood at the lower gates.", Verdict.ALTERED),
        ("told us that “alarms were switched off” during", Verdict.ALTERED),
        ("Nobody feared the moon in winter.", Verdict.NOT_FOUND),
    ],
)
def test_what_differs_decides_the_verdict(verifier: Verifier, words: str, verdict: Verdict) -> None:
    assert check(verifier, words).verdict is verdict


def test_a_negation_that_was_taken_out_is_called_one(verifier: Verifier) -> None:
    (place,) = check(verifier, WORDS.replace("no plan", "a plan")).places
    (change,) = place.match.changes
    assert (change.kind, change.quoted, change.source) == (ChangeKind.NEGATION, "a", "no")
    assert place.passage == GATES


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The board should publish two flood plans each year", ChangeKind.NUMBER),
        ("The board must publish a flood plan each year", ChangeKind.MODAL),
        ("The council should publish a flood plan each year", ChangeKind.WORDS),
        ("The Gatwick should publish a flood plan each year", ChangeKind.NAME),
    ],
)
def test_what_was_changed_is_named(verifier: Verifier, words: str, kind: ChangeKind) -> None:
    (place,) = check(verifier, words).places
    assert kind in {change.kind for change in place.match.changes}


def test_words_of_two_places_are_stitched(verifier: Verifier) -> None:
    words = "The board had no plan for a flood. The board should publish a flood plan each year"
    verified = check(verifier, words)
    assert verified.verdict is Verdict.STITCHED
    assert [fragment.places[0].passage for fragment in verified.fragments] == [GATES, STATED]


def test_the_omission_is_shown(verifier: Verifier) -> None:
    (place,) = check(verifier, "The board had no plan … at the lower gates.").places
    assert place.omitted == ("for a flood",)


def test_words_of_another_document_than_claimed_are_elsewhere(verifier: Verifier) -> None:
    verified = check(verifier, WORDS, Claim(documents=("harbour-plan",)))
    assert verified.verdict is Verdict.ELSEWHERE
    assert passages(verified) == [GATES]


def test_a_digest_is_never_the_source_of_an_exact(verifier: Verifier) -> None:
    verified = check(verifier, "The letter asked for lower fees.")
    assert verified.verdict is Verdict.NOT_FOUND
    assert not verified.places
    assert [place.document for place in verified.digests] == [DIGEST]
    assert "the published document is not in this corpus" in verified.warnings[0]


def test_testimony_quoted_as_a_finding_is_noticed(verifier: Verifier) -> None:
    prose = plain_prose("The Review found that “=alarms were switched off”.")
    (verified,) = verifier.verify(prose)
    assert verified.verdict is Verdict.EXACT
    assert passages(verified) == [WITNESS]
    assert verified.places[0].spoken.voice is Voice.WITNESS
    assert verified.places[0].spoken.stance in {Stance.ALLEGED, Stance.REPORTED}
    assert "Given as the inquiry's own words" in verified.warnings[0]


def test_prose_that_names_its_source_is_taken_at_its_word(verifier: Verifier) -> None:
    prose = plain_prose("The Harbour Review says “Gates close at dusk”.")
    (verified,) = verifier.verify(prose)
    assert verified.claim.documents == (REVIEW,)
    assert verified.verdict is Verdict.ELSEWHERE


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("The board had … plan for a flood", "What is left out has a negation (“no”)"),
        ("The board had [a] plan for a flood", "What is left out has a negation (“no”)"),
        ("Gates [do not] close at dusk", "The insertion [do not] has a negation"),
    ],
)
def test_an_honest_sign_that_turns_the_sense_round_is_called_out(
    verifier: Verifier, words: str, says: str
) -> None:
    verified = check(verifier, words)
    assert verified.verdict is Verdict.TYPOGRAPHIC
    assert any(says in warning for warning in verified.warnings)


def test_an_honest_omission_is_not_warned_of(verifier: Verifier) -> None:
    verified = check(verifier, "The board had no plan … at the lower gates.")
    assert verified.warnings == ()


def test_a_quotation_within_somebodys_words_is_found(verifier: Verifier) -> None:
    prose = plain_prose(f"He wrote “she said ‘{WORDS}’ to me”.")
    assert [each.verdict for each in verifier.verify(prose)][-1] is Verdict.EXACT


def test_another_document_that_has_some_of_the_words_is_no_source(verifier: Verifier) -> None:
    verified = check(verifier, "It said nothing of a flood.")
    assert verified.verdict is Verdict.NOT_FOUND
    assert [place.document for place in verified.digests] == [DIGEST]


def test_a_title_in_full_is_a_claim_of_that_document_alone(verifier: Verifier) -> None:
    for title in ("Harbour Review: Final Report", "harbour plan"):
        assert len(verifier.claims.read(f"In {title} we read").documents) == 1


def test_a_quotation_too_long_to_check_is_refused(verifier: Verifier) -> None:
    with pytest.raises(BadQuery, match="too long to check"):
        check(verifier, "word " * 20_000)
