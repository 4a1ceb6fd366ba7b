"""The templates in CloudFormation's manner are such that its own linter accepts them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.corpus.entries import entries

FOLDER = "cloudformation/"


@pytest.mark.slow
def test_the_linter_of_cloudformation_finds_no_error() -> None:
    files = [each.file for each in entries() if each.name.startswith(FOLDER)]
    assert files
    assert _errors_in(files) == ""


@pytest.mark.slow
def test_the_linter_of_cloudformation_would_find_one(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("Resources: {Disk: {Type: AWS::EC2::Volume, Properties: {Sise: 1}}}")
    assert "'Sise' was unexpected" in _errors_in([wrong])


def _errors_in(files: list[Path]) -> str:
    program = Path(sys.executable).with_name("cfn-lint")
    told = subprocess.run(
        [str(program), "--ignore-checks", "W", "I", "--", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout + told.stderr
