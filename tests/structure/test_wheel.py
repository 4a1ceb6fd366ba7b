"""What is installed from a wheel has all that the commands need."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOOK = "from isotherm.cli.examples import example; print(example('01-server-with-volume'))"


@pytest.mark.slow
def test_a_wheel_brings_the_example_of_the_demo(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(installed)
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={"PYTHONPATH": str(installed), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    folder = Path(done.stdout.strip())
    assert folder.is_relative_to(installed)
    assert (folder / "template.yaml").is_file()
