"""Which account a command uses, and what it says where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.cli import main


def test_a_missing_file_is_told_with_the_variable_that_named_it(tmp_path: Path) -> None:
    named = {"OS_CLIENT_CONFIG_FILE": str(tmp_path / "clouds.yaml")}
    result = CliRunner(env=named).invoke(main, ["watch", "web"])
    assert result.exit_code == 2
    assert "OS_CLIENT_CONFIG_FILE" in result.output
    assert str(tmp_path / "clouds.yaml") in result.output


def test_who_has_no_accounts_is_told_where_some_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("OS_CLIENT_CONFIG_FILE", "OS_CLOUD", "OS_AUTH_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    result = CliRunner().invoke(main, ["watch", "web"])
    assert result.exit_code == 1
    assert "isotherm serve" in result.output
