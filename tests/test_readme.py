"""The README's first screen is what the program says."""

import os
import subprocess
import sys
from pathlib import Path

from index.export import prepare_embedder

ROOT = Path(__file__).parent.parent
DEMONSTRATED = "    $ casebook search '"


def casebook(*arguments: str, data: Path) -> str:
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments, "--data", str(data)],
        env=os.environ | {"COLUMNS": "90", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_question_in_the_readme_gets_the_answer_shown(tmp_path: Path, models: Path) -> None:
    prepare_embedder("all-MiniLM-L6-v2", models)
    (tmp_path / "models").symlink_to(models.resolve())
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    question, _, rest = readme.partition(DEMONSTRATED)[2].partition("'")
    shown = rest.partition("\n\n")[2].partition("\nThe bundled corpus")[0]
    casebook("build", "casey", data=tmp_path)
    answer = casebook("search", question, "-k", "1", data=tmp_path)
    assert [line.strip() for line in shown.split("\n") if line.strip()] == [
        line.strip() for line in answer.split("\n") if line.strip()
    ]
