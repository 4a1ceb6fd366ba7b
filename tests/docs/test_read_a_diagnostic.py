"""The how-to shows what lint really prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from isotherm.cli import main
from isotherm.template import WARNINGS

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "read-a-diagnostic.md"


def test_the_output_is_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (source,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    (tmp_path / "web.yaml").write_text(source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["lint", "web.yaml"])
    assert result.output == shown
    assert result.exit_code == 1


def test_every_warning_is_listed_with_its_meaning() -> None:
    text = PAGE.read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", text, re.MULTILINE))
    assert listed == WARNINGS
