"""The repository keeps its own promises: layout, pins, layers, and documentation that is true."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.main import get_group

ROOT = Path(__file__).parent.parent
MEBIBYTE = 2**20

TOP = {
    *("ingest", "index", "api", "corpora", "eval", "tests", ".ci", ".typings"),
    *("pyproject.toml", "Makefile", "requirements.txt", "requirements-dev.txt", ".gitignore"),
    *("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "DECISIONS.md", "RELIABILITY.md"),
}
LARGE = {"corpora/findings/weights.safetensors"}
"""Tracked files allowed to be larger than a mebibyte."""

MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:root|home|Users|work|opt|tmp|mnt)/\w+")
PACKAGE_SOURCE = re.compile(
    r"https?://[\w.-]*(?:pypi|pythonhosted|pytorch|npm|yarn|debian|ubuntu|conda)[\w.-]*"
    r"|--(?:find-links|trusted-host)"
)
PYTORCH_CPU = "https://download.pytorch.org"
WORKING_NOTES = re.compile(r"\bsessions?\b|\bissue #?\d|\bhelpers?\b|\bbrief\.md|\bTODO\b", re.I)


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """The files git holds, or would on the next commit, from the root."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = listing.stdout.rstrip("\0").split("\0")
    return [Path(name) for name in names if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts(tracked: list[Path]) -> dict[Path, str]:
    """The tracked files that are text; anything else is left out."""
    found: dict[Path, str] = {}
    for path in tracked:
        try:
            found[path] = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.fixture(scope="module")
def project() -> dict[str, list[str]]:
    """What pyproject.toml asks for: `runtime` and `development` requirements."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        "runtime": settings["project"]["dependencies"],
        "development": settings["dependency-groups"]["dev"],
    }


def matches(pattern: re.Pattern[str], texts: dict[Path, str]) -> list[str]:
    return [
        f"{path}: {match.group()}"
        for path, text in texts.items()
        for match in pattern.finditer(text)
    ]


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    split = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(package): version for package, version in split}


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*## ", makefile, re.M))


def test_the_top_level_holds_the_agreed_names_only(tracked: list[Path]) -> None:
    assert {path.parts[0] for path in tracked} <= TOP


def test_no_tracked_file_is_large(tracked: list[Path]) -> None:
    large = {str(path) for path in tracked if (ROOT / path).stat().st_size > MEBIBYTE}
    assert large <= LARGE


def test_no_file_names_a_place_on_one_machine(texts: dict[Path, str]) -> None:
    assert matches(MACHINE_PATH, texts) == []


def test_no_file_names_a_package_source_but_pytorch(texts: dict[Path, str]) -> None:
    others = {
        path: text for path, text in texts.items() if path != Path("tests/test_repository.py")
    }
    named = [match for match in matches(PACKAGE_SOURCE, others) if PYTORCH_CPU not in match]
    assert named == []


def test_documentation_speaks_to_readers_only(texts: dict[Path, str]) -> None:
    prose = {path: text for path, text in texts.items() if path.suffix == ".md"}
    ours = {path: text for path, text in prose.items() if path.parts[0] not in ("corpora", "tests")}
    assert ours
    assert matches(WORKING_NOTES, ours) == []


def test_every_make_target_in_the_documentation_exists(texts: dict[Path, str]) -> None:
    prose = "\n".join(text for path, text in texts.items() if path.suffix == ".md")
    assert set(re.findall(r"(?:`|^ {4})make ([a-z]+)", prose, re.M)) <= targets()


def test_every_make_target_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {target for target in targets() if f"make {target}" not in readme} == set()


def test_make_help_lists_every_target_that_is_not_a_file() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert phony is not None
    assert set(phony.group(1).split()) == targets()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_pins_are_names_and_versions_only(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line)]
    assert others == []


@pytest.mark.parametrize(
    ("group", "locks"),
    [
        ("runtime", ["requirements.txt"]),
        ("development", ["requirements.txt", "requirements-dev.txt"]),
    ],
)
def test_every_dependency_is_pinned_within_its_range(
    project: dict[str, list[str]], group: str, locks: list[str]
) -> None:
    pinned = {name: version for lock in locks for name, version in pins(lock).items()}
    pinned["torch"] = torch_version()
    unmet = [wish for wish in project[group] if not met(Requirement(wish), pinned)]
    assert unmet == [], "run: make lock"


def met(requirement: Requirement, pinned: dict[str, str]) -> bool:
    version = pinned.get(canonicalize_name(requirement.name))
    return version is not None and requirement.specifier.contains(version)


def torch_version() -> str:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(r"^TORCH := (\S+)$", makefile, re.M)
    assert found is not None
    return found.group(1)


def test_the_name_eval_is_never_taken_from_the_builtin(texts: dict[Path, str]) -> None:
    code = {path: text for path, text in texts.items() if path.suffix == ".py"}
    assert matches(re.compile(r"^\s*import eval\b.*$", re.M), code) == []


def test_tests_are_not_a_package(tracked: list[Path]) -> None:
    assert Path("tests/__init__.py") not in tracked


def test_imports_point_one_way() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    outcome = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_every_command_is_in_the_readme() -> None:
    from api.cli import app

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = get_group(app).commands
    assert commands
    assert [name for name in commands if f"| `casebook {name}` |" not in readme] == []
