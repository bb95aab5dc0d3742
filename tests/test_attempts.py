"""What is tried on top of a search changes what it says it changes, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dossiers import dossier
from toyembedder import ToyEmbedder

from eval import attempts
from eval.attempts import Case, Desk, cases
from eval.collection import Topic
from index.build import build_index
from index.casebook import Casebook
from index.edge import EdgeEngine
from index.lexical import SECTION_WEIGHT
from ingest.library import Library

TITLES = {
    "harbour": "The Harbour Review: a second look",
    "canteen": "Canteen Report",
    "tides": "Board letter on tides",
}
WORDS = {
    "harbour": ("The Quay Safety Board (QSB) met.", "Ropes were worn.", "The board met again."),
    "canteen": ("Soup was cold.", "The kitchen closed."),
    "tides": ("Tides rose at the quay.", "The board asked for ropes."),
}
HEADINGS = {"harbour": ("Ropes and ladders",), "canteen": ("Meals",), "tides": ()}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    data: Path = tmp_path_factory.mktemp("data")
    for id, passages in WORDS.items():
        made = dossier(id, passages)
        headed = tuple(replace(each, section=HEADINGS[id]) for each in made.passages)
        titled = replace(made.document, title=TITLES[id])
        Library(data).write(replace(made, document=titled, passages=headed))
    build_index(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    casebook = Casebook(data, embedder=ToyEmbedder(), engine=EdgeEngine())
    yield Desk(casebook=casebook, embedder=ToyEmbedder())
    casebook.close()


@pytest.fixture
def ask(desk: Desk) -> Callable[[str], Case]:
    def case(text: str) -> Case:
        return cases(desk, [Topic(id="q", text=text)], name="harbour")[0]

    return case


Ask = Callable[[str], Case]


def document(case: Case, place: int) -> str:
    return case.desk.generation.rows.documents[case.listed[place]]


def test_bm25_with_nothing_more_is_as_served(ask: Ask) -> None:
    case = ask("worn ropes at the quay")
    assert case.worded(np.zeros(len(case.rows))) == pytest.approx(case.served, abs=1e-5)
    assert attempts.headings_field(case, (SECTION_WEIGHT,)) == pytest.approx(case.served, abs=1e-5)


def test_a_heading_counts_for_all_passages_under_it(ask: Ask) -> None:
    case = ask("ladders")
    under = np.array([document(case, at) == "harbour" for at in range(len(case.rows))])
    assert (case.in_headings[under] > 0).all()
    assert not case.in_headings[~under].any()
    lost = case.served - attempts.without_headings(case)
    assert lost[under].min() > lost[~under].max()
    assert case.by_headings[under].min() > case.by_headings[~under].max()


def test_headers_change_vectors_and_nothing_else(ask: Ask) -> None:
    case = ask("a second look")
    bare = case.near(case.desk.without_header, case.vector)
    assert attempts.without_header(case) == pytest.approx(case.served - case.part("dense") + bare)
    # Eight words hold every title and heading here, so that the whole ones are as served.
    assert attempts.whole_header(case, (1.0,)) == pytest.approx(case.served, abs=1e-5)
    assert bare != pytest.approx(case.part("dense"), abs=1e-2)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("What did the QSB say?", ("Quay Safety Board",)),
        ("the quay safety board", ("QSB",)),
        ("the QSB, or Quay Safety Board", ()),
        ("qsb", ()),
    ],
)
def test_what_a_document_explains_is_another_name(
    ask: Ask, query: str, names: tuple[str, ...]
) -> None:
    assert ask(query).long_forms == names


def test_other_names_find_what_the_query_does_not_say(ask: Ask) -> None:
    case = ask("What did the QSB say?")
    moved = attempts.long_forms(case, (1.0, 0.0)) - case.served
    texts = [case.desk.texts[row] for row in case.listed]
    gained = dict(zip(texts, moved.tolist(), strict=True))
    assert gained["Tides rose at the quay."] > gained["Soup was cold."]
    assert gained["The board met again."] > gained["The kitchen closed."]
    assert attempts.long_forms(case, (0.0, 0.0)) == pytest.approx(case.served, abs=1e-5)
    assert attempts.long_forms(ask("ropes"), (1.0, 1.0)).tolist() == ask("ropes").served.tolist()


def test_a_document_is_named_by_names_in_a_row(ask: Ask) -> None:
    case = ask("What did the Harbour Review say of the soup?")
    assert case.named(2) == {"harbour"}
    assert case.named(3) == frozenset()
    assert ask("the harbour review").named(1) == frozenset()
    assert ask("Harbour or Canteen").named(1) == {"harbour", "canteen"}


def test_what_is_named_comes_before_all_else_in_its_own_order(ask: Ask) -> None:
    case = ask("What did the Harbour Review say of the soup?")
    filtered = attempts.named_document_first(case, (2,))
    order = np.lexsort((case.rows, -filtered)).tolist()
    assert [document(case, at) for at in order[:3]] == ["harbour"] * 3
    assert document(case, 0) == "canteen"
    assert order[3:] == [at for at in range(len(order)) if document(case, at) != "harbour"]
    assert attempts.named_document_first(case, (3,)).tolist() == case.served.tolist()
