"""The notebooks run from top to bottom, draw what they say, and leave a table behind."""

import csv
import os
from base64 import b64decode
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import nbformat
import pytest
from casebook_client.casebook import Casebook
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image
from traitlets.config import Config

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "api" / "notebooks"
NOTEBOOKS = ("vetting.ipynb", "recommendations.ipynb")
SECONDS_A_CELL = 120


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


class Executed:
    """A notebook after it ran, and the folder in which it ran."""

    def __init__(self, notebook: NotebookNode, folder: Path) -> None:
        self.folder = folder
        self._outputs = [output for cell in _code(notebook) for output in cell.outputs]

    def printed(self, stream: str) -> str:
        said = (output["text"] for output in self._outputs if output.get("name") == stream)
        return "".join(map(str, said))

    def shown(self, kind: str) -> list[str]:
        """What was shown of a media type."""
        held = (cast(dict[str, str], output.get("data", {})) for output in self._outputs)
        return [data[kind] for data in held if kind in data]

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@contextmanager
def _kernels() -> Generator[Config]:
    """Kernels that are spoken to over Unix sockets, whose names have to be short."""
    with TemporaryDirectory() as folder:
        yield Config({"KernelManager": {"transport": "ipc", "ip": str(Path(folder) / "k")}})


@pytest.fixture(scope="module", params=NOTEBOOKS)
def executed(
    request: pytest.FixtureRequest, casey: Path, tmp_path_factory: pytest.TempPathFactory
) -> Executed:
    folder = tmp_path_factory.mktemp("notebook")
    code = {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "api" / "client")))}
    own = {"IPYTHONDIR": str(folder / "ipython"), "CASEBOOK_DATA": str(casey)}
    notebook = nbformat.read(FOLDER / request.param, as_version=4)
    with _kernels() as config:
        NotebookClient(
            notebook,
            config=config,
            timeout=SECONDS_A_CELL,
            resources={"metadata": {"path": str(folder)}},
        ).execute(env=os.environ | code | own)
    return Executed(notebook, folder)


def test_it_runs_and_nothing_is_complained_of(executed: Executed) -> None:
    assert executed.printed("stderr") == ""


def test_it_draws_two_plots(executed: Executed) -> None:
    pictures = [Image.open(BytesIO(b64decode(shown))) for shown in executed.shown("image/png")]
    assert len(pictures) == 2
    for picture in pictures:
        assert min(picture.size) > 400
        assert len(picture.convert("RGB").getcolors(2**20) or ()) > 10


def test_it_says_what_the_documents_are_about_and_which_are_digests(executed: Executed) -> None:
    (markdown,) = (path.read_text("utf-8") for path in executed.folder.glob("*.md"))
    for said in (executed.printed("stdout"), markdown):
        assert "These documents are about rape" in said
        assert "in our own words, not the published ones" in said


def test_it_shows_cards(executed: Executed) -> None:
    assert any('class="casebook"' in shown for shown in executed.shown("text/html"))


def test_its_tables_hold_the_words_as_they_stand(executed: Executed, casey: Path) -> None:
    with Casebook.open(casey) as casebook:
        words = {
            "vetting": {found.text for found in casebook.findings(tag="vetting_failure")},
            "recommendations": {
                one.text for one in casebook.recommendations(document="casey-final-report-digest")
            },
        }
    (path,) = executed.folder.glob("*.csv")
    rows = executed.table(path.name)
    assert rows
    assert {row["words"] for row in rows} <= words[path.stem]
    assert all("digest, not the published words" in row["citation"] for row in rows)
    markdown = path.with_suffix(".md").read_text("utf-8")
    assert sum(line.startswith("|") for line in markdown.splitlines()) == len(rows) + 2


def test_no_digest_is_said_to_be_exact(executed: Executed) -> None:
    (path,) = executed.folder.glob("*.csv")
    checked = {row["checked"] for row in executed.table(path.name) if "checked" in row}
    assert not any(said.startswith("Exact") for said in checked)


def test_a_recommendation_that_nobody_answered_is_listed_as_such(executed: Executed) -> None:
    (path,) = executed.folder.glob("*.csv")
    rows = executed.table(path.name)
    if path.stem == "recommendations":
        assert len(rows) == 16
        assert {row["answered"] for row in rows} == {"no answer in this corpus"}
        assert any(row["last stated"] == "nothing known" for row in rows)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.name)
def test_it_is_kept_without_its_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert _code(notebook)
    for cell in _code(notebook):
        assert (cell.outputs, cell.execution_count) == ([], None)


def test_every_notebook_is_run() -> None:
    assert {path.name for path in FOLDER.glob("*.ipynb")} == set(NOTEBOOKS)
