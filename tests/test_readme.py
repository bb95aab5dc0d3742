"""What the READMEs show is what the program says."""

import ast
import os
import re
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


def test_the_clients_three_lines_give_the_data_frame_shown(casey: Path, tmp_path: Path) -> None:
    readme = (ROOT / "api" / "client" / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", readme, re.S)
    assert shown is not None
    lines = ast.parse(shown[1]).body
    assert len(lines) == 3
    (tmp_path / ".casebook").symlink_to(casey)
    # As a notebook does it: what the last line comes to is shown.
    code = "\n".join([*map(ast.unparse, lines[:2]), f"print({ast.unparse(lines[2])})"])
    path = os.pathsep.join(map(str, (ROOT, ROOT / "api" / "client")))
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert outcome.stdout == shown[2]
