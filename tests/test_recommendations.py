"""What counts as a recommendation, in layouts that reports use, and what does not."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from readings import READINGS, Text, reading
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, SimpleDocTemplate, Table, TableStyle
from reportlab.platypus import Paragraph as Printed

from eval.recommendations import measure
from ingest.model import Document, Kind, ParagraphKind, Reading, Recommendation
from ingest.reading.markup import read_markup
from ingest.reading.pdf import read_pdf
from ingest.reading.pdffile import pdf_facts
from ingest.recommendations.extraction import recommendations

BODY, HEADING, BOX, ITEM, QUOTATION, TABLE, CONTENTS, NOTE = (
    ParagraphKind.BODY,
    ParagraphKind.HEADING,
    ParagraphKind.BOX,
    ParagraphKind.LIST_ITEM,
    ParagraphKind.QUOTATION,
    ParagraphKind.TABLE,
    ParagraphKind.CONTENTS,
    ParagraphKind.NOTE,
)
LIST = ("Recommendations",)
HEAD = Text("Recommendations", HEADING)


def document(kind: Kind = Kind.FINAL_REPORT, title: str = "Report") -> Document:
    return Document(
        id="harbour", title=title, source="h.pdf", source_sha256="", page_count=1, kind=kind
    )


def found(texts: Sequence[Text], kind: Kind = Kind.FINAL_REPORT) -> tuple[Recommendation, ...]:
    return recommendations(document(kind), reading(texts))


def statements(texts: Sequence[Text]) -> dict[str, str]:
    """Number to words; the end of the id tells the kind."""
    made = reading(texts)
    return {
        each.id.partition(":")[2]: each.span.of(made.text)
        for each in recommendations(document(), made)
    }


# --- Lists ------------------------------------------------------------------------------------


def test_a_numbered_list_under_recommendations_gives_one_object_an_item() -> None:
    assert statements(
        [
            HEAD,
            Text("1. The Harbour Board should publish its log.", section=LIST),
            Text("2. The Minister must reply by May 2031.", section=LIST),
        ]
    ) == {
        "recommendation-1": "The Harbour Board should publish its log.",
        "recommendation-2": "The Minister must reply by May 2031.",
    }


COMMITTEE = [
    Text("1 Pilots", HEADING),
    Text("1. Pilots told us of long shifts.", section=("1 Pilots",), number="1"),
    Text("2. Conclusion", section=("1 Pilots",), number="2"),
    Text("Shifts were too long for pilots to be safe at night.", BOX, ("1 Pilots",), "2"),
    Text("Recommendation", BOX, ("1 Pilots",), "2"),
    Text("We recommend that the Harbour Board cap shifts.", BOX, ("1 Pilots",), "2"),
    Text("3. The Board said that it had no plans.", section=("1 Pilots",), number="3"),
    Text("Conclusions and recommendations", HEADING),
    Text(
        "1. Shifts were too long for pilots to be safe at night. (Conclusion, Paragraph 2)",
        section=("Conclusions and recommendations",),
    ),
    Text(
        "2. We recommend that the Harbour Board cap shifts. (Recommendation, Paragraph 2)",
        section=("Conclusions and recommendations",),
    ),
]


def test_the_label_after_an_item_says_what_it_is_and_stays_out_of_it() -> None:
    first, second = found(COMMITTEE)
    assert (first.kind, first.number, first.cited_paragraphs) == ("conclusion", "1", ("2",))
    assert (second.kind, second.number, second.addressee) == (
        "recommendation",
        "2",
        ("the Harbour Board",),
    )


def test_the_list_gives_the_span_and_the_body_an_occurrence() -> None:
    made = reading(COMMITTEE)
    conclusion = recommendations(document(), made)[0]
    (body,) = conclusion.occurrences
    assert body.of(made.text) == conclusion.span.of(made.text)
    assert body.start < conclusion.span.start


def test_without_a_list_boxes_labelled_in_the_body_take_the_paragraphs_number() -> None:
    assert [each.id for each in found(COMMITTEE[:7])] == [
        "harbour:conclusion-2",
        "harbour:recommendation-2",
    ]


def test_an_item_cut_by_a_page_runs_to_its_reference() -> None:
    section = ("Conclusions and recommendations",)
    made = statements(
        [
            Text(section[0], HEADING),
            Text("1. Lights failed. (Conclusion, Paragraph 4)", section=section),
            Text("2. The Board knew of the danger.", section=section),
            Text("It did nothing. (Conclusion, Paragraphs 5 to 7)", section=section),
        ]
    )
    assert made["conclusion-2"] == "The Board knew of the danger.\n\nIt did nothing."


def test_ranges_of_cited_paragraphs_are_written_out() -> None:
    (only,) = found([HEAD, Text("1. Crews must rest. (Paragraphs 5 to 7 and 9)", section=LIST)])
    assert only.cited_paragraphs == ("5", "6", "7", "9")


def test_two_lists_that_each_count_from_one_keep_all_their_items() -> None:
    made = found(
        [
            HEAD,
            Text("For the Board", HEADING, LIST),
            Text("1. The Board should publish its log.", section=(*LIST, "For the Board")),
            Text("2. The Board should train its crews.", section=(*LIST, "For the Board")),
            Text("For the Minister", HEADING, LIST),
            Text("1. Ministers should change the law.", section=(*LIST, "For the Minister")),
        ]
    )
    assert [each.id.partition("-")[2] for each in made] == ["1", "2", "1~2"]


def test_numbered_headings_under_recommendations_are_titles() -> None:
    sections = [(*LIST, "1. Lights"), (*LIST, "2. Crews")]
    first, second = found(
        [
            HEAD,
            Text("1. Lights", HEADING, LIST),
            Text("The Board should repair the lights.", section=sections[0]),
            Text("2. Crews", HEADING, LIST),
            Text("The Board should:", section=sections[1]),
            Text("a) train crews; and", ITEM, sections[1]),
            Text("b) pay them.", ITEM, sections[1]),
        ]
    )
    assert (first.title, second.title, len(second.sub_parts)) == ("Lights", "Crews", 2)


# --- Labels -----------------------------------------------------------------------------------


def test_a_box_has_its_title_apart_and_its_bullets_as_parts() -> None:
    section = ("Lights",)
    made = reading(
        [
            Text("3.4 The lights failed.", section=section, number="3.4"),
            Text("Recommendation 1: Working lights", BOX, section, "3.4"),
            Text("The Board should, within six months:", BOX, section, "3.4"),
            Text("• repair each light; and", ITEM, section, "3.4"),
            Text("• report on it.", ITEM, section, "3.4"),
            Text("This should be made public.", BOX, section, "3.4"),
            Text("3.5 The crews should not be blamed.", section=section, number="3.5"),
        ]
    )
    (only,) = recommendations(document(), made)
    assert only.title == "Working lights"
    assert only.span.of(made.text).endswith("This should be made public.")
    assert [part.of(made.text) for part in only.sub_parts] == [
        "repair each light; and",
        "report on it.",
    ]
    assert only.deadline == "within six months"


def test_the_list_in_an_appendix_is_preferred_to_boxes_scattered_in_the_body() -> None:
    words = [
        "The Board should repair every harbour light without further delay.",
        "The Minister should lay an annual account of accidents before Parliament.",
    ]
    boxes = [
        text
        for number, each in enumerate(words, 1)
        for text in (
            Text(f"Recommendation {number}: Title {number}", BOX, ("Findings",)),
            Text(each, BOX, ("Findings",)),
            Text("A long account of what was found follows here. " * 4, section=("Findings",)),
        )
    ]
    annex = ("Appendix: List of recommendations",)
    listed = [
        text
        for number, each in enumerate(words, 1)
        for text in (
            Text(f"Recommendation {number}: Title {number}", BOX, annex),
            Text(each.replace("every harbour light", "everyharbour light"), BOX, annex),
        )
    ]
    made = reading([*boxes, Text(annex[0], HEADING), *listed])
    objects = recommendations(document(), made)
    assert [each.number for each in objects] == ["1", "2"]
    for each, printed in zip(objects, words, strict=True):
        (body,) = each.occurrences
        assert body.start < each.span.start
        assert body.of(made.text) == printed


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("Recommendation 1", "1"),
        ("RECOMMENDATION 1:", "1"),
        ("Rec 1.", "1"),
        ("Recommendation no. 1 –", "1"),
        ("R1", "R1"),
        ("MR1.", "MR1"),
        ("Recommendation 1.1:", "1.1"),
        ("Recommendation 1a:", "1a"),
        ("Recommendation I.", "I"),
    ],
)
def test_labels_of_many_styles_open_a_statement(label: str, number: str) -> None:
    (only,) = found([Text(f"{label} The Board should repair the lights.")])
    assert only.number == number


def test_explanation_after_a_headed_recommendation_stays_out() -> None:
    section = ("Recommendation 1",)
    made = statements(
        [
            Text("Recommendation 1", HEADING),
            Text("By 31 May 2031, the Board should repair the lights.", section=section),
            Text("We were told that the lights had failed in every winter.", section=section),
        ]
    )
    assert made == {"recommendation-1": "By 31 May 2031, the Board should repair the lights."}


def test_statements_after_i_recommend_are_one_series_over_the_document() -> None:
    section = ("6. Findings",)
    made = statements(
        [
            Text(section[0], HEADING),
            Text("6.1 Accordingly, I recommend:", section=section, number="6.1"),
            Text("1. The Board shall repair the lights.", section=section, number="6.1"),
            Text("2. The Board shall train its crews.", section=section, number="6.1"),
            Text("6.2 The crews were tired.", section=section, number="6.2"),
            Text("6.3 For that reason I recommend that:", section=section, number="6.3"),
            Text("3. The Board shall cap shifts.", section=section, number="6.3"),
        ]
    )
    assert list(made) == ["recommendation-1", "recommendation-2", "recommendation-3"]


def test_rows_of_a_table_are_recommendations_where_its_header_says_so() -> None:
    made = statements(
        [
            Text(
                "No.\tRecommendation\tOwner\n1\tThe Board should repair the lights.\tBoard\n"
                "2\tThe Minister should reply.\tMinister",
                TABLE,
                ("Annex",),
            )
        ]
    )
    assert made == {
        "recommendation-1": "The Board should repair the lights.",
        "recommendation-2": "The Minister should reply.",
    }


# --- Other numbering --------------------------------------------------------------------------

LOG = "The Harbour Board should publish its log."
BOAT = "The Minister must pay for a second pilot boat by May 2031."
CREWS = "The Board should train its crews every year."


@pytest.mark.parametrize(
    ("marks", "numbers"),
    [
        (("A.", "B.", "C."), ["A", "B", "C"]),
        (("(a)", "(b)", "(c)"), ["a", "b", "c"]),
        (("(i)", "(ii)", "(iii)"), ["i", "ii", "iii"]),
        (("I.", "II.", "III."), ["I", "II", "III"]),
    ],
)
def test_letters_and_numerals_count_right_under_a_heading_of_recommendations(
    marks: tuple[str, ...], numbers: list[str]
) -> None:
    words = (LOG, BOAT, CREWS)
    items = [Text(f"{mark} {each}", ITEM, LIST) for mark, each in zip(marks, words, strict=True)]
    made = found([HEAD, *items])
    assert [each.number for each in made] == numbers


def test_letters_under_a_number_stay_its_parts() -> None:
    made = found(
        [
            HEAD,
            Text("1. The Board should:", section=LIST),
            Text("(a) publish its log; and", ITEM, LIST),
            Text("(b) train its crews.", ITEM, LIST),
        ]
    )
    assert [(each.number, len(each.sub_parts)) for each in made] == [("1", 2)]


def test_numbers_may_be_spelt_out() -> None:
    made = statements(
        [
            Text("Recommendation One", HEADING),
            Text(LOG, section=("Recommendation One",)),
            Text("Recommendation Two", HEADING),
            Text(BOAT, section=("Recommendation Two",)),
        ]
    )
    assert made == {"recommendation-one": LOG, "recommendation-two": BOAT}


def test_lists_numbered_with_points_stand_at_the_ends_of_chapters() -> None:
    pilots, lights = ("3 Pilots", "Recommendations"), ("4 Lights", "Recommendations")
    made = statements(
        [
            Text("3 Pilots", HEADING),
            Text("3.1 Pilots told us that they were tired.", section=("3 Pilots",), number="3.1"),
            Text("Recommendations", HEADING, ("3 Pilots",)),
            Text(f"3.2 {CREWS}", section=pilots, number="3.2"),
            Text(f"3.3 {BOAT}", section=pilots, number="3.3"),
            Text("4 Lights", HEADING),
            Text("Recommendations", HEADING, ("4 Lights",)),
            Text(f"4.1 {LOG}", section=lights, number="4.1"),
        ]
    )
    assert made == {
        "recommendation-3.2": CREWS,
        "recommendation-3.3": BOAT,
        "recommendation-4.1": LOG,
    }


def test_numbers_with_points_may_stand_under_themes() -> None:
    first, second = (*LIST, "Lights"), (*LIST, "Crews")
    made = statements(
        [
            HEAD,
            Text("Lights", HEADING, LIST),
            Text(f"1.1 {LOG}", section=first),
            Text("Crews", HEADING, LIST),
            Text(f"2.1 {CREWS}", section=second),
        ]
    )
    assert made == {"recommendation-1.1": LOG, "recommendation-2.1": CREWS}


def test_a_chapter_of_recommendations_in_prose_gives_only_what_it_says_it_recommends() -> None:
    section = ("12 Recommendations",)
    made = statements(
        [
            Text(section[0], HEADING),
            Text("12.1 We turn to what should be done. The log was lost.", section=section),
            Text("12.2 Nobody kept a log, which was a grave fault.", section=section),
            Text("12.3 It is recommended that the Board publish its log.", section=section),
        ]
    )
    assert made == {"recommendation-12.3": "It is recommended that the Board publish its log."}


def test_each_chapter_may_count_its_own_from_one() -> None:
    pilots, lights = ("3 Pilots", "Recommendations"), ("4 Lights", "Recommendations")
    chapters = [
        Text("3 Pilots", HEADING),
        Text("Recommendations", HEADING, ("3 Pilots",)),
        Text(f"1. {CREWS}", section=pilots),
        Text(f"2. {BOAT}", section=pilots),
        Text("4 Lights", HEADING),
        Text("Recommendations", HEADING, ("4 Lights",)),
        Text(f"1. {LOG}", section=lights),
    ]
    assert [each.id.partition("-")[2] for each in found(chapters)] == ["1", "2", "1~2"]
    summary = ("Summary of recommendations",)
    gathered = [
        Text(f"{number}. {words}", section=summary)
        for number, words in enumerate((CREWS, BOAT, LOG), 1)
    ]
    once = found([*chapters, Text(summary[0], HEADING), *gathered])
    assert [each.number for each in once] == ["1", "2", "3"]


def test_a_box_may_gather_several() -> None:
    made = statements(
        [
            Text("Pilots", HEADING),
            Text("Pilots were tired, and nobody had asked them.", section=("Pilots",)),
            Text("Recommendations", BOX, ("Pilots",)),
            Text(f"1. {CREWS}", BOX, ("Pilots",)),
            Text(f"2. {BOAT}", BOX, ("Pilots",)),
            Text("Lights", HEADING),
            Text("Lights failed.", section=("Lights",)),
            Text("Recommendations", BOX, ("Lights",)),
            Text(f"3. {LOG}", BOX, ("Lights",)),
        ]
    )
    assert list(made.values()) == [CREWS, BOAT, LOG]


def test_a_label_may_follow_the_number_of_its_paragraph() -> None:
    made = statements(
        [
            Text("3 Pilots", HEADING),
            Text("3.1 Pilots were tired.", section=("3 Pilots",), number="3.1"),
            Text(f"3.2 Recommendation 1: {CREWS}", section=("3 Pilots",), number="3.2"),
            Text("3.3 Recommendation 1 was hard to write.", section=("3 Pilots",), number="3.3"),
        ]
    )
    assert made == {"recommendation-1": CREWS}


def test_items_of_a_list_may_have_titles() -> None:
    first, second = found(
        [
            HEAD,
            Text("1. The log", section=LIST),
            Text(LOG, section=LIST),
            Text("2. Crews", section=LIST),
            Text("(a) The Board should train its crews.", ITEM, LIST),
            Text("(b) The Board should pay them.", ITEM, LIST),
        ]
    )
    assert (first.title, second.title, len(second.sub_parts)) == ("The log", "Crews", 2)


@pytest.mark.parametrize(
    "rows",
    [
        f"Number\tTheme\tRecommendation\n1\tTrust\t{LOG}\n2\tSafety\t{BOAT}",
        f"Number Theme\tRecommendation\n1 Trust\t{LOG}\n2 Safety\t{BOAT}",
        f"1 Trust\t{LOG}\tBoard\n2 Safety\t{BOAT}\tMinister",
        f"Ref Recommendation\tOwner\n1 {LOG}\tBoard\n2 {BOAT}\tMinister",
        f"Recommendation 1\t{LOG}\nOwner\tBoard\nRecommendation 2\t{BOAT}\nOwner\tMinister",
    ],
)
def test_the_column_that_recommends_is_found_in_tables_of_many_forms(rows: str) -> None:
    assert list(statements([HEAD, Text(rows, TABLE, LIST)]).values()) == [LOG, BOAT]


def test_rows_with_short_labels_are_told_from_their_owners() -> None:
    rows = f"R1 {LOG}\tBoard\t2031\nR2 {BOAT}\tMinister\t2032\nR3 {CREWS}\tBoard\t2033"
    made = found([HEAD, Text(rows, TABLE, LIST)])
    assert [each.number for each in made] == ["R1", "R2", "R3"]


# --- Parts ------------------------------------------------------------------------------------


def test_letters_within_a_sentence_are_parts_and_the_last_ends_with_it() -> None:
    made = reading(
        [
            HEAD,
            Text(
                "1. The Board shall (a) repair lights; and (b) report on it. It may ask for aid.",
                section=LIST,
            ),
        ]
    )
    (only,) = recommendations(document(), made)
    assert [part.of(made.text) for part in only.sub_parts] == [
        "(a) repair lights; and",
        "(b) report on it.",
    ]


def test_parts_within_parts_belong_to_the_outer_ones() -> None:
    marks = ["a) lights:", "i. red; and", "ii. green;", "b) crews."]
    made = reading(
        [
            HEAD,
            Text("1. The Board should see to:", section=LIST),
            *(Text(mark, ITEM, LIST) for mark in marks),
        ]
    )
    (only,) = recommendations(document(), made)
    assert [part.of(made.text) for part in only.sub_parts] == [
        "a) lights:\n\ni. red; and\n\nii. green;",
        "b) crews.",
    ]


# --- Nothing invented -------------------------------------------------------------------------

OTHERS = [
    [Text("The Board recommended that pilots rest. We recommend caution to all.")],
    [Text("Recommendation 6 of the earlier review was never carried out.")],
    [Text("Recommendation 4, on lights, should be read with care.")],
    [
        Text("In its 2019 report the Commission made the following recommendations:"),
        Text("Recommendation 1: The Board should repair the lights."),
        Text("Recommendation 2: The Board should train its crews."),
    ],
    [
        Text("In the interim report, I made these recommendations:"),
        Text("“Recommendation 1: The Board should repair the lights.", QUOTATION),
        Text("Recommendation 2: The Board should train its crews.”", QUOTATION),
    ],
    [
        Text("Previous recommendations", HEADING),
        Text("1. The Board should repair the lights.", section=("Previous recommendations",)),
    ],
    [
        Text("Recommendations of the Dunmore Inquiry", HEADING),
        Text(
            "1. The Board should repair the lights.",
            section=("Recommendations of the Dunmore Inquiry",),
        ),
    ],
    [Text("Recommendation 1: Lights 14", CONTENTS), Text("Recommendation 2: Crews 19", CONTENTS)],
    [Text("Recommendation 1: the Board should act.", NOTE)],
    [
        HEAD,
        Text("1. On 4 May the Board met and was told of the fault.", section=LIST),
        Text("2. The crews had said so before.", section=LIST),
    ],
    [Text("Recommendation\tGovernment response\n1\tAccepted\n2\tRejected", TABLE)],
    [Text("Recommendation 17: The Board should act.")],
]


@pytest.mark.parametrize("texts", OTHERS)
def test_what_is_not_this_documents_formal_recommendation_is_not_invented(
    texts: list[Text],
) -> None:
    assert found(texts) == ()


RESTATED = [
    Text("Recommendation 1: Lights", HEADING),
    Text("The Board should repair the lights.", section=("Recommendation 1: Lights",)),
    Text("We agree.", section=("Recommendation 1: Lights",)),
]


def test_a_response_has_no_recommendations_of_its_own() -> None:
    assert found(RESTATED, Kind.RESPONSE) == ()
    assert len(found(RESTATED)) == 1


@pytest.mark.parametrize(
    ("title", "is_response"),
    [
        ("Government Response to the Harbour Inquiry Report", True),
        ("Safety at sea: Government Response", True),
        ("Response to the Harbour Review", True),
        ("Coastguard response to the 2030 storms", False),
    ],
)
def test_a_response_of_unknown_kind_is_known_by_its_title(title: str, is_response: bool) -> None:
    made = recommendations(document(Kind.OTHER, title), reading(RESTATED))
    assert (made == ()) is is_response


# --- Laws -------------------------------------------------------------------------------------


@given(READINGS)
def test_ids_are_unique_and_every_span_lies_within_the_text(made: Reading) -> None:
    objects = recommendations(document(), made)
    assert len({each.id for each in objects}) == len(objects)
    for each in objects:
        for span in (each.span, *each.sub_parts, *each.occurrences):
            assert span.of(made.text).strip() == span.of(made.text)
        assert all(each.span.holds(part) for part in each.sub_parts)
        assert not any(each.span.overlap(other) for other in each.occurrences)


# --- Printed layouts --------------------------------------------------------------------------

STYLES = getSampleStyleSheet()


def look(name: str) -> ParagraphStyle:
    style = STYLES[name]
    assert isinstance(style, ParagraphStyle)
    return style


PROSE, HEADING_1, HEADING_3 = look("BodyText"), look("Heading1"), look("Heading3")
HANGING = ParagraphStyle("hanging", parent=PROSE, leftIndent=36, bulletIndent=0)
BULLETED = ParagraphStyle("bulleted", parent=PROSE, leftIndent=24, bulletIndent=10)
FILL = (
    "The log of the harbour shows that the matter was raised on several occasions, and that for "
    "many months nothing came of it. Those who gave evidence described a routine that had been "
    "allowed to drift, and the papers bear this out in some detail. "
)


def printed(words: str, style: ParagraphStyle = PROSE, mark: str | None = None) -> Flowable:
    return Printed(words, style, bulletText=mark)


def boxed(*inside: Flowable) -> Flowable:
    frame = Table([[list(inside)]], colWidths=[440])
    frame.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 1, colors.red),
                ("BACKGROUND", (0, 0), (-1, -1), colors.pink),
            ]
        )
    )
    return frame


def from_pdf(folder: Path, story: list[Flowable]) -> dict[str, str]:
    path = folder / "report.pdf"
    SimpleDocTemplate(str(path), pagesize=A4).build(story)
    made = read_pdf(path, facts=pdf_facts(path))
    return {
        str(each.number): " ".join(each.span.of(made.text).split())
        for each in recommendations(document(), made)
    }


def test_boxes_printed_among_prose_are_read_to_their_edge(tmp_path: Path) -> None:
    story = [
        printed("Chapter 1: Lights", HEADING_1),
        printed(FILL * 3),
        boxed(
            printed("<b>Recommendation 1: Working lights</b>"),
            printed("By May 2031, the Board should:"),
            printed("repair each light; and", BULLETED, "•"),
            printed("report on it.", BULLETED, "•"),
        ),
        printed(FILL * 2),
        boxed(
            printed("<b>Recommendation 2: Crews</b>"),
            printed("The Board should train every crew before it sails."),
        ),
        printed(FILL),
    ]
    assert from_pdf(tmp_path, story) == {
        "1": "By May 2031, the Board should: • repair each light; and • report on it.",
        "2": "The Board should train every crew before it sails.",
    }


def test_inspection_style_headings_are_read_to_the_end_of_the_instruction(tmp_path: Path) -> None:
    story = [
        printed("How lights are kept", HEADING_1),
        printed(FILL * 2),
        printed("Recommendation 1", HEADING_3),
        printed("By 31 May 2031, harbour masters should test each light."),
        printed(FILL * 2),
        printed("Recommendation 2", HEADING_3),
        printed("The Board should publish the outcome."),
        printed("How crews are trained", HEADING_1),
        printed(FILL),
    ]
    assert from_pdf(tmp_path, story) == {
        "1": "By 31 May 2031, harbour masters should test each light.",
        "2": "The Board should publish the outcome.",
    }


def test_hanging_numbers_without_stops_are_read_as_a_list(tmp_path: Path) -> None:
    items = [
        "The Board should repair each of the lights at the harbour mouth before the winter comes, "
        "and should say in public when it has done so.",
        "Ministers should change the law so that a master who finds a fault must report it to the "
        "coastguard within one day.",
        "The coastguard must answer.",
    ]
    story = [printed("Recommendations", HEADING_1)]
    story += [printed(item, HANGING, str(number)) for number, item in enumerate(items, 1)]
    assert list(from_pdf(tmp_path, story).values()) == items


def test_a_printed_table_gives_a_recommendation_a_row(tmp_path: Path) -> None:
    rows = [
        ["1", printed("The Board should repair the lights."), "Board"],
        ["2", printed("The Minister should reply by May 2031."), "Minister"],
        ["3", printed("The coastguard should test its radios."), "Coastguard"],
    ]
    table = Table([["No.", "Recommendation", "Owner"], *rows], colWidths=[40, 300, 80])
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    made = from_pdf(tmp_path, [printed("Summary of recommendations", HEADING_1), table])
    assert made == {
        "1": "The Board should repair the lights.",
        "2": "The Minister should reply by May 2031.",
        "3": "The coastguard should test its radios.",
    }


def test_labels_in_close_set_lines_open_paragraphs_of_their_own(tmp_path: Path) -> None:
    tight = ParagraphStyle("tight", parent=PROSE, spaceBefore=0, spaceAfter=0)
    story = [printed("Chapter 1: Lights", HEADING_1), printed(FILL * 3), printed(FILL * 4)]
    story += [printed("Annex: List of recommendations", HEADING_1)]
    story += [
        printed(f"Recommendation {n}. {each}", tight) for n, each in enumerate((LOG, BOAT), 1)
    ]
    story += [printed(FILL * 2)]
    assert from_pdf(tmp_path, story) == {"1": LOG, "2": BOAT}


def test_a_list_under_a_heading_below_a_table_is_no_part_of_the_table(tmp_path: Path) -> None:
    table = Table([["No", "Recommendation", "Progress"], ["1", LOG, "Done"], ["2", BOAT, "Begun"]])
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    story = [printed("Introduction", HEADING_1), printed(FILL * 3), printed(FILL * 4)]
    story += [printed("Progress since the interim report", HEADING_1), table]
    story += [printed("Recommendations", HEADING_1)]
    items = (CREWS, "The Board should ring its bell.", "The Board should mend it.")
    story += [printed(f"{number}. {each}") for number, each in enumerate(items, 1)]
    assert list(from_pdf(tmp_path, story).values()) == list(items)


def test_bold_statements_under_paragraphs_and_their_list_are_one_object_each(
    tmp_path: Path,
) -> None:
    words = [
        "The Board shall repair each of the lights at the harbour mouth before winter.",
        "The Minister shall publish an account of every accident by the end of 2031.",
    ]
    story = [printed("1. Recommendations", HEADING_1)]
    story += [printed(f"{number}. {each}") for number, each in enumerate(words, 1)]
    story += [PageBreak(), printed("2. Reasons", HEADING_1), printed(f"2.1. {FILL * 2}")]
    story += [printed(f"2.2. {FILL} I recommend:"), printed(f"<b>1. {words[0]}</b>", BULLETED)]
    story += [printed(f"2.3. {FILL} I recommend:"), printed(f"<b>2. {words[1]}</b>", BULLETED)]
    assert from_pdf(tmp_path, [*story, printed(f"2.4. {FILL}")]) == dict(
        zip(("1", "2"), words, strict=True)
    )


def test_markdown_headings_and_lists_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "digest.md"
    path.write_text(
        "# Digest\n\n## Recommendations\n\n### Recommendation 1: Lights\n\nThe Board should:\n\n"
        "- repair the lights; and\n- say so.\n\n### Recommendation 2: Crews\n\n"
        "The Board should train crews.\n",
        encoding="utf-8",
    )
    first, second = recommendations(document(), read_markup(path))
    assert (first.title, len(first.sub_parts)) == ("Lights", 2)
    assert (second.title, second.addressee) == ("Crews", ("The Board",))


def test_real_reports_give_their_recommendations_and_nothing_else(real_documents: Path) -> None:
    scores = measure(real_documents)
    assert scores.recall >= 0.95, scores.missed
    assert scores.invented == ()


def test_a_single_label_under_a_heading_of_recommendations_is_the_documents_own() -> None:
    section = ("Recommendations", "The lights")
    made = statements(
        [
            Text(section[0], HEADING),
            Text(section[1], HEADING),
            Text("Recommendation 10: The Board should repair the lights.", section=section),
        ]
    )
    assert made == {"recommendation-10": "The Board should repair the lights."}
