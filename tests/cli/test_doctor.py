"""``isotherm doctor`` finds what keeps a service from working, and changes nothing by looking."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from isotherm.cli import main
from isotherm.ports.metrics import NO_METRICS
from isotherm.ports.records import Source
from isotherm.server.database import open_store
from isotherm.server.options import load_options
from isotherm.server.state_folder import StateFolder


class Case:
    """A state folder, a configuration file, and what the doctor says of them."""

    def __init__(self, folder: Path) -> None:
        self.state = StateFolder(folder / "state")
        self.config = folder / "isotherm.conf"
        self.environments = folder / "environment.d"
        self.environments.mkdir()
        self.write()

    def write(self, default: str = "", rest: str = "") -> None:
        head = f"[DEFAULT]\nenvironment_dir = {self.environments}\n"
        self.config.write_text(f"{head}{default}\n{rest}")

    async def fill(self) -> None:
        """With a record of a service that has run here."""
        self.state.create()
        store = open_store(load_options([self.config]), self.state, NO_METRICS)
        await store.put_source(Source(template={}, environment={}, files={}))
        await store.close()

    def examine(self) -> tuple[int, list[dict[str, Any]]]:
        arguments = ["--config", str(self.config), "--state", str(self.state.path), "--json"]
        done = CliRunner().invoke(main, ["doctor", *arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit)
        found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return done.exit_code, found

    def complaint(self) -> str:
        """The one thing that is wrong."""
        code, findings = self.examine()
        (wrong,) = [each for each in findings if each["verdict"] == "wrong"]
        assert code == 1
        assert not wrong["well"]
        return f"{wrong['what']}: {wrong['detail']}"

    def notes(self) -> list[str]:
        code, findings = self.examine()
        assert code == 0, findings
        return [each["detail"] for each in findings if each["verdict"] == "note"]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def contents(folder: Path) -> Iterator[tuple[str, bytes, int]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file), file.read_bytes(), file.stat().st_mtime_ns


def test_where_nothing_is_yet_nothing_is_made(case: Case) -> None:
    code, findings = case.examine()
    assert code == 0, findings
    assert not case.state.path.exists()
    looked_at = {each["what"] for each in findings}
    assert looked_at >= {
        "settings",
        "database",
        "clock",
        "encryption key",
        "broker",
        "cloud",
        "resource types",
        "policies",
        "environment",
        "disk",
    }


def test_what_is_there_stays_as_it_is(filled: Case) -> None:
    before = list(contents(filled.state.path))
    assert len(before) >= 2
    code, findings = filled.examine()
    assert code == 0, findings
    assert list(contents(filled.state.path)) == before


@pytest.fixture
def filled(case: Case) -> Case:
    asyncio.run(case.fill())
    return case


def test_a_service_that_runs_is_not_disturbed(filled: Case) -> None:
    with sqlite3.connect(filled.state.path / "isotherm.sqlite") as service:
        service.execute("BEGIN IMMEDIATE")
        service.execute("DELETE FROM sources")
        code, findings = filled.examine()
        assert code == 0, findings
    service.close()


def test_a_key_that_is_gone_or_another_is_told(filled: Case) -> None:
    key_file = filled.state.key_file
    key = key_file.read_text()
    key_file.unlink()
    assert "sealing.key is missing" in filled.complaint()
    assert not key_file.exists()
    key_file.write_text("A" * 43 + "=")
    key_file.chmod(0o600)
    assert "put that one back" in filled.complaint()
    key_file.write_text(key)
    assert filled.notes() == []
    key_file.chmod(0o644)
    assert "can be read by others" in filled.complaint()


def test_a_key_that_is_easily_guessed_is_noted(case: Case) -> None:
    case.write("auth_encryption_key = short")
    assert case.notes() == ["auth_encryption_key has 5 characters: give 32 or more"]
    case.write(f"auth_encryption_key = {'x' * 32}")
    assert case.notes() == []


def test_heats_own_database_is_not_ours(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "heat.sqlite"
    with sqlite3.connect(file) as theirs:
        for table in ("raw_template", "resource_data", "stack", "alembic_version"):
            theirs.execute(f"CREATE TABLE {table} (version_num VARCHAR(32))")
    theirs.close()
    key = "auth_encryption_key = sixteen letters or more"
    case.write(key, f"[database]\nconnection = sqlite:///{file}")
    assert "Heat's own database" in case.complaint()
    upgrade = CliRunner().invoke(main, ["db", "upgrade", "--config", str(case.config)])
    assert upgrade.exit_code == 1
    assert "Heat's own database" in upgrade.output


def test_options_that_are_not_known_or_not_honoured_are_named(case: Case) -> None:
    case.write("max_stacks_per_tenent = 3\nmax_events_per_stack = 3\nlog_config_append =")
    unknown, unhonoured = sorted(case.notes(), key=lambda note: "honoured" in note)
    assert "[DEFAULT] max_stacks_per_tenent: is not known" in unknown
    assert "[DEFAULT] max_events_per_stack: is not honoured" in unhonoured


@pytest.mark.parametrize(
    ("default", "rest", "complaint"),
    [
        ("", "[isotherm]\nlease_seconds = 1", "settings: "),
        ("transport_url = rabbit://u:of-the-url@127.0.0.1:1/", "", "broker: "),
        (
            "transport_url = zmq://127.0.0.1",
            "",
            "broker: [DEFAULT] transport_url: not the",
        ),
        ("", "[isotherm]\nfetch_from = 300.1.1.1/99", "templates by address: "),
        ("", "[keystone_authtoken]\nauth_url = http://127.0.0.1:1", "cloud: "),
        ("", "[localcloud]\ntimings = compute.server.creat:10", "cloud: [localcloud] timings: "),
        ("log_file = /nowhere/at/all.log", "", "log: [DEFAULT] log_file: "),
    ],
)
def test_whatever_is_wrong_is_found_without_secrets(
    default: str, rest: str, complaint: str, case: Case
) -> None:
    case.write(default, rest)
    told = case.complaint()
    assert told.startswith(complaint)
    assert "of-the-url" not in told


def test_nothing_but_findings_is_shown(case: Case) -> None:
    case.write("transport_url = rabbit://127.0.0.1:1/")
    arguments = ["doctor", "--config", str(case.config), "--state", str(case.state.path)]
    command = [sys.executable, "-m", "isotherm.cli", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert all(line[:4] in ("ok  ", "note", "FAIL") for line in done.stdout.splitlines())


def test_files_that_cannot_be_used_are_named(case: Case, tmp_path: Path) -> None:
    policies = tmp_path / "policy.yaml"
    policies.write_text('"stacks:index": "!\n')
    case.write("", f"[oslo_policy]\npolicy_file = {policies}")
    assert "policy.yaml is no YAML" in case.complaint()
    policies.write_text('"stacks:index": "rule:projct_reader"\n')
    assert "refers to 'projct_reader', which is not there" in case.complaint()
    policies.unlink()
    (case.environments / "bad.yaml").write_text("params: {}")
    assert "bad.yaml is no environment" in case.complaint()


def test_what_is_named_and_not_there_is_noted(case: Case, tmp_path: Path) -> None:
    case.environments.rmdir()
    case.write("", f"[oslo_policy]\npolicy_file = {tmp_path}/none.yaml")
    assert case.notes() == [
        f"{tmp_path}/none.yaml is not there; the default rules hold",
        f"[DEFAULT] environment_dir: there is no folder {case.environments}",
    ]


def test_a_state_folder_that_cannot_be_written_is_told(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.state.create()
    monkeypatch.setattr("os.access", lambda path, mode: path != case.state.path)
    told = f"disk: state folder {case.state.path}: {case.state.path} cannot be written"
    assert case.complaint() == told
