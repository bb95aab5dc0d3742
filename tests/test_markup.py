"""Pages, Markdown and plain text keep their visible words and say what they left out."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, OverLimit, UnreadableFile, WrongFormat
from ingest.model import Extraction, ParagraphKind, Reading
from ingest.reading.markup import read_markup

BODY, HEADING, LIST_ITEM = ParagraphKind.BODY, ParagraphKind.HEADING, ParagraphKind.LIST_ITEM


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, name: str, content: str | bytes) -> Reading:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_markup(path)


def outline(reading: Reading) -> list[tuple[ParagraphKind, str]]:
    return [(each.kind, each.span.of(reading.text)) for each in reading.paragraphs]


def hidden(reading: Reading) -> list[tuple[str, str]]:
    return [(each.span.of(reading.text), each.reason) for each in reading.hidden]


MARKDOWN = """\
# The Lost Ledger

An opening, *emphasised*
over two lines.[^a]

## What we found

1.1 The ledger was lost. See [the annex](annex.md).

The board did the following:

- nothing
- **less** than that

> Nobody asked me.

| Year | Lost |
|------|------|
| 2019 | 3    |
| 2020 |      |

## Recommendations

### For the board

1.2 “Keep” ledgers.

[^a]: First note,
    on two lines.
"""


def test_markdown_becomes_paragraphs_of_their_kinds(folder: Path) -> None:
    reading = read(folder, "ledger.md", MARKDOWN)
    assert outline(reading) == [
        (HEADING, "The Lost Ledger"),
        (BODY, "An opening, emphasised over two lines."),
        (HEADING, "What we found"),
        (BODY, "1.1 The ledger was lost. See the annex."),
        (BODY, "The board did the following:"),
        (LIST_ITEM, "• nothing"),
        (LIST_ITEM, "• less than that"),
        (ParagraphKind.QUOTATION, "Nobody asked me."),
        (ParagraphKind.TABLE, "Year | Lost\n2019 | 3\n2020 |"),
        (HEADING, "Recommendations"),
        (HEADING, "For the board"),
        (BODY, "1.2 “Keep” ledgers."),
        (ParagraphKind.NOTE, "a First note, on two lines."),
    ]
    assert reading.title == "The Lost Ledger"
    assert reading.extraction is Extraction.MARKUP
    assert (reading.pages, reading.lines, reading.hidden) == ((), (), ())


def test_paragraphs_are_one_blank_line_apart_and_cover_the_text(folder: Path) -> None:
    reading = read(folder, "ledger.md", MARKDOWN)
    assert "\n\n".join(words for _, words in outline(reading)) == reading.text


def test_sections_numbers_and_levels_follow_the_headings(folder: Path) -> None:
    reading = read(folder, "ledger.md", MARKDOWN)
    by_number = {each.number: each for each in reading.paragraphs if each.number}
    assert by_number["1.1"].section == ("The Lost Ledger", "What we found")
    assert by_number["1.2"].section == ("The Lost Ledger", "Recommendations", "For the board")
    levels = [each.level for each in reading.paragraphs if each.kind is HEADING]
    assert levels == [1, 2, 2, 3]


def test_a_note_knows_the_word_that_calls_it(folder: Path) -> None:
    reading = read(folder, "ledger.md", MARKDOWN)
    (note,) = reading.notes
    assert (note.marker, note.span.of(reading.text)) == ("a", "a First note, on two lines.")
    assert note.anchor is not None
    assert reading.text[: note.anchor].endswith("two lines.")


PAGE = """<!doctype html><html><head><title>Ledger - Site</title><style>p {}</style></head><body>
<nav><a href="/">Home</a> <a href="/all">All</a></nav>
<div class="cookie-banner">We use cookies.</div>
<header><p>Department of Ledgers</p></header>
<main><h1>The Lost   Ledger</h1>
<p>First&nbsp;words,<br>then more.<sup><a href="#fn1" id="ref1">1</a></sup> H<sub>2</sub>O</p>
<div>Loose text <p>Inner.</p> trailing text</div>
<ol start="17"><li><p>The board met.</p></li><li><p>It rose.</p></li></ol>
<p>The following:</p><ol><li>one</li><li>two<ul><li>deep</li></ul></li></ol>
<blockquote><p>Quoted.</p></blockquote>
<table><caption>Table 1</caption><tr><th>A</th><th><p>B</p></th></tr>
<tr><td>1</td><td>2</td></tr></table>
<aside><p>In a box.</p></aside>
<pre>line one
line two</pre>
<script>track()</script>
<section class="footnotes"><ol><li id="fn1"><p>A note. <a href="#ref1">↩</a></p></li></ol></section>
</main><footer>© Ledgers</footer></body></html>"""


def test_a_page_gives_its_prose_and_lists_the_site_around_it(folder: Path) -> None:
    reading = read(folder, "page.html", PAGE)
    assert outline(reading) == [
        (HEADING, "The Lost Ledger"),
        (BODY, "First words, then more. H2O"),
        (BODY, "Loose text"),
        (BODY, "Inner."),
        (BODY, "trailing text"),
        (BODY, "17. The board met."),
        (BODY, "18. It rose."),
        (BODY, "The following:"),
        (LIST_ITEM, "1. one"),
        (LIST_ITEM, "2. two"),
        (LIST_ITEM, "• deep"),
        (ParagraphKind.QUOTATION, "Quoted."),
        (ParagraphKind.CAPTION, "Table 1"),
        (ParagraphKind.TABLE, "A | B\n1 | 2"),
        (ParagraphKind.BOX, "In a box."),
        (BODY, "line one\nline two"),
        (ParagraphKind.NOTE, "1 A note."),
    ]
    assert reading.furniture == (
        "Home All",
        "We use cookies.",
        "Department of Ledgers",
        "© Ledgers",
    )
    assert reading.title == "The Lost Ledger"
    assert [each.number for each in reading.paragraphs if each.number] == ["17", "18"]


def test_a_note_called_in_a_page_is_anchored_after_its_word(folder: Path) -> None:
    reading = read(folder, "page.html", PAGE)
    (note,) = reading.notes
    assert note.anchor is not None
    assert reading.text[: note.anchor].endswith("then more.")


def test_a_page_is_not_emptied_by_the_names_of_its_containers(folder: Path) -> None:
    page = '<html><body class="has-navigation"><form><div id="sidebar-page" class="sidebar">'
    reading = read(folder, "page.html", page + "<h1>Ledger</h1><p>Words.</p></div></form>")
    assert outline(reading) == [(HEADING, "Ledger"), (BODY, "Words.")]


@pytest.mark.parametrize(
    ("attribute", "reason"),
    [
        ("hidden", "marked hidden"),
        ('style="display: none"', "not displayed"),
        ('style="VISIBILITY:hidden"', "not visible"),
        ('style="opacity: 0.0;"', "transparent"),
        ('style="color:#FFF"', "white on white"),
        ('style="margin:0; color: rgb(255, 255,255)"', "white on white"),
        ('style="font-size:1px"', "too small to read"),
        ('style="font-size: .1em"', "too small to read"),
    ],
)
def test_hidden_words_are_kept_and_flagged(folder: Path, attribute: str, reason: str) -> None:
    page = f"<html><p>Seen <span {attribute}>unseen <b>too</b></span> seen.</p>"
    reading = read(folder, "page.html", page)
    assert reading.text == "Seen unseen too seen."
    assert "".join(words for words, _ in hidden(reading)).strip() == "unseen too"
    assert {why for _, why in hidden(reading)} == {reason}


@pytest.mark.parametrize(
    "style",
    ["color: white; background: black", "color: #ffe", "opacity: 0.5", "font-size: 9pt", ""],
)
def test_words_that_show_are_not_flagged(folder: Path, style: str) -> None:
    reading = read(folder, "page.html", f'<html><p style="{style}">Seen.</p>')
    assert (reading.text, reading.hidden) == ("Seen.", ())


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_zero_width_and_tag_characters_are_kept_and_flagged(folder: Path, name: str) -> None:
    reading = read(folder, name, "Plain\u200b and \U000e0041\U000e0042 tagged")
    assert "\u200b" in reading.text
    assert [words for words, _ in hidden(reading)] == ["\u200b", "\U000e0041\U000e0042"]


def test_ligatures_and_odd_spaces_are_spelt_plainly(folder: Path) -> None:
    reading = read(
        folder, "a.txt", "The \ufb01rst\u00a0o\ufb03ce, co\u00adoperating\u2009now\r\nhere."
    )
    assert reading.text == "The first office, cooperating now here."


PLAIN = """\
Press notice

Tuesday 1 March

CHAPTER ONE

The report is
wrapped over lines.

  • One thing
  • Another thing
    on two lines

3.12 A numbered paragraph.

1.5 million people is no number.

Findings
--------

Last words.
"""


def test_plain_text_becomes_paragraphs(folder: Path) -> None:
    reading = read(folder, "notice.txt", PLAIN)
    assert outline(reading) == [
        (BODY, "Press notice"),
        (BODY, "Tuesday 1 March"),
        (HEADING, "CHAPTER ONE"),
        (BODY, "The report is wrapped over lines."),
        (LIST_ITEM, "• One thing"),
        (LIST_ITEM, "• Another thing on two lines"),
        (BODY, "3.12 A numbered paragraph."),
        (BODY, "1.5 million people is no number."),
        (HEADING, "Findings"),
        (BODY, "Last words."),
    ]
    assert [each.number for each in reading.paragraphs if each.number] == ["3.12"]
    assert read(folder, "short.txt", "Only words.").title == "Only words."


@pytest.mark.parametrize(
    "content",
    [
        "Café “now”".encode(),
        b"\xef\xbb\xbf" + "Café “now”".encode(),
        "Café “now”".encode("utf-16"),
        "Café “now”".encode("cp1252"),
    ],
)
def test_the_encoding_is_found(folder: Path, content: bytes) -> None:
    assert read(folder, "a.txt", content).text == "Café “now”"


def test_a_declared_encoding_is_used_where_the_bytes_are_not_utf_8(folder: Path) -> None:
    page = '<html><meta charset="iso-8859-5"><p>Доклад</p>'.encode("iso-8859-5")
    assert read(folder, "a.html", page).text == "Доклад"


def test_an_unknown_declared_encoding_does_no_harm(folder: Path) -> None:
    assert read(folder, "a.html", '<html><meta charset="klingon"><p>Qapla’</p>').text == "Qapla’"


def test_words_after_a_nul_are_not_lost(folder: Path) -> None:
    page = "<html>" + " " * 2000 + "<p>One.</p>\0<p>Two.</p>"
    assert [words for _, words in outline(read(folder, "a.html", page))] == [
        "One.",
        "\ufffd",
        "Two.",
    ]


def test_what_nests_deeper_than_the_parsers_default_is_still_read(folder: Path) -> None:
    page = "<html>" + "<div>" * 600 + "deep" + "</div>" * 600 + "<p>tail</p>"
    assert read(folder, "a.html", page).text == "deep\n\ntail"


def test_what_nests_too_deep_to_be_read_to_the_end_is_an_error(folder: Path) -> None:
    page = "<html>" + "<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>tail</p>"
    with pytest.raises(DamagedFile, match=r"a\.html.*Excessive depth"):
        read(folder, "a.html", page)


def test_a_text_node_beyond_the_parsers_default_is_read_whole(folder: Path) -> None:
    reading = read(folder, "a.html", "<html><p>" + "word " * 2_200_000 + "</p><p>tail</p>")
    assert len(reading.text) == 5 * 2_200_000 - 1 + len("\n\ntail")


def test_a_file_beyond_the_limit_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.reading.markup.MAX_BYTES", 10)
    with pytest.raises(OverLimit):
        read(folder, "a.txt", "eleven bytes and more")


def test_what_is_no_markup_is_refused(folder: Path) -> None:
    with pytest.raises(WrongFormat):
        read(folder, "a.pdf", b"%PDF-1.7\n")
    with pytest.raises(UnreadableFile):
        read_markup(folder / "absent.md")
    with pytest.raises(DamagedFile):
        read(folder, "a.html", " \n")


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_characters="\0"), max_size=300),
    st.sampled_from(["md", "txt", "html"]),
)
def test_any_text_at_all_gives_spans_within_the_text(
    tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"a.{suffix}"
    path.write_bytes(("<p>x " + text).encode("utf-8", "replace"))
    reading = read_markup(path)
    spans = [each.span for each in reading.paragraphs] + [each.span for each in reading.hidden]
    assert all(span.of(reading.text) for span in spans)
    starts = [each.span.start for each in reading.paragraphs]
    assert starts == sorted(starts)
