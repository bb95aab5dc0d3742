"""Keys are made, listed and revoked; of each only the hash is kept."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from api.cli import app
from api.keys import PREFIX, Keyring, Scope
from api.settings import settings
from ingest.errors import BadQuery, DamagedData, HeldElsewhere, UnknownId, WriteFailed


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEBOOK_KEYS", raising=False)
    settings.cache_clear()


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys.json")


def run(*arguments: str, data: Path) -> Result:
    return CliRunner().invoke(app, [*arguments, "--data", str(data)])


def test_a_key_is_found_by_its_secret_and_by_nothing_else(keyring: Keyring) -> None:
    key, secret = keyring.add("reader", Scope.READ)
    other, _ = keyring.add("operator", Scope.ADMIN)
    assert keyring.find(secret.encode()) == key
    for wrong in (secret[:-1], secret + " ", secret.upper(), "", key.sha256, other.sha256):
        assert keyring.find(wrong.encode()) is None


def test_the_secret_is_random_and_only_its_hash_is_kept(keyring: Keyring) -> None:
    secrets = {keyring.add(f"reader {n}", Scope.READ)[1] for n in range(20)}
    kept = keyring.path.read_text()
    assert len(secrets) == 20
    for secret in secrets:
        assert secret.startswith(PREFIX)
        # 43 letters of 64 are 256 bits, the last four of them nought.
        assert len(secret.removeprefix(PREFIX)) == 43
        assert secret.removeprefix(PREFIX) not in kept
        assert sha256(secret.encode()).hexdigest() in kept


def test_the_file_is_its_owners_alone(keyring: Keyring) -> None:
    keyring.add("reader", Scope.READ)
    assert stat.S_IMODE(keyring.path.stat().st_mode) == 0o600
    keyring.revoke("reader")
    assert stat.S_IMODE(keyring.path.stat().st_mode) == 0o600


def test_a_revoked_key_is_kept_as_revoked(keyring: Keyring) -> None:
    _, secret = keyring.add("reader", Scope.READ)
    keyring.revoke("reader")
    found = keyring.find(secret.encode())
    assert found is not None
    assert found.revoked is not None
    assert keyring.in_use() == ()


def test_a_key_can_be_revoked_by_showing_it(keyring: Keyring) -> None:
    _, secret = keyring.add("reader", Scope.READ)
    assert keyring.revoke(secret).name == "reader"


def test_what_is_not_in_use_cannot_be_revoked_and_no_secret_is_repeated(keyring: Keyring) -> None:
    with pytest.raises(UnknownId, match=r"'nobody'.*casebook keys list"):
        keyring.revoke("nobody")
    _, secret = keyring.add("reader", Scope.READ)
    keyring.revoke("reader")
    with pytest.raises(UnknownId) as caught:
        keyring.revoke(secret)
    assert secret not in str(caught.value)


def test_a_name_holds_one_key_at_a_time(keyring: Keyring) -> None:
    keyring.add("reader", Scope.READ)
    with pytest.raises(BadQuery, match="reader holds a key already"):
        keyring.add(" reader ", Scope.ADMIN)
    keyring.revoke("reader")
    keyring.add("reader", Scope.READ)
    assert [key.revoked is None for key in keyring.known()] == [False, True]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "-x", "x" * 81, "a\x1b[31m", "\u202ea", "a,b"])
def test_a_name_is_a_line_of_plain_letters(keyring: Keyring, name: str) -> None:
    with pytest.raises(BadQuery, match="cannot be the name of a key"):
        keyring.add(name, Scope.READ)
    assert not keyring.path.exists()


def test_a_key_is_no_name(keyring: Keyring) -> None:
    _, secret = keyring.add("Zoë O. Reader-Smith @ an.office", Scope.READ)
    with pytest.raises(BadQuery) as caught:
        keyring.add(secret, Scope.READ)
    assert secret not in str(caught.value)


def test_keys_that_are_added_at_the_same_time_are_all_kept(keyring: Keyring) -> None:
    def add(number: int) -> None:
        Keyring(keyring.path).add(f"reader {number}", Scope.READ)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert len(keyring.known()) == 40


def test_a_change_waits_for_another_and_not_for_ever(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr("api.keys._SECONDS_TO_WAIT", 0.01)
    with FileLock(f"{keyring.path}.lock"), pytest.raises(HeldElsewhere, match="Try again"):
        keyring.add("reader", Scope.READ)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff",
        b'[{"name": "reader"}]',
        b'[{"name": "a", "scope": "root", "sha256": "", "added": "2026-01-01T00:00:00Z"}]',
    ],
)
def test_a_file_that_is_damaged_is_named_and_left_alone(keyring: Keyring, content: bytes) -> None:
    keyring.path.write_bytes(content)
    for attempt in (
        keyring.known,
        lambda: keyring.add("a", Scope.READ),
        lambda: keyring.revoke("a"),
    ):
        with pytest.raises(DamagedData, match=r"keys\.json cannot be read"):
            attempt()
    assert keyring.path.read_bytes() == content


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteFailed, match="file"):
        Keyring(tmp_path / "file" / "keys.json").add("reader", Scope.READ)


# The commands.


def test_a_key_is_printed_once_and_alone(tmp_path: Path) -> None:
    added = run("keys", "add", "reader", data=tmp_path)
    secret = added.stdout.strip()
    assert added.exit_code == 0
    assert Keyring(tmp_path / "keys.json").find(secret.encode())
    assert secret not in added.stderr
    for listing in (
        run("keys", "list", data=tmp_path),
        run("keys", "list", "--json", data=tmp_path),
    ):
        assert "reader" in listing.stdout
        assert secret not in listing.output
        assert sha256(secret.encode()).hexdigest() not in listing.output


def test_keys_are_listed_as_lines_of_json(tmp_path: Path) -> None:
    added = json.loads(
        run("keys", "add", "ops", "--scope", "admin", "--json", data=tmp_path).stdout
    )
    run("keys", "add", "reader", data=tmp_path)
    assert run("keys", "revoke", "reader", data=tmp_path).exit_code == 0
    lines = run("keys", "list", "--json", data=tmp_path).stdout.splitlines()
    ops, reader = map(json.loads, lines)
    assert ops == {name: value for name, value in added.items() if name != "key"}
    assert (reader["scope"], reader["revoked"] is None) == ("read", False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["keys", "add"], 2),
        (["keys", "add", "reader", "--scope", "root"], 2),
        (["keys", "add", "a,b"], 1),
        (["keys", "revoke", "nobody"], 1),
        (["keys", "steal"], 2),
        (["serve", "--public"], 1),
    ],
)
def test_what_cannot_be_done_with_keys_is_said(
    tmp_path: Path, arguments: list[str], code: int
) -> None:
    result = run(*arguments, data=tmp_path)
    assert (result.exit_code, result.stdout) == (code, "")
    assert "rror: " in result.stderr


def test_a_file_elsewhere_can_hold_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEBOOK_KEYS", str(tmp_path / "etc" / "casebook.json"))
    settings.cache_clear()
    assert run("keys", "add", "reader", data=tmp_path / "data").exit_code == 0
    assert [path.name for path in (tmp_path / "etc").glob("*.json")] == ["casebook.json"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ([], 200, "to anyone"),
        (["--keys"], 401, "to whoever has a key"),
        (["--public"], 401, "to whoever has a key"),
        (["--public", "--no-keys"], 200, "to anyone"),
        (["--public", "--host", "0.0.0.0"], 401, "without encryption"),
        (["--public", "--host", "0.0.0.0", "--no-keys"], 200, "by anyone and without a key"),
    ],
)
def test_the_command_serves_on_the_terms_it_is_told(
    *,
    harbour: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    started: list[FastAPI],
    options: list[str],
    status: int,
    said: str,
) -> None:
    monkeypatch.setenv("CASEBOOK_KEYS", str(tmp_path / "keys.json"))
    settings.cache_clear()
    secret = run("keys", "add", "reader", data=harbour).stdout.strip()
    result = run("serve", *options, data=harbour)
    assert result.exit_code == 0
    assert said in " ".join(result.stderr.split())
    with TestClient(started[0]) as client:
        assert client.get("/v1/documents").status_code == status
        shown = {"Authorization": f"Bearer {secret}"}
        assert client.get("/v1/documents", headers=shown).status_code == 200
        assert client.get("/livez").status_code == 200


def test_the_doctor_looks_at_the_keys(tmp_path: Path) -> None:
    run("keys", "add", "reader", data=tmp_path)
    examined = json.loads(run("doctor", "--json", data=tmp_path).stdout)
    (check,) = [check for check in examined["checks"] if check["name"] == "API keys"]
    assert "1 in use" in check["finding"]
    (tmp_path / "keys.json").write_text("[")
    examined = json.loads(run("doctor", "--json", data=tmp_path).stdout)
    (check,) = [check for check in examined["checks"] if check["name"] == "API keys"]
    assert "cannot be read" in check["problem"]
