"""Why a finding was given is worked out again from its words, and adds up to what was decided."""

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from harbour import GATES, REVIEW, TAG, WITNESS
from readings import passage_of
from toyembedder import ToyEmbedder
from typer.testing import CliRunner

from api import explaining, reasons, terminal, view
from api.cli import app
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.embedder import Embedder
from ingest.errors import UnknownId
from ingest.findings.grounds import Grounds, Part, grounds, heaviest
from ingest.findings.learned import (
    EVEN,
    Learned,
    Unit,
    bundled_weights,
    claims,
    confidence,
    least_evidence,
    likelier,
)
from ingest.findings.reasons import Ground
from ingest.findings.reasons import reasons as reasons_of
from ingest.findings.tagger import PassageText, Tagger, bundled_tagger, findings
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.findings.wording import occurrences, terms
from ingest.identity import finding_ids
from ingest.model import Finding, Kind, Passage, Span, Stance, Voice

_TEXTS = (
    "A former dispatcher told us: “Women on the relief were mocked whenever they spoke.",
    "They called the rape suite a taxi rank.” The panel found that nobody wrote it down.",
    "There was no evidence that Black officers were disciplined more often than their colleagues.",
)

SOBER_TEXTS = (
    (
        "The force should be reimbursed in full for the overtime that its response teams worked.",
        ("frontline_neglect",),
    ),
    (
        "The force reported a rise in the number of complaints against officers.",
        ("misconduct_process",),
    ),
    ("Women on the relief were mocked whenever they spoke, and nobody wrote it down.", ()),
    ("The officer lives in a house of four floors, which was searched for a lost dog.", ()),
)


@pytest.fixture(scope="module")
def served(casey: Path, encoder: Embedder) -> Casebook:
    return Casebook(casey, embedder=encoder, engine=EdgeEngine())


@pytest.fixture
def harbour_casebook(harbour: Path) -> Casebook:
    return Casebook(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())


def _passages() -> tuple[PassageText, ...]:
    starts = [sum(len(text) + 2 for text in _TEXTS[:place]) for place in range(len(_TEXTS))]
    return tuple(
        PassageText(
            passage=passage_of(text, start=start), text=text, document_kind=Kind.FINAL_REPORT
        )
        for start, text in zip(starts, _TEXTS, strict=True)
    )


def _parts(told: Grounds) -> list[Part]:
    terms, themes = (term.part for term in told.terms), (theme.part for theme in told.themes)
    return [told.rules, told.base, *terms, *themes]


def _own(finding: Finding, passage: Passage) -> Finding:
    inside = passage.span
    return replace(
        finding, span=finding.span.within(inside), sentence=finding.sentence.within(inside)
    )


@pytest.mark.parametrize("with_vectors", [True, False])
def test_a_passage_read_again_by_itself_earns_what_it_earned_in_its_document(
    encoder: Embedder, with_vectors: bool
) -> None:
    chosen = encoder if with_vectors else None
    given = _passages()
    found = 0
    for place, earned in enumerate(findings(given, chosen)):
        examined = bundled_tagger(chosen).examined(given[: place + 1])
        here = given[place].passage
        again = {(f.tag, f.span, f.voice, f.stance) for f in examined.tagged.findings}
        for finding in earned:
            own = _own(finding, here)
            assert (own.tag, own.span, own.voice, own.stance) in again
            assert reasons_of(examined, own).given
            found += 1
    assert found >= 2


@pytest.mark.parametrize(("text", "given"), SOBER_TEXTS)
@pytest.mark.parametrize("ruled", [False, True])
def test_in_a_document_each_bar_is_what_the_other_leaves_to_be_reached(
    encoder: Embedder, text: str, given: Collection[str], ruled: bool
) -> None:
    learned = Learned(bundled_weights(), encoder)
    rules: Mapping[str, float] = bundled_tagger().rules(text) if ruled else {}
    unit = Unit(text=text, rules=rules, sober=True)
    (judgement,) = learned.judgements([unit])
    assert judgement.given.keys() >= set(given)
    for tag in judgement.shares:
        told = grounds(learned, unit, tag, judgement)
        assert told.together or tag in rules
        assert told.given == (told.evidence.passed and (told.share.passed or told.own.passed))


@pytest.mark.parametrize("evidence", [0.02, 0.49])
def test_in_a_document_no_claim_makes_up_for_what_is_hardly_evidence(evidence: float) -> None:
    sums = bundled_weights().full
    logit = math.log(evidence / (1 - evidence))
    scores = np.full((1, 1 + 17 + len(Stance)), -9, dtype=np.float32)
    scores[0, :2] = logit, 9
    likely, alone = np.array([evidence], dtype=np.float32), np.zeros(17, dtype=np.float32)
    assert confidence(likely, claims(scores), sums, alone).max() > EVEN
    assert not likelier(scores, np.ones((1, 17), dtype=np.float32)).any()
    assert least_evidence(0.9999, 0.0, sums) == EVEN


@pytest.mark.parametrize("doubt", [0.0, 1.5])
@pytest.mark.parametrize("with_vectors", [True, False])
def test_the_grounds_add_up_to_the_probability(
    encoder: Embedder, with_vectors: bool, doubt: float
) -> None:
    learned = Learned(bundled_weights(), encoder if with_vectors else None)
    text = "Women on the relief were mocked whenever they spoke, and nobody wrote it down."
    unit = Unit(text=text, rules=bundled_tagger().rules(text), doubt=doubt)
    (judgement,) = learned.judgements([unit])
    told = grounds(learned, unit, "misogyny", judgement)
    parts = _parts(told)
    logit = sum(part.evidence for part in parts)
    assert 1 / (1 + math.exp(-logit)) == pytest.approx(judgement.evidence, abs=2e-3)
    assert told.given == (told.evidence.passed and (told.share.passed or told.own.passed))
    # The parts for two tags differ by the logarithm of their shares' ratio.
    other = grounds(learned, unit, "bullying", judgement)
    difference = sum(part.tag for part in parts) - sum(part.tag for part in _parts(other))
    ratio = judgement.shares["misogyny"] / judgement.shares["bullying"]
    assert difference == pytest.approx(math.log(ratio), abs=2e-2)


def test_of_words_within_each_other_only_the_heavier_is_shown(encoder: Embedder) -> None:
    learned = Learned(bundled_weights(), encoder)
    unit = Unit(text="Women on the relief were mocked whenever they spoke.", rules={})
    (judgement,) = learned.judgements([unit])
    shown = heaviest(grounds(learned, unit, "misogyny", judgement).terms, 6)
    spans = sorted((each.span for each in shown), key=lambda span: span.start)
    assert all(not a.overlap(b) for a, b in pairwise(spans))
    assert "Women" in {each.span.of(unit.text) for each in shown}


def test_every_term_is_found_where_it_stands() -> None:
    text = "The Met's officers, and officers' families."
    placed = occurrences(text)
    assert set(placed) == set(terms(text))
    assert placed["offic"].of(text) == "officers"


def test_a_denial_is_explained_by_the_words_that_deny(encoder: Embedder) -> None:
    tagger = Tagger(bundled_taxonomy())
    text = "The panel saw no evidence of bullying in the relief."
    passage = replace(_passages()[0], text=text)
    examined = tagger.examined([passage])
    (finding,) = (each for each in examined.tagged.findings if each.tag == "bullying")
    told = reasons_of(examined, finding)
    assert finding.stance is Stance.DENIED
    assert told.by is Ground.RULE and told.grounds is None
    assert told.stance.words is not None
    assert told.stance.words.of(text) == "saw no"


def test_what_a_sentence_earns_by_itself_is_explained_by_that_sentence(encoder: Embedder) -> None:
    told = "From midnight the valley had one car, and its driver had been on shift since noon."
    text = f"The inspector retired in 2011. {told} The station has four floors and a lift."
    examined = bundled_tagger(encoder).examined([replace(_passages()[0], text=text)])
    (finding,) = examined.tagged.findings
    why = reasons_of(examined, finding)
    assert why.unit.of(text) == told
    assert why.grounds is not None and why.grounds.given


def test_an_omission_is_not_explained_as_a_denial(encoder: Embedder) -> None:
    text = "Nobody was disciplined after the complaint was upheld."
    examined = bundled_tagger(encoder).examined([replace(_passages()[0], text=text)])
    (finding,) = examined.tagged.findings
    assert "denial" not in reasons_of(examined, finding).stance.why


def test_a_witness_is_explained_by_the_words_that_name_one(encoder: Embedder) -> None:
    given = _passages()
    examined = bundled_tagger(encoder).examined(given[:1])
    finding = examined.tagged.findings[0]
    told = reasons_of(examined, finding)
    assert finding.voice is Voice.WITNESS
    assert told.voice.words is not None and "told us" in told.voice.words.of(given[0].text)


def test_an_id_of_a_finding_has_its_passage_its_tag_and_its_opening_words() -> None:
    finding = Finding(
        passage="review:3.2",
        tag="bullying",
        span=Span(0, 1),
        sentence=Span(0, 1),
        voice=Voice.INQUIRY,
        stance=Stance.FOUND,
        confidence=0.5,
        rule="",
    )
    named = [
        (finding, "Shouted at"),
        (replace(finding, tag="racism"), "x"),
        (finding, "shouted at"),
    ]
    assert list(finding_ids(named)) == [
        "review:3.2:bullying:shouted-at",
        "review:3.2:racism:x",
        "review:3.2:bullying:shouted-at~2",
    ]


def test_every_finding_of_the_corpus_can_be_explained_and_is_given_again(
    served: Casebook,
) -> None:
    chosen = served.findings()[::7]
    assert len(chosen) > 10
    for finding in chosen:
        volume = served.shelf.volume(finding.passage.partition(":")[0])
        told = reasons.explanation(served, volume.finding_ids[finding])
        assert told.given and told.with_vectors
        assert told.evidence is not None and told.by != Ground.RULE
        assert told.finding.text[told.finding.start : told.finding.end] == told.finding.trigger
        for term in told.terms:
            assert told.text[term.start : term.end] == term.text
        for rule in told.fired:
            assert told.text[rule.start : rule.end] == rule.text
        for cue in (told.voice, told.stance):
            assert cue.text is None or told.text[cue.start : cue.end] == cue.text


def test_a_finding_made_by_hand_says_that_its_words_do_not_earn_it(
    harbour_casebook: Casebook,
) -> None:
    (id, *_) = harbour_casebook.shelf.volume(REVIEW).findings_by_id
    told = reasons.explanation(harbour_casebook, id)
    assert not told.given
    assert "do not earn the finding" in told.summary[-1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (GATES, "is a passage, not a finding"),
        (f"{GATES}:{TAG}:no-such-words", "There is no finding"),
        ("nowhere:1", "`casebook findings` lists the findings"),
    ],
)
def test_an_unknown_id_is_refused_with_what_to_ask_for(
    harbour_casebook: Casebook, asked: str, said: str
) -> None:
    with pytest.raises(UnknownId, match=said) as refused:
        reasons.explanation(harbour_casebook, asked)
    if asked.startswith(GATES):
        ids = harbour_casebook.shelf.volume(REVIEW).findings_by_id
        assert any(id in str(refused.value) for id in ids if id.startswith(f"{GATES}:"))


def test_the_ids_shown_with_a_passage_are_those_of_the_list(harbour_casebook: Casebook) -> None:
    shown = view.evidence(harbour_casebook.passage(WITNESS)).findings
    listed = [view.finding(harbour_casebook.shelf, each) for each in harbour_casebook.findings()]
    assert {each.id for each in shown} <= {each.id for each in listed}
    assert len({each.id for each in listed}) == len(listed)


def test_a_person_sees_the_sentence_with_its_trigger_and_what_weighed(
    served: Casebook, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = served.findings()[0]
    volume = served.shelf.volume(finding.passage.partition(":")[0])
    monkeypatch.setattr(terminal.output, "width", 400)
    explaining.explain(served, volume.finding_ids[finding], as_json=False)
    printed = capsys.readouterr().out
    for told in ("Why this tag", "What weighed", "Whose words", "How they are put", "needed"):
        assert told in printed
    assert volume.finding_ids[finding] in printed


def test_the_command_prints_one_object_for_programs(casey: Path, served: Casebook) -> None:
    finding = served.findings()[0]
    id = served.shelf.volume(finding.passage.partition(":")[0]).finding_ids[finding]
    asked = ["findings", "--explain", id, "--json", "--data", str(casey)]
    answered = CliRunner().invoke(app, asked)
    assert answered.exit_code == 0, answered.output
    assert json.loads(answered.stdout)["finding"]["id"] == id
