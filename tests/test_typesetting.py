from pathlib import Path

import pytest
from paper import of_kind

from corpora.digest import Digest, FaultyDigest, Heading, Numbered, Table, digest
from corpora.typesetting import main, typeset
from ingest.model import ParagraphKind, Reading
from ingest.reading.pdf import read_pdf
from ingest.reading.pdffile import pdf_facts

_PARAGRAPH = "The gauge at the sluice was read once a week, and nobody was told when it failed."


def _written(folder: Path, *, paragraphs: int = 30) -> Path:
    blocks = ["# The Harbour Report", "## 1 About this digest", "1.1 It is ours. [about]"]
    blocks += ["## 2 What was found", "### The gauge"]
    blocks += [
        f"2.{number} {_PARAGRAPH * (number % 4 + 1)} [secondary][^S1][^S{number % 3 + 1}]"
        for number in range(1, paragraphs)
    ]
    rows = [f"| Boats in year {n} | {n}% | verified | [^S{n % 3 + 1}] |" for n in range(1, 40)]
    table = [
        "Table 2.1: Boats; base: all boats",
        "| Year | Share | Standing | Source |",
        "|-|-|-|-|",
    ]
    blocks += ["\n".join([*table, *rows])]
    blocks += [f"[^S{n}]: Newspaper {n}, 3 May 2019 (example.org/{n}/...)" for n in (1, 2, 3)]
    path = folder / "harbour.md"
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _written(tmp_path_factory.mktemp("digests"))


@pytest.fixture(scope="module")
def reading(written: Path) -> Reading:
    path = written.with_suffix(".pdf")
    typeset(digest(written), path, about=["Publisher: the Harbour Board"])
    return read_pdf(path, facts=pdf_facts(path))


def _squeezed(words: str) -> str:
    return "".join(words.split())


def test_blocks_keep_their_words_and_sources(written: Path) -> None:
    read = digest(written)
    assert read.title == "The Harbour Report"
    assert [b.words for b in read.blocks if isinstance(b, Heading) and b.level == 2] == [
        "1 About this digest",
        "2 What was found",
    ]
    third = next(b for b in read.blocks if isinstance(b, Numbered) and b.number == "2.3")
    assert third.body.sources == ("S1", "S1")
    assert third.body.words.endswith("[secondary]")
    (table,) = (b for b in read.blocks if isinstance(b, Table))
    assert len(table.rows) == 40
    assert [cell.words for cell in table.rows[1]] == ["Boats in year 1", "1%", "verified", ""]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("no title\n", "first line must be a title"),
        ("", "first line must be a title"),
        ("# T\n\nprose without a number\n", "no heading, numbered paragraph"),
        ("# T\n\n1.1 Words. [verified][^S9]\n", "no source is defined for S9"),
        ("# T\n\nTable 1.1: Words\n| a | b |\n|-|-|\n| c |\n", "row of 1 cells"),
    ],
)
def test_a_faulty_digest_says_what_is_wrong(tmp_path: Path, words: str, complaint: str) -> None:
    path = tmp_path / "faulty.md"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(FaultyDigest, match=complaint):
        digest(path)


def test_every_paragraph_is_read_back_whole_under_its_number(
    written: Path, reading: Reading
) -> None:
    numbered = [b for b in digest(written).blocks if isinstance(b, Numbered)]
    read = {p.number: p.span.of(reading.text) for p in of_kind(reading, ParagraphKind.BODY)}
    for block in numbered:
        assert _squeezed(read[block.number]) == _squeezed(block.number + block.body.words)


def test_front_matter_is_numbered_in_roman_and_the_body_from_one(reading: Reading) -> None:
    printed = [page.printed for page in reading.pages]
    assert printed[:4] == ["i", "ii", "1", "2"]
    assert printed == [page.label for page in reading.pages]


def test_every_row_of_a_table_is_read_back(reading: Reading) -> None:
    words = "".join(p.span.of(reading.text) for p in of_kind(reading, ParagraphKind.TABLE))
    for year in range(1, 40):
        assert f"Boats in year {year}\t{year}%\t[verified]" in words


def test_every_note_is_called_where_its_paragraph_ends(reading: Reading) -> None:
    assert len(reading.notes) >= 5
    for note in reading.notes:
        assert note.anchor is not None
        assert reading.text[: note.anchor].endswith("]")
        assert note.span.of(reading.text).startswith("Newspaper")


def test_no_word_is_lost_and_the_running_head_is_furniture(reading: Reading) -> None:
    assert reading.losses is not None
    assert (reading.losses.lost, reading.losses.added) == ((), ())
    assert "Digest, not the published words: The Harbour Report" in reading.furniture


def test_the_running_head_of_a_single_page_is_furniture(tmp_path: Path) -> None:
    path = tmp_path / "short.pdf"
    words = "# Short\n\n## 1 About this digest\n\n1.1 It is ours. [about]\n"
    path.with_suffix(".md").write_text(words, encoding="utf-8")
    typeset(digest(path.with_suffix(".md")), path, about=[])
    reading = read_pdf(path, facts=pdf_facts(path))
    assert len(reading.pages) == 3
    assert "not the published words" not in reading.text
    assert "1.1 It is ours. [about]" in reading.text


def test_the_same_words_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    read: Digest = digest(written)
    for name in ("one.pdf", "two.pdf"):
        typeset(read, tmp_path / name, about=[])
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_every_digest_that_a_manifest_names_is_set_with_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "digests").mkdir()
    _written(tmp_path / "digests", paragraphs=3)
    (tmp_path / "corpus.toml").write_text(
        '[[document]]\nid = "harbour"\npublisher = "Harbour Board"\n'
        'digest = "digests/harbour.pdf"\n'
        '[[document]]\nid = "another"\n',
        encoding="utf-8",
    )
    main(tmp_path / "digests")
    path = tmp_path / "digests" / "harbour.pdf"
    assert "Publisher: Harbour Board" in read_pdf(path, facts=pdf_facts(path)).text
