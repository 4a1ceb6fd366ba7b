"""``isotherm new-type``: what it writes works, lints, and is a plug-in."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.cli.main import main
from isotherm.kit.plugins import load_plugins

pytestmark = pytest.mark.usefixtures("no_plug_in_stays")


def made(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["new-type", *arguments, "--into", str(folder)])
    assert result.exit_code == 0, result.output
    return result.output


def checked(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        (("Acme::Anvil",), "anvil"),
        (("Acme::Iron::BigAnvilHTTP2", "--service", "acme-iron"), "big_anvil_http_2"),
    ],
)
def test_what_is_written_passes_and_lints(
    tmp_path: Path, arguments: tuple[str, ...], module: str
) -> None:
    output = made(tmp_path, *arguments)
    assert f"wrote {tmp_path / f'{module}.py'}" in output
    checked(tmp_path, "pytest", "-q", "-p", "no:randomly", f"test_{module}.py")
    checked(tmp_path, "ruff", "check", "--isolated", "--select", "B,E,F,I,N,PT,SIM,UP", ".")
    checked(tmp_path, "ruff", "format", "--isolated", "--check", ".")
    checked(tmp_path, "mypy", "--strict", f"{module}.py", f"test_{module}.py")


def test_what_is_written_is_a_plug_in(tmp_path: Path) -> None:
    made(tmp_path, "Acme::Sledge", "--path", "/tools/sledges")
    found = load_plugins([tmp_path])
    assert found.faults == ()
    entity = found.registry["Acme::Sledge"].poll_entity
    assert entity is not None
    assert (entity.service, entity.path, entity.key) == ("acme", "/tools/sledges", "sledge")


@pytest.mark.parametrize("command", ["lint", "plan"])
def test_templates_that_use_it_are_understood(tmp_path: Path, command: str) -> None:
    kind = f"Acme::{command.title()}ed"
    made(tmp_path, kind)
    file = tmp_path / "template.yaml"
    file.write_text(
        "heat_template_version: 2021-04-16\n"
        f"resources: {{it: {{type: '{kind}', properties: {{size: 2}}}}}}\n"
    )
    without = CliRunner().invoke(main, [command, str(file)])
    assert without.exit_code == 1, without.output
    told = CliRunner().invoke(main, [command, str(file), "--plugins", str(tmp_path)])
    assert told.exit_code == 0, told.output


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "test_anvil.py").write_text("mine")
    result = CliRunner().invoke(main, ["new-type", "Acme::Anvil", "--into", str(tmp_path)])
    assert result.exit_code == 2
    assert "test_anvil.py is there already" in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["test_anvil.py"]


@pytest.mark.parametrize("name", ["Anvil", "acme::anvil", "Acme::", "Acme::A b", "../x::Y"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    result = CliRunner().invoke(main, ["new-type", name, "--into", str(tmp_path)])
    assert result.exit_code == 2
    assert "is no name of a type" in result.output


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, text: str) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "write_text", refuse)
    done = CliRunner().invoke(main, ["new-type", "Acme::Anvil", "--into", str(tmp_path)])
    assert done.exit_code == 2
    assert f"{tmp_path}/anvil.py cannot be written: Read-only file system" in done.output
