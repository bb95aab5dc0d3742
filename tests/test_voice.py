"""Whose words a sentence is and how they are put, in sentences written for this test."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.findings.frame import frame_of, lower
from ingest.findings.stance import stance, trigger_cue
from ingest.findings.tagger import tag
from ingest.findings.voice import Thread, headed, voice
from ingest.model import Kind, Span, Stance, Voice


def _voice(sentence: str, kind: Kind = Kind.FINAL_REPORT) -> Voice:
    return voice(sentence, Thread(kind=kind))[0]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("We conclude that the unit was badly led.", Voice.INQUIRY),
        ("The unit was disbanded in March 2011.", Voice.INQUIRY),
        ("Sergeant Hale told us that nobody read the returns.", Voice.WITNESS),
        ("A former clerk said the files were kept in a cellar.", Voice.WITNESS),
        ("Dame Ruth Okafor stated that the plan was never costed.", Voice.WITNESS),
        ("“They laughed at me for a year.”", Voice.WITNESS),
        ("The minutes record that the item was deferred.", Voice.DOCUMENT),
        ("According to the duty log, the call came at nine.", Voice.DOCUMENT),
        ("The Government said that it would legislate.", Voice.OFFICIAL),
        ("A spokesperson insisted that lessons had been learned.", Voice.OFFICIAL),
        ("Some 43% of respondents had thought of leaving.", Voice.SURVEY),
        ("One in five staff said they had been shouted at.", Voice.SURVEY),
        ("A survey of 2,000 officers found that 46% had seen it.", Voice.SURVEY),
        ("The survey found cracks in the roof of the station.", Voice.INQUIRY),
        ("The Government accepts this recommendation.", Voice.OFFICIAL),
        ("The claim form was submitted late and the offer was rejected.", Voice.INQUIRY),
    ],
)
def test_the_subject_of_the_saying_is_the_speaker(sentence: str, speaker: Voice) -> None:
    assert _voice(sentence) is speaker


def test_words_inside_a_quotation_stay_the_speakers_until_it_closes() -> None:
    thread = Thread(kind=Kind.FINAL_REPORT)
    heard: list[Voice] = []
    for sentence in (
        "A dispatcher told us: “There was one car for the valley.",
        "We had asked for more.",
        "It never came.”",
        "The request was refused in June.",
    ):
        speaker, thread = voice(sentence, thread)
        heard.append(speaker)
    assert heard == [Voice.WITNESS, Voice.WITNESS, Voice.WITNESS, Voice.INQUIRY]


def test_a_pronoun_carries_on_with_whoever_spoke_last() -> None:
    _, thread = voice("The Home Office said that funds were tight.", Thread())
    assert voice("They added that a review was under way.", thread)[0] is Voice.OFFICIAL


def test_a_response_speaks_officially_but_for_the_recommendation_it_reprints() -> None:
    thread = Thread(kind=Kind.RESPONSE)
    restated, thread = voice("Recommendation: Every force should publish its data.", thread)
    more, thread = voice("This should be done each year.", thread)
    answered, thread = voice("Response: We agree and will do so by May.", thread)
    assert (restated, more, answered) == (Voice.INQUIRY, Voice.INQUIRY, Voice.OFFICIAL)


def test_a_heading_opens_a_recommendation_that_a_response_reprints() -> None:
    thread = headed(Thread(kind=Kind.RESPONSE), ("Answers", "Recommendation 4: Records"))
    reprinted, thread = voice("Every force should keep its records for ten years.", thread)
    accepted, thread = voice("Recommendation accepted", thread)
    answer, thread = voice("A store has been rented in Hull.", headed(thread, thread.section))
    assert (reprinted, accepted, answer) == (Voice.INQUIRY, Voice.OFFICIAL, Voice.OFFICIAL)
    reprinting = replace(thread, reprinted=Stance.RECOMMENDED)
    assert headed(reprinting, ("Answers", "Next steps")).reprinted is None


@pytest.mark.parametrize(
    "answer",
    [
        "The department accepts this recommendation.",
        "Recommendation 4 is accepted in principle.",
        "The government is looking at how records are kept.",
        "The Home Office agrees with the Committee's recommendation.",
        "Accepted.",
        "The council accepts recommendation 4.",
    ],
)
def test_an_answer_ends_the_recommendation_that_is_reprinted(answer: str) -> None:
    speaker, thread = voice(answer, Thread(kind=Kind.RESPONSE, reprinted=Stance.RECOMMENDED))
    assert speaker is Voice.OFFICIAL
    assert thread.reprinted is None


def test_what_a_committee_puts_before_the_reply_it_publishes_is_the_committees() -> None:
    thread = headed(Thread(kind=Kind.RESPONSE), ("Transport Committee", "Powers"))
    assert voice("Its powers are set out in standing orders.", thread)[0] is Voice.INQUIRY


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Ruth Okafor, Chief Constable of Wenshire, described how the night went.", Voice.WITNESS),
        ("He did, however, accept that the log was incomplete.", Voice.WITNESS),
        ("We heard that the cells had flooded twice.", Voice.WITNESS),
        ("By May (when Mr Hale gave oral evidence) nine cells had been repaired.", Voice.INQUIRY),
        ("I have set out what Mr Hale's witness statement covers.", Voice.INQUIRY),
        ("The board had received 40 late claims, i.e. claims after June.", Voice.INQUIRY),
        ("Its plan was not as simple as suggested to the panel by Mr Hale.", Voice.INQUIRY),
        ("The licence is open except where otherwise stated.", Voice.INQUIRY),
        ("The report identified six cells that leaked.", Voice.DOCUMENT),
        ("The Home Office, which runs the scheme, said that it was safe.", Voice.OFFICIAL),
        ("The council did not tell tenants about the gas.", Voice.INQUIRY),
        ("The third witness, Mr Hale, said that the pumps failed.", Voice.WITNESS),
        ("That said, the cells were repaired in June.", Voice.INQUIRY),
    ],
)
def test_nouns_asides_and_appositions_are_not_taken_for_speakers(
    sentence: str, speaker: Voice
) -> None:
    assert _voice(sentence) is speaker


def test_the_paragraph_after_a_colon_is_of_whoever_was_named() -> None:
    spoken = tag(
        "Chief Constable Hale told us:\n\nThe cells flooded twice. Nobody rang back.\n\n"
        "The cells were repaired in May.",
        document_kind=Kind.FINAL_REPORT,
    ).sentences
    assert [each.voice for each in spoken[1:]] == [Voice.WITNESS, Voice.WITNESS, Voice.INQUIRY]


def test_the_items_of_a_list_are_put_as_what_leads_it_in() -> None:
    spoken = tag(
        "The force should:\n\n• repair the cells;\n\n• keep a log.\n\nThe cells date from 1962.",
        document_kind=Kind.FINAL_REPORT,
    ).sentences
    *items, after = [each.stance for each in spoken[1:]]
    assert set(items) == {Stance.RECOMMENDED}
    assert after is Stance.BACKGROUND


@pytest.mark.parametrize(
    "items",
    [
        "1. repair the cells;\n\n2. keep a log.",
        "(1) repair the cells;\n\n(2) keep a log.",
        "(a) repair the cells. They leak.\n\n(b) keep a log.",
    ],
)
def test_a_list_may_be_numbered_and_its_items_may_be_long(items: str) -> None:
    text = f"The force should:\n\n{items}"
    spoken = tag(text, document_kind=Kind.FINAL_REPORT).sentences
    assert {each.stance for each in spoken} == {Stance.RECOMMENDED}


def test_a_finding_is_put_as_the_list_that_it_stands_in() -> None:
    text = "The force should:\n\n• stop the bullying of women officers by sergeants."
    found = tag(text, document_kind=Kind.FINAL_REPORT).findings
    assert {each.stance for each in found} == {Stance.RECOMMENDED}


def test_a_heading_ends_what_was_announced() -> None:
    thread = Thread(announced=True, lead=(Voice.WITNESS, Stance.REPORTED), section=("Pumps",))
    after = headed(thread, ("Cells",))
    assert (after.announced, after.lead) == (False, None)


def test_a_topic_before_a_colon_announces_nobody() -> None:
    spoken = tag(
        "Mr Hale was asked about three matters:\n\nThe first was the fire.",
        document_kind=Kind.FINAL_REPORT,
    ).sentences
    assert spoken[-1].voice is Voice.INQUIRY


def test_a_paragraph_set_as_a_quotation_is_not_the_inquirys_voice() -> None:
    assert voice("Nobody ever rang back.", Thread(quotation=True))[0] is Voice.WITNESS


@pytest.mark.parametrize(
    ("sentence", "speaker", "manner"),
    [
        ("The board failed to act on the warnings.", Voice.INQUIRY, Stance.FOUND),
        ("There was no supervision, which was inadequate.", Voice.INQUIRY, Stance.FOUND),
        ("The hearing took place on 4 May 2016.", Voice.INQUIRY, Stance.BACKGROUND),
        ("We found no evidence that race played a part.", Voice.INQUIRY, Stance.DENIED),
        ("The inspector denied that he had raised his voice.", Voice.WITNESS, Stance.DENIED),
        ("The force should publish its figures.", Voice.INQUIRY, Stance.RECOMMENDED),
        ("Leaders should have known of it.", Voice.INQUIRY, Stance.FOUND),
        ("He should never have been given a warrant card.", Voice.INQUIRY, Stance.FOUND),
        ("We will publish a plan in the spring.", Voice.OFFICIAL, Stance.RECOMMENDED),
        ("She said the locker room had no door.", Voice.WITNESS, Stance.REPORTED),
        ("It is alleged that he struck a prisoner.", Voice.WITNESS, Stance.ALLEGED),
        ("It was widely believed that the cells were dry.", Voice.INQUIRY, Stance.REPORTED),
        ("The delay was far too long, and very costly.", Voice.INQUIRY, Stance.FOUND),
        ("On 4 May 2016 Mr Hale was appointed to the board.", Voice.INQUIRY, Stance.BACKGROUND),
        ("I shall return to the cells in my next volume.", Voice.INQUIRY, Stance.BACKGROUND),
        ("We encourage the force to repair the cells.", Voice.INQUIRY, Stance.RECOMMENDED),
        ("The dam was inspected in May.", Voice.INQUIRY, Stance.BACKGROUND),
        ("We find that the ward was short of nurses.", Voice.INQUIRY, Stance.FOUND),
        ("3.4 So the council never knew.", Voice.INQUIRY, Stance.FOUND),
        ("The question is whether the council should pay.", Voice.INQUIRY, Stance.BACKGROUND),
    ],
)
def test_stance_follows_the_frame(sentence: str, speaker: Voice, manner: Stance) -> None:
    assert stance(sentence, speaker) is manner


@pytest.mark.parametrize(
    ("sentence", "manner"),
    [
        ("The government agrees that records must be kept.", Stance.FOUND),
        ("The government agrees that records matter and we will keep them.", Stance.RECOMMENDED),
        ("The force has reviewed its plan, which will cost more.", Stance.BACKGROUND),
        ("The government recognises this and will publish a plan.", Stance.RECOMMENDED),
    ],
)
def test_an_answering_body_promises_only_what_it_will_do(sentence: str, manner: Stance) -> None:
    assert stance(sentence, Voice.OFFICIAL, Kind.RESPONSE) is manner


def test_a_promise_is_passed_on_where_a_report_tells_of_it() -> None:
    promise = "The Home Secretary said that the force will repair the cells."
    assert stance(promise, Voice.OFFICIAL, Kind.FINAL_REPORT) is Stance.REPORTED


def test_a_denial_holds_only_to_the_end_of_its_clause() -> None:
    frame = "We found no evidence of racism, but bullying was common."
    racism, bullying = (
        Span(frame.index(w), frame.index(w) + len(w)) for w in ("racism", "bullying")
    )
    assert trigger_cue(frame, racism, Voice.INQUIRY)[0] is Stance.DENIED
    assert trigger_cue(frame, bullying, Voice.INQUIRY)[0] is Stance.FOUND


@pytest.mark.parametrize(
    ("frame", "manner"),
    [
        ("No slur was heard by any of the nine clerks.", Stance.DENIED),
        ("The inquiry was neither slow nor one-sided.", Stance.DENIED),
        ("Nobody had frozen out the new clerk.", Stance.DENIED),
        ("Nobody stopped the bullying on the night shift.", Stance.FOUND),
        ("No sergeant had recorded the remarks.", Stance.FOUND),
        ("No Secretary of State read about the bullying.", Stance.FOUND),
        ("No sexual harassment policy existed.", Stance.FOUND),
        ("Nobody complained about the bullying.", Stance.FOUND),
    ],
)
def test_a_negated_failing_is_denied_and_an_omission_is_found(frame: str, manner: Stance) -> None:
    assert trigger_cue(frame, Span(0, len(frame)), Voice.INQUIRY)[0] is manner


@given(st.text(max_size=60), st.booleans())
def test_blanking_quotations_and_case_keeps_every_offset(text: str, inside: bool) -> None:
    frame, _ = frame_of(text, inside=inside)
    assert len(frame) == len(text) == len(lower(text))


@pytest.mark.parametrize(
    "run",
    [
        *(
            "....",
            "Aa Bb ",
            "we found ",
            "1 in ",
            "told ",
            "not a ",
            "• a ",
            "in his ",
            "the plan ",
        ),
        *("which should ", "recommended that ", "if it ", "was hit and "),
    ],
)
def test_a_long_run_of_anything_comes_to_an_end(run: str) -> None:
    words = (run * 20_000)[:20_000]
    for end in (" said x", " must x", ":"):
        speaker, _ = voice(f"{words}{end}", Thread(kind=Kind.FINAL_REPORT))
        for each in (speaker, Voice.INQUIRY):
            assert trigger_cue(words, Span(0, 10), each, Kind.FINAL_REPORT)[0] in Stance


@given(st.text(max_size=80), st.sampled_from(Kind), st.booleans())
def test_voice_and_stance_always_come_from_their_vocabularies(
    text: str, kind: Kind, inside: bool
) -> None:
    speaker, _ = voice(text, Thread(kind=kind, open=inside))
    assert speaker in Voice
    assert stance(text, speaker, kind) in Stance


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("I cannot say how many ledgers there were.", Voice.INQUIRY),
        ("I have read the written submissions of the trust with care.", Voice.INQUIRY),
        ("When the clerk told me of it, I was not surprised.", Voice.INQUIRY),
        ("I was told by Mr Osei that the ledgers were burned.", Voice.WITNESS),
        ("It is safe to say that nobody counted them.", Voice.INQUIRY),
        ("He was suspended and accused of theft.", Voice.INQUIRY),
        ("Mr Osei reported to the head of the unit.", Voice.INQUIRY),
        ("A tenant had rejected the first offer.", Voice.INQUIRY),
        ("The exercises across the county highlighted a want of radios.", Voice.INQUIRY),
        ("Ms Adair highlighted the want of radios.", Voice.WITNESS),
        ("Professor Lund agreed.", Voice.WITNESS),
        ("In Ms Adair’s view, the hut was never safe.", Voice.WITNESS),
        ("In her written statement, the hut was never safe.", Voice.WITNESS),
        ("It was the view of Dr Lund that the hut was safe.", Voice.WITNESS),
        ("The figures are set out in the written evidence of Mr Osei.", Voice.INQUIRY),
        ("Dr Lund wrote in 2009 that the hut was rotten.", Voice.DOCUMENT),
        ("Dr Lund’s 2009 review observed that the hut was rotten.", Voice.DOCUMENT),
        ("The hut was described in the 2009 plan.", Voice.DOCUMENT),
        ("Roof • Repair took too long (ABC000090442_0013).", Voice.DOCUMENT),
        ("The trust did not act on the warning (ABC000090442).", Voice.INQUIRY),
        ("The hospital said that the hut was safe.", Voice.WITNESS),
        ("Some said that they had been hit.", Voice.WITNESS),
        ("Professor Lund had concluded that the hut was rotten.", Voice.WITNESS),
        ("Mr Osei accepted that he had not checked.", Voice.WITNESS),
        ("Although the trust said that it had learned, nothing changed.", Voice.INQUIRY),
        ("The fire began when Ms Adair told the operator of smoke.", Voice.INQUIRY),
        ("On the basis of the evidence, the death was avoidable.", Voice.INQUIRY),
        ("The plan was submitted by the owner in 2014.", Voice.INQUIRY),
        ("The instructions were clear that callers should stay.", Voice.INQUIRY),
        ("In the Inquiry's view, the plan was thin.", Voice.INQUIRY),
        ("His view was obstructed by smoke.", Voice.INQUIRY),
        ("The letter raised false hopes.", Voice.INQUIRY),
        ("Most of the smoke had gone when the crew told control.", Voice.INQUIRY),
        ("The report into the fire said that doors were open.", Voice.DOCUMENT),
        ("It was recorded in the log that he was unwell.", Voice.DOCUMENT),
        ("Hut\tA place that emphasises shelter", Voice.INQUIRY),
    ],
)
def test_who_speaks_is_told_from_what_somebody_did(sentence: str, speaker: Voice) -> None:
    assert _voice(sentence) is speaker


@pytest.mark.parametrize(
    ("announcement", "speaker"),
    [
        ("Its guidance on ladders was vague:", Voice.DOCUMENT),
        ("It read as follows:", Voice.DOCUMENT),
        ("In a statement I wrote:", Voice.INQUIRY),
        ("Its terms of reference are:", Voice.INQUIRY),
        ("Mr Osei was shorter:", Voice.WITNESS),
        ("The department was shorter:", Voice.OFFICIAL),
    ],
)
def test_a_quotation_is_of_what_the_sentence_before_it_is_about(
    announcement: str, speaker: Voice
) -> None:
    _, thread = voice(announcement, Thread(kind=Kind.FINAL_REPORT))
    assert voice("“Ladders are to be tied.”", thread)[0] is speaker


def test_a_list_is_the_documents_that_leads_it_in() -> None:
    text = "The plan of 2011 had two objects:\n\n• to mend the roof; and\n\n• to tie the ladders."
    _, first, second = tag(text, document_kind=Kind.FINAL_REPORT).sentences
    assert (first.voice, second.voice) == (Voice.DOCUMENT, Voice.DOCUMENT)


def test_shares_go_on_with_the_survey_that_was_named() -> None:
    _, thread = voice("Some 47% of respondents said it was hard.", Thread())
    assert voice("A further 20% found it easy.", thread)[0] is Voice.SURVEY
    assert voice("It was hard in 1990 too.", thread)[0] is not Voice.SURVEY


@pytest.mark.parametrize(
    ("frame", "manner"),
    [
        ("I should mention the families of those who fell.", Stance.BACKGROUND),
        ("I propose to consider the roof first.", Stance.BACKGROUND),
        ("The panels settled what offers should be made.", Stance.BACKGROUND),
        ("In May the decision was made that ladders should be bought.", Stance.BACKGROUND),
        ("Recommendation 6: A yearly ladder exercise", Stance.BACKGROUND),
        ("Recommendation 6: Ladders should be tied.", Stance.RECOMMENDED),
        ("It is essential that ladders should be tied.", Stance.RECOMMENDED),
        ("The inquiry agrees that ministers should buy ladders.", Stance.RECOMMENDED),
        ("The inquiry recommends that ladders be tied.", Stance.RECOMMENDED),
        ("A change of roof is needed.", Stance.RECOMMENDED),
    ],
)
def test_what_is_asked_for_is_told_from_what_is_told_of_asking(frame: str, manner: Stance) -> None:
    assert stance(frame, Voice.INQUIRY) is manner


def test_a_document_asks_in_a_quotation_that_fills_the_sentence() -> None:
    _, asked = tag(
        "The 2009 review said:\n\n“Ladders should be tied.”", document_kind=Kind.FINAL_REPORT
    ).sentences
    assert (asked.voice, asked.stance) == (Voice.DOCUMENT, Stance.RECOMMENDED)


def test_the_good_that_a_promise_will_do_is_no_promise() -> None:
    promise, benefit = "We will tie the ladders.", "This will ensure that nobody falls."
    assert stance(promise, Voice.OFFICIAL, Kind.RESPONSE) is Stance.RECOMMENDED
    assert stance(benefit, Voice.OFFICIAL, Kind.RESPONSE) is Stance.FOUND


def test_sentences_of_a_text_are_weighed_beside_each_other() -> None:
    between = "The board had the papers and might have read them."
    plain, harsh = "The panel met on 3 May 2019.", "It was wholly inadequate and inexcusable."
    for neighbour, manner in ((plain, Stance.BACKGROUND), (harsh, Stance.FOUND)):
        told = tag(between, before=neighbour, after=neighbour, document_kind=Kind.FINAL_REPORT)
        assert told.sentences[0].stance is manner


@pytest.mark.parametrize(
    ("frame", "manner"),
    [
        ("The trust did not establish a cordon.", Stance.FOUND),
        ("Inspectors saw no sign of a cordon.", Stance.DENIED),
        ("The panel did not find that it lied.", Stance.DENIED),
        ("Contrary to policy, the checks failed.", Stance.FOUND),
        ("Contrary to the complaint, the call was answered.", Stance.DENIED),
        ("The allegation is not made out.", Stance.DENIED),
        ("It is our view that ministers should buy ladders.", Stance.RECOMMENDED),
        ("I accept that the law should be changed.", Stance.RECOMMENDED),
        ("That is why the trust must act now.", Stance.RECOMMENDED),
        ("There was no need to close the bridge.", Stance.FOUND),
        ("Under the Coroners Act, every death must be told to the coroner.", Stance.BACKGROUND),
        ("She claimed rent on 4 May 2016.", Stance.BACKGROUND),
    ],
)
def test_what_is_asked_alleged_or_denied_depends_on_who_does_it(frame: str, manner: Stance) -> None:
    assert stance(frame, Voice.INQUIRY) is manner


def test_a_year_long_past_is_no_history_where_it_is_judged() -> None:
    for frame, manner in (
        ("In 1989 the force failed the children.", Stance.FOUND),
        ("In 1989 the force had a new head.", Stance.BACKGROUND),
    ):
        assert trigger_cue(frame, Span(0, len(frame)), Voice.INQUIRY)[0] is manner


def test_a_quotation_that_was_announced_is_over_where_it_was_closed() -> None:
    before = "Mr Osei told us:\n\n“The valve was open.”\n\n"
    told = tag("The valve was shut.", before=before, document_kind=Kind.FINAL_REPORT)
    assert told.sentences[0].voice is Voice.INQUIRY
    _, after = tag(
        "“The valve was open.” It was shut.",
        before="Mr Osei said:\n\n",
        document_kind=Kind.FINAL_REPORT,
    ).sentences
    assert after.voice is Voice.INQUIRY


@pytest.mark.parametrize("answer", ["Accept in principle.", "The trust accepts this."])
def test_whoever_answers_ends_what_is_reprinted(answer: str) -> None:
    thread = headed(Thread(kind=Kind.RESPONSE), ("Recommendation 4: Ladders",))
    assert voice(answer, thread)[0] is Voice.OFFICIAL
