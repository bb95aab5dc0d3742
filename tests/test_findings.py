"""Findings carry the words that earned them, and words in another sense earn nothing."""

import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import passage_of

from eval.findings import macro_f1, measure, of_kind, tag_score
from ingest.findings.denial import is_omission
from ingest.findings.learned import Judgement, Learned, Unit, bundled_weights
from ingest.findings.matching import Judged, pipeline, read, unread
from ingest.findings.tagger import (
    MODEL,
    PassageText,
    Tagger,
    borne_out,
    bundled_tagger,
    findings,
    read_as_denial,
    tag,
)
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Kind, Span, Stance, Voice
from ingest.similarity import Encoder

RULES = {rule.id: tag.id for tag in bundled_taxonomy().tags for rule in tag.rules}
PHRASES = sorted(
    phrase
    for tag in bundled_taxonomy().tags
    for rule in tag.rules
    for words in rule.words
    for phrase in bundled_taxonomy().phrases(words)
)
WORDS = st.sampled_from(PHRASES) | st.sampled_from(
    ["police", "said", *'“”".,;½😀', "\n\n", "3.12."]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Women on the relief were mocked whenever they spoke.", "misogyny"),
        ("Black drivers were four times as likely to be stopped by officers.", "racism"),
        ("A lesbian constable was taunted in the canteen.", "homophobia"),
        ("Her request for a reasonable adjustment was turned down.", "ableism"),
        ("His clearance had lapsed two years earlier.", "vetting_failure"),
        ("The misconduct hearing was put off five times.", "misconduct_process"),
        ("New joiners were bullied by the sergeants.", "bullying"),
        ("The command closed ranks when the story broke.", "culture_of_denial"),
        ("Rape investigations were left to trainees.", "public_protection"),
        ("A girl of fourteen was strip-searched at school.", "child_safeguarding"),
        ("Response officers were single-crewed on most nights.", "frontline_neglect"),
        ("Stop and search was used without thought.", "stop_and_search"),
        ("The firearms command was a closed world.", "firearms_units"),
        ("Senior leaders failed to take responsibility for the force.", "leadership_governance"),
        ("Public confidence in the police has fallen.", "public_consent"),
        ("Retention of women officers was poor.", "recruitment_progression"),
        ("Probationers were left alone without a tutor.", "training_supervision"),
    ],
)
def test_each_tag_is_found_in_a_sentence_about_it(
    encoder: Encoder, text: str, expected: str
) -> None:
    found = tag(text, encoder=encoder).findings
    assert expected in {finding.tag for finding in found}
    assert all(
        finding.rule.startswith(f"{MODEL}: ") or RULES[finding.rule] == finding.tag
        for finding in found
    )


@pytest.mark.parametrize(
    "text",
    [
        "The vetting of documents for the police archive took a week.",
        "Officers made a lost-property search for the umbrella.",
        "The police horse won the race meeting by a length.",
        "The confidence interval of the estimate is given in the annex.",
        "The board met on Tuesday and approved the minutes.",
        "A denial-of-service attack stopped the force's website.",
        "Black cabs may wait outside the police station.",
        "The council gave planning consent for the new police mast.",
        "The firearms licensing office opens at nine.",
        "The retention period for pocket notebooks is seven years.",
        "",
        "   \n\n ",
    ],
)
def test_a_theme_word_in_another_sense_earns_nothing(encoder: Encoder, text: str) -> None:
    assert tag(text, encoder=encoder).findings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "From midnight the valley had one car, and its driver had been on shift since noon.",
            "frontline_neglect",
        ),
        (
            "The form asked where he had worked before, and nobody rang any of the places.",
            "vetting_failure",
        ),
        (
            "The file lay on a desk for nineteen months before anyone was asked a question.",
            "misconduct_process",
        ),
        (
            "The boy, who was thirteen, was told to take off his clothes with the door open.",
            "child_safeguarding",
        ),
        (
            "The seven who were made inspector that year had all played golf with the man who "
            "chose them.",
            "recruitment_progression",
        ),
    ],
)
def test_a_theme_is_found_without_its_words(encoder: Encoder, text: str, expected: str) -> None:
    assert Tagger(bundled_taxonomy()).tag(text).findings == ()
    learned = tag(text, encoder=encoder).findings
    assert {found.tag for found in learned} == {expected}
    assert all(found.rule.startswith(f"{MODEL}: ") for found in learned)


def test_a_theme_is_found_among_sentences_of_something_else(encoder: Encoder) -> None:
    told = "The form asked where he had worked before, and nobody rang any of the places."
    text = f"The inspector retired in 2011. {told} The station has four floors and a lift."
    (finding,) = tag(text, encoder=encoder).findings
    assert (finding.tag, finding.sentence.of(text)) == ("vetting_failure", told)


def test_in_a_document_a_sentence_is_judged_in_the_company_of_its_passage(encoder: Encoder) -> None:
    text = "The cost of this to forces was nine million pounds."
    rest_days = "Neighbourhood officers were taken off their wards and rest days were cancelled."
    gallery = "The museum has two galleries and a small garden behind it."
    assert _tags(text, encoder) == set()
    assert _tags(text, encoder, before=rest_days) == {"frontline_neglect"}
    assert _tags(text, encoder, before=gallery) == set()
    assert tag(text, before=rest_days, encoder=encoder).findings == ()


def _tags(text: str, encoder: Encoder, before: str = "") -> set[str]:
    tagged = tag(text, before=before, document_kind=Kind.FINAL_REPORT, encoder=encoder)
    return {finding.tag for finding in tagged.findings}


def test_a_passage_adds_to_the_odds_of_a_tag_within_bounds_and_takes_from_them(
    encoder: Encoder,
) -> None:
    learned = Learned(bundled_weights(), encoder)
    text = "The cost of this to forces was nine million pounds."
    company = {"frontline_neglect": 1.5, "racism": -0.5}
    units = [
        Unit(text=text, rules={}, sober=True),
        Unit(text=text, rules={}, sober=True, company=company),
    ]
    alone, among = learned.judgements(units)
    for tag_id in learned.tags:
        odds = [
            math.log(each.likely[tag_id] / (1 - each.likely[tag_id])) for each in (alone, among)
        ]
        assert odds[1] - odds[0] == pytest.approx(company.get(tag_id, 0), abs=1e-3)
    assert all(-1 <= each <= 2.5 for each in learned.company(alone).values())


def test_a_passage_helps_no_tag_that_a_sentence_has_no_claim_to(encoder: Encoder) -> None:
    text = "I will now hand over to my colleague."
    racism = "Black officers were called racist names in the van, and supervisors laughed."
    assert _tags(text, encoder, before=racism) == set()


def test_a_passage_of_one_sentence_has_no_company(encoder: Encoder) -> None:
    made = pipeline(bundled_taxonomy(), Learned(bundled_weights(), encoder))
    told = "Recruits were bullied by the sergeants."
    (single,) = read(made(unread(made, told, sober=True))).judged
    assert single.unit.company == {}
    (run,) = read(made(unread(made, f"{told} Nobody asked why.", sober=True))).judged
    assert run.unit.company == {}
    assert all(each.unit.company["bullying"] > 0 and not each.unit.doubt for each in run.alone)


@pytest.mark.parametrize(
    "text",
    [
        "She joined in 2011. New joiners were bullied by the sergeants.",
        "He was late. From midnight the valley had one car, and its driver had been on since noon.",
    ],
)
def test_what_a_sentence_and_those_around_it_earn_is_found_once(
    encoder: Encoder, text: str
) -> None:
    assert len(tag(text, encoder=encoder).findings) == 1


def test_a_sentence_among_others_gives_up_some_evidence(encoder: Encoder) -> None:
    text = "Two of the vans were sent for repair in the spring."
    learned = Learned(bundled_weights(), encoder)
    units = [Unit(text=text, rules={}), Unit(text=text, rules={}, doubt=1.0)]
    alone, doubted = (math.log(j.evidence / (1 - j.evidence)) for j in learned.judgements(units))
    assert alone - doubted == pytest.approx(1, abs=1e-4)
    doc = pipeline(bundled_taxonomy(), learned)(f"{text} The station has four floors.")
    (run,) = read(doc).judged
    assert run.unit.doubt == 0
    assert all(each.unit.doubt > 0 for each in run.alone)


def test_a_few_words_without_a_rule_are_evidence_of_nothing(encoder: Encoder) -> None:
    assert tag("It rained.", encoder=encoder).findings == ()


def _judged(*given: str, claim: float = 1.0, denied: float = 0.0) -> Judged:
    return Judged(
        numbers=range(1),
        unit=Unit(text="", rules={}),
        judgement=Judgement(
            evidence=1.0,
            shares={"bullying": claim},
            own={},
            given=dict.fromkeys(given, 0.9),
            manners={Stance.DENIED: denied, Stance.FOUND: 1 - denied},
        ),
    )


def test_a_sentence_has_a_tag_by_itself_where_those_around_it_bear_it_out() -> None:
    sentence = _judged("bullying")
    assert borne_out(sentence, _judged(claim=0.3)).judgement.given == {"bullying": 0.9}
    assert borne_out(sentence, _judged(claim=0.1)).judgement.given == {}


def test_what_the_sentences_around_it_deny_no_sentence_finds() -> None:
    sentence, run = _judged("bullying"), _judged(denied=0.9)
    assert read_as_denial(borne_out(sentence, run).judgement)
    assert not read_as_denial(borne_out(sentence, _judged(denied=0.2)).judgement)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("her complaint was never investigated", True),
        ("no risk assessment was carried out on the night she rang", True),
        ("nobody asked why the men had been cleared", True),
        ("the advice was outsourced without anyone checking the contractor", True),
        ("the three complaints were not properly recorded", True),
        ("we found no evidence of bullying", False),
        ("nobody we spoke to had been harassed", False),
        ("the adjustments had not been refused", False),
        ("the review ended without finding that women were harassed", False),
        ("no complaint of bullying was ever read to mean that she had been harassed", False),
    ],
)
def test_what_was_left_undone_is_told_from_what_is_denied(frame: str, expected: bool) -> None:
    assert is_omission(frame) is expected


def test_an_omission_is_shown_as_found(encoder: Encoder) -> None:
    text = "Nobody was disciplined after the complaint was upheld."
    (finding,) = tag(text, encoder=encoder).findings
    assert (finding.tag, finding.stance) == ("misconduct_process", Stance.FOUND)


def test_what_is_named_soberly_is_found_in_a_document_of_an_inquiry(encoder: Encoder) -> None:
    text = "The Minister said that a review of the vetting regime would report in the spring."
    (finding,) = tag(text, document_kind=Kind.FINAL_REPORT, encoder=encoder).findings
    assert (finding.tag, finding.confidence >= 0.5) == ("vetting_failure", True)
    assert tag(text, encoder=encoder).findings == ()
    assert tag(text, document_kind=Kind.EVIDENCE, encoder=encoder).findings == ()


def test_a_document_whose_kind_nobody_tells_is_read_as_soberly(encoder: Encoder) -> None:
    text = "The Minister said that a review of the vetting regime would report in the spring."
    ((finding,),) = findings([PassageText(passage=passage_of(text), text=text)], encoder)
    assert finding.tag == "vetting_failure"


def test_a_document_of_another_inquiry_names_nothing_soberly(encoder: Encoder) -> None:
    text = "Subpostmasters were not believed when they complained of shortfalls."
    assert tag(text, document_kind=Kind.FINAL_REPORT, encoder=encoder).findings == ()


def test_a_finding_of_the_model_says_what_told_it(encoder: Encoder) -> None:
    text = "Her tutor had left school two summers before she did."
    (finding,) = tag(text, encoder=encoder).findings
    assert finding.tag == "training_supervision"
    assert finding.rule.startswith(f"{MODEL}: told by: tutor")
    assert "reads like example" in finding.rule


def test_without_vectors_words_and_rules_still_judge() -> None:
    found = tag("New joiners were bullied and humiliated by the sergeants.").findings
    assert {finding.tag for finding in found} == {"bullying"}


def test_another_taxonomy_is_tagged_by_its_rules_alone() -> None:
    (finding,) = Tagger(bundled_taxonomy()).tag("His clearance had lapsed.").findings
    assert finding.rule in RULES


@pytest.mark.parametrize(
    "text",
    [
        "Patients had lost trust in the hospital and nurses were exhausted by their workload.",
        "The pandemic exposed a lack of accountability among the leaders of public health.",
        "Postmasters were bullied and their complaints to the Post Office were ignored.",
    ],
)
def test_another_inquirys_subject_is_left_alone(encoder: Encoder, text: str) -> None:
    assert tag(text, encoder=encoder).findings == ()


def test_a_denied_failing_is_never_shown_as_found() -> None:
    (finding,) = tag("We found no evidence that racism shaped the officer's decision.").findings
    assert (finding.tag, finding.stance) == ("racism", Stance.DENIED)


def test_testimony_is_never_shown_as_the_inquirys_finding() -> None:
    text = "A constable told us that she was bullied. “I dreaded the shift. They bullied me.”"
    assert {finding.voice for finding in tag(text).findings} == {Voice.WITNESS}


def test_what_stands_before_decides_who_speaks() -> None:
    text = "The bullying never stopped.” We saw the same elsewhere."
    tagged = tag(text, before="One sergeant told us: “I asked for a move. ")
    assert [sentence.voice for sentence in tagged.sentences] == [Voice.WITNESS, Voice.INQUIRY]


def test_a_response_commits_where_a_report_recommends() -> None:
    text = "We will vet every officer again within a year."
    (finding,) = tag(text, document_kind=Kind.RESPONSE).findings
    assert (finding.voice, finding.stance) == (Voice.OFFICIAL, Stance.RECOMMENDED)


def test_findings_of_a_passage_are_counted_from_the_start_of_the_document() -> None:
    text = "The weather was mild. Two officers had been bullied by a sergeant."
    canonical = "A line before it.\n\n" + text
    passage = passage_of(text, start=canonical.index(text))
    ((finding,),) = findings([PassageText(passage=passage, text=text)])
    assert finding.passage == passage.id
    assert "bullied" in finding.span.of(canonical)
    assert finding.sentence.of(canonical) == "Two officers had been bullied by a sergeant."


def test_a_quotation_paragraph_is_the_witness_named_before_it() -> None:
    frame = "One officer told us about the night shift:"
    quoted = "I was bullied by the sergeant and nobody stopped it."
    given_passages = [
        PassageText(passage=passage_of(frame), text=frame),
        PassageText(
            passage=passage_of(quoted, start=100),
            text=quoted,
            quotations=(Span(0, len(quoted)),),
        ),
    ]
    *_, found = findings(given_passages)
    assert {finding.voice for finding in found} == {Voice.WITNESS}


def test_nothing_carries_over_from_one_document_to_the_next() -> None:
    text = "This should be done each year, and bullying should be recorded by the police."
    label = "Recommendation: Every force should report."
    pair = [
        PassageText(passage=passage_of(label), text=label, document_kind=Kind.RESPONSE),
        PassageText(
            passage=passage_of(text, document="other"), text=text, document_kind=Kind.RESPONSE
        ),
    ]
    *_, found = findings(pair)
    assert {finding.voice for finding in found} == {Voice.OFFICIAL}


@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_every_finding_is_a_slice_of_one_sentence_of_the_text(text: str) -> None:
    tagged = tag(text)
    for finding in tagged.findings:
        assert finding.sentence.holds(finding.span)
        assert finding.sentence.end <= len(text)
        assert 0 < finding.confidence <= 1
        assert finding.sentence in {sentence.span for sentence in tagged.sentences}
        assert finding.stance in Stance
        assert finding.voice in Voice


@given(st.text(max_size=120))
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    assert tag(text) == tag(text)


def test_importing_the_module_does_not_import_spacy_or_pytorch() -> None:
    heavy = "{'spacy', 'torch'} & sys.modules.keys()"
    program = f"import sys, ingest.findings.tagger; sys.exit(bool({heavy}))"
    root = Path(__file__).parent.parent
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0


def test_tags_voice_and_stance_are_good_on_the_sentences_kept_for_confirming(
    real_documents: Path, encoder: Encoder
) -> None:
    scores = measure(real_documents, by=bundled_tagger(encoder))
    traps = of_kind(scores.answers, "lexical_trap")
    assert macro_f1(scores.answers).mean > 0.7
    assert tag_score(of_kind(scores.answers, "implicit")).recall.ratio > 0.5
    assert sum(bool(answer.given) for answer in traps) <= 0.15 * len(traps)
    assert tag_score(scores.real).f1.ratio > 0.45
    assert scores.voice.right.ratio > scores.voice.majority + 0.1
    assert scores.stance.right.ratio > scores.stance.majority + 0.3
