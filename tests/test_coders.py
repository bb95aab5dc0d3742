"""What people coded is found in the documents again, and their agreement is the textbook's."""

import json
from pathlib import Path

import numpy as np
import pytest
from harbour import DIGEST, REVIEW, TAG, WITNESS
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from smallcorpus import indexed
from toyembedder import ToyEmbedder
from typer.testing import CliRunner

from api.cli import app
from api.settings import settings
from eval import codes, refiqda
from eval.agreement import alphas, coincidences, kappa, kappas
from eval.coders import CoderAgreement, coder_agreement
from eval.codes import MACHINE, Code, Coded
from eval.refiqda import Project, Selection, Source
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.store import Filters
from ingest.errors import CorpusError
from ingest.model import Span

JUDGED = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2)


@pytest.fixture
def casebook(harbour: Path) -> Casebook:
    return Casebook(harbour, embedder=ToyEmbedder(), engine=EdgeEngine())


def place(casebook: Casebook, words: str, document: str = REVIEW) -> Span:
    start = casebook.volume(document).text.index(words)
    return Span(start, start + len(words))


def coded(casebook: Casebook, *by: tuple[str, str, str]) -> CoderAgreement:
    """What agreement there is where coders gave tags to these words of the review."""
    given = (
        Code(coder=coder, document=REVIEW, span=place(casebook, words), tag=tag)
        for coder, tag, words in by
    )
    return coder_agreement(Coded(codes=tuple(given), lost=()), casebook.shelf)


def counted(pairs: list[tuple[bool, bool]]) -> NDArray[np.float64]:
    cells = [(True, True), (True, False), (False, True), (False, False)]
    return np.array([[pairs.count(each) for each in cells]], dtype=np.float64)


def test_alpha_is_that_of_the_textbook() -> None:
    # Krippendorff (2011), section B: two observers, ten units, yes or no; alpha is .095.
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    pairs = sum(coincidences(a + b, 2) for a, b in zip(first, second, strict=True))
    assert alphas(np.atleast_2d(pairs))[0] == pytest.approx(0.095, abs=0.0005)


def test_a_unit_that_one_reader_judged_says_nothing_of_agreement() -> None:
    assert not coincidences(1, 1).any()


@given(JUDGED)
def test_counts_give_the_kappa_that_the_judgements_give(pairs: list[tuple[bool, bool]]) -> None:
    first, second = [list(each) for each in zip(*pairs, strict=True)]
    found = kappas(counted(pairs))[0]
    if np.isnan(found):
        assert len({*first, *second}) == 1
    else:
        assert found == pytest.approx(kappa(first, second))


def test_people_are_compared_with_each_other_and_with_the_findings(casebook: Casebook) -> None:
    found = coded(
        casebook,
        ("Ada", TAG, "no plan for a flood"),
        ("Ada", TAG, "Nobody asked for one."),
        ("Ben", TAG, "The board had no plan for a flood at the lower gates."),
    )
    assert found.coders == ("Ada", "Ben", MACHINE)
    (tag,) = (each for each in found.tags if each.tag == TAG)
    assert (tag.sentences["Ada"], tag.sentences["Ben"]) == (2, 1)
    by_pair = {pair.coders: pair for pair in tag.pairs}
    assert (by_pair["Ada", "Ben"].both, by_pair["Ada", "Ben"].first_alone) == (1, 1)
    assert tag.alpha is not None and 0 < tag.alpha.value < 1


def test_an_interval_is_given_where_the_tag_is_on_enough_sentences(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = (
        ("Ada", TAG, "no plan for a flood"),
        ("Ada", TAG, "Nobody asked for one."),
        ("Ben", TAG, "no plan for a flood"),
    )
    (few,) = (each.alpha for each in coded(casebook, *judged).tags if each.tag == TAG)
    assert few is not None and few.low is None and few.high is None
    monkeypatch.setattr("eval.coders.FEWEST", 2)
    (tag,) = (each for each in coded(casebook, *judged).tags if each.tag == TAG)
    assert tag.alpha is not None and tag.alpha.low is not None and tag.alpha.high is not None
    assert tag.alpha.low <= tag.alpha.value <= tag.alpha.high
    (kappa,) = (each.kappa for each in tag.pairs if each.coders == ("Ada", "Ben"))
    assert kappa is not None and kappa.low is None  # Ben gave it but once


def test_all_tags_together_have_the_alpha_of_their_judgements(casebook: Casebook) -> None:
    found = coded(
        casebook,
        ("Ada", TAG, "no plan for a flood"),
        ("Ben", TAG, "no plan for a flood"),
        ("Ben", "weather", "no plan for a flood"),
    )
    # Two readers who judge every sentence once for each tag: one yes in common, one Ben's alone.
    judgements = len(found.tags) * found.sentences
    pairs = coincidences(2, 2) + coincidences(1, 2) + (judgements - 2) * coincidences(0, 2)
    assert found.pooled.alpha is not None
    assert found.pooled.alpha.value == pytest.approx(alphas(np.atleast_2d(pairs))[0])
    assert found.pooled.sentences["Ben"] == 2


def test_the_findings_have_not_judged_a_code_of_the_coders_own(casebook: Casebook) -> None:
    found = coded(casebook, ("Ada", "weather", "no plan for a flood"), ("Ben", TAG, "Nobody asked"))
    (own,) = (each for each in found.tags if each.tag == "weather")
    assert [pair.coders for pair in own.pairs] == [("Ada", "Ben")]
    assert all(MACHINE not in each.given.get("weather", ()) for each in found.disagreements)


def test_a_coder_is_not_blamed_for_a_document_that_was_not_coded(casebook: Casebook) -> None:
    codes_of_two = (
        Code(coder="Ada", document=REVIEW, span=place(casebook, "no plan"), tag=TAG),
        Code(coder="Ben", document=DIGEST, span=Span(0, 20), tag=TAG),
    )
    found = coder_agreement(Coded(codes=codes_of_two, lost=()), casebook.shelf)
    (tag,) = (each for each in found.tags if each.tag == TAG)
    (between,) = (pair for pair in tag.pairs if pair.coders == ("Ada", "Ben"))
    assert (between.both, between.first_alone, between.kappa) == (0, 0, None)
    assert tag.alpha is None


def test_the_worst_disagreements_come_first(casebook: Casebook) -> None:
    found = coded(
        casebook,
        ("Ada", "racism", "Nobody asked for one."),
        ("Ada", "bullying", "alarms were switched off"),
        ("Ben", "misogyny", "alarms were switched off"),
    )
    apart = [each.apart for each in found.disagreements]
    assert apart == sorted(apart, reverse=True)
    assert found.disagreements[0].passage == WITNESS
    assert found.disagreements[0].given["bullying"] == ("Ada",)


def test_codes_of_a_table_stand_where_its_words_stand(casebook: Casebook, tmp_path: Path) -> None:
    words = place(casebook, "no plan for a flood")
    table = tmp_path / "codes.csv"
    table.write_text(
        "Coder,Document,Code,Start,End,Quote\n"
        f"Ada,{REVIEW},Leadership and governance,{words.start},{words.end},\n"
        f"Ben,harbour-review.pdf,{TAG},,,no plan for a flood\n"
        f"Cyd,{REVIEW},{TAG},,,words of another report entirely\n",
        encoding="utf-8-sig",
    )
    found = codes.read(table, casebook.shelf)
    assert {(code.coder, code.span, code.tag) for code in found.codes} == {
        ("Ada", words, TAG),
        ("Ben", words, TAG),
    }
    assert len(found.lost) == 1 and "words of another report" in found.lost[0]


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_table_may_be_parted_as_spreadsheets_of_other_countries_do(
    casebook: Casebook, tmp_path: Path, between: str
) -> None:
    rows = [["coder", "document", "tag", "quotation"], ["Ada", REVIEW, TAG, "no plan for a flood"]]
    table = tmp_path / "codes.csv"
    table.write_text("".join(f"{between.join(row)}\n" for row in rows), encoding="utf-8")
    (code,) = codes.read(table, casebook.shelf).codes
    assert code.span == place(casebook, "no plan for a flood")


def test_what_excel_says_of_its_columns_is_no_line(casebook: Casebook, tmp_path: Path) -> None:
    table = tmp_path / "codes.csv"
    table.write_text(f"sep=;\ncoder;document;tag;start;end\nAda;{REVIEW};{TAG};1;4\n")
    assert len(codes.read(table, casebook.shelf).codes) == 1


def test_a_table_that_cannot_be_one_is_refused(casebook: Casebook, tmp_path: Path) -> None:
    table = tmp_path / "codes.csv"
    table.write_text(f"coder,document,tag,quotation\nAda,{REVIEW},{TAG},{'long ' * 40_000}\n")
    with pytest.raises(CorpusError, match="is no table"):
        codes.read(table, casebook.shelf)


def test_codes_that_lie_on_no_sentence_are_refused(tmp_path: Path) -> None:
    with indexed(tmp_path, review=("The quay was closed.", "Nobody said why.")) as casebook:
        between = Span(len("The quay was closed."), len("The quay was closed.") + 1)
        code = Code(coder="Ada", document="review", span=between, tag=TAG)
        with pytest.raises(CorpusError, match="on a sentence"):
            coder_agreement(Coded(codes=(code,), lost=()), casebook.shelf)


def test_places_past_the_end_are_told_with_the_length_of_the_text(
    casebook: Casebook, tmp_path: Path
) -> None:
    table = tmp_path / "codes.csv"
    table.write_text(
        f"coder,document,tag,start,end\nAda,{REVIEW},{TAG},1,4\nAda,{REVIEW},{TAG},10,99999\n"
    )
    (lost,) = codes.read(table, casebook.shelf).lost
    length = len(casebook.volume(REVIEW).text)
    assert f"10 to 99,999 are past the end of its text, which has {length}" in lost


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f",{REVIEW},{TAG},1,2,", "no coder"),
        (f"Ada,{REVIEW},,1,2,", "no tag"),
        (f"Ada,{REVIEW},{TAG},,,", "neither start and end nor a quotation"),
        (f"Ada,{REVIEW},{TAG},9,2,", "not a span"),
        (f"Ada,{REVIEW},{TAG},nine,12,", "nine"),
    ],
)
def test_a_line_that_is_no_code_is_named(
    line: str, said: str, casebook: Casebook, tmp_path: Path
) -> None:
    table = tmp_path / "codes.csv"
    table.write_text(f"coder,document,tag,start,end,quotation\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"codes\.csv, line 2") as error:
        codes.read(table, casebook.shelf)
    assert said in str(error.value)


def test_codes_of_another_programs_text_are_found_by_their_words(
    casebook: Casebook, tmp_path: Path
) -> None:
    theirs = "HARBOUR REVIEW  1\r\nThe board had no plan for\r\na flood at the lower gates."
    words = Span(theirs.index("no plan"), theirs.index(" at the lower"))
    selection = Selection(span=words, code=TAG, coder="Ada")
    source = Source(name="Harbour-Review.PDF", text=theirs, selections=(selection,))
    path = tmp_path / "p.qdpx"
    refiqda.write(Project(name="p", codes={TAG: ""}, sources=(source,)), path)
    (code,) = codes.read(path, casebook.shelf).codes
    assert code.span == place(casebook, "no plan for a flood")


def test_findings_written_for_other_programs_are_no_persons_codes(
    casebook: Casebook, tmp_path: Path
) -> None:
    path = tmp_path / "findings.qdpx"
    project = codes.project(casebook, Filters())
    refiqda.write(project, path)
    assert {source.name for source in project.sources} == casebook.shelf.documents.keys()
    with pytest.raises(CorpusError, match="all 2 are findings, by the coder casebook"):
        codes.read(path, casebook.shelf)


def test_a_command_writes_findings_and_says_how_far_people_agree(
    harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def toy(model: str, models: Path) -> ToyEmbedder:
        return ToyEmbedder()

    monkeypatch.setattr("api.corpus.load_embedder", toy)
    monkeypatch.setenv("CASEBOOK_DATA", str(harbour))
    settings.cache_clear()
    path = tmp_path / "findings.qdpx"
    assert "2 findings written" in CliRunner().invoke(app, ["findings", f"--qdpx={path}"]).stdout
    assert len(refiqda.read(path).sources) == 3
    assert CliRunner().invoke(app, ["findings", "--qdpx=findings.txt"]).exit_code == 1
    table = tmp_path / "codes.csv"
    table.write_text(f"coder,document,tag,quotation\nAda,{REVIEW},{TAG},no plan for a flood\n")
    told = CliRunner().invoke(app, ["eval", str(table)]).stdout
    assert "Agreement on each tag" in told and WITNESS in told
    assert "all tags" in told and "No interval" in told
    found = json.loads(CliRunner().invoke(app, ["eval", str(table), "--json"]).stdout)
    assert found["coders"] == ["Ada", MACHINE]
